"""Linkage: is this the same child? What is sure by numbers, or by exact name and date of birth, is found; anything less waits for a person.

Screens: recorded twice?, the two records side by side, the decision. Nothing is ever joined of itself (shared/reference/protection.md 8, risk 26), and no
pair is shown with a number or sorted by one. ADR 47.
"""
