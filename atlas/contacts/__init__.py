"""Contacts: somebody is worried about a child and says so; the front door finds out who it is, asks who knows more, decides, and answers.

Screens: raise a contact, my contacts, asked of us; the queue of the front door, a contact, what was decided; the child's contacts and child
and family assessments; how alike decisions are. And a page for anybody without an account.
Guidance: Working Together to Safeguard Children (2023), one working day for the decision and the acknowledgement (process-and-data.md
section 2, clocks 1 to 2a); the hub's rating and its hours are local (the same, 1a). real-life.md points 6, 14, 16, 19, 20, 25.
What one agency typed is shown to no other beyond the front door. Nothing here computes a level: a person decides, and says why.
"""
