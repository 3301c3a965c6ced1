"""The sharing register: what left an agency, counted from the record, for its privacy officer alone; what is few is not said."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.gate.context import acting_as
from atlas.oversight.sharing_register import FEW, PERIOD, register, said
from atlas.sharing.commands.disclosure import disclose, refuse_to_share
from tests import factories
from tests.factories import NOW
from tests.sharing.mine_drill import give
from tests.sharing.views_drill import GROUNDS
from tests.world import make_world

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def test_what_left_is_counted_for_the_agency_s_privacy_officer_alone(signed_in: Any) -> None:
    world = make_world()
    police = factories.post("police_officer", of=factories.team("Public protection", of=factories.agency("Northmarch Police")))
    for minutes in range(6):
        disclose(
            child=world.child,
            recipient=police,
            items=[f"who:{world.child.pk}"],
            grounds=GROUNDS,
            by=world.worker,
            at=NOW + timedelta(minutes=minutes),
        )
    refuse_to_share(child=world.child, grounds=replace(GROUNDS, asked_words="A landlord asked, for a reference"), by=world.worker, at=NOW)
    give(world)
    officer = factories.post("privacy_officer", of=factories.team("Information governance", of=world.worker.team.agency))
    elsewhere = factories.post("privacy_officer", of=factories.team("Records", of=police.team.agency))
    with acting_as(officer, LATER):
        held = register(LATER - PERIOD, LATER)
        assert [(line.to, line.many, line.refused) for line in held["disclosure"]] == [
            ("Nobody", "0", FEW),
            ("Northmarch Police", "6", "0"),
        ]
        assert [(line.to, line.many) for line in held["copy"]] == [("The child", FEW)]
        assert register(NOW - PERIOD, NOW)["disclosure"] == []  # before it was shared
    for post in (elsewhere, world.worker, world.manager, factories.post("head_of_service")):
        with acting_as(post, LATER):
            assert not any(register(LATER - PERIOD, LATER).values())
    page = signed_in(officer, LATER).get(reverse("oversight:view_sharing_register")).content.decode()
    assert "Northmarch Police" in page and "public task" in page and world.child.name not in page
    assert "None in the last year" in page and "Practitioner" in page
    assert signed_in(world.manager, LATER).get(reverse("oversight:view_sharing_register")).status_code == 404


def test_few_are_not_said() -> None:
    assert [said(count) for count in (0, 1, 5, 6, 1200)] == ["0", FEW, FEW, "6", "1,200"]
