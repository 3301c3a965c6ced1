"""Two people for one act: proposed by one, done only when a second one, in another post and line, approves it (protection.md 4.3 step 8)."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from atlas.accounts.commands import Vetted, change_clearance
from atlas.agencies.models import Post
from atlas.children.commands import lift_restriction
from atlas.gate import proposing
from atlas.gate.act import Conflict, Invalid, Refused
from atlas.gate.commands import approve_proposal, declare_connection, decline_proposal, withdraw_proposal
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Outcome, Proposal, Restriction
from atlas.gate.policy import PROPOSAL_LIFE, TWO_PERSONS, Clearance, Kind, Permission
from atlas.gate.rules import Decision
from tests import factories
from tests.factories import NOW
from tests.gate import oracle
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
VETTED = Vetted(Clearance.INTELLIGENCE, "NV/27", date(2027, 5, 1))
WHY = "The trial is over and the threat has passed"


class Guarded:
    """A restricted child, with worker, manager and privacy officer on the list of names."""

    def __init__(self) -> None:
        self.world: World = make_world()
        self.manager, self.child = self.world.manager, self.world.child
        self.privacy = factories.post("privacy_officer", of=factories.team("Information governance"))
        factories.duty(Kind.PRIVACY, self.world.authority, post=self.privacy)
        self.restriction = factories.guard(self.child, "restricted", self.world.worker, self.manager, self.privacy)

    def propose(self, by: Post | None = None, **more: Any) -> Proposal:
        made = lift_restriction(restriction=self.restriction, because=WHY, by=by or self.manager, at=NOW, **more)
        assert isinstance(made, Proposal)
        return made

    @property
    def is_lifted(self) -> bool:
        with acting_as(self.manager, NOW):
            return Restriction.objects.get(pk=self.restriction.pk).until_at is not None


def administrators() -> tuple[Post, Post, Post]:
    """Two administrators, and a post whose clearance is to be changed."""
    first = factories.administrator()
    return first, factories.post("system_administrator", of=first.team), factories.post("practitioner")


def clear(post: Post, by: Post, vetted: Vetted = VETTED, **more: Any) -> Any:
    return change_clearance(post=post, vetted=vetted, because="Joins the exploitation team", by=by, at=NOW, **more)


def test_one_person_only_proposes_and_the_second_does_it_as_the_act_of_both() -> None:
    given = Guarded()
    proposal = given.propose()
    assert not given.is_lifted
    assert (proposal.proposed_by, proposal.because, proposal.expires_at) == (given.manager, WHY, NOW + PROPOSAL_LIFE)
    approve_proposal(proposal=proposal, by=given.privacy, at=NOW + timedelta(days=1))
    assert given.is_lifted
    with acting_as(given.privacy, NOW):
        act = Act.objects.get(command="lift_restriction", outcome=Outcome.DONE)
        assert (act.post_id, act.proposed_by, act.about_id) == (given.privacy.pk, given.manager.pk, str(given.restriction.pk))
        decided = Act.objects.get(command="approve_proposal")
        assert (decided.about_id, decided.result_id) == (str(proposal.pk), str(proposal.pk))
    with acting_as(given.manager, NOW):
        proposed = Act.objects.get(command="lift_restriction")
        assert (proposed.outcome, proposed.decision, proposed.result_id) == (Outcome.PROPOSED, Decision.PENDING, str(proposal.pk))


def test_the_first_person_cannot_approve_nor_in_another_post() -> None:
    given = Guarded()
    proposal = given.propose()
    other = Post.objects.create(
        user=given.manager.user, team=given.privacy.team, title="Acting privacy officer", role="privacy_officer", from_on=factories.LONG_AGO
    )
    factories.duty(Kind.PRIVACY, given.world.authority, post=other)
    factories.name(given.child, other)
    for by in (given.manager, other):
        with pytest.raises(Conflict, match="second person") as refused:
            approve_proposal(proposal=proposal, by=by, at=NOW)
        assert refused.value.decision is Decision.SAME_PERSON
        in_database_only(proposal, by)
    assert not given.is_lifted


def in_database_only(proposal: Proposal, by: Post, to: str = "approved") -> None:
    """The database itself refuses, whatever command is left out."""
    with acting_as(by, NOW), pytest.raises(ProgrammingError, match="second person"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(state=to, decided_by=by)


@pytest.mark.parametrize("above", ["the second is the manager", "the first is the manager", "two levels", "manager of the team"])
def test_nobody_in_the_line_of_the_first_person_approves(above: str) -> None:
    given = Guarded()
    first, second = given.manager, given.privacy
    between = factories.post("head_of_service", of=factories.team("Leadership"))
    if above == "the second is the manager":
        first.line_manager = second
    elif above == "the first is the manager":
        second.line_manager = first
    elif above == "two levels":
        first.line_manager, between.line_manager = between, second
    else:
        Post.objects.create(user=first.user, team=second.team, title="Manager", role="manager", from_on=factories.LONG_AGO)
    for post in (first, second, between):
        post.save()
    proposal = given.propose()
    with pytest.raises(Conflict, match="second person"):
        approve_proposal(proposal=proposal, by=second, at=NOW)
    in_database_only(proposal, second)
    assert not given.is_lifted


def test_what_has_expired_cannot_be_approved_and_can_still_be_closed() -> None:
    given = Guarded()
    proposal, late = given.propose(), NOW + PROPOSAL_LIFE
    with pytest.raises(Conflict, match="waited too long"):
        approve_proposal(proposal=proposal, by=given.privacy, at=late)
    with acting_as(given.privacy, late), pytest.raises(ProgrammingError, match="second person"), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(state="approved", decided_by=given.privacy)
    withdraw_proposal(proposal=proposal, by=given.manager, at=late)
    assert not given.is_lifted


def test_what_changed_since_it_was_proposed_cannot_be_approved() -> None:
    first, second, post = administrators()
    proposal = clear(post, first)
    Post.objects.filter(pk=post.pk).update(title="Another job")
    with pytest.raises(Conflict, match="has changed"):
        approve_proposal(proposal=proposal, by=second, at=NOW)
    Post.objects.filter(pk=post.pk).update(title=post.title)
    approve_proposal(proposal=proposal, by=second, at=NOW)
    post.refresh_from_db()
    assert (post.clearance, post.vetting_reference, post.vetted_until) == (2, "NV/27", VETTED.until)


def test_a_second_person_from_whom_the_child_is_shut_sees_no_proposal() -> None:
    given = Guarded()
    proposal = given.propose()
    declare_connection(child=given.child, by=given.privacy, at=NOW)
    with acting_as(given.privacy, NOW) as subject:
        assert not Proposal.objects.exists()
        assert not Proposal.objects.visible_to(subject).exists()
    with pytest.raises(Refused):
        approve_proposal(proposal=proposal, by=given.privacy, at=NOW)
    assert not given.is_lifted


def test_an_approver_without_the_right_and_one_off_the_list_see_nothing() -> None:
    given = Guarded()
    proposal = given.propose()
    unnamed = factories.post("privacy_officer", of=factories.team("Elsewhere"))
    factories.duty(Kind.PRIVACY, given.world.authority, post=unnamed)
    for by in (unnamed, given.world.worker, given.world.stranger, factories.administrator()):
        with acting_as(by, NOW) as subject:
            assert not Proposal.objects.exists()
            assert not Proposal.objects.visible_to(subject).exists()
        with pytest.raises(Refused):
            approve_proposal(proposal=proposal, by=by, at=NOW)
    assert not given.is_lifted


def test_a_first_person_who_may_no_longer_do_it_takes_the_act_with_them() -> None:
    given = Guarded()
    proposal = given.propose()
    declare_connection(child=given.child, by=given.manager, at=NOW)
    with pytest.raises(Conflict, match="may no longer do it"):
        approve_proposal(proposal=proposal, by=given.privacy, at=NOW)
    in_database_only(proposal, given.privacy)
    decline_proposal(proposal=proposal, because="You know the family", by=given.privacy, at=NOW)
    first, second, post = administrators()
    left = clear(post, first)
    Post.objects.filter(pk=first.pk).update(until_on=NOW.date() - timedelta(days=1))
    with pytest.raises(Conflict, match="may no longer do it"):
        approve_proposal(proposal=left, by=second, at=NOW)
    in_database_only(left, second)


def test_it_is_decided_once_and_a_repeat_of_the_same_submission_is_one() -> None:
    given = Guarded()
    key = str(uuid4())
    proposal = given.propose(key=key, content="1")
    assert given.propose(key=key, content="1") == proposal
    with pytest.raises(Conflict):
        given.propose(key=key, content="2")
    once: dict[str, Any] = {"proposal": proposal, "by": given.privacy, "at": NOW, "key": "yes"}
    approve_proposal(**once)
    assert approve_proposal(**once) == proposal
    with pytest.raises(Conflict, match="decided already"):
        approve_proposal(proposal=proposal, by=given.privacy, at=NOW)
    with pytest.raises(Conflict, match="decided already"):
        withdraw_proposal(proposal=proposal, by=given.manager, at=NOW)
    in_database_only(proposal, given.privacy)
    with acting_as(given.privacy, NOW):
        assert Act.objects.filter(command="lift_restriction", outcome=Outcome.DONE).count() == 1


def test_taken_back_by_the_first_alone_and_not_approved_by_another_with_a_reason() -> None:
    given = Guarded()
    proposal = given.propose()
    with pytest.raises(Conflict, match="Somebody else proposed this"):
        withdraw_proposal(proposal=proposal, by=given.privacy, at=NOW)
    in_database_only(proposal, given.privacy, "withdrawn")
    with pytest.raises(Conflict, match="Take it back"):
        decline_proposal(proposal=proposal, because="No", by=given.manager, at=NOW)
    in_database_only(proposal, given.manager, "not_approved")
    with pytest.raises(Invalid, match="Say why"):
        decline_proposal(proposal=proposal, because=" ", by=given.privacy, at=NOW)
    decline_proposal(proposal=proposal, because="The appeal is still open", by=given.privacy, at=NOW)
    with acting_as(given.manager, NOW):
        proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.decided_because) == ("not_approved", given.privacy, "The appeal is still open")
    again = given.propose()
    withdraw_proposal(proposal=again, by=given.manager, at=NOW)
    with pytest.raises(Conflict, match="decided already"):
        approve_proposal(proposal=again, by=given.privacy, at=NOW)
    assert not given.is_lifted


def test_nothing_of_a_proposal_can_be_altered_nor_written_in_another_s_name() -> None:
    given = Guarded()
    proposal = given.propose()
    with acting_as(given.manager, NOW):
        changes: tuple[dict[str, Any], ...] = (
            {"arguments": {}},
            {"because": "Other"},
            {"expires_at": NOW + timedelta(days=6)},
            {"about_id": uuid4()},
        )
        for change in changes:
            with pytest.raises(ProgrammingError, match="second person"), transaction.atomic():
                Proposal.objects.filter(pk=proposal.pk).update(**change)
        forged = Proposal(
            child=given.child, permission="lift_restriction", command="lift_restriction", arguments={}, content="", because="x", purpose="audit",
            proposed_by=given.privacy, proposed_at=NOW - timedelta(days=3), expires_at=NOW + timedelta(days=1), state="approved",
            decided_by=given.privacy, decided_at=NOW, decided_tx=1, about_id=given.restriction.pk,
        )  # fmt: skip
        forged.save(force_insert=True)
        forged.refresh_from_db()
        assert (forged.proposed_by, forged.state, forged.decided_by, forged.proposed_at) == (given.manager, "waiting", None, NOW)


def test_one_login_alone_cannot_lift_in_the_database() -> None:
    """The row security of what two people change asks for an approval of this very transaction."""
    given = Guarded()
    proposal = given.propose()
    for by in (given.manager, given.privacy, given.world.worker, factories.feed_post()):
        with acting_as(by, NOW):
            assert Restriction.objects.filter(pk=given.restriction.pk).update(until_at=NOW) == 0
    decline_proposal(proposal=proposal, because="Not yet", by=given.privacy, at=NOW)
    with acting_as(given.privacy, NOW):
        assert Restriction.objects.filter(pk=given.restriction.pk).update(until_at=NOW) == 0


def test_what_cannot_be_is_said_to_the_first_person_already() -> None:
    first, second, post = administrators()
    with pytest.raises(Invalid, match="own account"):
        clear(first, first)
    with pytest.raises(Invalid, match="reference of the vetting"):
        clear(post, first, Vetted(Clearance.INTELLIGENCE))
    with pytest.raises(Invalid, match="day on which the vetting ends"):
        clear(post, first, Vetted(Clearance.INTELLIGENCE, "NV/1", NOW.date() - timedelta(days=1)))
    with pytest.raises(Invalid, match="Say why"):
        change_clearance(post=post, vetted=VETTED, because=" ", by=first, at=NOW)
    own = clear(second, first)
    with pytest.raises(Invalid, match="own account"):
        approve_proposal(proposal=own, by=second, at=NOW)
    with pytest.raises(Refused):
        clear(post, factories.post("manager"))
    assert Proposal.objects.count() == 0  # nobody acts: nothing is shown


def test_the_policy_s_pairs_and_the_line_are_those_of_the_oracle() -> None:
    assert {permission.value: set(pair.one_is) for permission, pair in TWO_PERSONS.items()} == oracle.TWO_PERSONS
    top, middle, low, aside = (factories.post("manager", of=factories.team(f"Team {n}")) for n in range(4))
    middle.line_manager, low.line_manager = top, middle
    for post in (middle, low):
        post.save()
    above = {low: {"middle", "top"}, middle: {"top"}, top: set(), aside: set()}
    names = {low: "low", middle: "middle", top: "top", aside: "aside"}
    from atlas.gate.queries import in_one_line

    for first in names:
        for second in names:
            expected = oracle.may_second(
                {"person": names[first], "role": "manager"}, {"person": names[second], "role": "manager"},
                {names[post]: set(those) for post, those in above.items()}, "lift_restriction",
            )  # fmt: skip
            with acting_as(first, NOW):
                assert (first != second and not in_one_line(first.user_id, second.user_id, NOW)) == expected, (names[first], names[second])


def test_every_verb_that_takes_two_people_is_one_of_the_policy_s() -> None:
    assert set(proposing.VERBS) == {permission.value for permission in TWO_PERSONS}
    with pytest.raises(TypeError, match="takes two people"):
        proposing.note_verb(lambda *, post: post, Permission.CHANGE_CLEARANCE, None)


def test_arguments_come_back_as_they_were() -> None:
    first, _, post = administrators()
    given = {"post": post, "vetted": VETTED, "days": (date(2026, 1, 2), NOW), "words": {"b", "a"}, "no": None, "id": post.pk}
    kept = {name: proposing._plain(value) for name, value in given.items()}
    with acting_as(first, NOW):
        assert {name: proposing._restored(value) for name, value in kept.items()} == given
    for bad in (b"bytes", object(), {"a": 1}):
        with pytest.raises(TypeError, match="cannot be kept"):
            proposing._plain(bad)
    with pytest.raises(TypeError, match="no dataclass of ours"):
        proposing._made("os:system", {})


def test_the_pages_from_proposing_to_doing(signed_in: Any) -> None:
    given = Guarded()
    client = signed_in(given.manager)
    page = client.get(reverse("desk:view_guard", args=[given.child.pk])).content.decode()
    path = reverse("desk:lift_restriction", args=[given.restriction.pk])
    assert path in page
    answer = client.post(path, {"because": WHY, "key": str(uuid4())})
    proposal_path = answer.headers["Location"]
    shown = client.get(proposal_path).content.decode()
    assert "You proposed this yourself" in shown
    assert "Take it back" in shown
    assert "approve_proposal" not in shown
    assert "Nothing is waiting for you now" in client.get("/").content.decode()
    client = signed_in(given.privacy)
    assert "1 act of somebody else waits for a second person" in client.get("/").content.decode()
    listed = client.get(reverse("desk:view_proposals")).content.decode()
    assert proposal_path in listed
    assert given.child.name in listed
    shown = client.get(proposal_path).content.decode()
    assert f"{given.child.name} is no longer restricted" in shown
    assert WHY in shown
    done = client.post(proposal_path.replace("view_proposal", "approve_proposal"), {"key": str(uuid4())})
    assert (done.status_code, done.headers["Location"]) == (302, proposal_path)
    assert "Approved and done" in client.get(proposal_path).content.decode()
    assert given.is_lifted
    assert signed_in(given.world.stranger).get(proposal_path).status_code == 404
