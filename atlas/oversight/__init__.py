"""Oversight: what managers see: what is late, what the team must do, and how timely return interviews are.

Every measure shows its numerator, denominator, exclusions and definition, and the list behind the number.
"""
