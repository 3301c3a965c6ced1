"""The analysis engine: numbers in, typed results out; no Django, no clock, no files, and nothing of the service.

Its folders come as their first capability is built (shared/DESIGN.md, section 2).
"""
