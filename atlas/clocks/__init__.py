"""Clocks: time limits set by law, guidance or the partnership; running, stopped, met, missed and why.

A clock stores its deadline when it starts, with the version of the rule that judged it, and can always say why it is due.
Screens: each clock's line on the child's page, the episode's page, my work and the team's work.
"""
