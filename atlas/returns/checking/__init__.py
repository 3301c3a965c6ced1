"""Checking a return: read in a child process that can harm nobody, and judged there by the rules of the Missing table."""
