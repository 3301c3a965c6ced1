"""Who is near whom, who receives, who decides, what is hidden: the world of allegations, and what is right in it, by hand.

So that every clause of atlas/gate/allegations.sql, and of row security on what it guards, decides some answer (ADR 20). The rows are written as the
superuser; what row security takes is asked under the service's logins, and taken back.
"""

from datetime import timedelta
from itertools import count
from typing import Any

from atlas.agencies.models import Agency, AgencyKind, Post, Shift, User
from atlas.allegations.models import Allegation, AllegationStep
from atlas.children.models import Child
from atlas.gate.models import Block, Proposal, Relationship, Restriction
from atlas.gate.policy import Kind
from atlas.people.models import Person
from tests import factories
from tests.gate.matrix import AT, HOUR

DAY, SECOND, TODAY = timedelta(days=1), timedelta(seconds=1), AT.date()
OFFICER, STANDARDS, HEAD = "designated_officer", "professional_standards", "head_of_service"
_teams = count(1)


class AllegedWorld:
    """Workers, receivers and privacy officers; and what was said."""

    def __init__(self) -> None:
        self.authority, self.elsewhere = factories.authority("Alleged"), factories.authority("Alleged elsewhere")
        self.council = factories.agency("Alleged Council", of=self.authority)
        self.force, self.second_force = (
            factories.agency(name, AgencyKind.POLICE, of=self.authority) for name in ("First force", "Second force")
        )
        self._workers()
        self._receivers()
        self._said()

    def _post(self, role: str, of: Agency | None = None, **more: Any) -> Post:
        """A post in a team of its own, unless one is given."""
        team = more.pop("team", None) or factories.team(f"Alleged {next(_teams)}", of=of or self.council)
        post = factories.post(role, of=team, line_manager=more.pop("line_manager", None))
        Post.objects.filter(pk=post.pk).update(**more)
        return Post.objects.select_related("user", "team__agency").get(pk=post.pk)

    def _also(self, holder: Post, of: Agency | None = None, **more: Any) -> Post:
        """Another post of the same person, in a team of its own."""
        return self._post("practitioner", of, user=holder.user, **more)

    def _workers(self) -> None:
        self.top = self._post("manager")
        self.line = self._post("manager", line_manager=self.top)
        self.accused = self._post("practitioner", line_manager=self.line)
        self.recorder, self.other_recorder = self._post("missing_coordinator"), self._post("missing_coordinator")
        for post in (self.recorder, self.other_recorder):
            factories.duty(Kind.MISSING_COORDINATOR, self.authority, post=post)
        self.stranger, self.gone = self._post("practitioner"), self._post("practitioner", until_on=TODAY - DAY)
        self.child, self.second_child, self.third_child = (self._child(self.authority) for _ in range(3))
        self.child_elsewhere = self._child(self.elsewhere)
        self.apart = self._post("privacy_officer")
        self.near = self._post("privacy_officer", team=self.accused.team)
        self.of_force = self._post("privacy_officer", self.force)
        for post in (self.apart, self.near, self.of_force):
            factories.duty(Kind.PRIVACY, self.authority, post=post)
        self.second_apart, self.tick = self._post("privacy_officer"), self._post("tick", is_service=True)
        factories.duty(Kind.PRIVACY, self.authority, post=self.second_apart)
        # A worker with a child of their own, whose manager is in their line; and a child whom nobody is named to see.
        self.over_worker = self._post("manager")
        self.worker, self.own_child, self.guarded = (
            self._post("practitioner", line_manager=self.over_worker),
            self._child(self.elsewhere),
            self._child(self.authority),
        )
        Relationship(
            kind=Kind.ALLOCATED, child=self.own_child, holder_post=self.worker, because="x", source_label="tests", from_at=AT - HOUR
        ).save(force_insert=True)
        Restriction(child=self.guarded, sensitivity="restricted", because="x", made_by=self.apart, from_at=AT - HOUR).save(
            force_insert=True
        )

    def _child(self, of: Any) -> Child:
        child = Child(person=Person.objects.create(), name="Alleged", responsible_authority=of, host_authority=of)
        child.save(force_insert=True)
        return child

    def _receivers(self) -> None:
        """In the order in which they are asked: who is on leave last, then by how long they are in post."""
        days = [factories.LONG_AGO + number * DAY for number in range(9)]
        leaves = (
            (False, AT - HOUR, AT + SECOND, True), (False, AT, AT + HOUR, True), (True, AT - HOUR, AT, True), (True, AT + SECOND, AT + HOUR, True),
            (True, AT - HOUR, AT + HOUR, False),
        )  # fmt: skip
        self.officers: list[Post] = []
        away: list[Post] = []
        for day, (is_here, from_at, until_at, is_leave) in zip(days, leaves, strict=False):
            post = self._post(OFFICER, from_on=day)
            Shift.objects.create(post=post, team=post.team, from_at=from_at, until_at=until_at, is_leave=is_leave)
            (self.officers if is_here else away).append(post)
        self.shut_out = self._post(OFFICER, from_on=days[6])
        self.near_officer = self._post(OFFICER, team=self.accused.team, from_on=days[7])
        self.of_today = self._post(OFFICER, from_on=TODAY, until_on=TODAY)
        self.officer = self.officers[0]
        self.officers += [self.of_today, *away]
        Block(child=self.child, user=self.shut_out.user, because="x", source="declared", from_at=AT - HOUR, made_by=self.line).save(
            force_insert=True
        )
        # None of these receives anything.
        self._post(OFFICER, self.force), self._post(OFFICER, is_service=True), self._post(OFFICER, until_on=TODAY - DAY)
        self._post(OFFICER, from_on=TODAY + DAY), self._post(STANDARDS, self.council), self._post(HEAD, self.force)
        User.objects.filter(pk=self._post(OFFICER).user_id).update(is_active=False)
        self.officer_elsewhere = self._post(OFFICER, factories.agency("Council elsewhere", of=self.elsewhere))
        self.first, self.second = (
            self._post(STANDARDS, self.force, from_on=days[1]),
            self._post(STANDARDS, self.second_force, from_on=days[2]),
        )
        self.head, self.other_head, self.third_head = (self._post(HEAD, from_on=day) for day in days[:3])
        Post.objects.filter(pk=self.top.pk).update(line_manager=self.third_head)

    def _alleged(self, child: Child, of: Post | None, *to: Post | None, by: Post | None = None) -> Allegation:
        made = Allegation(
            child=child, accused=of.user if of else None, accused_name="x", works_for="x", works_as="other", words="x", child_name="x",
            recorded_by=by or self.recorder, recorded_at=AT - HOUR,
        )  # fmt: skip
        made.save(force_insert=True)
        for post in to:
            self._sent(made, post)
        return made

    def _sent(self, made: Allegation, to: Post | None, before: AllegationStep | None = None) -> AllegationStep:
        return self._step(made, "sent", self.recorder, to_post=to, due_at=AT - HOUR, instead_of=before)

    def _row(self, made: Allegation, kind: str, maker: Post, **more: Any) -> AllegationStep:
        words = {"decided": {"answer": "met", "words": "x"}, "closed": {"answer": "shown", "words": "x"}}.get(kind, {})
        of = {"child_id": made.child_id, "recorded_by_id": made.recorded_by_id}
        return AllegationStep(**{**of, **words, "allegation": made, "kind": kind, "made_by": maker, "made_at": AT, **more})

    def _step(self, made: Allegation, kind: str, by: Post, **more: Any) -> AllegationStep:
        row = self._row(made, kind, by, **more)
        row.save(force_insert=True)
        return row

    def _said(self) -> None:
        self.of_worker = self._alleged(self.child, self.accused, self.officer, self.near_officer, self.line)
        self.of_driver = self._alleged(self.third_child, None, self.officer)
        self._step(self.of_driver, "received", self.officer)
        self._step(self.of_driver, "decided", self.officer)
        self.of_officer = self._alleged(self.child, self.officer, self.officer, self.officers[1], by=self.other_recorder)
        self.nobody_s = self._alleged(self.child, self.accused, None, by=self.other_recorder)

    def _block(self, child: Child, whose: Post, source: str = "allegation", maker: Post | None = None, **span: Any) -> Block:
        made_by = maker or self.recorder
        return Block(child=child, user=whose.user, because="x", source=source, **{"from_at": AT - HOUR, **span}, made_by=made_by)

    def _lift(self, block: Block, maker: Post, **more: Any) -> Proposal:
        return Proposal(
            child=block.child, permission="lift_block", command="lift_block", about_id=block.pk, arguments={}, content="", because="x",
            purpose="audit", proposed_by=maker, proposed_at=AT, expires_at=AT + DAY, **more,
        )  # fmt: skip
