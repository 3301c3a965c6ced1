"""Which held interviews are drawn for a check of their quality, and its five points. Pure: the same seed draws the same interviews."""

from hashlib import sha256
from uuid import UUID

SEED, RATE = "2026", 0.2  # one in five; product default, not law
# Source: real-life.md point 12 (five points); the points from capabilities.md row 52.
POINTS: dict[str, str] = {
    "causes": "What led the child to go, and what drew the child, is clear",
    "harm": "Harm was asked about with care, and it is said how each thing is known",
    "places_people": "Places, people and life online are named, or it is said that none were, or that the child did not want to say",
    "wishes": "The child's own words and wishes about passing things on are there, with what was decided",
    "follow_up": "What would help is followed by something that somebody does",
}


def is_drawn(interview: UUID, *, seed: str = SEED, rate: float = RATE) -> bool:
    """Whether chance draws this interview: by its id and the seed alone, so by nobody's choice, and again the same."""
    return int.from_bytes(sha256(f"{seed}:{interview}".encode()).digest()[:8]) < rate * 2**64


def drawn_words(*, seed: str = SEED, rate: float = RATE) -> str:
    """By what it was drawn."""
    return f"seed {seed}, one in {round(1 / rate)}"
