"""How long records are kept is set by two people; a date from paper is written down; a hold is placed, looked at again, and lifted by two people; what is due is
selected, set aside by two people, and restored by one.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from atlas.agencies.models import Agency
from atlas.agencies.queries import expect_served
from atlas.children.models import Child
from atlas.design.words import day as day_words
from atlas.design.words import plural
from atlas.gate.act import Invalid, command
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.gate.proposing import Proposed
from atlas.retention.models import DueRecord, Hold, HoldReview, RetentionClass, RetentionDate, RetentionRun
from atlas.retention.queries import classes_in_force
from atlas.retention.rules import AGREED_WITHIN, EVENT_WORDS, GROUP_WORDS, TOMBSTONE, Event, why_too_many
from atlas.retention.selecting import counted_against, due_now, select

if TYPE_CHECKING:
    from atlas.agencies.models import Post

MOST_YEARS = 200
LOOKED_AT_WITHIN = timedelta(days=366)  # a hold that nobody looks at is a hold for ever: it holds on, and is named as late


@dataclass(frozen=True)
class ClassGiven:
    """How long, from what, since when, and who decided it."""

    counted_from: str
    years: int
    ground: str
    source: str
    from_on: date


@dataclass(frozen=True)
class HoldGiven:
    """What is held: everything, or a matter, an agency's part, a period; who demands it, and why."""

    demand: str
    demand_words: str
    reason: str
    review_on: date
    matter: str = ""
    agency: Agency | None = None
    period_from: date | None = None
    period_until: date | None = None


def _class_words(retention_class: RetentionClass, given: ClassGiven, because: str) -> str:
    counted = EVENT_WORDS[Event(given.counted_from)]
    return f"{GROUP_WORDS[retention_class.for_whom]}: the record is kept for {given.years} years from {counted}, from {day_words(given.from_on)} on."


def _check_class(retention_class: RetentionClass, given: ClassGiven, because: str, by: "Post", at: datetime) -> None:
    authority = expect_served(by)
    if (
        retention_class.authority_id not in {None, authority.pk}
        or classes_in_force(authority, day_of(at))[retention_class.for_whom] != retention_class
    ):
        raise Invalid("Another class is in force by now. Begin from that one.")
    if not 1 <= given.years <= MOST_YEARS:
        raise Invalid(f"Write a number of years from 1 to {MOST_YEARS}.", "years")
    if (tomorrow := day_of(at) + timedelta(days=1)) > given.from_on:
        raise Invalid(f"It holds from {day_words(tomorrow)} on, or later.", "from_on")
    if not given.ground.strip() or not given.source.strip():
        raise Invalid("Write on what ground, and who decided it when.", "ground" if not given.ground.strip() else "source")
    if not retention_class.is_law:
        return
    least = RetentionClass.objects.filter(authority=None, group=retention_class.group, from_on__lte=given.from_on).latest("from_on")
    if given.counted_from != least.counted_from or given.years < (least.years or 0):
        raise Invalid(f"The law asks for {least.years} years from {least.get_counted_from_display()} at least: {least.source}.", "years")


@command(needs=Permission.SET_RETENTION_CLASS, proposed=Proposed(_class_words, _check_class))
def set_retention_class(*, retention_class: RetentionClass, given: ClassGiven, because: str, by: "Post", at: datetime) -> RetentionClass:
    """Set how long a class of records is kept, in the place of the class in force, from a day to come: two people.

    Raises Invalid where another class is in force by now, for a day that is not to come, and for less than a statute asks.
    """
    row = RetentionClass(
        authority=expect_served(by), group=retention_class.group, counted_from=given.counted_from, years=given.years,
        years_after_early_death=retention_class.years_after_early_death, is_law=retention_class.is_law, ground=given.ground.strip(),
        source=given.source.strip(), from_on=given.from_on, instead_of=retention_class, set_by=by, set_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    return row


@command(needs=Permission.RECORD_RETENTION_DATE)
def record_retention_date(*, child: Child, kind: str, on: date, source_words: str, by: "Post", at: datetime) -> RetentionDate:
    """Write down a date that only paper knows, on which it hangs how long a child's record is kept. Raises Invalid for a day to come, and without a source."""
    if on > day_of(at):
        raise Invalid("That day is still to come.", "on")
    if child.born_on and on < child.born_on:
        raise Invalid("That is before the child was born. Check the year.", "on")
    if not source_words.strip():
        raise Invalid("Write which paper says so, and where it is.", "source_words")
    row = RetentionDate(
        child=child, authority=expect_served(by), kind=kind, on=on, source_words=source_words.strip(), recorded_by=by, recorded_at=at
    )
    row.save(force_insert=True)
    return row


@command(needs=Permission.PLACE_HOLD)
def place_hold(*, given: HoldGiven, by: "Post", at: datetime) -> Hold:
    """Hold whatever is about one matter, of an agency or of a period: nothing of it goes until two people lift the hold.

    Raises Invalid without who demands it and why, for a period that ends before it begins, and unless it is looked at again within a year.
    """
    if given.period_from and given.period_until and given.period_until < given.period_from:
        raise Invalid("The last day is before the first. Check both days.", "period_until")
    row = _hold(given, by, at)
    row.matter, row.agency, row.period_from, row.period_until = given.matter, given.agency, given.period_from, given.period_until
    row.save(force_insert=True)
    return row


@command(needs=Permission.PLACE_HOLD)
def hold_child(*, child: Child, given: HoldGiven, by: "Post", at: datetime) -> Hold:
    """Hold everything about one child. Raises Invalid without who demands it and why, and unless it is looked at again within a year."""
    row = _hold(given, by, at)
    row.child = child
    row.save(force_insert=True)
    return row


def _hold(given: HoldGiven, by: "Post", at: datetime) -> Hold:
    for words, name, said in (
        (given.demand_words, "demand_words", "Write who demands it, with the reference."),
        (given.reason, "reason", "Write why nothing of it may go."),
    ):
        if not words.strip():
            raise Invalid(said, name)
    _check_look(given.review_on, at)
    return Hold(
        authority=expect_served(by), demand=given.demand, demand_words=given.demand_words.strip(), reason=given.reason.strip(),
        review_on=given.review_on, placed_by=by, placed_at=at,
    )  # fmt: skip


def _check_look(review_on: date, at: datetime) -> None:
    today = day_of(at)
    if not today < review_on <= today + LOOKED_AT_WITHIN:
        raise Invalid("Choose a day within a year from today on which somebody looks at it again.", "review_on")


@command(needs=Permission.REVIEW_HOLD)
def review_hold(*, hold: Hold, words: str, review_on: date, by: "Post", at: datetime) -> HoldReview:
    """Say that a hold is still needed, why, and by when to look again. Raises Invalid without a reason, and of one that was lifted."""
    if hold.lifted_at is not None:
        raise Invalid("This hold was lifted. Place a new one if it is needed.")
    if not words.strip():
        raise Invalid("Write why it is still needed.", "words")
    _check_look(review_on, at)
    row = HoldReview(hold=hold, words=words.strip(), review_on=review_on, reviewed_by=by, reviewed_at=at)
    row.save(force_insert=True)
    return row


def _lift_words(hold: Hold, because: str) -> str:
    return f"The hold for {hold.demand_words} ends: what no other hold and no class keeps may go."


def _may_lift(hold: Hold, because: str, by: "Post", at: datetime) -> None:
    if hold.lifted_at is not None:
        raise Invalid("This hold was lifted already.")


@command(needs=Permission.LIFT_HOLD, proposed=Proposed(_lift_words, _may_lift))
def lift_hold(*, hold: Hold, because: str, by: "Post", at: datetime) -> Hold:
    """Lift a hold: two people. What it kept may go when its class says so, and no other hold keeps it."""
    hold.lifted_at, hold.lifted_by, hold.lifted_because = at, by, because.strip()
    hold.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    return hold


@command(needs=Permission.SELECT_DUE)
def select_due(*, at_most: int | None, by: "Post", at: datetime) -> RetentionRun:
    """Select the records that nothing keeps any more (the longest due first, `at_most` so many), for two people to agree on. Nothing is set aside by it.

    The run stops itself where it is more than one may be (rules.why_too_many). Raises Invalid where nothing is due.
    """
    run = select(expect_served(by), by, at, at_most)
    if run is None:
        raise Invalid("Nothing is due: every record is kept by its class, by a hold, or because something is not known or still open.")
    return run


def _aside_words(run: RetentionRun, because: str) -> str:
    return (
        f"{plural(run.report['chosen'], 'record')} of {run.authority.name} are set aside: nobody sees them any more. "
        f"After {TOMBSTONE.days} days they are erased, unless somebody restores them."
    )


def _may_set_aside(run: RetentionRun, because: str, by: "Post", at: datetime) -> None:
    if run.state != RetentionRun.State.READY:
        raise Invalid(run.stopped_because or "This run was agreed already.")
    if run.selected_at < at - AGREED_WITHIN:
        raise Invalid(f"It was selected more than {AGREED_WITHIN.days} days ago. Select anew.")
    if RetentionRun.objects.filter(authority_id=run.authority_id, selected_at__gt=run.selected_at).exists():
        raise Invalid("Something was selected after it. Look at the latest.")
    counted = counted_against(run.authority, day_of(at), run.report["counts"]["records"], run.report["chosen"])
    if why := why_too_many(counted):
        raise Invalid(why)


@command(needs=Permission.SET_RUN_ASIDE, proposed=Proposed(_aside_words, _may_set_aside))
def set_run_aside(*, run: RetentionRun, because: str, by: "Post", at: datetime) -> RetentionRun:
    """Set the records of a run aside: two people. From this transaction on nobody sees these children; after 30 days tick erases them.

    Each is reckoned once more: one that a hold keeps by now, or of which something is open or not known, stays as it is.
    """
    still = {one.child for one in due_now(run.authority, day_of(at))[0]}
    run.state, run.agreed_by, run.agreed_at = RetentionRun.State.AGREED, by, at
    run.save(update_fields=["state", "agreed_by", "agreed_at"])
    run.records.filter(whose__in=still).update(state=DueRecord.State.SET_ASIDE, erase_on=day_of(at) + TOMBSTONE)
    return run


@command(needs=Permission.RESTORE_RECORD)
def restore_record(*, record: DueRecord, reason: str, by: "Post", at: datetime) -> DueRecord:
    """Restore a record that was set aside, whole, with every other record of the same child: whoever could see the child sees the child again. It is not selected
    again for a year; what should be kept longer is held. Raises Invalid without a reason, and for one that is not set aside.
    """
    if record.state != DueRecord.State.SET_ASIDE:
        raise Invalid("It is not set aside.")
    if not reason.strip():
        raise Invalid("Write why it is kept.", "reason")
    same = DueRecord.objects.filter(one=record.one, authority_id=record.authority_id, state=DueRecord.State.SET_ASIDE)
    same.update(state=DueRecord.State.RESTORED, ended_at=at, ended_by=by, ended_because=reason.strip())
    return DueRecord.objects.get(pk=record.pk)
