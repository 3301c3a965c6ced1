"""Meetings: where agencies come together about a child, a place or a theme; who came, what each knew, what was decided and why, who does what by
when, and whether it worked.

Screens: my meetings, one meeting (before, in the room, after), the meetings about a child, what agencies agreed to do.
Law and guidance: Children Act 1989 s47; Working Together to Safeguard Children; practice.md sections 4.7 and 6; real-life.md points 9 and 13.
"""
