"""Children whom another authority placed here: the notice, the register, and whom to ring at night; no full record is opened."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import Authority
from atlas.allocation.models import ResponsibleTeam
from atlas.children.commands import Known
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.missing.commands.back import record_return
from atlas.missing.commands.placed_in import NoticeOf, end_placed_in, record_placed_in, register_placed_in
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.models import PlacedInNotice, ReturnInterview
from atlas.missing.rules.placed_in import judged
from atlas.tasks.models import Task
from tests import factories
from tests.factories import NOW
from tests.world import make_world

TODAY = NOW.date()
KNOWN = Known("Rowan", "Placed", date(2012, 2, 3))
NOTICE = NoticeOf(
    TODAY - timedelta(days=9),
    TODAY - timedelta(days=10),
    home_name="Elm House",
    out_of_hours_telephone="01632 960111",
    risk_told="Has gone missing before",
)


@pytest.mark.parametrize(
    ("placed_on", "notified_on", "is_emergency", "came"),
    [
        (date(2025, 5, 1), date(2025, 5, 1), False, "in time"),
        (date(2025, 5, 1), date(2025, 5, 2), False, "late"),
        (date(2025, 5, 1), date(2025, 5, 9), True, "in time"),  # five working days, over a bank holiday
        (date(2025, 5, 1), date(2025, 5, 10), True, "late"),
        (date(2025, 5, 1), None, True, "absent"),
    ],
)
def test_when_notice_is_due(placed_on: date, notified_on: date | None, is_emergency: bool, came: str) -> None:
    assert judged(placed_on, notified_on, is_emergency=is_emergency) == came


@pytest.mark.django_db
def test_a_child_placed_here_is_on_the_register_and_opens_no_full_record(signed_in: Any) -> None:
    world, other = make_world(), factories.authority("Southmere")
    Authority.objects.filter(pk=other.pk).update(is_partner=False)
    by: dict[str, Any] = {"by": world.coordinator, "at": NOW}
    with pytest.raises(Invalid, match="own authority"):
        register_placed_in(known=KNOWN, responsible=world.authority, notice=NOTICE, **by)
    with pytest.raises(Invalid, match="at least one number"):
        register_placed_in(known=KNOWN, responsible=other, notice=NoticeOf(TODAY), **by)
    with pytest.raises(Invalid, match="may be this one"):
        register_placed_in(known=Known("Ash", "Example", date(2011, 3, 4)), responsible=other, notice=NOTICE, **by)
    with pytest.raises(Invalid, match="Fernleigh’s child"):
        register_placed_in(known=Known("Ashby", "Example", date(2011, 3, 4)), responsible=other, notice=NOTICE, **by)
    with pytest.raises(Refused):
        register_placed_in(known=KNOWN, responsible=other, notice=NOTICE, by=world.worker, at=NOW)
    notice = register_placed_in(known=KNOWN, responsible=other, notice=NOTICE, **by)
    with acting_as(world.coordinator, NOW):
        child = Child.objects.get(pk=notice.child_id)
        assert (child.responsible_authority, child.host_authority) == (other, world.authority)
        assert not ResponsibleTeam.objects.filter(child=child).exists()
    with pytest.raises(Invalid, match="stands already"):
        record_placed_in(child=child, responsible=other, notice=NOTICE, **by)
    text = signed_in(world.coordinator, NOW).get(reverse("missing:view_placed_in")).content.decode()
    assert "Rowan Placed" in text and "tel:01632960111" in text and "Notice in time" in text
    # At night the child goes missing: the episode says who is responsible and whom to ring; the interview owed has somebody to chase it.
    episode = report_missing(child=child, report=Report(reported=Moment(NOW)), **by)
    shown = signed_in(world.coordinator, NOW).get(reverse("missing:view_episode", args=[episode.pk])).content.decode()
    assert "Southmere" in shown and "tel:01632960111" in shown
    record_return(episode=episode, returned_at=Moment(NOW), **by)
    with acting_as(world.coordinator, NOW):
        interview = ReturnInterview.objects.get(episode=episode)
        assert (interview.responsible_authority, interview.host_authority) == (other, world.authority)
        assert Task.objects.get(child=child, clock__limit="return_interview").owner_team == world.missing_team
    with pytest.raises(Invalid, match="between"):
        end_placed_in(notice=notice, ended_on=TODAY - timedelta(days=90), reason="Moved", **by)
    assert end_placed_in(notice=notice, ended_on=TODAY, reason="Back in Southmere", **by).ended_on == TODAY
    stranger = signed_in(factories.post("missing_coordinator", of=factories.team("Elsewhere")), NOW)
    assert "Rowan" not in stranger.get(reverse("missing:view_placed_in")).content.decode()
    assert signed_in(world.worker, NOW).get(reverse("missing:register_placed_in")).status_code == 404


@pytest.mark.django_db
def test_one_missing_from_here_without_notice_is_named_and_the_form_records_it(signed_in: Any) -> None:
    world, other = make_world(), factories.authority("Southmere")
    child = factories.child("Robin Unannounced", of=other, host=world.authority)
    report_missing(child=child, report=Report(reported=Moment(NOW)), by=world.coordinator, at=NOW)
    client = signed_in(world.coordinator, NOW)
    assert "Robin Unannounced" in client.get(reverse("missing:view_placed_in")).content.decode()
    day = {f"{name}_{part}": value for name in ("born_on", "placed_on") for part, value in zip((0, 1, 2), ("4", "3", "2011"), strict=True)}
    day |= {"placed_on_2": "2026"}
    sent = {
        **day,
        "forename": "Robin",
        "surname": "Unannounced",
        "sex": "U",
        "responsible": str(other.pk),
        "heard_from": "home",
        "worker_telephone": "01632 960222",
    }
    answered = client.post(reverse("missing:register_placed_in"), sent)
    assert answered.status_code == 302, answered.content.decode()
    with acting_as(world.coordinator, NOW):
        notice = PlacedInNotice.objects.get()
        assert (notice.child, notice.notified_on, notice.heard_from) == (child, None, "home")
    assert "No notice" in client.get(reverse("missing:view_placed_in")).content.decode()
