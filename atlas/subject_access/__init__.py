"""Subject access: somebody asks for a child's record; what may be given is weighed item by item, released by two people, and every removal has its ground.

May import whatever holds records about a child. Nothing imports it. Source: protection.md 3.2; ADR 53.
"""
