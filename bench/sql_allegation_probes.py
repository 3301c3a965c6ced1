"""What is right about allegations in the database, by hand: who is near whom, who receives, reads, decides and passes on, and what is hidden."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, transaction

from atlas.agencies.models import AgencyKind, Post
from atlas.allegations.models import Allegation, AllegationStep
from atlas.children.models import Child
from atlas.gate.context import acting_as
from atlas.gate.models import Block, Proposal
from bench.sql_allegation_waits import add_waits
from bench.sql_allegations import DAY, HEAD, OFFICER, SECOND, STANDARDS, TODAY, AllegedWorld
from bench.sql_probes import Asked
from tests import factories
from tests.allegations.test_database_decides import takes
from tests.gate.matrix import AT, HOUR


def told(sql: str, *given: Any, by: Post | None = None) -> list[Any]:
    """What the gate's own role is told, as the post acts (or nobody): each row's first column."""

    def ask() -> list[Any]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE atlas_gate")
            cursor.execute(f"SELECT {sql}", given)
            rows = [row[0] for row in cursor.fetchall()]
            transaction.set_rollback(True)
        return rows

    if by is None:
        return ask()
    with acting_as(by, AT):
        return ask()


def as_tick(ask: Callable[[], bool]) -> bool:
    """Asked under tick's login."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE atlas_tick")
        answer = ask()
        transaction.set_rollback(True)
    return answer


class Allegations(AllegedWorld, Asked):
    """The probes, in that world."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = []
        self._near()
        self._who_receives()
        self._who_sees()
        self._who_answers()
        self._sendings()
        self._blocks()
        self._lifting()
        add_waits(self)
        self._what_tick_may()

    def _says(self, what: str, expected: Any, sql: str, *given: Any, by: Post | None = None) -> None:
        self.asked.append((what, lambda: told(sql, *given, by=by) == (expected if isinstance(expected, list) else [expected])))

    def _takes(self, what: str, expected: bool, by: Post, row: Callable[..., Any], *given: Any, **more: Any) -> None:
        """Whether row security takes the row that `row` makes of what is given."""
        self.asked.append((what, lambda: takes(row(*given, **more), by, AT) is expected))

    def _reads(self, what: str, by: Post, rows: Callable[[], Iterable[Any]], expected: Iterable[Any]) -> None:
        wanted = {row.pk for row in expected}

        def asks() -> bool:
            with acting_as(by, AT):
                return {row.pk for row in rows()} == wanted

        self.asked.append((what, asks))

    def _near(self) -> None:
        """Who is the person, of their line or of their team, on the first and the last day."""
        spans: tuple[tuple[dict[str, Any], bool], ...] = (
            ({"until_on": TODAY - DAY}, False), ({"until_on": TODAY}, True), ({"from_on": TODAY + DAY}, False), ({"from_on": TODAY}, True),
        )  # fmt: skip
        team = [self._also(self.accused, **span).team for span, _ in spans]
        others = [(self._post("practitioner", team=self.accused.team, **span), is_near) for span, is_near in spans]
        others += [(self._post("practitioner", team=one), is_near) for one, (_, is_near) in zip(team, spans, strict=True)]
        others += [
            (self.accused, True),
            (self.line, True),
            (self.top, True),
            (self.third_head, True),
            (self.stranger, False),
            (self.head, False),
        ]
        for number, (post, is_near) in enumerate(others):
            for pair in ((post.user_id, self.accused.user_id), (self.accused.user_id, post.user_id)):
                self._says(f"near {number}", is_near, "gate_is_near(%s, %s, %s)", *pair, AT)
        self._says("near oneself, gone", True, "gate_is_near(%s, %s, %s)", self.gone.user_id, self.gone.user_id, AT)
        self._says("near, both gone", False, "gate_is_near(%s, %s, %s)", self.gone.user_id, self.stranger.user_id, AT)

    def _receive(self, what: str, expected: list[Post], child: Child, role: str, of: Post | None = None, by: Any = 0) -> None:
        who, sql = (
            self.recorder if by == 0 else by,
            "post FROM gate_allegation_receivers(%s, %s, %s) WITH ORDINALITY AS r (post, place) ORDER BY place",
        )
        self._says(what, [post.pk for post in expected], sql, child.pk, role, of.user_id if of else None, by=who)

    def _who_receives(self) -> None:
        everybody = [*self.officers[:3], self.near_officer, *self.officers[3:]]
        self._receive("officers of a worker", self.officers, self.child, OFFICER, self.accused)
        self._receive("officers of nobody known", everybody, self.child, OFFICER)
        self._receive("officers, asked by one", everybody[1:], self.child, OFFICER, by=self.officer)
        self._receive(
            "officers of the second child",
            [*self.officers[:3], self.shut_out, *self.officers[3:]],
            self.second_child,
            OFFICER,
            self.accused,
        )
        self._receive("officers elsewhere", [self.officer_elsewhere], self.child_elsewhere, OFFICER)
        self._receive("no such receivers", [], self.child, "practitioner")
        self._receive("asked by nobody", [], self.child, OFFICER, by=None)
        self._receive("asked by one who is gone", [], self.child, OFFICER, by=self.gone)
        self._receive("heads", [self.head, self.other_head], self.child, HEAD, self.accused)
        for span, is_first in (
            ({"until_on": TODAY - DAY}, True),
            ({"until_on": TODAY}, False),
            ({"from_on": TODAY + DAY}, True),
            ({"from_on": TODAY}, False),
            ({}, False),
        ):
            constable = self._post("police_missing", self.second_force, **span)
            order = [self.first, self.second] if is_first else [self.second, self.first]
            self._receive(f"standards, of {span}", order, self.child, STANDARDS, constable)
        self._receive("standards, of nobody known", [self.first, self.second], self.child, STANDARDS)
        for what, expected, by, made, to in (
            ("send to an officer", True, self.recorder, self.of_worker, self.officers[1]), ("send to a head", True, self.recorder, self.of_worker, self.head),
            ("send to standards", True, self.recorder, self.of_worker, self.first), ("send to nobody", True, self.recorder, self.of_worker, None),
            ("send near", False, self.recorder, self.of_worker, self.near_officer), ("send to a line", False, self.recorder, self.of_worker, self.line),
            ("send another's", False, self.other_recorder, self.of_worker, None), ("send another's, on", False, self.other_recorder, self.of_worker, self.head),
        ):  # fmt: skip
            self._says(what, expected, "gate_may_send(%s, %s)", made.pk, to and to.pk, by=by)
        self._says("sent by nobody", False, "gate_may_send(%s, %s)", self.of_worker.pk, None)

    def _who_sees(self) -> None:
        """Receivers, while they are not near; whoever recorded it that it was sent and received; nobody else anything."""
        of_worker, of_driver, of_officer, nobody_s = (
            list(one.steps.all()) for one in (self.of_worker, self.of_driver, self.of_officer, self.nobody_s)
        )
        told_to_recorder = [*of_worker, *(one for one in of_driver if one.kind in {"sent", "received"})]
        for post, seen, steps in (
            (self.officer, [self.of_worker, self.of_driver], of_worker + of_driver), (self.officers[1], [self.of_officer], of_officer),
            (self.near_officer, [], []), (self.line, [], []), (self.accused, [], []), (self.recorder, [], told_to_recorder),
            (self.other_recorder, [], of_officer + nobody_s),
        ):  # fmt: skip
            self._reads(f"allegations, {post.role}", post, Allegation.objects.all, seen)
            self._reads(f"steps, {post.role}", post, AllegationStep.objects.all, steps)
        self._says("allegations, nobody", [[]], "gate_allegations()")
        for what, expected, made, child, recorder in (
            ("its own", True, self.of_worker, self.child, self.recorder), ("another child's", False, self.of_worker, self.second_child, self.recorder),
            ("another recorder's", False, self.of_worker, self.child, self.other_recorder), ("another's own", True, self.of_officer, self.child, self.other_recorder),
        ):  # fmt: skip
            self._says(what, expected, "gate_is_of_allegation(%s, %s, %s)", made.pk, child.pk, recorder.pk)
        for what, expected, by, more in (
            ("recorded", True, self.recorder, {}), ("recorded as another", False, self.other_recorder, {}), ("recorded, no reach", False, self.stranger, {}),
            ("recorded elsewhere", False, self.recorder, {"child": self.child_elsewhere}),
            ("recorded of a guarded child", False, self.recorder, {"child": self.guarded}), ("recorded by the worker", True, self.worker, {"child": self.own_child}),
        ):  # fmt: skip
            row = {"child": self.child, "recorded_by": by if by in (self.stranger, self.worker) else self.recorder, **more}
            self._takes(what, expected, by, self._unsaved, **row)

    def _unsaved(self, **more: Any) -> Allegation:
        return Allegation(accused_name="x", works_for="x", works_as="other", words="x", child_name="x", recorded_at=AT, **more)

    def _who_answers(self) -> None:
        """For each way that one may have come to somebody: who of those who have it decides."""
        of = factories.agency("Alleged deciding", of=factories.authority("Alleged deciding"))
        one, two, first, second, third = (self._post(role, of) for role in (OFFICER, OFFICER, HEAD, HEAD, HEAD))
        constable = self._post(
            STANDARDS, factories.agency("Alleged deciding force", AgencyKind.POLICE, of=factories.authority("Alleged deciding"))
        )
        writer = self._post("missing_coordinator", of)

        def said(*to: Post | None, before: tuple[Post | None, ...] = (), of: Post | None = None) -> Allegation:
            """Sent to each of `to` at once; and, along `before`, from the one who did not receive it to the next."""
            made = self._alleged(self.third_child, of, *to, by=writer)
            last: AllegationStep | None = None
            for post in before:
                last = self._sent(made, post, last)
            return made

        for what, made, decide in (
            ("at once", said(one, first, constable), {one}), ("no officer", said(first, constable), {first}), ("not received", said(before=(one, first)), {one, first}),
            ("nobody there", said(one, before=(None, first)), {one, first}), ("head after head", said(one, before=(first, second)), {one}),
            ("twice passed on", said(before=(one, first, second)), {one, first, second}), ("another's stead", said(first, before=(one, second)), {one, second}),
            ("near", said(one, two, of=self._post("practitioner", of, team=one.team)), {two}), ("after standards", said(one, before=(constable, second)), {one}),
        ):  # fmt: skip
            for post in (one, two, first, second, third, constable):
                self._says(f"{what}: {post.role}", post in decide, "gate_decides_allegation(%s)", made.pk, by=post)
        self._says("nobody decides", False, "gate_decides_allegation(%s)", made.pk)
        self._in_order(one, two, first, said)

    def _in_order(self, one: Post, two: Post, head: Post, said: Callable[..., Allegation]) -> None:
        """Received, decided, closed; in one's own name, at one's own moment."""
        states = (((), "r"), ((("received", one),), "rd"), ((("received", head), ("received", two)), "r"), ((("received", one), ("decided", one)), "rdc"),
                  ((("received", one), ("decided", two)), "rdc"), ((("received", one), ("decided", one), ("closed", two)), "r"), ((("decided", one),), "r"))  # fmt: skip
        for number, (steps, may) in enumerate(states):
            made = said(one, two, head)
            for kind, by in steps:
                self._step(made, kind, by)
            for kind in ("received", "decided", "closed", "sent", "other"):
                self._says(
                    f"{kind} in state {number}", kind[0] in may and kind != "other", "gate_may_answer(%s, %s)", made.pk, kind, by=one
                )
                has_one = kind == "received" and ("received", one) in steps
                if kind != "other":
                    self._takes(f"{kind} in state {number}, row", kind[0] in may and not has_one, one, self._row, made, kind, one)
            for kind in ("decided", "closed"):
                self._says(f"{kind} in state {number}, by a head", False, "gate_may_answer(%s, %s)", made.pk, kind, by=head)
                self._takes(f"{kind} in state {number}, row of a head", False, head, self._row, made, kind, head)
            self._says(f"received in state {number}, by a stranger", False, "gate_may_answer(%s, 'received')", made.pk, by=self.officer)
        ready = said(one, two, head)
        self._step(ready, "received", one)
        for what, more in (("in another's name", {"maker": two}), ("earlier", {"made_at": AT - SECOND}), ("of another child", {"child_id": self.child.pk}),
                           ("of another recorder", {"recorded_by_id": self.recorder.pk}), ("as it is", {})):  # fmt: skip
            self._takes(f"decided {what}", not more, one, self._row, ready, "decided", **{"maker": one, **more})
        self._takes("received in another's name", False, head, self._row, ready, "received", two)

    def _sendings(self) -> None:
        before = self.of_worker.steps.get(to_post=self.line)
        for what, expected, by, more in (
            ("sent", True, self.recorder, {}), ("sent, to nobody", True, self.recorder, {"to_post": None}),
            ("sent near", False, self.recorder, {"to_post": self.stranger}),
            ("sent by another", False, self.other_recorder, {"maker": self.other_recorder}), ("sent in another's name", False, self.other_recorder, {}),
            ("sent earlier", False, self.recorder, {"made_at": AT - SECOND}), ("sent instead", False, self.recorder, {"instead_of": before}),
            ("sent as another's", False, self.recorder, {"recorded_by_id": self.other_recorder.pk}),
            ("sent of another child", False, self.recorder, {"child_id": self.second_child.pk}),
        ):  # fmt: skip
            row = {"maker": self.recorder, "to_post": self.head, "due_at": AT + HOUR, **more}
            self._takes(what, expected, by, self._row, self.of_worker, "sent", **row)
        of_guarded, own = self._alleged(self.guarded, None), self._alleged(self.own_child, None, by=self.worker)
        self._takes("sent, guarded", False, self.recorder, self._row, of_guarded, "sent", self.recorder, due_at=AT + HOUR)
        self._takes("sent by the worker", True, self.worker, self._row, own, "sent", self.worker, due_at=AT + HOUR)
        far = self._alleged(self.child_elsewhere, None, by=self.recorder)
        row = {"to_post": self.officer_elsewhere, "due_at": AT + HOUR}
        self._takes("sent, no reach", False, self.recorder, self._row, far, "sent", self.recorder, **row)

    def _what_tick_may(self) -> None:
        """Pass a sending on, of the same allegation, to somebody who may receive it."""
        sending, another_s = self.of_worker.steps.get(to_post=self.officer), self.nobody_s.steps.get(kind="sent")
        received = self.of_driver.steps.get(kind="received")
        to = self.officers[1]
        for what, expected, post, before in (
            ("to an officer", True, to, sending), ("to a head", True, self.head, sending), ("to standards", True, self.first, sending),
            ("near", False, self.near_officer, sending),
            ("the wrong one's", False, to, another_s), ("instead of a receipt", False, to, received), ("to a stranger", False, self.stranger, sending),
        ):  # fmt: skip
            made = self.of_driver if before == received else self.of_worker
            self._says(f"passed on {what}", expected, "gate_may_pass_on(%s, %s, %s)", made.pk, post.pk, before.pk, by=self.tick)
            self._tick_takes(what, expected, made, {"to_post": post, "instead_of": before})
        plain = {"to_post": to, "instead_of": sending}
        for what, more in (("in another's name", {"maker": self.officer}), ("earlier", {"made_at": AT - SECOND}),
                           ("of another child", {"child_id": self.second_child.pk}),
                           ("of another recorder", {"recorded_by_id": self.other_recorder.pk}), ("instead of nothing", {"instead_of": None})):  # fmt: skip
            self._tick_takes(what, False, self.of_worker, {**plain, **more})
        row = self._row(self.of_worker, "sent", self.officer, **plain, due_at=AT + HOUR)
        self.asked.append(("tick's, by another", lambda: not as_tick(lambda: takes(row, self.officer, AT))))
        for rows in (Allegation.objects, AllegationStep.objects):
            for by, seen in ((self.tick, rows.count()), (self.officer, 0)):
                self._tick_reads(rows, by, seen)

    def _tick_reads(self, rows: Any, by: Post, seen: int) -> None:
        self.asked.append((f"tick reads, {by.role}", lambda: as_tick(lambda: self._count(rows, by) == seen)))

    def _count(self, rows: Any, by: Post) -> int:
        with acting_as(by, AT):
            return len(rows.values_list("pk"))

    def _tick_takes(self, what: str, expected: bool, made: Allegation, more: dict[str, Any]) -> None:
        row = {"due_at": AT + HOUR, "maker": self.tick, **more}
        self.asked.append((f"tick sends {what}", lambda: as_tick(lambda: takes(self._row(made, "sent", **row), self.tick, AT) is expected)))

    def _blocks(self) -> None:
        """Who is shut out on an allegation, by whom; and who learns of it."""
        council, police = self._post("practitioner"), self._post("police_missing", self.force)
        left = self._post("practitioner")
        self._also(left, self.force, until_on=TODAY - DAY)
        by_span: tuple[tuple[dict[str, Any] | None, bool], ...] = (
            (None, True), ({}, False), ({"until_at": AT}, True), ({"until_at": AT + SECOND}, False), ({"source": "declared"}, True),
            ({"child": self.third_child}, True), ({"whose": self.stranger}, True),
        )  # fmt: skip
        for number, (span, shuts) in enumerate(by_span):
            one = self._post("practitioner")
            self._alleged(self.child, one)
            if span is not None:
                self._block(**{"child": self.child, "whose": one, **span}).save(force_insert=True)
            for by, child, expected in (
                (self.recorder, self.child, shuts),
                (self.other_recorder, self.child, False),
                (self.recorder, self.third_child, False),
            ):
                self._says(f"shuts {number}", expected, "gate_allegation_shuts(%s, %s)", child.pk, one.user_id, by=by)
            self._takes(f"block {number}", shuts, self.recorder, self._block, self.child, one)
            self._takes(f"block {number} in another's name", False, self.recorder, self._block, self.child, one, maker=self.other_recorder)
        self._takes("block, nothing said", False, self.recorder, self._block, self.child, self.stranger)
        self._takes("block of an officer, nothing said", False, self.apart, self._block, self.child, self.stranger, maker=self.apart)
        self._takes("block of an officer, entered", True, self.apart, self._block, self.child, self.stranger, "entered", maker=self.apart)
        by_line = self._block(self.own_child, self.stranger, "entered", maker=self.over_worker)
        for what, expected, by, child, source in (
            ("an officer, declared", False, self.apart, self.child, "declared"), ("a line, entered", True, self.over_worker, self.own_child, "entered"),
        ):  # fmt: skip
            self._takes(f"block of {what}", expected, by, self._block, child, self.stranger, source, maker=by)
        by_line.save(force_insert=True)
        for by, read in ((self.over_worker, [by_line]), (self.stranger, [])):
            self._reads(f"blocks of one's line, {by.role}", by, lambda: Block.objects.filter(child=self.own_child), read)
        self._alleged(self.child, self.recorder)
        self._takes("block of oneself", False, self.recorder, self._block, self.child, self.recorder)
        asked: tuple[tuple[Post | None, Post, bool], ...] = (
            (self.apart, self.accused, True), (self.near, self.accused, False), (self.of_force, self.accused, True), (self.of_force, police, False),
            (self.apart, police, True), (self.apart, council, True), (self.of_force, left, False), (self.line, council, False), (self.recorder, council, False),
            (None, council, False), (self.apart, self.apart, False),
        )  # fmt: skip
        for who, whose, is_apart in asked:
            self._says(f"apart: {who and who.role}", is_apart, "gate_answers_apart(%s)", whose.user_id, by=who)
            self._says(f"explained to {who and who.role}", is_apart, "gate_may_explain_post(%s)", whose.pk, by=who)
        self._hidden(council, police)
        self._tells(council)

    def _hidden(self, council: Post, police: Post) -> None:
        made = [
            self._block(self.second_child, whose, source)
            for whose in (self.accused, council, police)
            for source in ("allegation", "entered")
        ]
        proposals = []
        for block in made:
            block.save(force_insert=True)
            with acting_as(self.apart, AT):
                proposals.append(self._lift(block, self.apart))
                proposals[-1].save(force_insert=True)
        blocks, lifts = Block.objects.filter(child=self.second_child), Proposal.objects.filter(child=self.second_child)
        whole = {block.pk for block in blocks}
        for by, hidden in ((self.apart, ()), (self.near, (0,)), (self.of_force, (4,)), (self.line, (0, 2, 4))):
            unseen = {made[number].pk for number in hidden}
            self.asked.append((f"hidden from {by.role}", self._hides(by, unseen, whole)))
            if by != self.line:  # a line that does not work with the child is shown no block at all
                self._reads(f"blocks, {by.role}", by, blocks.all, [block for block in blocks if block.pk not in unseen])
                self._reads(f"lifts, {by.role}", by, lifts.all, [one for one in proposals if one.about_id not in unseen])
        for source in ("declared", "allegation"):
            block = self._block(self.third_child, self.near, source)
            block.save(force_insert=True)
            self._reads(
                f"one's own block, {source}", self.near, Block.objects.filter(pk=block.pk).all, [block] if source == "declared" else []
            )

    def _hides(self, by: Post, unseen: set[Any], whole: set[Any]) -> Callable[[], bool]:
        return lambda: set(told("unnest(gate_hidden_blocks())", by=by)) & whole == unseen

    def _tells(self, council: Post) -> None:
        untold, typed, mixed = (self._child(self.authority) for _ in range(3))
        self._alleged(typed, None)
        self._alleged(mixed, council)
        self._alleged(mixed, self.accused)
        for by, child, tells in (
            (self.apart, untold, True), (self.near, untold, True), (self.line, untold, False), (self.apart, typed, True), (self.near, typed, True),
            (self.apart, mixed, True), (self.near, mixed, False), (self.recorder, mixed, False),
        ):  # fmt: skip
            self._says(f"tells {by.role}", tells, "gate_tells_of_allegations(%s)", child.pk, by=by)

    def _lifting(self) -> None:
        """Only what one has approved in the same breath, of what one may know of."""
        for whose, source, by, is_lifted in (
            (self.accused, "allegation", self.second_apart, True), (self.accused, "allegation", self.near, False), (self.accused, "entered", self.near, True),
        ):  # fmt: skip
            block = self._block(self._child(self.authority), whose, source)
            block.save(force_insert=True)
            self._takes(f"proposal to lift {source}, {by.role}", is_lifted, by, self._lift, block, by)
            with acting_as(self.apart, AT):
                self._lift(block, self.apart).save(force_insert=True)
            self.asked.append((f"lift {source}, {by.role}", self._lifts(block, by, approves=True, is_lifted=is_lifted)))
            self.asked.append((f"lift {source} alone, {by.role}", self._lifts(block, by, approves=False, is_lifted=False)))

    def _lifts(self, block: Block, by: Post, *, approves: bool, is_lifted: bool) -> Callable[[], bool]:
        """Whether, once it has approved what it may, the post lifts the block or does not."""

        def asks() -> bool:
            with acting_as(by, AT), transaction.atomic():
                proposals = Proposal.objects.filter(about_id=block.pk)
                approved = approves and bool(proposals.update(state="approved", decided_by=by))
                lifted = bool(Block.objects.filter(pk=block.pk).update(until_at=AT))
                transaction.set_rollback(True)
            return lifted is is_lifted and approved is is_lifted

        return asks
