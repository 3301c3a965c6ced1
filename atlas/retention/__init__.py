"""Retention: how long a child's record is kept and why, what holds it longer, and how it is taken away when nothing keeps it any more.

Screens: what is kept how long, holds, when a child's record may go. Law and guidance: protection.md 3.3 (each class names its own source).
Nothing goes early: what is not known, or not yet decided by the council, is kept. ADR 52.
"""
