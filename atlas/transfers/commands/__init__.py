"""The verbs of a transfer: offer it, take it back, answer it, take over an answer from outside."""
