"""Sharing: what is compiled for one named recipient about one child, why, on which ground, and until when; and what was not shared.

Screens: what has been shared about a child, disclose, refuse to share, shared with me. Source: protection.md sections 3.2 and 4.7; the
eight Caldicott principles; Information sharing advice (2024).
"""
