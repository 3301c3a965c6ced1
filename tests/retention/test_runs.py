"""What nothing keeps any more is selected, set aside by two people, and restored by one; a run that is too large, or was not forecast, stops itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.retention.commands import place_hold, restore_record, select_due, set_run_aside
from atlas.retention.ending import select_daily
from atlas.retention.models import DueRecord
from tests.retention.given import HELD, LATER, agreed, due_child, every_class_decided, forecast_made, keepers
from tests.tasks.test_tick import service


def sees(post: Post, child: Child) -> bool:
    with acting_as(post, LATER) as subject:
        seen = Child.objects.visible_to(subject).filter(pk=child.pk).exists()
        assert seen == Child.objects.filter(pk=child.pk).exists()
    return seen


def test_from_selection_to_restoring(own_database: Any, signed_in: Any) -> None:
    """One story, since each step stands on the one before."""
    given, by, child = keepers(), service(), due_child()
    privacy, head = given.privacy, given.head
    with pytest.raises(Invalid, match="Nothing is due"):  # nobody has decided how long such records are kept
        select_due(at_most=None, by=privacy, at=LATER)
    every_class_decided(given)
    run = select_due(at_most=None, by=privacy, at=LATER)
    assert run.stopped_because.startswith("Nothing was forecast for this month")
    forecast_made(given, by, own_database)
    client = signed_in(privacy, LATER)
    there = client.post(reverse("retention:select_due"), {"at_most": ""}).url
    assert child.name in (shown := client.get(there).content.decode()) and "1 record that nothing keeps" in shown
    with acting_as(privacy, LATER):
        run = type(run).objects.get(state="ready")
    # Two people set it aside, and a hold that was placed meanwhile wins.
    proposal = set_run_aside(run=run, because="I looked at it", by=privacy, at=LATER)
    with acting_as(privacy, LATER):
        assert DueRecord.objects.update(state="set_aside", erase_on=LATER.date()) == 0, "one alone set it aside in the database"
    hold = place_hold(given=HELD, by=privacy, at=LATER)
    agreed(proposal, head, LATER)
    with acting_as(head, LATER):
        assert run.records.get().state == "due"
    with pytest.raises(Invalid, match="Nothing is due"):
        select_due(at_most=None, by=privacy, at=LATER)
    lift(hold, privacy, head)
    run = select_due(at_most=None, by=privacy, at=LATER + timedelta(minutes=1))
    with pytest.raises(Invalid, match="days ago"):
        set_run_aside(run=run, because="Late", by=privacy, at=LATER + timedelta(days=8))
    agreed(
        set_run_aside(run=run, because="I looked at it", by=privacy, at=LATER + timedelta(minutes=2)), head, LATER + timedelta(minutes=3)
    )
    # Nobody sees the child, on any page, until one person restores it.
    assert not sees(privacy, child)
    client = signed_in(privacy, LATER + timedelta(minutes=4))
    with acting_as(head, LATER):
        record = run.records.get()
    assert (record.state, record.erase_on) == ("set_aside", LATER.date() + timedelta(days=30))
    page = client.get(reverse("retention:view_retention_runs")).content.decode()
    assert record.number in page and child.name not in page + client.get(there).content.decode()
    assert client.get(reverse("retention:view_child_retention", args=[child.pk])).status_code == 404
    with pytest.raises(Invalid, match="why it is kept"):
        restore_record(record=record, reason=" ", by=head, at=LATER)
    assert restore_record(record=record, reason="The family asked for it", by=head, at=LATER).state == "restored"
    assert sees(privacy, child)
    with pytest.raises(Invalid, match="not set aside"):
        restore_record(record=record, reason="Again", by=head, at=LATER)
    with pytest.raises(Invalid, match="Nothing is due"):  # not again within a year
        select_due(at_most=None, by=privacy, at=LATER)
    # Two more are more than one of the few that there are.
    due_child("Larch Elder"), due_child("Alder Elder")
    run = select_due(at_most=None, by=privacy, at=LATER + timedelta(minutes=5))
    assert run.state == "stopped" and "more than 1 of 4" in run.stopped_because
    with pytest.raises(Invalid, match="more than 1 of 4"):
        set_run_aside(run=run, because="All the same", by=privacy, at=LATER + timedelta(minutes=6))
    assert select_due(at_most=1, by=privacy, at=LATER + timedelta(minutes=7)).report["chosen"] == 1


def test_a_run_of_tick_s_is_told_to_the_privacy_officer_without_a_name(own_database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, str]] = []
    monkeypatch.setattr("atlas.retention.telling.send_email.defer", lambda **mail: sent.append(mail))
    given, by, child = keepers(), service(), due_child()
    every_class_decided(given)
    type(given.privacy.user).objects.filter(pk=given.privacy.user_id).update(email="privacy@example.org")
    type(given.head.user).objects.filter(pk=given.head.user_id).update(email="head@example.org")
    own_database("tick")
    assert select_daily(by=by, at=LATER) == 1 and select_daily(by=by, at=LATER) == 0  # once a day
    assert [(mail["to"], mail["subject"]) for mail in sent] == [
        ("privacy@example.org", "Atlas: a retention run stopped itself")
    ]  # nobody had forecast it
    own_database("app")
    forecast_made(given, by, own_database)
    own_database("tick")
    assert select_daily(by=by, at=LATER + timedelta(days=1)) == 1
    assert [mail["subject"] for mail in sent[1:]] == ["Atlas: a retention run waits for two people"]
    assert child.name.split()[0] not in str(sent)


def lift(hold: Any, privacy: Post, head: Post) -> None:
    from atlas.retention.commands import lift_hold

    agreed(lift_hold(hold=hold, because="It is over", by=privacy, at=LATER), head, LATER)
