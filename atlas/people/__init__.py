"""People: a person, apart from what happens to them: names, identifiers, and how they can be reached, each kept apart.

Contact details stand in a table of their own and carry a sensitivity, so that a set of them can be sealed.
"""
