"""Chronology: what happened to the child, in order. Append-only: a correction is a new entry that names the old one.

Every entry holds three times: when it happened, when the first agency knew, when it was recorded here.
"""
