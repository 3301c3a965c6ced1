"""A hold keeps whatever its class says: one child, or what children have in common across the whole store; it is looked at again, and lifted by two people."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.missing.commands.report import Report, report_missing
from atlas.retention.commands import HoldGiven, hold_child, lift_hold, place_hold, review_hold
from atlas.retention.models import Hold
from atlas.retention.queries import holds, reckoned
from tests.factories import NOW
from tests.retention.given import HELD, LATER, Keepers, agreed, born, keepers

pytestmark = pytest.mark.django_db


def held(given: Keepers) -> set[object]:
    """The children whom a hold keeps."""
    with acting_as(given.privacy, LATER):
        return {one.child for one in reckoned(given.world.authority, LATER.date()) if one.held_by}


def test_by_matter_agency_and_period() -> None:
    given = keepers()
    gone, still = given.world.child, born(date(2011, 3, 27))
    report_missing(child=gone, report=Report(reported=Moment(NOW)), by=given.world.worker, at=NOW)
    today, police = NOW.date(), given.world.police.team.agency
    council = given.world.worker.team.agency
    both: set[object] = {gone.pk, still.pk}
    # matter   agency    period                                              whom it keeps
    for about, whom in (
        ({"matter": "missing"},                                                 {gone.pk}),
        ({"matter": "exploitation"},                                            set()),
        ({},                                                                     both),
        ({"agency": council},                                                    both),  # its front door answers for the other
        ({"matter": "missing", "agency": council, "period_from": today},        {gone.pk}),
        ({"agency": police, "period_until": today - timedelta(days=400)},        set()),
        ({"period_until": today - timedelta(days=401)},                          set()),
    ):  # fmt: skip
        hold = place_hold(given=replace(HELD, **about), by=given.privacy, at=NOW)
        assert held(given) == whom, about
        agreed(lift_hold(hold=hold, because="The inquiry is over", by=given.privacy, at=NOW), given.head)
        assert held(given) == set()


def test_of_one_child_until_two_people_lift_it() -> None:
    given = keepers()
    child = born(date(2011, 3, 27))
    hold = hold_child(child=child, given=HELD, by=given.privacy, at=NOW)
    assert held(given) == {child.pk}
    review_hold(hold=hold, words="The claim goes on", review_on=LATER.date() + timedelta(days=90), by=given.head, at=LATER)
    with acting_as(given.head, LATER):
        assert holds(given.world.authority).get().look_on == LATER.date() + timedelta(days=90)  # type: ignore[attr-defined]
    proposal = lift_hold(hold=hold, because="It is over", by=given.head, at=LATER)
    with acting_as(given.head, LATER):
        assert Hold.objects.filter(pk=hold.pk).update(lifted_at=LATER, lifted_by=given.head) == 0, "one alone lifted it in the database"
    assert held(given) == {child.pk}
    agreed(proposal, given.privacy, LATER)
    assert held(given) == set()


WRONG: list[tuple[dict[str, object], str]] = [
    ({"reason": " "}, "why nothing of it may go"),
    ({"demand_words": ""}, "who demands it"),
    ({"review_on": NOW.date()}, "within a year"),
    ({"review_on": NOW.date() + timedelta(days=400)}, "within a year"),
    ({"period_from": date(2026, 2, 1), "period_until": date(2026, 1, 1)}, "last day is before the first"),
]


def test_what_is_wrong_is_said() -> None:
    given = keepers()
    for other, said in WRONG:
        with pytest.raises(Invalid, match=said):
            place_hold(given=replace(HELD, **other), by=given.privacy, at=NOW)  # type: ignore[arg-type]


def test_from_the_screen(signed_in) -> None:  # type: ignore[no-untyped-def]
    given = keepers()
    child = born(date(2011, 3, 27))
    client = signed_in(given.privacy, NOW)
    when = NOW.date() + timedelta(days=30)
    typed = {
        "demand": "court",
        "demand_words": "Claim 7",
        "reason": "A claim",
        "review_on_0": when.day,
        "review_on_1": when.month,
        "review_on_2": when.year,
    }
    assert client.post(reverse("retention:hold_child", args=[child.pk]), typed).status_code == 302
    assert client.post(reverse("retention:place_hold"), typed | {"matter": "exploitation"}).status_code == 302
    shown = client.get(reverse("retention:view_child_retention", args=[child.pk])).content.decode()
    assert "Held: nothing of it goes" in shown and "has not decided" in shown
    assert client.get(reverse("retention:view_holds")).content.decode().count("Claim 7") >= 2
    assert isinstance(HELD, HoldGiven)
