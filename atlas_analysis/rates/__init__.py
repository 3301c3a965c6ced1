"""Rates of few: intervals, limits within which chance alone moves a number, waits that have not ended, whether two people judge alike, how groups fare, and
what is left unsaid so that nobody is recognised.

`shares` needs nothing but Python, and pages use it; the rest rests on numpy and scipy, and belongs into jobs.
"""
