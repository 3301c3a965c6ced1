"""The practice rules of missing children, one file for each noun. Constants and pure functions: no table, no clock, no web."""
