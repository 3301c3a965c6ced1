"""The verbs of the safety plan."""
