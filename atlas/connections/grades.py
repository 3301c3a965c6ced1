"""How what is held of somebody or something is graded: the source, and how the information is known (3x5x2; practice.md 4.9)."""

from django.db.models import TextChoices


class Source(TextChoices):
    """How reliable the source is."""

    RELIABLE = "1", "1: reliable"
    UNTESTED = "2", "2: untested"
    NOT_RELIABLE = "3", "3: not reliable"


class Information(TextChoices):
    """How the information is known."""

    KNOWN_DIRECTLY = "A", "A: known directly"
    CORROBORATED = "B", "B: known indirectly, and corroborated"
    NOT_CORROBORATED = "C", "C: known indirectly"
    NOT_KNOWN = "D", "D: not known"
    SUSPECTED_FALSE = "E", "E: suspected to be false"
