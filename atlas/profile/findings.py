"""What a profile found that asks for a decision."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """A finding as it is made: in which section, what it is about (so that the next profile knows it again), and in words, with how sure it is."""

    section: str
    key: str
    words: str
