"""Whatever opens or shuts a child, from and until the very moment of acting: by hand, who then sees the child (protection.md 4.1 to 4.4).

Four posts: P works with children, in a team on duty; M manages P, and a team that answers; H is above M; G above H, three levels above P.
The rows are written as the superuser: which of them row security lets anybody write is another question (tests/gate/test_pairs.py).
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Model

from atlas.agencies.models import Agency, Post, Shift, User
from atlas.children.models import Child
from atlas.connections.models import Tie
from atlas.gate.models import Block, NamedHolder, Relationship, Restriction
from atlas.gate.policy import ROLE, Kind, Mode, RecordKind
from atlas.linkage.models import Pair
from atlas.people.models import Person
from atlas.retention.models import DueRecord, RetentionRun
from bench.sql_probes import Probe
from tests import factories
from tests.gate.matrix import AT, HOUR

SECOND, PAST = timedelta(seconds=1), AT - 3 * HOUR
# (from, until, whether it holds at the moment of acting)
SPANS = ((PAST, None, True), (AT, None, True), (AT + SECOND, None, False), (PAST, AT, False), (PAST, AT + SECOND, True))
BLOCKED_AT = AT - HOUR
# Ties to a child from whom P is shut out since an hour, (from, until, reviewed on, in error): whether they shut P out too.
TIES = (
    (PAST, None, None, False, True), (AT, None, None, False, True), (AT + SECOND, None, None, False, False),
    (PAST, BLOCKED_AT, None, False, False), (PAST, BLOCKED_AT + SECOND, None, False, True), (PAST, None, None, True, False),
    (PAST, None, AT.date(), False, True), (PAST, None, AT.date() - timedelta(days=1), False, False),
)  # fmt: skip
CHILD_READ, INTELLIGENCE_READ, STORY_READ = (
    (record, Mode.READ) for record in (RecordKind.CHILD, RecordKind.INTELLIGENCE, RecordKind.CHRONOLOGY)
)
DAY, TODAY = timedelta(days=1), AT.date()
# (what, what is changed of the post, its account and its agency, its shift, what it sees: by which relationship, and intelligence)
LIVES: tuple[tuple[str, dict[str, dict[str, Any]], tuple[datetime, datetime] | None, str], ...] = (
    ("first and last day", {"post": {"from_on": TODAY, "until_on": TODAY}}, None, "allocated"),
    ("before the first day", {"post": {"from_on": TODAY + DAY}}, None, ""),
    ("after the last day", {"post": {"until_on": TODAY - DAY}}, None, ""),
    ("account closed", {"user": {"is_active": False}}, None, ""),
    ("agreed until today", {"agency": {"agreement_until": TODAY}}, None, "allocated"),
    ("agreed until yesterday", {"agency": {"agreement_until": TODAY - DAY}}, None, ""),
    ("cleared once", {"post": {"clearance": 1, "vetted_until": TODAY}}, None, "allocated"),
    ("vetted until today", {"post": {"clearance": 2, "vetted_until": TODAY}}, None, "allocated intelligence"),
    ("vetted until yesterday", {"post": {"clearance": 2, "vetted_until": TODAY - DAY}}, None, "allocated"),
    ("never vetted", {"post": {"clearance": 2, "vetted_until": None}}, None, "allocated"),
    ("vetted as custodian", {"post": {"clearance": 3, "vetted_until": TODAY}}, None, "allocated intelligence custodian"),
    ("custodian until yesterday", {"post": {"clearance": 3, "vetted_until": TODAY - DAY}}, None, "allocated"),
    ("on shift from now", {}, (AT, AT + HOUR), "allocated team emergency"),
    ("shift in two hours", {}, (AT + 2 * HOUR, AT + 9 * HOUR), "allocated team"),
    ("shift in three hours", {}, (AT + 3 * HOUR, AT + 9 * HOUR), "allocated"),
    ("shift over for two hours", {}, (AT - 9 * HOUR, AT - 2 * HOUR), "allocated emergency"),
    ("shift over for four hours", {}, (AT - 9 * HOUR, AT - 4 * HOUR), "allocated"),
    ("shift elsewhere", {}, (AT - HOUR, AT + HOUR), "allocated"),
    ("colleague on shift", {}, (AT - HOUR, AT + HOUR), "allocated"),
    ("on leave", {}, (AT - HOUR, AT + HOUR), "allocated"),
)  # fmt: skip


class Edges:
    """The four posts, and a child for each thing in each span."""

    def __init__(self) -> None:
        self.feed, self.authority, team = factories.feed_post(), factories.authority(), factories.team
        self.g = factories.post("head_of_service", of=team("Edge G"))
        self.h = factories.post("head_of_service", of=team("Edge H"), line_manager=self.g)
        self.m = factories.post("manager", of=team("Edge M"), line_manager=self.h)
        self.p = factories.post("practitioner", of=team("Edge P"), line_manager=self.m)
        self.other = factories.post("practitioner", of=team("Edge other"))
        factories.shift(self.p, AT.date())
        self.seen: dict[str, set[Any]] = {name: set() for name in "PMHG"}
        self.without_story: set[Any] = set()  # children of whom whoever sees them sees no chronology
        self.all: list[Any] = []

    def probes(self) -> Iterator[Probe]:
        """One for each post: exactly whom it sees."""
        for who_if, who_else, rows in self._things():
            for from_at, until_at, holds in SPANS:
                child = self._child()
                self._see(child.pk, who_if if holds else who_else)
                made = rows(child, {"from_at": from_at, "until_at": until_at})
                self.without_story |= {child.pk for row in made if getattr(row, "kind", "") in (Kind.KNOWN_TO, Kind.BREAK_GLASS)}
                self._write(made)
        self._ties()
        self._of_authorities()
        self._of_one_child()
        yield self._set_aside()
        yield self._named_alone()
        yield from self._lives()
        yield self._without_guards()
        for name, post in zip("PMHG", (self.p, self.m, self.h, self.g), strict=True):
            expected = {CHILD_READ: frozenset(self.seen[name]), STORY_READ: frozenset(self.seen[name] - self.without_story)}
            yield Probe(f"edges, {name}", post, ROLE[post.role].purposes[0], self.all, expected)

    def _child(self, **given: Any) -> Any:
        """A child for whom nobody answers: as no command would leave one."""
        of = {"responsible_authority": self.authority, "host_authority": self.authority, **given}
        child = Child(person=Person.objects.create(), name=f"Edge {len(self.all)}", **of)
        child.save(force_insert=True)
        self.all.append(child.pk)
        return child

    def _see(self, pk: Any, names: str) -> None:
        for name in names:
            self.seen[name].add(pk)

    def _write(self, rows: list[Model]) -> None:
        for row in rows:
            row.save(force_insert=True)

    def _held(self, child: Any, kind: Kind, holder: Any, span: dict[str, Any]) -> Relationship:
        by = {"holder_post": holder} if isinstance(holder, Post) else {"holder_team": holder}
        if kind is Kind.BREAK_GLASS:
            span = {**span, "until_at": span.get("until_at") or span["from_at"] + 4 * HOUR}
        return Relationship(kind=kind, child=child, because="test", source_label="tests", **by, **span)

    def _always(self, child: Any, kind: Kind = Kind.ALLOCATED, holder: Any = None) -> Relationship:
        return self._held(child, kind, holder or self.p, {"from_at": PAST})

    def _guarded(self, child: Any, level: str, span: dict[str, Any] | None = None) -> Restriction:
        return Restriction(child=child, sensitivity=level, because="test", made_by=self.feed, **(span or {"from_at": PAST}))

    def _named(self, child: Any, holder: Any, span: dict[str, Any]) -> NamedHolder:
        by = {"holder_post": holder} if isinstance(holder, Post) else {"holder_team": holder}
        return NamedHolder(child=child, named_by=self.feed, **by, **span)

    def _things(self) -> Iterator[tuple[str, str, Callable[[Any, dict[str, Any]], list[Model]]]]:
        """(who sees the child while it holds, who while not, the rows)."""
        p, m, other = self.p, self.m, self.other
        yield "PMH", "", lambda c, s: [self._held(c, Kind.ALLOCATED, p, s)]
        yield "P", "", lambda c, s: [self._held(c, Kind.KNOWN_TO, p, s)]
        yield "", "", lambda c, s: [self._held(c, Kind.ALLOCATED, other, s)]
        yield "", "", lambda c, s: [self._held(c, Kind.FRONT_DOOR, other.team, s)]
        yield "P", "", lambda c, s: [self._held(c, Kind.TEAM_DUTY, p.team, s)]
        yield "", "", lambda c, s: [self._held(c, Kind.TEAM_DUTY, p, s)]
        yield "MH", "", lambda c, s: [self._held(c, Kind.TEAM_DUTY, m.team, s)]
        yield "MH", "", lambda c, s: [self._held(c, Kind.FRONT_DOOR, m.team, s)]
        yield "M", "", lambda c, s: [self._held(c, Kind.KNOWN_TO, m.team, s)]
        yield "MH", "PMH", lambda c, s: [self._always(c), self._block(c, p, s)]
        yield "PMH", "PMH", lambda c, s: [self._always(c), self._block(c, other, s)]
        yield "", "PMH", lambda c, s: [self._always(c), self._guarded(c, "restricted", s)]
        yield "", "PMH", lambda c, s: [self._always(c), self._guarded(c, "hidden", s)]
        for level in ("restricted", "hidden"):
            yield from self._things_named(level)
        yield "P", "", lambda c, s: [self._always(c), self._guarded(c, "restricted"), self._held(c, Kind.BREAK_GLASS, p, s)]
        yield "P", "", lambda c, s: [self._guarded(c, "restricted"), self._held(c, Kind.BREAK_GLASS, p.team, s)]
        yield "", "", lambda c, s: [self._guarded(c, "restricted"), self._held(c, Kind.BREAK_GLASS, other, s)]
        yield "", "", lambda c, s: [
            self._guarded(c, "restricted"), self._guarded(c, "hidden"), self._held(c, Kind.BREAK_GLASS, p, s)
        ]  # fmt: skip

    def _things_named(self, level: str) -> Iterator[tuple[str, str, Callable[[Any, dict[str, Any]], list[Model]]]]:
        """The same, of a guarded child with somebody on its list of names."""
        p, other = self.p, self.other
        yield "P", "", lambda c, s: [self._always(c), self._guarded(c, level), self._named(c, p, s)]
        yield "P", "", lambda c, s: [self._always(c), self._guarded(c, level), self._named(c, p.team, s)]
        yield "", "", lambda c, s: [self._always(c), self._guarded(c, level), self._named(c, other, s), self._named(c, other.team, s)]

    def _block(self, child: Any, whose: Post, span: dict[str, Any]) -> Block:
        return Block(child=child, user=whose.user, because="test", made_by=whose, **span)

    def _ties(self) -> None:
        """A child of P's, tied (either way round) to one from whom P, or somebody else, is shut out; the block stands, or is over."""
        for is_turned in (False, True):
            for from_at, until_at, review_on, is_error, shuts in TIES:
                for whose, blocked_at, over_at, stands in self._blocks()[
                    : 6 if (from_at, until_at, review_on, is_error) == TIES[0][:4] else 3
                ]:
                    child, blocked = self._child(), self._child()
                    one, two = (blocked, child) if is_turned else (child, blocked)
                    self._write([self._always(child), self._block(blocked, whose, {"from_at": blocked_at, "until_at": over_at})])
                    Tie(
                        child=one, tied_id=two.pk, kind=Tie.Kind.SIBLING, grade=Tie.Grade.RECORDED, source="test", source_key=f"{two.pk}",
                        from_at=from_at, until_at=until_at, review_on=review_on, is_error=is_error, recorded_by=self.feed,
                    ).save(force_insert=True)  # fmt: skip
                    self._see(child.pk, "MH" if shuts and stands else "PMH")

    def _blocks(self) -> list[tuple[Post, datetime, datetime | None, bool]]:
        """(whose, from, until, whether it shuts P out at the moment of acting)."""
        return [
            (self.p, BLOCKED_AT, None, True), (self.p, BLOCKED_AT, AT, False), (self.other, BLOCKED_AT, None, False),
            (self.p, BLOCKED_AT, AT + SECOND, True), (self.p, AT, None, True), (self.p, AT + SECOND, None, False),
        ]  # fmt: skip

    def _of_one_child(self) -> None:
        """A child of P's with another record that is guarded, or shut to P: found to be of one child, directly or by a third record, or of two."""
        for state, is_one in ((Pair.State.SAME, True), (Pair.State.DIFFERENT, False)):
            for between in (0, 1):
                for what, who_if in (
                    ("restricted", ""),
                    ("hidden", ""),
                    ("blocked", "MH"),
                    ("restricted, glass", "P"),
                    ("hidden, glass", ""),
                ):
                    records = [self._child() for _ in range(between + 2)]
                    child, other, glass = records[0], records[-1], "glass" in what
                    rows = (
                        [self._block(other, self.p, {"from_at": PAST})] if what == "blocked" else [self._guarded(other, what.split(",")[0])]
                    )
                    self._write([*rows, self._always(child, Kind.BREAK_GLASS if glass else Kind.ALLOCATED)])
                    self.without_story |= {child.pk} if glass else set()
                    self._see(child.pk, who_if if is_one else "P" if glass else "PMH")
                    for one, two in pairwise(records):
                        Pair(
                            child=two, other_child=one, found_at=PAST, found_from=Pair.From.NIGHTLY, reasons=[], state=state, because="test",
                            stands=one if is_one else None, decided_at=PAST, decided_by=self.g,
                        ).save(force_insert=True)  # fmt: skip

    def _set_aside(self) -> Probe:
        """A child of P's whose record is selected, set aside or kept after all; and what brings deliveries, which finds the one set aside."""
        service = factories.post("practitioner", of=factories.team("Edge service"))
        Post.objects.filter(pk=service.pk).update(is_service=True)
        run = RetentionRun(authority=self.authority, selected_by=self.g, selected_at=PAST, report={})
        run.save(force_insert=True)
        states, found = DueRecord.State, set[Any]()
        for state, who in ((states.DUE, "PMH"), (states.SET_ASIDE, ""), (states.KEPT, "PMH")):
            child = self._child()
            self._see(child.pk, who)
            found.add(child.pk)
            self._write([self._always(child), self._always(child, Kind.ALLOCATED, service)])
            DueRecord(
                run=run,
                authority=self.authority,
                whose=child.pk,
                one=child.pk,
                group="care",
                due_on=TODAY,
                state=state,
                erase_on=TODAY + DAY,
            ).save(force_insert=True)
        return Probe("edges, service", service, ROLE[service.role].purposes[0], list(found), {CHILD_READ: frozenset(found)})

    def _named_alone(self) -> Probe:
        """One guarded child, with P on its list and asked about alone: no other child's list helps."""
        child = self._child()
        self._see(child.pk, "P")
        self._write([self._always(child), self._guarded(child, "restricted"), self._named(child, self.p, {"from_at": PAST})])
        return Probe("edges, named alone", self.p, ROLE[self.p.role].purposes[0], [child.pk], {CHILD_READ: frozenset({child.pk})})

    def _of_authorities(self) -> None:
        """A duty for every child of an authority, held by P, by P's team or by another, towards its own child and one hosted in it. What is
        held so by the team that M manages is M's alone: the line is of single children.
        """
        coordinates = Kind.MISSING_COORDINATOR
        for kind, holder, who in (
            (coordinates, self.p, "P"), (coordinates, self.p.team, "P"), (coordinates, self.other, ""), (coordinates, self.other.team, ""),
            (Kind.FRONT_DOOR, self.m.team, "M"),
        ):  # fmt: skip
            for from_at, until_at, holds in SPANS:
                authority = factories.authority(f"Edge {len(self.all)}")
                by = {"holder_post": holder} if isinstance(holder, Post) else {"holder_team": holder}
                Relationship(
                    kind=kind, authority=authority, because="test", source_label="tests", from_at=from_at, until_at=until_at, **by
                ).save(force_insert=True)  # fmt: skip
                for of in ({"responsible_authority": authority}, {"host_authority": authority}):
                    child = self._child(**of)
                    self._see(child.pk, who if holds else "")
                    self.without_story |= {child.pk} if kind is coordinates else set()

    def _without_guards(self) -> Probe:
        """M the day before, when nobody was guarded, with rows in its line that are about no child: where some child is guarded, the sifting
        of the guarded would hide that such a row got into an array.
        """
        for kind, by in ((Kind.ALLOCATED, {"holder_post": self.p}), (Kind.FRONT_DOOR, {"holder_team": self.m.team})):
            Relationship(
                kind=kind, authority=self.authority, because="test", source_label="tests", from_at=AT - 2 * DAY, until_at=AT - 12 * HOUR, **by
            ).save(force_insert=True)  # fmt: skip
        return Probe("M, nobody guarded", self.m, ROLE[self.m.role].purposes[0], [], {}, AT - DAY)

    def _lives(self) -> Iterator[Probe]:
        """Posts on the edges of standing, of vetting and of a shift: what each sees of four children, and of their intelligence."""
        for what, changed, shift, sees in LIVES:
            post = factories.post("practitioner", of=factories.team(what, of=factories.agency(what)))
            for table, values in changed.items():
                where = {"post": (Post, post.pk), "user": (User, post.user_id), "agency": (Agency, post.team.agency_id)}[table]
                where[0]._default_manager.filter(pk=where[1]).update(**values)
            if shift:
                whose = factories.post("practitioner", of=post.team) if "colleague" in what else post
                Shift.objects.create(post=whose, team=self.p.team if "elsewhere" in what else post.team, from_at=shift[0], until_at=shift[1],
                                     is_leave="leave" in what)  # fmt: skip
            authority = factories.authority(what)
            allocated, on_duty, kept = (self._child() for _ in range(3))
            of_authority = self._child(responsible_authority=authority)
            self._write([
                self._always(allocated, Kind.ALLOCATED, post), self._always(on_duty, Kind.TEAM_DUTY, post.team), self._always(kept, Kind.CUSTODIAN, post),
                Relationship(kind=Kind.EMERGENCY_DUTY, authority=authority, holder_team=post.team, from_at=PAST, because="test", source_label="tests"),
            ])  # fmt: skip
            by_word = {"allocated": allocated.pk, "team": on_duty.pk, "custodian": kept.pk, "emergency": of_authority.pk}
            opened = frozenset(pk for word, pk in by_word.items() if word in sees)
            expected = {CHILD_READ: opened, INTELLIGENCE_READ: frozenset({allocated.pk} if "intelligence" in sees else ())}
            post = Post.objects.select_related("user", "team__agency").get(pk=post.pk)
            yield Probe(what, post, ROLE[post.role].purposes[0], list(by_word.values()), expected)
