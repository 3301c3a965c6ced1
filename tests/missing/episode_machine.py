"""A child's missing episodes and return interviews, driven at random: every verb, in and out of order, sent once and twice (protection.md table D, D3).

What may follow what is written here once more, apart from `missing/workflow.py`. After each act: what may be done was done, and nothing else has changed.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from atlas.agencies.models import Post
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Outcome
from atlas.missing.codes import ClosedBecause, ContactKind, NotOffered, OfferAnswer, OfferMethod
from atlas.missing.commands.answer import correct_report
from atlas.missing.commands.back import correct_return, record_found, record_lost_again, record_return
from atlas.missing.commands.episode import record_contact_or_sighting
from atlas.missing.commands.offer import (
    book_interview,
    close_interview,
    decide_not_offered,
    offer_interview,
    record_not_met,
    record_not_reached,
)
from atlas.missing.commands.report import Report, report_missing, withdraw_episode
from atlas.missing.commands.talk import record_interview
from atlas.missing.models import Episode, ReturnInterview
from tests.factories import NOW
from tests.missing.test_spine import COMPLETE
from tests.world import World

OWED = {"due", "offered", "accepted", "booked", "not_met", "said_no", "not_reached", "missing_again"}
ANSWERED = {OfferAnswer.YES: "accepted", OfferAnswer.NO: "said_no", OfferAnswer.THINKING: "offered"}
WHICH, MINUTES = st.integers(0, 30), st.integers(1, 600)


@dataclass
class Stands:
    """What should stand of one episode. `interview`: empty until one is owed."""

    pk: Any
    state: str = "missing"
    interview: str = ""


@dataclass(frozen=True)
class Held:
    """What is there: episodes, interviews, clocks and entries by their ids, each with all that tells whether it has changed."""

    episodes: dict[Any, tuple[Any, ...]]
    interviews: dict[Any, tuple[Any, ...]]
    clocks: dict[Any, tuple[Any, ...]]
    entries: dict[Any, tuple[Any, ...]]


class EpisodeMachine(RuleBasedStateMachine):
    """Acts upon one child. `world` is set by `machine_of`."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.inside = transaction.atomic()
        self.inside.__enter__()
        self.at: datetime = NOW
        self.all: list[Stands] = []
        self.acts, self.number = Counter[Any](), 0
        self.last: tuple[Callable[..., Any], Post, dict[str, Any]] | None = None
        self.before, self.now = self.held(), self.held()
        self.done_before = {post.pk: self.done_by(post) for post in (self.world.coordinator, self.world.interviewer, self.world.manager)}

    def teardown(self) -> None:
        """Leave nothing behind."""
        transaction.set_rollback(True)
        self.inside.__exit__(None, None, None)

    def held(self) -> Held:
        """What the child's worker, who may read it all, finds."""
        with acting_as(self.world.worker, self.at):
            return Held(
                {
                    row[0]: row
                    for row in Episode.objects.values_list("pk", "state", "version", "returned_at", "returned_precision", "reported_at")
                },
                {row[1]: row for row in ReturnInterview.objects.values_list("pk", "episode_id", "state", "version", "timeliness")},
                {
                    row[0]: row
                    for row in Clock.objects.values_list("pk", "limit", "about_id", "outcome", "due_at", "stopped_at", "started_by_id")
                },
                {row[0]: row for row in Entry.objects.values_list("pk", "kind", "happened_at", "words", "about_id", "recorded_at")},
            )

    def done_by(self, post: Post) -> int:
        """How many acts of somebody are written down as done."""
        with acting_as(post, self.at):
            return Act.objects.filter(post=post, outcome=Outcome.DONE).count()

    def do(self, minutes: int, verb: Callable[..., Any], by: Post, *, may: bool, **arguments: Any) -> Any:
        """Act, some minutes later: done where it may be, and otherwise refused, with nothing changed."""
        self.at += timedelta(minutes=minutes)
        self.number += 1
        arguments = {name: Moment(self.at) if value is NOW else value for name, value in arguments.items()} | {
            "at": self.at,
            "key": f"k{self.number}",
        }
        self.before = self.now
        try:
            done = verb(by=by, **arguments)
        except (Invalid, Refused) as problem:
            if may:
                raise AssertionError(f"{verb.__name__} was refused, and may be after {self.all}") from problem
            self.now = self.held()
            assert self.now == self.before, f"{verb.__name__} was refused, and something has changed"
            return None
        assert may, f"{verb.__name__} was done, and may not be after {self.all}"
        self.last, self.now = (verb, by, arguments), self.held()
        self.acts[by.pk] += 1
        return done

    def one(self, which: int) -> Stands:
        """One of the episodes, the newest oftenest."""
        return self.all[max(0, len(self.all) - 1 - which % 4) if which % 3 else which % len(self.all)]

    def episode(self, which: int) -> tuple[Stands, Episode]:
        """What should stand, and the record."""
        one = self.one(which)
        with acting_as(self.world.coordinator, self.at):
            return one, Episode.objects.get(pk=one.pk)

    def interview(self, which: int) -> tuple[Stands, ReturnInterview]:
        """The same with its interview: of an episode that owes one."""
        owing = [one for one in self.all if one.interview]
        one = owing[-1 - which % len(owing)]
        with acting_as(self.world.worker, self.at):
            return one, ReturnInterview.objects.select_related("episode").get(episode=one.pk)

    def is_owed(self) -> bool:
        """Whether an interview is, or was, owed."""
        return any(one.interview for one in self.all)

    @rule(minutes=MINUTES)
    def report(self, minutes: int) -> None:
        """Reported missing; interviews still owed are then missed again."""
        may = not any(one.state in {"missing", "found"} for one in self.all)
        report = Report(reported=Moment(self.at + timedelta(minutes=minutes)), worry="Not home")
        if done := self.do(minutes, report_missing, self.world.coordinator, may=may, child=self.world.child, report=report):
            for one in self.all:
                one.interview = "missing_again" if one.interview in OWED - {"said_no", "not_reached"} else one.interview
            self.all.append(Stands(done.pk))

    @precondition(lambda self: self.all)
    @rule(
        which=WHICH,
        minutes=MINUTES,
        step=st.sampled_from(["found", "lost", "back", "back, of a day", "withdrawn", "return corrected", "report corrected", "seen"]),
    )
    def change(self, which: int, minutes: int, step: str) -> None:
        """A step of an episode, or something said about it."""
        one, episode = self.episode(which)
        by, is_open = self.world.coordinator, one.state in {"missing", "found"}
        to, of = "", {"episode": episode}
        if step == "found" and self.do(minutes, record_found, by, may=one.state == "missing", found_at=NOW, **of):
            to = "found"
        elif step == "lost" and self.do(minutes, record_lost_again, by, may=one.state == "found", lost_at=NOW, **of):
            to = "missing"
        elif step.startswith("back"):
            moment = NOW if step == "back" else Moment.on((self.at + timedelta(minutes=minutes)).date())
            if self.do(minutes, record_return, by, may=is_open, returned_at=moment, **of):
                to, one.interview = "returned", "due"
        elif step == "withdrawn" and self.do(minutes, withdraw_episode, by, may=is_open or one.state == "returned", reason="Twice", **of):
            to, one.interview = "withdrawn", one.interview and "closed"
        elif step == "return corrected":
            self.do(minutes, correct_return, by, may=one.state == "returned", returned_at=NOW, reason="The log", **of)
        elif step == "report corrected":
            reported = Moment(episode.reported_at - timedelta(minutes=minutes))
            self.do(minutes, correct_report, by, may=True, reported=reported, reason="The log", **of)
        elif step == "seen":
            self.do(
                minutes, record_contact_or_sighting, by, may=True, kind=ContactKind.SIGHTING, happened_at=NOW, source="A neighbour", **of
            )
        one.state = to or one.state

    @precondition(is_owed)
    @rule(which=WHICH, minutes=MINUTES, answer=st.sampled_from(sorted(ANSWERED)))
    def offer(self, which: int, minutes: int, answer: OfferAnswer) -> None:
        """The interview is offered, and the child says something, or nothing yet."""
        one, interview = self.interview(which)
        given = {"method": OfferMethod.TELEPHONE, "answer": answer, "words": "Not now" if answer == OfferAnswer.NO else ""}
        if self.do(
            minutes, offer_interview, self.world.interviewer, may=one.interview in OWED, interview=interview, offered_at=NOW, **given
        ):
            one.interview = ANSWERED[answer]

    @precondition(is_owed)
    @rule(which=WHICH, minutes=MINUTES, step=st.sampled_from(["booked", "not_met", "not_reached", "held", "not_offered", "closed"]))
    def meet(self, which: int, minutes: int, step: str) -> None:
        """What comes of the interview."""
        one, interview = self.interview(which)
        world, reason = self.world, {"reason": "Written down"}
        ways: dict[str, tuple[Callable[..., Any], Post, bool, dict[str, Any]]] = {
            "booked": (book_interview, world.interviewer, one.interview in OWED, {"meets_at": self.at + timedelta(days=1), "place": "The library"}),
            "not_met": (record_not_met, world.interviewer, one.interview in {"booked", "accepted", "offered"}, {}),
            "not_reached": (record_not_reached, world.interviewer, one.interview in OWED - {"said_no"}, {"words": "Rang twice"}),
            "held": (record_interview, world.interviewer, one.interview in OWED, {"conversation": COMPLETE, "held_at": NOW}),
            "not_offered": (decide_not_offered, world.manager, one.interview in {"due", "missing_again"}, {"because": NotOffered.HOSPITAL, **reason}),
            "closed": (close_interview, world.coordinator, one.interview not in {"closed"}, {"because": ClosedBecause.SAID_NO, **reason}),
        }  # fmt: skip
        verb, by, may, given = ways[step]
        if self.do(minutes, verb, by, may=may, interview=interview, **given):
            one.interview = step

    @precondition(lambda self: self.last)
    @rule(minutes=MINUTES)
    def send_again(self, minutes: int) -> None:
        """What was sent last comes a second time: it is done once."""
        assert self.last is not None
        verb, by, arguments = self.last
        self.at += timedelta(minutes=minutes)
        verb(by=by, **(arguments | {"at": self.at}))
        assert self.held() == self.now, f"{verb.__name__}, sent twice, was done twice"

    @invariant()
    def stands_as_told(self) -> None:
        """States are what was told; at most one episode is open; an interview is owed for every return, and for nothing else."""
        assert {pk: row[1] for pk, row in self.now.episodes.items()} == {one.pk: one.state for one in self.all}
        assert sum(row[1] in {"missing", "found"} for row in self.now.episodes.values()) <= 1
        assert {pk: row[2] for pk, row in self.now.interviews.items()} == {one.pk: one.interview for one in self.all if one.interview}

    @invariant()
    def clocks_run_for_what_is_owed(self) -> None:
        """The interview's clock runs while it is owed, once; nothing of an episode that is over runs, but what its interview starts."""
        running = Counter((row[1], row[2]) for row in self.now.clocks.values() if row[3] == "running")
        for one in self.all:
            assert running["return_interview", one.pk] == int(one.interview in OWED), (one, running)
            if one.state in {"returned", "withdrawn"}:
                assert not [limit for limit, about in running if about == one.pk and limit != "return_interview"], (one, running)
            for row in self.now.clocks.values():
                returned, precision = self.now.episodes[one.pk][3:5]
                if (row[1], row[2], precision) == ("return_interview", one.pk, "minute"):
                    assert row[4] == returned + timedelta(hours=72), (one, row)
                    timeliness = next(held[4] for held in self.now.interviews.values() if held[1] == one.pk)
                    assert row[3] not in {"in_time", "late"} or row[3] == timeliness, (one, row, timeliness)
        assert all(row[6] in self.now.entries for row in self.now.clocks.values()), "a clock began with nothing that is written down"

    @invariant()
    def history_only_grows(self) -> None:
        """What was written down stands as it was."""
        assert self.before.entries.items() <= self.now.entries.items()
        assert self.before.episodes.keys() <= self.now.episodes.keys() and self.before.clocks.keys() <= self.now.clocks.keys()

    @invariant()
    def every_act_is_written_down(self) -> None:
        """One act of the record for each that was done."""
        for post in (self.world.coordinator, self.world.interviewer, self.world.manager):
            assert self.done_by(post) - self.done_before[post.pk] == self.acts[post.pk], post.role


def machine_of(world: World) -> type[EpisodeMachine]:
    """The machine for a world that is made already."""
    return type("MachineOfWorld", (EpisodeMachine,), {"world": world})
