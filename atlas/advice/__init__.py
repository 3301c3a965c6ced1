"""Advice: what a worker of any agency asks of a team that knows more, what was answered by whom, and what was made of it.

Screens: asked of the team, a referral, the advice about a child.
Guidance: real-life.md points 3 and 12. Times are a product default, not law. Whoever is asked sees the child for as long as the question is open.
"""
