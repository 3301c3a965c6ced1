"""Connections: who is tied to whom. Each tie is graded, sourced, dated, and lapses unless it is looked at again.

A conflict of interest reaches along ties: whoever is shut out of a child is shut out of the child's brothers, sisters and household
(protection.md 4.4). The gate itself follows them (`gate_shut_to`), so a new tie bites at the next question.

People of concern and groups: adults, and what agencies look at, each on grounds that are written down, graded, looked at again or deleted (practice.md 4.10
and 4.12). Nobody under 18 stands there, and no list of those who were removed is kept.
"""
