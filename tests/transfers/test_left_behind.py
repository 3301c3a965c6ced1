"""What a transfer leaves behind: copies that were not filed, whoever offered, and what whoever is asked may not do before answering."""

from datetime import timedelta
from typing import Any

import pytest

from atlas.agencies.models import User
from atlas.copies.commands.channel import set_copy_channel
from atlas.copies.models import Channel, Copy
from atlas.gate.act import Refused
from atlas.gate.context import acting_as
from atlas.tasks.commands import acknowledge_alert, complete_task, record_call
from atlas.tasks.jobs import send_email
from atlas.tasks.models import Alert, Notice, Task
from atlas.transfers.commands.answer import answer_transfer
from tests import factories
from tests.copies.given import copying, over
from tests.transfers.test_transfers import AT, LATER, busy, of, started, there
from tests.world import make_world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """The e-mails that were handed on."""
    sent: list[dict[str, str]] = []
    monkeypatch.setattr(send_email, "defer", lambda **given: sent.append(given))
    return sent


@pytest.mark.parametrize("channel", [None, Channel.PASTE])
def test_a_copy_that_was_not_filed_waits_for_nobody(channel: Channel | None) -> None:
    world, other = make_world(), there()
    copying(world, Channel.PASTE)
    over(world)
    if channel is not None:
        officer = factories.post("data_officer", of=factories.team("Southmere data", of=other.manager.team.agency))
        set_copy_channel(authority=other.authority, channel=channel, by=officer, at=AT - DAY)
    transfer = started(world, other)
    assert dict(transfer.view["open"])["Not filed in the main system"] == ["1 finished record not filed in the main system yet"]
    answer_transfer(transfer=of(other.manager, transfer), is_accepted=True, lead=other.worker, by=other.manager, at=LATER)
    with acting_as(other.worker, LATER):
        copy, tasks = Copy.objects.get(), Task.objects.filter(name__contains="not filed before the child moved", state="open")
        if channel is not None:  # the main system of whoever is responsible now takes it, within its own time
            assert (copy.authority, copy.state, copy.rung, tasks.count()) == (other.authority, "waiting", 0, 0)
            assert copy.due_at > LATER and copy.climbs_at is not None
        else:  # nobody sends it any more: somebody is asked
            assert (copy.state, copy.climbs_at) == ("failed", None) and "moved to another authority" in copy.reason
            assert [task.owner_post for task in tasks] == [other.worker]


def test_before_answering_whoever_is_asked_acknowledges_rings_and_ticks_off_nothing() -> None:
    world, other = busy(), there()
    started(world, other)
    with acting_as(world.worker, AT):
        alert, task = Alert.objects.get(reason="child_missing", acknowledged_at=None), Task.objects.filter(state="open", clock=None).first()
    assert task is not None
    with pytest.raises(Refused):
        acknowledge_alert(alert=alert, by=other.manager, at=AT)
    with pytest.raises(Refused):
        record_call(alert=alert, answer=Notice.Answer.REACHED, by=other.manager, at=AT)
    with pytest.raises(Refused):
        complete_task(task=task, by=other.manager, at=AT)
    acknowledge_alert(alert=alert, by=world.worker, at=AT)


@pytest.mark.parametrize(("is_accepted", "words"), [(True, "has said yes"), (False, "has said no")])
def test_whoever_offered_is_told_the_answer_and_no_name(is_accepted: bool, words: str, mails: list[dict[str, Any]]) -> None:
    world, other = busy(), there()
    User.objects.filter(pk=world.manager.user_id).update(email="sample.manager@example.org")
    transfer = started(world, other)
    lead = other.worker if is_accepted else None
    answer_transfer(
        transfer=of(other.manager, transfer), is_accepted=is_accepted, lead=lead, words="Not known to live here", by=other.manager, at=LATER
    )
    (mail,) = mails
    assert mail["to"] == "sample.manager@example.org" and words in mail["words"] and "Southmere" in mail["words"]
    assert "Ashby" not in mail["words"] + mail["subject"] and "Not known to live here" not in mail["words"]
