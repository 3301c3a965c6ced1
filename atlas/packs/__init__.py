"""The emergency pack: for each duty team, the children whom it may see who are missing now or have an open safety plan, encrypted to the team's own key.

It is opened on a machine without Atlas (`open_pack.py`), and each opening is entered into the record of looks afterwards.
Guidance: shared/reference/protection.md section 6 (degradation): a council worked without its records for months.
"""
