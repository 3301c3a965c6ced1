"""Feeds: what partners and the main case system deliver: previewed, matched, taken row by row, put aside with a reason, undone.

Screens: deliveries, one delivery's preview, unknown codes, who is this child?, which system is master of what.
"""
