"""The forms of missing children and return interviews, one file for each stage. They check what was typed, and write nothing."""
