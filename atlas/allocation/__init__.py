"""Allocation: who works with the child, since when, and who answers for a child with whom nobody works.

The main case system is master: its feed makes and ends allocations. Here a manager may only let someone *cover* until the
next feed says who it is. Screens: unallocated children.
"""
