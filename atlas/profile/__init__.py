"""Profile: the local profile of harm: who, with whom, where, when and how, in fifteen sections, made anew for each period by the analysis engine (practice.md 4.11).

It counts and compares; it names no child, scores none and predicts nothing. A role opens no child here either: the database gives the job that makes a profile
rows without names, once the impact assessments of what it reads are recorded. What is small is left unsaid before anything is kept. A finding asks for a decision
within 30 days.
"""
