"""Linkage: is this the same person? On identifiers, then on exact name and date of birth; anything less waits for a person."""
