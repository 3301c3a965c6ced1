"""@command: the one door through which records change. One transaction: who acts, the record fresh, may they, the verb, the act."""

import functools
from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.db import connections
from django.db.models import Model

from atlas.gate.aside import keep_aside
from atlas.gate.behalf import job_now
from atlas.gate.context import Subject, acting_as
from atlas.gate.door import at_the_door
from atlas.gate.events import Event
from atlas.gate.models import Act, Outcome, Proposal
from atlas.gate.policy import FINGERPRINT, NEEDS, ROLE, Mode, Permission
from atlas.gate.proposing import VERBS, Proposed, Verb, note_verb, proposal_of
from atlas.gate.queries import authority_kinds, is_live, standing, standing_apart, standings
from atlas.gate.readonly import WHAT_TO_DO, is_standby, read_only
from atlas.gate.rules import BEGINS, Decision, Standing, decide
from atlas.gate.sets import save_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from atlas.agencies.models import Post

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Refused(Exception):
    """The gate said no. The person sees *not found*; the audit holds the decision."""

    def __init__(self, name: str, subject: Subject, decision: Decision, record: Model | None) -> None:
        super().__init__(f"{name}: {decision}")
        self.name, self.subject, self.decision, self.record = name, subject, decision, record


class Invalid(Exception):
    """What was asked cannot be: a sentence in the user's words that says what to do, and the field it belongs to."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message, self.field = message, field


class OnlyShows(Invalid):
    """Atlas only shows now, and changes nothing: said with what to do instead."""


class Conflict(Invalid):
    """What was sent does not fit what is there by now: the record has changed, or its key was used for something else. Nothing is changed
    by it; the person keeps what was typed, and the audit holds the decision.
    """

    def __init__(self, message: str, decision: Decision, name: str, subject: Subject, record: Model | None) -> None:
        super().__init__(message)
        self.decision, self.name, self.subject, self.record = decision, name, subject, record


CHANGED = "This has changed since you opened it, so nothing was saved. Look at it again, then send it once more."
OTHER_CONTENT = (
    "This was sent already, with other words, and stands as it was first sent. Open the page again to add or to correct something."
)
MOST_ENDED = 5  # how often a write is judged again because a relationship on which it stood has just ended
# The locks that the outermost command or page holds; None outside.
_held: ContextVar[set[str] | None] = ContextVar("atlas_held", default=None)
# What the outermost command or page has asked and keeps; None outside.
_asked: ContextVar[dict[object, Any] | None] = ContextVar("atlas_asked", default=None)
_in_command: ContextVar[bool] = ContextVar("atlas_in_command", default=False)


@contextmanager
def refusals_kept(*, is_page: bool = False) -> "Iterator[bool]":
    """Write a refusal down in a transaction of its own, after the refused one has been rolled back.

    Gives whether this is the outermost command: one inside another works in its transaction, with its fresh records.
    """
    outermost_command = not _in_command.get() and not is_page
    inside = _in_command.set(_in_command.get() or not is_page)
    if _held.get() is not None:
        try:
            yield outermost_command
        except Conflict as conflict:
            if outermost_command:  # of a page, which shows it: in the page's own transaction
                _keep(conflict)
            raise
        finally:
            _in_command.reset(inside)
        return
    reset, reset_asked = _held.set(set()), _asked.set({})
    try:
        yield outermost_command
    except (Refused, Conflict) as refused:
        _keep(refused)
        raise
    finally:
        _held.reset(reset)
        _asked.reset(reset_asked)
        _in_command.reset(inside)


def _keep(refused: Refused | Conflict) -> None:
    with acting_as(refused.subject.post, refused.subject.at, purpose=refused.subject.purpose) as subject:
        write_act(refused.name, subject, Outcome.REFUSED, refused.decision, refused.record)


def asked_once(question: object, ask: Callable[[], Result]) -> Result:
    """The answer to a question (named by a hashable value) about rows that the commands asking it do not change.

    Asked of the database once in the outermost command or page, so that a delivery of many rows asks once; outside, each time.
    """
    asked = _asked.get()
    if asked is None:
        return ask()
    if question not in asked:
        asked[question] = ask()
    return cast(Result, asked[question])


def command(
    *, needs: Permission, proposed: Proposed | None = None
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Make a verb a command: keyword-only; `by` (Post) is the person, `at` (aware datetime) the moment of acting.

    The first parameter, where it is a record about a child or the child, is locked, read again, and judged. What is sent under one `key`
    happens once: a repeat returns what the first returned; `content`, the hash of what was sent, tells it from something else. `seen_version`:
    the version that the person saw, where the act holds for that one alone. What takes two people is not run: a Proposal is kept, as `proposed`
    says. Raises Refused, Conflict, or Invalid from the verb; each leaves nothing behind but the record of a refusal.
    """

    def decorate(verb: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        first, takes_key = note_verb(verb, needs, proposed)

        @functools.wraps(verb)
        def run(
            *_: Any, by: "Post", at: datetime, key: str | None = None, content: str = "", seen_version: int | None = None, **given: Any
        ) -> Result:
            expect_writes(verb.__name__, by)
            with refusals_kept() as is_outermost, acting_as(by, at, savepoint=is_outermost) as subject:
                lock(child_id := child_of(given.get(first)), key)
                if key and (earlier := _done_before(by, verb.__name__, key)) is not None:
                    return cast(Result, _repeated(earlier, content, subject, given.get(first)))
                if is_outermost and isinstance(given.get(first), Model):
                    given[first] = _fresh(given[first], verb.__name__, subject)
                record = given.get(first)
                decision = judge(verb.__name__, subject, needs, child_id, record)
                hold(verb.__name__, subject, needs, child_id, record)
                expect_version(verb.__name__, subject, record, seen_version)
                if decision is Decision.PENDING:
                    return cast(Result, _proposed(VERBS[verb.__name__], subject, given, key, content))
                with _lock_goes_with_savepoint(child_id):
                    result = verb(**{"by": by, "at": at, **given} | ({"key": key} if takes_key else {}))  # type: ignore[call-arg]
                write_act(verb.__name__, subject, Outcome.DONE, Decision.ALLOWED, record, result, key, content)
                return result

        run.needs = needs  # type: ignore[attr-defined]
        return cast("Callable[Parameters, Result]", run)

    return decorate


# What a person does all the same while somebody has declared that Atlas only shows: ends that, and opens a record in an emergency.
ALL_THE_SAME = frozenset({"begin_read_only", "end_read_only", "break_glass"})


def expect_writes(name: str, by: "Post") -> None:
    """Raise OnlyShows where nothing may be changed now. The service's own posts go on where somebody declared it: whoever did can stop them."""
    stands = read_only()
    if stands is not None and (stands.is_standby or not (name in ALL_THE_SAME or by.is_service or job_now())):
        raise OnlyShows(f"{stands.words()} {WHAT_TO_DO}")


@contextmanager
def _lock_goes_with_savepoint(child_id: UUID | None) -> "Iterator[None]":
    """A savepoint that is rolled back lets its locks go."""
    try:
        yield
    except BaseException:
        held = _held.get() or set()
        held -= {name for name in held if name.endswith(str(child_id))}
        raise


def judge(name: str, subject: Subject, needs: Permission, child_id: UUID | None, record: object = None) -> Decision:
    """Raise Refused unless the subject may do this to this child (or, for an act about no child, at all). Gives whether it is allowed, or
    pending: what takes two people one person may only propose.
    """
    decision = decision_on(subject, needs, child_id)
    if decision not in BEGINS:
        raise Refused(name, subject, decision, record if isinstance(record, Model) else None)
    return decision


def hold(name: str, subject: Subject, needs: Permission, child_id: UUID | None, record: object = None) -> None:
    """Hold the post and the relationships by which the subject stands towards the child until the transaction ends: whoever ends one of them
    waits, so that what is done was done before. Where one has ended since it was read, judge again, by what is left. Raises Refused.

    Once for each child in the outermost command. What makes a child guarded, or shuts somebody out of it, waits for the child's own lock.
    """
    if child_id is None or NEEDS[needs].record is None or NEEDS[needs].mode is Mode.READ:
        return
    names, held = f"standing {subject.post.pk} {child_id}", _held.get()
    if held is not None and names in held:
        return
    for _ in range(MOST_ENDED):
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT gate_hold(%s::uuid[])", [sorted(standing(subject, child_id).relationships)])
            if cursor.fetchone()[0]:
                break
        subject.known.clear()
        judge(name, subject, needs, child_id, record)
    else:
        raise Refused(name, subject, Decision.NO_RELATIONSHIP, record if isinstance(record, Model) else None)
    if held is not None:
        held.add(names)


def decision_on(subject: Subject, needs: Permission, child_id: UUID | None, *, is_seconded: bool = False) -> Decision:
    """The decision on one permission, about a child or about none. `is_seconded`: as of an act that a second person approves now."""
    if child_id is not None:
        return decide(replace(standing(subject, child_id), is_seconded=is_seconded), needs)
    if NEEDS[needs].record is not None and is_live(subject) and needs in ROLE[subject.post.role].permissions:
        return _by_authority(subject, needs)
    return decide(replace(standing_apart(subject), is_seconded=is_seconded), needs)


def may_all(subject: Subject, children: "Iterable[UUID]", *needs: Permission) -> set[UUID]:
    """The children to whom the subject may do all of this: for a verb's set form, in one statement."""
    held = standings(subject, children)
    subject.known.update(held)  # for the acts
    return {child_id for child_id, how in held.items() if all(decide(how, need) is Decision.ALLOWED for need in needs)}


def _by_authority(subject: Subject, needs: Permission) -> Decision:
    """An act that brings a child into being: some authority-wide relationship must open it. Row security judges which."""
    return decide(replace(standing_apart(subject), kinds=authority_kinds(subject)), needs)


def child_of(record: object) -> UUID | None:
    """The child whom a record is about; None where it is about no child."""
    if isinstance(record, Model):
        if record._meta.label == "children.Child":
            return cast(UUID, record.pk)
        return getattr(record, "child_id", None)
    return None


def lock(child_id: UUID | None, key: str | None) -> None:
    """Let the acts on one child happen one after the other, and the same submission once.

    An advisory lock, not a row lock: many who may write about a child may not write the child's own row. The locks are
    2,048 in all, so that a delivery about every child of a county does not use up the server's room for locks; two
    children who share one only wait for each other.
    """
    held = _held.get()
    for name in (str(child_id) if child_id else None, key):
        if name and (held is None or name not in held):
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0) & 2047)", [name])
            if held is not None:
                held.add(name)


def lock_all(children: "Iterable[UUID]") -> None:
    """The same locks for many children at once, always in the same order, so that two sets never wait for each other."""
    held = _held.get()
    names = sorted({str(child_id) for child_id in children} - (held or set()))
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(slot) FROM (SELECT DISTINCT hashtextextended(name, 0) & 2047 AS slot FROM unnest(%s::text[]) name "
            "ORDER BY 1) slots",
            [names],
        )
    if held is not None:
        held.update(names)


def _fresh(record: Model, name: str, subject: Subject) -> Model:
    found = type(record)._default_manager.filter(pk=record.pk).first()
    if found is None:
        raise Refused(name, subject, Decision.NO_RELATIONSHIP, record)
    return found


def _done_before(by: "Post", name: str, key: str) -> "Act | None":
    return Act.objects.filter(post=by, command=name, key=key, outcome__in=[Outcome.DONE, Outcome.PROPOSED]).first()


def _proposed(verb: Verb, subject: Subject, given: dict[str, Any], key: str | None, content: str) -> Proposal:
    """Keep what takes two people until a second one decides. It is held against what the verb itself holds against it."""
    if not str(given.get("because", "")).strip():
        raise Invalid("Say why, for the second person.", "because")
    for check in filter(None, (verb.proposed.check, verb.proposed.first)):
        check(by=subject.post, at=subject.at, **given)
    proposal = proposal_of(verb, subject, given, child_of(given.get(verb.first)))
    proposal.save(force_insert=True)
    write_act(verb.name, subject, Outcome.PROPOSED, Decision.PENDING, given.get(verb.first), proposal, key, content)
    return proposal


def _repeated(earlier: Act, content: str, subject: Subject, record: object) -> object:
    """What the first submission returned; where this one says something else under the same key, it is refused."""
    if content and earlier.content and content != earlier.content:
        about = record if isinstance(record, Model) else None
        raise Conflict(OTHER_CONTENT, Decision.OTHER_CONTENT, earlier.command, subject, about)
    return result_of(earlier)


def expect_version(name: str, subject: Subject, record: object, seen_version: int | None) -> None:
    """Raise Conflict where the record (fresh, and locked) is another than the one that was seen: an act binds to what was read."""
    if seen_version is not None and isinstance(record, Model) and getattr(record, "version", seen_version) != seen_version:
        raise Conflict(CHANGED, Decision.CHANGED_SINCE, name, subject, record)


def write_act(
    name: str, subject: Subject, outcome: Outcome, decision: Decision, record: object = None, result: object = None,
    key: str | None = None, content: str = "", proposed_by: "UUID | None" = None,
) -> None:  # fmt: skip
    """Write the audit row, in the transaction of the act itself. `proposed_by`: the first post, where the act took two people."""
    act = act_of(name, subject, outcome, decision, record, result, key, content)
    act.proposed_by = proposed_by
    if is_standby():
        keep_aside(act)
    else:
        save_all([act])  # asks for nothing back: who is refused may read nothing


def act_of(
    name: str, subject: Subject, outcome: Outcome, decision: Decision, record: object = None, result: object = None,
    key: str | None = None, content: str = "", child_id: UUID | None = None,
) -> Act:  # fmt: skip
    """The audit row of one act, not yet saved: for `write_act`, and for a verb's set form. `child_id`: where the record is about several."""
    child_id = child_id or child_of(record) or child_of(result)
    about, made = (thing if isinstance(thing, Model) else None for thing in (record, result))
    held = subject.known.get(child_id)  # how one stands is known where it was asked; a set form asks otherwise
    return Act(
        event=Event.REFUSAL if outcome == Outcome.REFUSED else Event.CHANGE, **at_the_door(),
        relationships=sorted(held.relationships) if isinstance(held, Standing) else None,
        command=name, outcome=outcome, decision=decision, post=subject.post, child_id=child_id, key=key, content=content,
        about_label=about._meta.label if about else "", about_id=str(about.pk) if about else "",
        result_label=made._meta.label if made else "", result_id=str(made.pk) if made else "",
        purpose=subject.purpose, acted_at=subject.at, policy=FINGERPRINT,
    )  # fmt: skip


def write_sign_in(event: Event, user: UUID | None, at: datetime, *, is_refused: bool = False) -> None:
    """Write down that somebody signed in or out, or could not: no post acts yet. `user`: None where no account has the name."""
    act = Act(
        event=event, command=event.value, outcome=Outcome.REFUSED if is_refused else Outcome.DONE, signed_in=user, acted_at=at,
        decision="not signed in" if is_refused else Decision.ALLOWED, policy=FINGERPRINT, **at_the_door(),
    )  # fmt: skip
    save_all([act])  # which asks for nothing back: nobody may read such a row


def result_of(act: Act) -> object:
    """What the first doing of this act returned."""
    return apps.get_model(act.result_label)._default_manager.get(pk=act.result_id) if act.result_label else None
