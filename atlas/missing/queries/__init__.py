"""The named questions about missing children, one file for each noun."""
