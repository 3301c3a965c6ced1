"""A child protection plan ends with its reasons, and the first child in need meeting is called at once; the chair looks into plans that last."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connections

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.flow import happened
from atlas.gate.act import Invalid, Refused, command
from atlas.gate.commands import relate
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.policy import Kind as RelationshipKind
from atlas.gate.policy import Permission
from atlas.gate.rules import Decision
from atlas.meetings.commands.calling import Called, call_meeting
from atlas.meetings.models import MeetingItem, StepDown
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
from atlas.meetings.rules.step_down import FIRST_MEETING, GAP_DAYS
from atlas.statuses.models import Spell

if TYPE_CHECKING:
    from atlas.agencies.models import Post

FIRST = SHIPPED_BY_KEY["first_child_in_need_meeting"]
AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class StepDownGiven:
    """What must be said before a child protection plan ends, and when, where and by whom the first meeting is chaired."""

    ended_on: date
    evidence: str
    contingency: str
    chair: "Post"
    meets_at: datetime
    child_view: str = ""
    no_view_because: str = ""
    minute_taker: "Post | None" = None
    place: str = ""


@command(needs=Permission.STEP_DOWN)
def step_down(*, child: Child, given: StepDownGiven, by: "Post", at: datetime) -> StepDown:
    """Say why a child protection plan ends, and call the first child in need meeting with its date and a chair who is apart from the work with the child.

    The chair may look into the child's plans and meetings from now on. Raises Invalid without evidence of change that lasts, the child's view (or why there
    is none), what is done if it does not hold; for a child with no child protection plan, and for a chair who is not apart.
    """
    for field, words in (
        ("evidence", "Write what has changed, since when, and how you know that it lasts."),
        ("contingency", "Write what would show that it does not hold, and what is done then."),
    ):
        if not str(getattr(given, field)).strip():
            raise Invalid(words, field)
    if not (given.child_view.strip() or given.no_view_because.strip()):
        raise Invalid("Write what the child says of it, in the child’s words, or why it is not known.", "child_view")
    _check_plan(child, given.ended_on, day_of(at))
    if StepDown.objects.filter(child=child, ended_on=given.ended_on).exists():
        raise Invalid("This step-down is recorded already.", "ended_on")
    called = Called(FIRST, given.meets_at, given.chair, minute_taker=given.minute_taker, place=given.place)
    meeting = call_meeting(child=child, called=called, why=given.evidence, by=by, at=at)
    made = StepDown(
        child=child, ended_on=given.ended_on, evidence=given.evidence.strip(), child_view=given.child_view.strip(), contingency=given.contingency.strip(),
        no_view_because=given.no_view_because.strip()[:300], meeting=meeting, decided_at=at, decided_by=by,
    )  # fmt: skip
    made.save(force_insert=True)
    relate(
        kind=RelationshipKind.REVIEWING,
        because="chairs the meetings after a step-down",
        source=made,
        child=child,
        post=given.chair,
        from_at=at,
    )
    item = MeetingItem.objects.get(meeting=meeting, child=child)
    happened(Kind.STEPPED_DOWN, child=child, at=Moment(at, Precision.MINUTE), about=item, starts=[FIRST_MEETING], words=made.evidence[:300])
    return made


def _check_plan(child: Child, ended_on: date, today: date) -> None:
    spells = list(Spell.objects.filter(child=child, status=Spell.Status.CHILD_PROTECTION).order_by("-from_on")[:5])
    if not any(one.from_on <= ended_on and (one.until_on is None or one.until_on == ended_on) for one in spells):
        raise Invalid(
            "The main system has no child protection plan that stands on that day, or ends on it. Look at the statuses on the child’s page.",
            "ended_on",
        )
    if ended_on > today + AHEAD:
        raise Invalid("That is more than 60 days ahead. Decide nearer to the day.", "ended_on")


@command(needs=Permission.TAKE_ON_REVIEW)
def take_on_review(*, child_id: UUID, by: "Post", at: datetime) -> Child:
    """Look into a child in need plan that lasts, or a step-down that nobody met about: the child's plans and meetings open to the chair, by name.

    Raises Refused for a child who stands on no such list, and for a chair who works with the child.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_take_on_review(%s, %s, %s)", [child_id, day_of(at), GAP_DAYS])
        if not cursor.fetchone()[0]:
            raise Refused("take_on_review", acting_subject(), Decision.NO_RELATIONSHIP, Child(pk=child_id))
    return Child.objects.get(pk=child_id)
