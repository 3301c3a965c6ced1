"""Clocks: time limits set by law, guidance or the partnership; running, stopped, met, missed and why.

A clock stores its deadline when it starts, with the version of the rule that judged it, and can always say why it is due.
National limits are constants; an authority's own, and changes of bank holidays, are dated rows that are added to, never altered.
Screens: each clock's line on the child's page, the episode's page, my work and the team's work; the list of time limits.
"""
