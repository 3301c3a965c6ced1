"""What is measured, against which peer, in one run. Each benchmark prints a table and, as its last line, one JSON object."""
