"""A fact of the main case system is doubted: a worker says that it is wrong, or the main system no longer holds it.

Nothing is corrected, ended or deleted here: whoever works with the child has it put right there, or says that it is so.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps
from django.db.models import Count, F, Max, Q, QuerySet

from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.feeds.handling import Fact, open_facts
from atlas.feeds.models import Delivery, Row
from atlas.feeds.queries import masters
from atlas.feeds.rules import TABLES_OF, System, is_file_doubted
from atlas.flow import happened, lead, leads
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.tasks.commands import make_task
from atlas.tasks.models import Task

if TYPE_CHECKING:
    from atlas.agencies.models import Post

MOST_WRONG, MOST_KNOWN, MOST_FACT = 120, 100, 60  # letters: together they fill the words of an entry
CHILD = Child._meta.label


@command(needs=Permission.REPORT_WRONG_FACT)
def report_wrong_fact(*, child: Child, fact: Fact, wrong: str, known: str, by: "Post", at: datetime) -> Entry:
    """Say what is wrong with a fact of the main system, and how that is known; the lead practitioner has it put right there.

    The fact stays, shown as doubted, until the main system says something else or the task is ticked off. Raises Invalid
    where either answer is missing or too long, and where the fact is doubted already.
    """
    for field, text, most in (("wrong", wrong, MOST_WRONG), ("known", known, MOST_KNOWN)):
        if not text.strip():
            raise Invalid("Say what is wrong." if field == "wrong" else "Say how you know it.", field)
        if len(text.strip()) > most:
            raise Invalid(f"Say it in at most {most} letters.", field)
    if fact.child_id != child.pk:
        raise Invalid("This is not a fact about this child. Open the child's page again.")
    if Task.objects.filter(about_id=fact.id, state=Task.State.OPEN, entry__kind=Kind.WRONG_FACT_REPORTED).exists():
        raise Invalid("Somebody has said already that this is wrong. What they said stands in the chronology.")
    words = f"{fact.words[:MOST_FACT]}: {wrong.strip()} (known from: {known.strip()})"
    about = apps.get_model(fact.label)(pk=fact.id)
    entry = happened(Kind.WRONG_FACT_REPORTED, child=child, at=Moment(at), about=about, words=words)
    post, team = lead(child, at)
    make_task(name=f"Have it put right in the main system: {fact.words[:MOST_FACT]}", entry=entry, about=about, post=post, team=team)
    return entry


@command(needs=Permission.RECORD_STATUS)
def compare_with_delivery(*, delivery: Delivery, by: "Post", at: datetime) -> Delivery:
    """Compare what stands open here with a delivery of the main system whose rows have been taken, a fixed number of statements a table.

    What it says again is as at now; a doubt whose fact it has changed ends. What a whole, live delivery no longer holds is asked
    about once; the question ends by itself when the row is back. A file that lacks too much is doubted itself, and says so.
    """
    _say_again(delivery)
    if delivery.committed_at is None:
        _end_tasks(Kind.WRONG_FACT_REPORTED, _results(delivery, Row.State.APPLIED), by, at)
    if delivery.is_historic:
        return delivery
    asked = {about_id: Fact(child_id, label, about_id, words) for about_id, label, child_id, words in _asked()}
    back = set(_results(delivery, Row.State.APPLIED, Row.State.SAME).filter(result_id__in=list(asked)))
    _write(Kind.FACT_BACK, [fact for about_id, fact in asked.items() if about_id in back], delivery, by, at)
    _end_tasks(Kind.FACT_VANISHED, asked.keys() & back, by, at)
    if not delivery.is_partial:
        gone = _vanished(delivery)
        children = {fact.child_id for fact in gone if fact.label == CHILD}
        new = [fact for fact in gone if fact.id not in asked and (fact.label == CHILD or fact.child_id not in children)]
        _ask(_write(Kind.FACT_VANISHED, new, delivery, by, at), new, at)
    return delivery


def _say_again(delivery: Delivery) -> None:
    said = Row.objects.filter(delivery=delivery, state=Row.State.SAME)
    for label in said.exclude(result_label="").values_list("result_label", flat=True).distinct():
        model = apps.get_model(label)
        if any(field.name == "as_at" for field in model._meta.fields):
            ids = said.filter(result_label=label).values("result_id")
            model._default_manager.filter(pk__in=ids, as_at__lt=delivery.as_at).update(as_at=delivery.as_at)


def _results(delivery: Delivery, *states: Row.State) -> "QuerySet[Row, UUID | None]":
    """The records that the rows of a delivery in these states have made, changed or said again; a child by the child's own row only."""
    rows = Row.objects.filter(~Q(result_label=CHILD) | Q(table="ssd_person"), delivery=delivery, state__in=states, result_id__isnull=False)
    return rows.values_list("result_id", flat=True)


def _end_tasks(kind: Kind, about_ids: "Iterable[UUID] | QuerySet[Row, UUID | None]", by: "Post", at: datetime) -> None:
    tasks = Task.objects.filter(entry__kind=kind, about_id__in=about_ids, state=Task.State.OPEN)
    tasks.update(state=Task.State.NOT_NEEDED, ended_at=at, ended_by=by)


def _asked() -> Iterable[tuple[UUID, str, UUID, str]]:
    """The facts that the main system no longer holds: asked about more often than they came back."""
    entries = Entry.objects.filter(kind__in=[Kind.FACT_VANISHED, Kind.FACT_BACK]).values("about_id", "about_label", "child_id", "words")
    counted = entries.annotate(gone=Count("pk", filter=Q(kind=Kind.FACT_VANISHED)), back=Count("pk", filter=Q(kind=Kind.FACT_BACK)))
    return counted.filter(gone__gt=F("back")).values_list("about_id", "about_label", "child_id", "words")


def _vanished(delivery: Delivery) -> list[Fact]:
    """What stands open here, was brought by an earlier delivery of the same main system, and is in no row of this one's tables."""
    chosen = masters(delivery.authority)
    ours = {table for record, tables in TABLES_OF.items() if chosen[record] == System.ATLAS for table in tables}
    keys: dict[str, set[str]] = defaultdict(set)
    for table, key in Row.objects.filter(delivery=delivery, table__in=open_facts().keys() - ours).values_list("table", "source_key"):
        keys[table].add(key)
    gone: list[Fact] = []
    doubted: list[str] = []
    for table, delivered in keys.items():
        facts = list(open_facts()[table]())
        there = {fact.id for fact in facts if fact.key in delivered}
        brought = _brought(delivery, table, [fact.key for fact in facts if fact.id not in there])
        absent = {fact.id: fact for fact in facts if fact.id not in there and fact.key in brought}
        if is_file_doubted(vanished=len(absent), open_rows=len(facts)):
            doubted.append(f"{len(absent)} of {len(facts)} of {table}")
        else:
            gone += absent.values()
    if doubted:
        delivery.reason = f"It lacks {', '.join(doubted)}, so nobody was asked about them. Check that the file is whole."[:500]
        delivery.save(update_fields=["reason"])
    return gone


def _brought(delivery: Delivery, table: str, keys: Collection[str]) -> set[str]:
    """Which of these keys the same main system has brought, and not since (in a part of the children)."""
    rows = Row.objects.filter(
        table=table, source_key__in=list(keys), delivery__source=delivery.source, delivery__authority=delivery.authority_id,
        state__in=[Row.State.APPLIED, Row.State.SAME],
    )  # fmt: skip
    last = rows.values("source_key").annotate(last=Max("delivery__as_at")).filter(last__lte=delivery.as_at)
    return set(last.values_list("source_key", flat=True)) if keys else set()


def _write(kind: Kind, facts: Iterable[Fact], delivery: Delivery, by: "Post", at: datetime) -> list[Entry]:
    return Entry.objects.bulk_create(
        Entry(
            child_id=fact.child_id, kind=kind, happened_at=delivery.as_at, known_at=at, recorded_at=at, recorded_by=by, words=fact.words[:300],
            about_label=fact.label, about_id=fact.id,
        )
        for fact in facts
    )  # fmt: skip


def _ask(entries: list[Entry], facts: list[Fact], at: datetime) -> None:
    """Ask whoever works with each child, or the team that answers for the child."""
    owners = leads({fact.child_id for fact in facts}, at)
    Task.objects.bulk_create(
        Task(
            child_id=fact.child_id, name=f"The main system no longer holds “{fact.words[:MOST_FACT]}”: is it so?", entry=entry,
            owner_post=owners[fact.child_id][0], owner_team=owners[fact.child_id][1], about_label=fact.label, about_id=fact.id,
        )
        for entry, fact in zip(entries, facts, strict=True)
        if fact.child_id in owners  # one child without an owner must not stop a whole delivery; the entry stands
    )  # fmt: skip
