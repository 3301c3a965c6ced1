"""Rates of few: intervals, and what is left unsaid."""
