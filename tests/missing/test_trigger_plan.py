"""The trigger plan: made before a child goes missing, current, one tap away, on paper, and silent about a sealed location."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Look
from atlas.missing.commands.trigger import add_trigger_action, confirm_trigger_plan, withdraw_trigger_action, write_trigger_plan
from atlas.missing.models import TriggerAction, TriggerPlan, TriggerPlanVersion
from atlas.missing.queries.plans import children_with_plan, on_paper, ready
from atlas.missing.rules.trigger_plan import why_stale
from atlas.sealed.commands import seal_set
from tests.factories import NOW
from tests.missing.test_spine import reported
from tests.world import World, make_world

LATER = NOW + timedelta(hours=2)
PLAN_WORDS = {
    "kept_by": "foster", "keeper_words": "Jo Rivers, 07700 900111", "made_with": "child", "looks_words": "Tall, red hair",
    "places_words": "The skate park", "telephone_words": "07700 900222", "reach_words": "Text me, do not ring",
}  # fmt: skip


@pytest.mark.parametrize(
    ("days", "moved", "number", "missing", "count"),
    [
        (30, None, None, None, 0),  # the last day
        (31, None, None, None, 1),
        (5, NOW.date() - timedelta(days=5), None, None, 0),  # moved on the day on which it was confirmed
        (5, NOW.date() - timedelta(days=4), NOW.date(), None, 2),
        (5, None, None, NOW - timedelta(days=6), 0),  # an episode from before it was confirmed
        (40, NOW.date(), NOW.date(), NOW, 4),
    ],
)
def test_a_plan_says_why_it_must_be_read_again(days: int, moved: date | None, number: date | None, missing: Any, count: int) -> None:
    assert len(why_stale(NOW - timedelta(days=days), NOW, moved_on=moved, number_changed_on=number, missing_at=missing)) == count


def written(world: World) -> TriggerPlan:
    """The worker writes it with the foster carer."""
    return write_trigger_plan(child=world.child, words=PLAN_WORDS, by=world.worker, at=NOW - timedelta(days=3))


@pytest.mark.django_db
def test_a_plan_is_written_changed_and_confirmed_and_each_version_stands() -> None:
    world = make_world()
    with pytest.raises(Invalid, match="what those who look"):
        write_trigger_plan(child=world.child, words={"kept_by": "home", "keeper_words": "Jo"}, by=world.worker, at=NOW)
    with pytest.raises(Refused):
        write_trigger_plan(child=world.child, words=PLAN_WORDS, by=world.stranger, at=NOW)
    plan = written(world)
    write_trigger_plan(child=world.child, words={"looks_words": "Tall, short hair"}, by=world.coordinator, at=NOW)
    confirm_trigger_plan(plan=plan, by=world.worker, at=LATER)
    with acting_as(world.worker, LATER):
        versions = list(TriggerPlanVersion.objects.order_by("number").values_list("why", "changed"))
        assert [why for why, _ in versions] == ["written", "changed", "confirmed"]
        assert versions[1] == ("changed", "How the child looks")
        kept = TriggerPlanVersion.objects.get(number=1)
        assert kept.content["looks_words"] == "Tall, red hair"
        assert not {"places_words", "telephone_words", "keeper_words"} & set(kept.content)
        assert TriggerPlan.objects.get().places_words == "The skate park"


@pytest.mark.django_db
def test_police_read_it_when_the_child_is_missing_and_it_prints_with_what_is_known_now(signed_in: Any) -> None:
    world = make_world()
    plan = written(world)
    add_trigger_action(plan=plan, trigger="30 minutes late", actor="Carer", action="Ring March", within_minutes=30, by=world.worker, at=NOW)
    out = add_trigger_action(plan=plan, trigger="Midnight", actor="Carer", action="Wait", by=world.worker, at=NOW)
    with pytest.raises(Invalid, match="who does it"):
        add_trigger_action(plan=plan, trigger="Dusk", actor=" ", action="Look", by=world.worker, at=NOW)
    withdraw_trigger_action(action=out, by=world.worker, at=NOW)
    address, paper = reverse("missing:view_trigger_plan", args=[world.child.pk]), reverse("missing:print_trigger_plan", args=[plan.pk])
    assert signed_in(world.police, NOW).get(address).status_code == 404  # until the child is missing
    episode = reported(world)
    police = signed_in(world.police, LATER)
    shown = police.get(address).content.decode()
    assert "The skate park" in shown and "Ring March" in shown and "Wait" not in shown
    assert "been missing since" in shown  # it must be read again
    assert (
        reverse("missing:view_trigger_plan", args=[world.child.pk])
        in police.get(reverse("missing:view_episode", args=[episode.pk])).content.decode()
    )
    printed = police.get(paper)
    assert printed.content[:5] == b"%PDF-" and printed.headers["Cache-Control"] == "no-store"
    with acting_as(world.police, LATER) as subject:
        assert Look.objects.get(page="print_trigger_plan").children == [world.child.pk]
        child = children_with_plan().get(pk=world.child.pk)
        view = on_paper(subject, child, ready(subject, child, child.trigger_plan, is_sealed=False))
        assert ("Missing episode", episode.reference) in [line for item in view["items"] for line in item["lines"]]
        assert TriggerAction.objects.count() == 2


@pytest.mark.django_db
def test_nothing_of_where_the_child_is_stands_in_it_once_that_is_sealed(signed_in: Any) -> None:
    world = make_world()
    written(world)
    seal_set(child=world.child, kind="location", values={"address": "9 Fen Row"}, by=world.worker, at=NOW)
    client, form = signed_in(world.worker, LATER), reverse("missing:write_trigger_plan", args=[world.child.pk])
    shown = client.get(reverse("missing:view_trigger_plan", args=[world.child.pk])).content.decode()
    with acting_as(world.worker, LATER) as subject:
        child = children_with_plan().get(pk=world.child.pk)
        paper = str(on_paper(subject, child, ready(subject, child, child.trigger_plan, is_sealed=True)))
    for said in ("The skate park", "07700 900222", "Jo Rivers"):
        assert said not in shown and said not in paper and said not in client.get(form).content.decode()
    assert "Tall, red hair" in shown and "ring the custodians" in paper
    with pytest.raises(Invalid, match="sealed location"):
        write_trigger_plan(child=world.child, words={"places_words": "9 Fen Row"}, by=world.worker, at=LATER)
    sent = {"kept_by": "home", "made_with": "child", "looks_words": "Tall", "key": "k"}
    assert client.post(form, sent).status_code == 302
