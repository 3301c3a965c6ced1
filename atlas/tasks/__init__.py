"""Tasks: what must be done, by whom, by when; and alerts, which never go quiet until a person has acknowledged them.

Screens: my work, the team's work, and the alerts on every page.
"""
