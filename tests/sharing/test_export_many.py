"""More children than one person may take leave by two people: as many as they said, for the recipient and the purpose that they said."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from atlas.agencies.models import Post
from atlas.gate.act import Conflict, Invalid, Refused
from atlas.gate.commands import approve_proposal
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Outcome, Proposal
from atlas.gate.policy import PROPOSAL_LIFE, Kind
from atlas.sharing.commands.export import download_export, export_many
from atlas.sharing.models import Export, ExportFile
from tests import factories
from tests.factories import NOW
from tests.sharing.given import AFTER, asked, away, children_away, run, wanted
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
MOST = "atlas.sharing.commands.export.MOST_CHILDREN"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """The small world, three of whose children were missing, where one person may take two."""
    monkeypatch.setattr(MOST, 2)
    made = make_world()
    children_away(made, 3)
    return made


def officer(world: World) -> Post:
    """A privacy officer of the authority, in nobody's line."""
    made = factories.post("privacy_officer", of=factories.team("Information governance"))
    factories.duty(Kind.PRIVACY, world.authority, post=made)
    return made


def propose(by: Post, at_most: int = 4, at: Any = NOW, **given: Any) -> Proposal:
    made = export_many(wanted=wanted(**given), at_most=at_most, because="For the joint review", by=by, at=at)
    assert isinstance(made, Proposal)
    return made


def left(world: World) -> list[Export]:
    with acting_as(world.coordinator, AFTER):
        return list(Export.objects.all())


def test_one_person_only_proposes_and_the_privacy_officer_lets_it_leave_as_the_act_of_both(world: World) -> None:
    with pytest.raises(Invalid, match="at most 2 may leave"):
        asked(world.coordinator)
    proposal, second = propose(world.coordinator), officer(world)
    assert left(world) == []
    approve_proposal(proposal=proposal, by=second, at=NOW)
    [made] = left(world)
    assert (made.made_by, made.most_children, made.approval_id, made.outside_name) == (world.coordinator, 4, proposal.pk, "Sam Outside")
    job = ProcrastinateJob.objects.get(task_name="sharing.run_export")
    assert (job.args["post"], job.args["purpose"]) == (str(world.coordinator.pk), "missing_response")
    assert run(made, world.coordinator)
    [made] = left(world)
    assert (made.state, made.children_counted) == ("ready", 3)
    with acting_as(world.coordinator, AFTER):
        assert download_export(export=made, by=world.coordinator, at=AFTER)[0]
    with acting_as(second, NOW):
        act = Act.objects.get(command="export_many", outcome=Outcome.DONE)
        assert (act.post_id, act.proposed_by, act.result_id) == (second.pk, world.coordinator.pk, str(made.pk))
    with pytest.raises(Conflict, match="decided already"):
        approve_proposal(proposal=proposal, by=second, at=NOW)
    assert len(left(world)) == 1


def test_no_more_leave_than_two_people_said_also_where_more_are_there_when_it_is_made(world: World) -> None:
    approve_proposal(proposal=propose(world.coordinator, at_most=3), by=officer(world), at=NOW)
    [made] = left(world)
    away(world, world.child, 4)
    assert not run(made, world.coordinator)
    [made] = left(world)
    assert (made.state, made.children_counted) == ("stopped", None)


def test_only_whoever_may_export_proposes_and_only_a_privacy_officer_of_another_line_approves(world: World) -> None:
    first, second = world.coordinator, officer(world)
    for by, error in ((world.worker, Refused), (second, Invalid), (world.police, Refused)):
        with pytest.raises(error):
            propose(by)
    for at_most, match in ((2, "from 3 to 2000"), (2001, "from 3 to 2000")):
        with pytest.raises(Invalid, match=match):
            propose(first, at_most=at_most)
    children_away(world, 4)
    with pytest.raises(Invalid, match="you ask for at most 3"):
        propose(first, at_most=3)
    proposal = propose(first, at_most=9)
    head = factories.post("head_of_service", of=factories.team("Leadership"))
    for by in (first, world.manager, head):
        with pytest.raises(Conflict, match="second person"):
            approve_proposal(proposal=proposal, by=by, at=NOW)
    with pytest.raises(Conflict, match="waited too long"):
        approve_proposal(proposal=proposal, by=second, at=NOW + PROPOSAL_LIFE)
    first.line_manager = second
    first.save()
    with pytest.raises(Conflict, match="second person"):
        approve_proposal(proposal=proposal, by=second, at=NOW)
    assert left(world) == []


@pytest.mark.parametrize("who", ["first", "second", "recipient"])
def test_where_one_of_them_has_left_meanwhile_nothing_leaves(world: World, who: str) -> None:
    second, recipient = officer(world), factories.post("police_missing", of=factories.team("Missing unit"))
    proposal = propose(world.coordinator, recipient=recipient, outside_name="", outside_organisation="")
    gone = {"first": world.coordinator, "second": second, "recipient": recipient}[who]
    Post.objects.filter(pk=gone.pk).update(
        until_on=NOW.date() - timedelta(days=1), role="business_support" if who == "recipient" else gone.role
    )
    gone.refresh_from_db()
    with pytest.raises((Refused, Conflict, Invalid)):
        approve_proposal(proposal=proposal, by=second, at=NOW)
    with acting_as(factories.feed_post(), NOW):
        assert ProcrastinateJob.objects.count() == 0


def test_up_to_the_most_of_one_person_no_second_is_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MOST, 3)
    with pytest.raises(Invalid, match="without a second person"):
        propose(world.coordinator, at_most=5)


def columns_of(world: World, **more: Any) -> dict[str, Any]:
    """An export that no command made."""
    given = wanted()
    return {
        "reference": f"EX-{uuid4().hex[:8]}", "mark": b"x" * 16, "listed": given.listed, "columns": list(given.columns), "format": given.format,
        "period_from": given.period[0], "period_until": given.period[1], "purpose": given.purpose, "reason": given.reason, "outside_name": given.outside_name,
        "outside_organisation": given.outside_organisation, "made_by": world.coordinator, "agency": world.coordinator.team.agency, "asked_at": NOW,
        "until_at": NOW + timedelta(days=7), "policy": "x", **more,
    }  # fmt: skip


def test_the_database_lets_more_leave_for_no_single_login_and_only_as_approved(world: World) -> None:
    second, other = officer(world), factories.post("health")
    proposal = propose(world.coordinator, at_most=250)
    with acting_as(world.coordinator, NOW):
        alone = Export(**columns_of(world, most_children=2000))
        alone.save(force_insert=True)
        alone.refresh_from_db()
        assert alone.most_children == 200  # whatever was said
        with pytest.raises(IntegrityError), transaction.atomic():
            Export.objects.filter(pk=alone.pk).update(children_counted=201)
        change: dict[str, Any]
        for change in ({"most_children": 300}, {"recipient": other}, {"purpose": "panel"}, {"approval": proposal}, {"made_by": other}):
            with pytest.raises(DatabaseError, match="not altered"), transaction.atomic():
                Export.objects.filter(pk=alone.pk).update(**change)
        with pytest.raises(DatabaseError, match="two people alone"), transaction.atomic():
            Export(**columns_of(world, most_children=250, approval=proposal)).save(force_insert=True)
    with acting_as(second, NOW):
        Proposal.objects.filter(pk=proposal.pk).update(state="approved", decided_by=second)
        for change in (
            {"most_children": 251}, {"made_by": second}, {"outside_name": "Somebody else"}, {"purpose": "panel"}, {"columns": ["child"]}, {"reason": "Other"},
            {"period_from": NOW.date()}, {"until_at": NOW + timedelta(days=28)}, {"recipient": other, "outside_name": "", "outside_organisation": ""},
            {"format": "pdf"}, {"state": "ready", "children_counted": 1, "delivered_at": NOW},
        ):  # fmt: skip
            with pytest.raises(DatabaseError, match="two people alone"), transaction.atomic():
                Export.objects.bulk_create([Export(**{**columns_of(world, most_children=250, approval=proposal), **change})])
        Export.objects.bulk_create([Export(**columns_of(world, most_children=250, approval=proposal))])
        with pytest.raises(IntegrityError), transaction.atomic():  # twice on one approval
            Export.objects.bulk_create([Export(**columns_of(world, most_children=250, approval=proposal))])


def test_the_database_lets_no_file_hold_more_than_its_export_may(world: World) -> None:
    approve_proposal(proposal=propose(world.coordinator, at_most=3), by=officer(world), at=NOW)
    [made] = left(world)
    with acting_as(world.coordinator, AFTER), pytest.raises(DatabaseError, match="two people alone"), transaction.atomic():
        ExportFile(
            export=made, children=[uuid4() for _ in range(4)], record="missing", made_by=world.coordinator, content=b"x", secret=b"x", until_at=made.until_at
        ).save(force_insert=True)  # fmt: skip


def test_the_list_of_exports_says_the_one_number_at_which_it_takes_two(
    world: World, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("atlas.sharing.export_views.MOST_CHILDREN", 150)
    assert "More than 150 children" in signed_in(world.coordinator).get(reverse("sharing:view_exports")).content.decode()


def test_the_pages_from_proposing_to_fetching(world: World, signed_in: Any) -> None:
    second, client = officer(world), signed_in(world.coordinator)
    path = reverse("sharing:export_many", args=["missing_episodes"])
    assert path in client.get(reverse("sharing:view_exports")).content.decode()
    given = wanted()
    typed = {
        "key": str(uuid4()), "recipient": "", "outside_name": given.outside_name, "outside_organisation": given.outside_organisation,
        "purpose": given.purpose, "reason": given.reason, "columns": list(given.columns), "format": given.format, "days": "7", "at_most": "250",
        "from_on_0": "1", "from_on_1": "4", "from_on_2": "2026", "until_on_0": "31", "until_on_1": "5", "until_on_2": "2026",
    }  # fmt: skip
    few = client.post(path, {**typed, "at_most": "100"})
    assert (few.status_code, "Sam Outside" in few.content.decode()) == (422, True)
    proposal_path = client.post(path, typed).headers["Location"]
    assert "You proposed this yourself" in client.get(proposal_path).content.decode()
    client = signed_in(second)
    shown = client.get(proposal_path).content.decode()
    assert "At most 250 children leave Atlas" in shown
    assert "Sam Outside, Review panel" in shown
    client.post(proposal_path.replace("view_proposal", "approve_proposal"), {"key": str(uuid4())})
    assert "Approved and done" in client.get(proposal_path).content.decode()
    assert client.get(path).headers["Location"] == reverse("desk:view_proposals")  # who may not export proposes none
    assert "Being made" in signed_in(world.coordinator).get(reverse("sharing:view_exports")).content.decode()
