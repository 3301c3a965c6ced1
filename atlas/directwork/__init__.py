"""Direct work with a child: a programme tied to a line of the safety plan, its sessions, what the child took from each in their words, and what changed.

Screens: direct work, begin, write down a session, end; *you said, we did*. Source: practice.md 5.4; real-life.md 10, 25; capabilities.md rows 41, 81, 82.
"""
