"""Intelligence: graded information about a child, in two rows: the supplier's own wording, and the sanitised product that partners may read.

The supplier alone sees its own wording. A product is proposed by one person of the supplier and released by another outside the
first one's line; its handling says who may read it, and past its review date nobody but its author does. It leaves no entry, task,
alert or notice. Source: protection.md 4.7, 3.4 rule 2; Data Protection Act 2018 part 3.
"""
