"""The verbs of links, one file for each noun."""

from atlas.network.commands.links import WITH, End, LinkGiven, correct_link, end_link, record_link, renew_link

__all__ = ["WITH", "End", "LinkGiven", "correct_link", "end_link", "record_link", "renew_link"]
