"""The gate: the one question, may they?

A role never opens a child; a live relationship does. `policy.py` is the whole policy as data; the Python evaluator
(`rules.py`), the row security of PostgreSQL (`install.py`) and the grid of tests are made from it. `act.py` holds
@command, `page.py` @page; `models.py` holds relationships, blocks and the record of acts and looks.
"""
