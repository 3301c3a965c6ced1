"""When a link stands, and what may be said in one: pure. Source: practice.md 4.8, 4.10 and 4.12; protection.md 3.4. Product defaults, not law."""

from datetime import date

from atlas.network.codes import HARMED_FIRST, Capacity, Confidence, DrawnIn, LinkKind


def stands_on(day: date, *, from_on: date, ended_on: date | None, review_on: date) -> bool:
    """Whether a link is on the picture of that day: it had begun, had not ended, and somebody had looked at it in time."""
    return from_on <= day <= review_on and (ended_on is None or day < ended_on)


def surest(kind: LinkKind | str, confidence: Confidence | str) -> Confidence:
    """How sure a link may be called: that two were seen together is never more than low (practice.md 4.8)."""
    return Confidence.LOW if kind == LinkKind.SEEN else Confidence(confidence)


def is_child_first(capacity: Capacity | str, *, is_concern_too: bool, drawn_in: DrawnIn | str) -> bool:
    """Whether what is said of a child holds to child first: a concern that the child harms others, or drew somebody in, stands only beside what is done to
    the child (practice.md 4.10; real-life.md point 8).
    """
    needs = is_concern_too or drawn_in == DrawnIn.BY_CHILD
    return not needs or capacity in HARMED_FIRST
