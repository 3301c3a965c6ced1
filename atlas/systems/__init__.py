"""Connected systems: an agency's own system that asks Atlas, or writes to it, for a person who let it.

Screens: the administrator's list of connected systems, and a person's own list of those that may act for them. A system has no sight of its
own: each call is judged as the person's, by the same gate, and only while that person lets it. Source: shared/reference/protection.md 4.8
(*API client*), 8.3 (*one agency's API credential*); ASVS 5.0 8.3.3, 10.3.5.
"""
