"""A link is written down, looked at again, corrected, ended."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from atlas.children.models import Child
from atlas.connections.grounds import Grounds, put_grounds
from atlas.connections.models import Group, PersonOfConcern
from atlas.exploitation.commands.checks import expect_born, expect_days, expect_words
from atlas.exploitation.queries import current_assessment
from atlas.exploitation.rules.reviews import LONGEST
from atlas.gate.act import Invalid, command
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.network.codes import Capacity, Confidence, DrawnIn, LinkKind
from atlas.network.models import ENDS, Link
from atlas.network.queries import papers_missing
from atlas.network.rules import is_child_first, surest
from atlas.places.models import Place

if TYPE_CHECKING:
    from atlas.agencies.models import Post

CHILD_FIRST = (
    "A child is a child first. Say in what way this child is harmed, at risk or made to take part; then the concern may stand beside it."
)
SCREEN = "A child is a child first. This needs an assessment of exploitation of the last three months: do a screen now, it takes minutes, then come back."
PAPERS = {"protection": "the data protection impact assessment", "equality": "the equality impact assessment"}
WITH = "Choose whom or what the child is tied to: one of them."


@dataclass(frozen=True)
class LinkGiven:
    """What a link says: what ties the two, in what capacity the child stands in it, how sure it is, when it was seen, and the grounds."""

    kind: LinkKind
    capacity: Capacity
    grounds: Grounds
    confidence: Confidence = Confidence.LOW
    other_capacity: Capacity | str = ""
    first_seen_on: date | None = None
    last_seen_on: date | None = None
    concern_words: str = ""
    drawn_in: DrawnIn | str = ""
    drawn_in_words: str = ""


End = Child | PersonOfConcern | Group | Place


@command(needs=Permission.RECORD_LINK)
def record_link(*, child: Child, end: End, given: LinkGiven, by: "Post", at: datetime) -> Link:
    """Tie a child to another child, a person of concern, a group or a place; shown for six months (what the police write, three), unless it is looked at again.

    Raises Invalid before both impact assessments of the network are recorded; for the same child, an end that is not open to whoever writes, a link that stands
    already, a concern about a child that is not first one who is harmed, a group or such a concern without a current screen of exploitation, and a direction
    without saying who said so.
    """
    expect_born(child)
    _expect_papers(child)
    if end == child:
        raise Invalid("This is the same child. Choose the other child.", "what")
    if not type(end)._default_manager.filter(pk=end.pk).exists():
        raise Invalid(WITH, "what")
    name = _end_name(end)
    same = Q(child=child, **{name: end.pk})
    if isinstance(end, Child):
        same |= Q(child=end, other_child=child)
    if Link.objects.filter(same, kind=given.kind, ended_at__isnull=True, review_on__gte=day_of(at)).exists():
        raise Invalid("This link is written down already. Open it, and look at it again.", "what")
    return _write(Link(child=child, **{f"{name}_id": end.pk}), given, by, at)


@command(needs=Permission.RECORD_LINK)
def renew_link(*, link: Link, grounds: Grounds, last_seen_on: date | None = None, by: "Post", at: datetime) -> Link:
    """Look at a link again: it still stands, for these grounds as they are now."""
    _expect_open(link)
    expect_days(link.first_seen_on, last_seen_on, at)
    link.last_seen_on = last_seen_on or link.last_seen_on
    put_grounds(link, grounds, by, at)
    link.reviewed_by, link.reviewed_at = by, at
    link.save()
    return link


@command(needs=Permission.RECORD_LINK)
def correct_link(*, link: Link, given: LinkGiven, words: str, by: "Post", at: datetime) -> Link:
    """Put right what a link says: the wrong one ends as an error, and is on no picture; another stands in its place. Raises Invalid as `record_link` does."""
    _expect_open(link)
    _expect_papers(link.child)
    _end(link, words, by, at, is_error=True)
    return _write(Link(child=link.child, **{f"{name}_id": getattr(link, f"{name}_id") for name in ENDS}, instead_of=link.pk), given, by, at)


@command(needs=Permission.RECORD_LINK)
def end_link(*, link: Link, words: str, is_error: bool, by: "Post", at: datetime) -> Link:
    """Let a link end now; or say that it never was (`is_error`): then it is on no picture, of no day."""
    _expect_open(link)
    _end(link, words, by, at, is_error=is_error)
    return link


def _expect_papers(child: Child) -> None:
    """No link before its papers (practice.md 4.12, G1): which of them is missing, and who records it."""
    if missing := [PAPERS[kind] for kind in papers_missing(child)]:
        raise Invalid(
            f"Before links are written down, the council’s privacy officer records what was judged of them. Not recorded, or not read again in time: "
            f"{' and '.join(missing)} of links and the network picture. Ask the privacy officer, who does it under “Impact assessments”; what you typed stays here."
        )


def _end(link: Link, words: str, by: "Post", at: datetime, *, is_error: bool) -> None:
    expect_words((words, "words", "Write in a sentence why."))
    link.ended_at, link.ended_by, link.ended_words, link.is_error = max(at, link.added_at), by, words.strip()[:300], is_error
    link.save()


def _expect_open(link: Link) -> None:
    if link.ended_at is not None:
        raise Invalid("This link has ended already. Go back to the child’s connections.")


def _end_name(end: End) -> str:
    return {Child: "other_child", PersonOfConcern: "person", Group: "group", Place: "place"}[type(end)]


def _write(link: Link, given: LinkGiven, by: "Post", at: datetime) -> Link:
    is_concern = bool(given.concern_words.strip())
    expect_days(given.first_seen_on, given.last_seen_on, at)
    if not is_child_first(given.capacity, is_concern_too=is_concern, drawn_in=given.drawn_in):
        raise Invalid(CHILD_FIRST, "capacity")
    if link.other_child_id is not None:
        expect_words((str(given.other_capacity), "other_capacity", "Say in what capacity the other child stands in it."))
    if given.drawn_in:
        expect_words((given.drawn_in_words, "drawn_in_words", "Write who said so. Where nobody said it, choose “Nobody has said”."))
    if link.group_id is not None or is_concern:
        _expect_screen(link.child, at)
    link.kind, link.capacity = given.kind, given.capacity
    link.other_capacity = given.other_capacity if link.other_child_id else ""
    link.confidence = surest(given.kind, given.confidence)
    link.is_concern_too, link.concern_words = is_concern, given.concern_words.strip()[:300]
    link.drawn_in, link.drawn_in_words = given.drawn_in, given.drawn_in_words.strip()[:200] if given.drawn_in else ""
    link.first_seen_on, link.last_seen_on = given.first_seen_on, given.last_seen_on
    link.added_by, link.added_at = by, at
    put_grounds(link, given.grounds, by, at)
    link.save(force_insert=True)
    return link


def _expect_screen(child: Child, at: datetime) -> None:
    """No link to a group, and no concern about a child, without a screen of exploitation (practice.md 4.12, G4)."""
    screen = current_assessment(child)
    if screen is None or screen.finished_at is None or at - screen.finished_at > LONGEST:
        raise Invalid(SCREEN, "what")
