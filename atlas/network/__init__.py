"""Links: who and what a child is tied to, in what capacity, how it is known; and the network picture, with the table that says the same.

A child is a child first: the child's own side of a link never begins with a suspicion. Every link is graded, sourced, dated, reviewed, and lapses; what
lapses is on no picture and no way, and is deleted soon after. Hidden children, people and groups are no bridge, and leave no trace.

Screens: a child's connections, one link and how it is known, the way from one to another, a group's connections.
Guidance: practice.md 4.8, 4.10 and 4.12; protection.md 3.4; real-life.md points 8 and 24; ADR 48. Periods are a product default, not law.
"""
