"""Statuses: what the main case system holds of a child: spells, placements, legal status, conferences, disabilities, the family's number.

The main case system is master of every row here; Atlas mirrors them as at the last feed and never corrects them. What is wrong is
reported back, and what has vanished there is asked about: then the fact is doubted.
"""
