"""The verbs of sharing: a disclosure about one child, and an export of a list."""
