"""Desk: the pages where it all meets: what must I do now, the child's page, finding a child."""
