"""At 18 what parents, school and guests were given ends on the day, and then the young person agrees, with exceptions (real-life.md 21)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.models import AgencyKind
from atlas.allocation.commands import record_allocation
from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid
from atlas.gate.policy import Purpose
from atlas.sharing.commands.carers import give_carer_page
from atlas.sharing.commands.disclosure import Grounds, ask_guest, disclose
from atlas.sharing.rules import Ground
from tests import factories
from tests.factories import NOW, at
from tests.sharing.guest_drill import GROUNDS, QUESTION, SURGERY, ask, proved
from tests.sharing.test_carers import CARER, PAGE
from tests.world import make_world


@pytest.mark.django_db
def test_what_parents_and_school_were_given_ends_on_the_day_and_then_the_young_person_agrees(texts: list[Any], clock: Any) -> None:
    world = make_world()
    world.child = factories.child("Yew Nearly", born_on=date(2008, 5, 8))
    day = at("8 May 2026 00:00")
    record_allocation(child=world.child, post=world.worker, from_at=Moment(NOW - timedelta(days=9)), by=factories.feed_post(), at=NOW)
    page = give_carer_page(child=world.child, guest=CARER, by=world.worker, at=NOW)
    school = factories.post("school", of=factories.team("Safeguarding lead", of=factories.agency("Elm Academy", AgencyKind.SCHOOL)))
    police = factories.post("police_officer", of=world.police.team)
    what: dict[str, Any] = {"child": world.child, "items": [f"who:{world.child.pk}"], "by": world.worker, "at": NOW}
    ends = {who: disclose(recipient=who, grounds=GROUNDS, **what).until_at for who in (school, police)}
    assert (page.expires_at, ends[school], ask(world).expires_at) == (day, day, day)
    assert ends[police] == NOW + timedelta(days=28)

    client = proved(page, texts)
    assert client.get(reverse(PAGE)).status_code == 200
    clock(day)
    assert client.get(reverse(PAGE)).status_code != 200

    what["at"] = day
    with pytest.raises(Invalid, match="is 18"):
        give_carer_page(child=world.child, guest=CARER, by=world.worker, at=day)
    with pytest.raises(Invalid, match="Ask them first"):
        disclose(recipient=school, grounds=GROUNDS, **what)
    with pytest.raises(Invalid, match="Ask them first"):
        ask_guest(guest=SURGERY, question=QUESTION, grounds=GROUNDS, **what)
    agreed = Grounds(Purpose.SECTION_17, Ground.PUBLIC_TASK, "She asked us to tell them", True, is_agreed=True)
    danger = Grounds(Purpose.SECTION_47, Ground.VITAL_INTEREST, "Her life is in danger", True)
    made = [disclose(recipient=school, grounds=grounds, **what) for grounds in (agreed, danger)]
    assert [(one.is_agreed, one.until_at) for one in made] == [(True, day + timedelta(days=28)), (False, day + timedelta(days=28))]
