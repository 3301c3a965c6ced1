"""Statuses: child in need, child protection, looked after: spells, placements and legal status, as the main system holds them.

The main case system is master of every row here; Atlas shows them as at the last feed and never corrects them.
"""
