"""Exports: a list that leaves with a purpose, for a named recipient, with marks by which a leak names its exporter, until a day."""
