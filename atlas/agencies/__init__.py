"""Agencies: the organisations, their teams, their posts and the people who hold them; who is on shift.

Screens: choose a post. A person is one user; a post is that user's place in a team, with a role and dates; one post is
active in a session and stands in every audit row.
"""
