"""The safety plan: what keeps this child safe, line by line, whose each line is, and whether it is still true.

A plan is a set of lines, each with its risk, its owner, its agency, its date and its evidence; a version says from when on a line stood and until
when. Whether it is stale is no flag: it is asked of the chronology (what happened since somebody last read the plan against it) and of what its
lines name (an owner who has left, a number that failed). `flow` asks and starts the clock; here somebody confirms, revises, or takes it to a
strategy discussion, and names what was considered.

Screens: a child's safety plan, its question (*What happened since*), its versions, the team's plans.
Source: practice.md sections 5.2 (content), 5.3 (LP-1 to LP-11), 7 (events); real-life.md points 7, 11, 14, 15.
"""
