"""Children: the child, and the gate to the child. Screens: find a child.

A child is a person under 18 (or a young person still worked with) whom an authority owes a duty, or hosts. The child's id
is the person's id.
"""
