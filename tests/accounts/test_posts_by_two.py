"""What a post opens is widened by two people: in the commands, on the pages, and in the database (protection.md 4.8)."""

from datetime import date, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from atlas.accounts.commands import Line, NewPost, Vetted, change_clearance, change_line, close_account, extend_post, give_post
from atlas.accounts.models import Enrolment
from atlas.agencies.commands import end_post, record_worker
from atlas.agencies.models import Post
from atlas.allocation.commands import record_allocation
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.gate.act import Conflict, Invalid, Refused
from atlas.gate.commands import approve_proposal
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Outcome, Proposal
from atlas.gate.policy import Clearance
from tests import factories
from tests.factories import NOW

WHY = "Joins the team that looks for missing children"
TODAY = NOW.date()
YESTERDAY, LATER = TODAY - timedelta(days=1), TODAY + timedelta(days=90)


class Staff:
    """Two administrators, a head of service, and a worker."""

    def __init__(self) -> None:
        self.first = factories.administrator()
        self.second = factories.post("system_administrator", of=self.first.team)
        self.head = factories.post("head_of_service", of=factories.team("Leadership"))
        self.worker = factories.post("practitioner")

    def give(self, by: Post | None = None, role: str = "manager", at: Any = NOW, **more: Any) -> Proposal:
        given = NewPost(self.worker.team, "Team manager", role, TODAY, **more)
        made = give_post(user=self.worker.user, given=given, because=WHY, by=by or self.first, at=at)
        assert isinstance(made, Proposal)
        return made

    @property
    def roles(self) -> list[str]:
        return sorted(Post.objects.filter(user=self.worker.user).values_list("role", flat=True))


@pytest.mark.django_db
def test_a_post_is_given_only_when_another_approves_it_as_the_act_of_both() -> None:
    staff = Staff()
    proposal = staff.give(until_on=LATER)
    assert staff.roles == ["practitioner"]
    approve_proposal(proposal=proposal, by=staff.second, at=NOW)
    made = Post.objects.get(user=staff.worker.user, role="manager")
    assert (made.title, made.team, made.from_on, made.until_on, made.clearance) == ("Team manager", staff.worker.team, TODAY, LATER, 0)
    with acting_as(staff.second, NOW):
        act = Act.objects.get(command="give_post", outcome=Outcome.DONE)
        assert (act.post_id, act.proposed_by, act.result_id) == (staff.second.pk, staff.first.pk, str(made.pk))
    with pytest.raises(Conflict, match="decided already"):
        approve_proposal(proposal=proposal, by=staff.second, at=NOW)
    assert staff.roles == ["manager", "practitioner"]


@pytest.mark.django_db
def test_one_of_the_two_is_an_administrator_and_the_other_may_be_a_head_of_service_of_another_line() -> None:
    staff = Staff()
    approve_proposal(proposal=staff.give(by=staff.head), by=staff.first, at=NOW)
    approve_proposal(proposal=staff.give(role="health"), by=staff.head, at=NOW)
    other = factories.post("head_of_service", of=factories.team("Quality"))
    with pytest.raises(Conflict, match="second person"):
        approve_proposal(proposal=staff.give(by=staff.head, role="school"), by=other, at=NOW)
    staff.first.line_manager = staff.head
    staff.first.save()
    with pytest.raises(Conflict, match="second person"):
        approve_proposal(proposal=staff.give(role="school"), by=staff.head, at=NOW)
    with pytest.raises(Refused):
        staff.give(by=factories.post("manager"))
    assert staff.roles == ["health", "manager", "practitioner"]


@pytest.mark.django_db
def test_nobody_gives_themselves_anything_neither_as_the_first_nor_as_the_second() -> None:
    staff = Staff()
    own: dict[str, Any] = {
        "user": staff.first.user,
        "given": NewPost(staff.first.team, "Head", "head_of_service", TODAY),
        "because": WHY,
        "at": NOW,
    }
    with pytest.raises(Invalid, match="own account"):
        give_post(by=staff.first, **own)
    proposal = give_post(by=staff.second, **own)
    assert isinstance(proposal, Proposal)
    with pytest.raises(Invalid, match="own account"):
        approve_proposal(proposal=proposal, by=staff.first, at=NOW)
    with acting_as(staff.first, NOW):
        Proposal.objects.filter(pk=proposal.pk).update(state="approved", decided_by=staff.first)
        with pytest.raises(DatabaseError, match="by two people"), transaction.atomic():
            Post(user=staff.first.user, team=staff.first.team, title="Head", role="head_of_service", from_on=TODAY).save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize("meanwhile", ["first left", "second left", "expired", "closed", "repeated"])
def test_what_changed_between_the_first_and_the_second_gives_nothing(meanwhile: str) -> None:
    staff, at = Staff(), NOW
    proposal = staff.give()
    error: type[Exception] = Conflict
    if meanwhile == "first left":
        Post.objects.filter(pk=staff.first.pk).update(until_on=YESTERDAY)
    elif meanwhile == "second left":
        Post.objects.filter(pk=staff.second.pk).update(until_on=YESTERDAY)
        error = Refused
    elif meanwhile == "expired":
        at = NOW + timedelta(days=7)
    elif meanwhile == "closed":
        close_account(user=staff.worker.user, by=staff.second, at=NOW)
    else:
        approve_proposal(proposal=proposal, by=staff.second, at=NOW)
        Post.objects.filter(user=staff.worker.user, role="manager").update(role="practitioner")
    with pytest.raises(error):
        approve_proposal(proposal=proposal, by=staff.second, at=at)
    assert "manager" not in staff.roles


@pytest.mark.django_db
def test_to_end_takes_one_and_to_go_on_takes_two() -> None:
    staff = Staff()
    with pytest.raises(Invalid, match="no last day"):
        extend_post(post=staff.worker, until_on=LATER, because=WHY, by=staff.first, at=NOW)
    end_post(post=staff.worker, last_on=YESTERDAY, by=staff.first, at=NOW)
    assert not Post.objects.get(pk=staff.worker.pk).stands_on(TODAY)
    for by in (staff.first, factories.feed_post()):
        with pytest.raises(Invalid, match="takes two people"):
            end_post(post=staff.worker, last_on=LATER, by=by, at=NOW)
    with pytest.raises(Invalid, match="day that is to come"):
        extend_post(post=staff.worker, until_on=YESTERDAY, because=WHY, by=staff.first, at=NOW)
    proposal: Any = extend_post(post=staff.worker, until_on=LATER, because=WHY, by=staff.first, at=NOW)
    assert not Post.objects.get(pk=staff.worker.pk).stands_on(TODAY)
    approve_proposal(proposal=proposal, by=staff.second, at=NOW)
    assert Post.objects.get(pk=staff.worker.pk).until_on == LATER


@pytest.mark.django_db
def test_the_database_widens_no_post_for_one_login_while_it_narrows_any() -> None:
    staff = Staff()
    vetted = Vetted(Clearance.INTELLIGENCE, "NV/27", LATER)
    clearing: Any = change_clearance(post=staff.worker, vetted=vetted, because=WHY, by=staff.first, at=NOW)
    giving = staff.give()
    Post.objects.filter(pk=staff.worker.pk).update(until_on=LATER)
    with acting_as(staff.second, NOW):
        held = Post.objects.filter(pk=staff.worker.pk)
        change: dict[str, Any]
        for change in (
            {"role": "manager"}, {"clearance": 3}, {"until_on": None}, {"until_on": LATER + timedelta(days=1)}, {"from_on": date(2019, 1, 1)},
            {"user": staff.second.user}, {"team": staff.second.team}, {"line_manager": staff.second}, {"deputy": staff.second},
            {"vetted_until": LATER}, {"is_service": True},
        ):  # fmt: skip
            with pytest.raises(DatabaseError, match="by two people"), transaction.atomic():
                held.update(**change)
        with pytest.raises(DatabaseError, match="by two people"), transaction.atomic():
            Post(user=staff.worker.user, team=staff.worker.team, title="Team manager", role="manager", from_on=TODAY).save(
                force_insert=True
            )
        # What was approved, and nothing beside it.
        Proposal.objects.filter(pk__in=[clearing.pk, giving.pk]).update(state="approved", decided_by=staff.second)
        for change in (
            {"clearance": 3, "vetted_until": LATER},
            {"clearance": 2, "vetted_until": LATER + timedelta(days=1)},
            {"role": "manager", "clearance": 2},
        ):
            with pytest.raises(DatabaseError, match="by two people"), transaction.atomic():
                held.update(**change)
        for other in (
            {"role": "head_of_service"},
            {"from_on": YESTERDAY},
            {"until_on": LATER},
            {"clearance": 1},
            {"user": factories_user(staff)},
        ):
            given = {
                "user": staff.worker.user,
                "team": staff.worker.team,
                "title": "Team manager",
                "role": "manager",
                "from_on": TODAY,
                **other,
            }
            with pytest.raises(DatabaseError, match="by two people"), transaction.atomic():
                Post(**given).save(force_insert=True)
        assert held.update(title="Another word", until_on=TODAY, vetting_reference="x") == 1
        assert held.update(clearance=2, vetted_until=LATER) == 1


def factories_user(staff: Staff) -> Any:
    """Somebody else than the proposal names."""
    return staff.head.user


def test_in_nobody_s_name_a_post_is_given_only_before_anybody_has_acted(own_database: Any) -> None:
    own_database("postgres")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM gate_word WHERE name = 'posts are set up'")
    own_database("app")
    staff = Staff()  # nobody has acted
    staff.give()
    with pytest.raises(DatabaseError, match="by two people"), transaction.atomic():
        factories.post("manager")
    with pytest.raises(DatabaseError, match="by two people"), transaction.atomic():
        Post.objects.filter(pk=staff.worker.pk).update(role="manager")


@pytest.mark.django_db
def test_a_delivery_brings_practitioners_whose_account_nobody_opened_and_nobody_else() -> None:
    feed, team = factories.feed_post(), factories.team("Safeguarding 1")
    made = record_worker(team=team, reference="W77", name="Sample Worker", title="Social worker", from_on=TODAY, by=feed, at=NOW)
    opened = factories.post("practitioner", opened_at=NOW.isoformat())
    with acting_as(feed, NOW):
        for given in ({"role": "manager"}, {"clearance": 2}, {"line_manager": made}, {"user": opened.user}):
            of = {"user": made.user, "team": team, "title": "x", "role": "practitioner", "from_on": TODAY, **given}
            with pytest.raises(DatabaseError, match="by two people"), transaction.atomic():
                Post(**of).save(force_insert=True)
    with pytest.raises(Refused):
        record_worker(team=team, reference="W78", name="Sample", title="x", from_on=TODAY, by=factories.administrator(), at=NOW)


def test_the_first_administrators_are_two_and_made_once_before_anybody_acts(own_database: Any) -> None:
    one, two = ("rowan.first", "Rowan", "First", "rowan@example.org"), ("sorrel.second", "Sorrel", "Second", "sorrel@example.org")
    said = StringIO()
    with pytest.raises(CommandError, match="at least two people"):
        call_command("accounts", "first", council="Fernleigh Council", administrator=[one])
    call_command("accounts", "first", council="Fernleigh Council", administrator=[one, two], stdout=said)
    assert said.getvalue().count("/accounts/enrol/") == 2
    first, second = Post.objects.order_by("user__username")
    assert {link.issued_by_id for link in Enrolment.objects.all()} == {first.pk, second.pk}
    with acting_as(first, timezone.now()):
        assert Act.objects.filter(command="first_administrators", outcome=Outcome.DONE).count() == 1
    with pytest.raises(CommandError, match="administrators already"):
        call_command("accounts", "first", council="Fernleigh Council", administrator=[one, two])


@pytest.mark.django_db
def test_the_pages_from_an_account_to_its_new_post(signed_in: Any) -> None:
    staff = Staff()
    client, account = signed_in(staff.first), reverse("accounts:view_account", args=[staff.worker.user_id])
    giving = reverse("accounts:give_post", args=[staff.worker.user_id])
    assert giving in client.get(account).content.decode()
    assert client.post(giving, {"key": str(uuid4())}).status_code == 422
    typed = {
        "key": str(uuid4()), "team": str(staff.worker.team_id), "role": "manager", "title": "Team manager", "because": WHY,
        "from_on_0": str(TODAY.day), "from_on_1": str(TODAY.month), "from_on_2": str(TODAY.year), "until_on_0": "", "until_on_1": "", "until_on_2": "",
    }  # fmt: skip
    proposal_path = client.post(giving, typed).headers["Location"]
    assert proposal_path in client.get(account).content.decode()
    assert "becomes Team manager (manager)" in client.get(proposal_path).content.decode()
    client = signed_in(staff.head)
    assert proposal_path in client.get(reverse("desk:view_proposals")).content.decode()
    client.post(proposal_path.replace("view_proposal", "approve_proposal"), {"key": str(uuid4())})
    assert staff.roles == ["manager", "practitioner"]
    made = Post.objects.get(user=staff.worker.user, role="manager")
    Post.objects.filter(pk=made.pk).update(until_on=YESTERDAY, from_on=YESTERDAY)
    client, extending = signed_in(staff.first), reverse("accounts:extend_post", args=[made.pk])
    assert extending in client.get(account).content.decode()
    later = {"until_on_0": str(LATER.day), "until_on_1": str(LATER.month), "until_on_2": str(LATER.year)}
    proposal_path = client.post(extending, {"key": str(uuid4()), "because": WHY, **later}).headers["Location"]
    assert "goes on until" in client.get(proposal_path).content.decode()
    assert giving not in signed_in(staff.worker).get("/").content.decode()


class TestLine:
    """Who manages a post, and stands in for it: by two people, neither of whom gains by it."""

    @staticmethod
    def propose(staff: Staff, line: Line, by: Post | None = None) -> Proposal:
        made = change_line(post=staff.worker, line=line, because=WHY, by=by or staff.first, at=NOW)
        assert isinstance(made, Proposal)
        return made

    @pytest.mark.django_db
    def test_a_line_changes_only_when_another_approves_it_and_opens_the_children_then(self) -> None:
        staff, manager = Staff(), factories.post("manager", of=factories.team("Safeguarding 2"))
        child = factories.child()
        record_allocation(child=child, post=staff.worker, from_at=Moment(NOW), by=factories.feed_post(), at=NOW)
        deputy = factories.post("practitioner")
        proposal = self.propose(staff, Line(manager, deputy))
        with acting_as(manager, NOW):
            assert not Child.objects.exists()
        approve_proposal(proposal=proposal, by=staff.head, at=NOW)
        changed = Post.objects.get(pk=staff.worker.pk)
        assert (changed.line_manager, changed.deputy) == (manager, deputy)
        with acting_as(manager, NOW):
            assert Child.objects.filter(pk=child.pk).exists()
        with acting_as(staff.head, NOW):
            act = Act.objects.get(command="change_line", outcome=Outcome.DONE)
            assert (act.post_id, act.proposed_by) == (staff.head.pk, staff.first.pk)
        # And back to nobody: which takes two as well, since it says who may review.
        approve_proposal(proposal=change(changed, Line(None), staff.first), by=staff.second, at=NOW)
        assert Post.objects.get(pk=staff.worker.pk).line_manager is None

    @pytest.mark.django_db
    def test_what_cannot_be_is_said_in_words(self) -> None:
        staff, below = Staff(), factories.post("practitioner")
        above = factories.post("manager", line_manager=staff.worker)
        over = factories.post("manager")
        Post.objects.filter(pk=over.pk).update(until_on=YESTERDAY)
        over.refresh_from_db()
        own = Post.objects.create(user=staff.worker.user, team=staff.worker.team, title="Second", role="manager", from_on=TODAY)
        for line, words in (
            (Line(None), "as it stands"), (Line(above), "managed from below"), (Line(over), "in this post any more"), (Line(own), "same person"),
            (Line(below, staff.first), "put yourself"), (Line(factories.feed_post()), "in this post any more"), (Line(staff.first), "put yourself"),
        ):  # fmt: skip
            with pytest.raises(Invalid, match=words):
                self.propose(staff, line)
        with pytest.raises(Invalid, match="own account"):
            change(staff.first, Line(below), staff.first)
        with pytest.raises(Refused):
            self.propose(staff, Line(below), by=factories.post("manager"))

    @pytest.mark.django_db
    def test_neither_of_the_two_is_the_new_manager(self) -> None:
        staff = Staff()
        proposal = self.propose(staff, Line(staff.second))
        with pytest.raises(Invalid, match="put yourself"):
            approve_proposal(proposal=proposal, by=staff.second, at=NOW)
        assert Post.objects.get(pk=staff.worker.pk).line_manager is None

    @pytest.mark.django_db
    def test_the_database_writes_what_was_approved_and_nothing_beside_it(self) -> None:
        staff, manager, other = Staff(), factories.post("manager"), factories.post("manager")
        proposals = [self.propose(staff, line) for line in (Line(manager), Line(staff.second))]
        with acting_as(staff.second, NOW):
            held = Post.objects.filter(pk=staff.worker.pk)
            with pytest.raises(DatabaseError, match="by two people"), transaction.atomic():
                held.update(line_manager=manager)
            Proposal.objects.filter(pk__in=[one.pk for one in proposals]).update(state="approved", decided_by=staff.second)
            for beside in (
                {"line_manager": other}, {"line_manager": manager, "deputy": other}, {"line_manager": manager, "role": "manager"},
                {"line_manager": staff.second},
            ):  # fmt: skip
                with pytest.raises(DatabaseError, match="by two people"), transaction.atomic():
                    held.update(**beside)
            assert held.update(line_manager=manager) == 1

    @pytest.mark.django_db
    def test_the_pages_from_an_account_to_the_line_of_its_post(self, signed_in: Any) -> None:
        staff, manager = Staff(), factories.post("manager")
        client, account = signed_in(staff.first), reverse("accounts:view_account", args=[staff.worker.user_id])
        changing = reverse("accounts:change_line", args=[staff.worker.pk])
        assert changing in client.get(account).content.decode()
        assert str(manager.pk) in client.get(changing).content.decode()
        typed = {"key": str(uuid4()), "manager": str(manager.pk), "deputy": "", "because": WHY}
        unchanged = client.post(changing, typed | {"manager": ""})
        assert unchanged.status_code == 422 and "This is the line as it stands" in unchanged.content.decode()
        path = client.post(changing, typed).headers["Location"]
        assert "is managed by" in client.get(path).content.decode()
        signed_in(staff.second).post(path.replace("view_proposal", "approve_proposal"), {"key": str(uuid4())})
        assert f"managed by {manager.user.name}" in client.get(account).content.decode()


def change(post: Post, line: Line, by: Post) -> Proposal:
    """Propose another line of a post."""
    made = change_line(post=post, line=line, because=WHY, by=by, at=NOW)
    assert isinstance(made, Proposal)
    return made
