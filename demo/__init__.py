"""The fictional authority of Fernleigh: made by calling commands, from a seed. Knows everything; nothing knows it.

Every child, family and worker is invented: names from generators, telephone numbers from the ranges kept for drama.
"""
