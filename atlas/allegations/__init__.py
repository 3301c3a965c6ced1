"""An allegation: what a child said of somebody who works with children. It goes to those who are named to receive it, and to nobody else.

Screens: the form (one tap from a return interview), what one has passed on or received, and the receiver's page. The person, their team and
their line are told nothing; a worker of Atlas is shut out of the child at once. Source: shared/reference/real-life.md point 10.
"""
