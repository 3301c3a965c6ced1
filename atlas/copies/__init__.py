"""Copies: each finished record of which Atlas is master goes back to the council's main case system, as one PDF and a structured note; and what
became of it there: sent, filed, or failed.

Screens: *Not filed yet*, one copy (to paste, to print, to say that it was filed), how an authority is sent its copies. Nothing of intelligence, of
another child or of a place where the child is goes with it. Source: shared/reference/real-life.md, point 1 (copy back); docs/adr/0032.
"""
