"""Several children, one report: typed once, recorded for each, linked for whoever may see both, split and undone, and apart in all else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.connections.commands import block_worker, record_tie
from atlas.connections.models import Tie
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Act, BlockSource
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.together import record_missing_together, record_return_together, report_missing_together, split_missing_together
from atlas.missing.models import Episode, MissingTogether, ReturnInterview
from atlas.missing.queries.together import may_belong, together_with
from atlas.missing.rules.together import names_one
from atlas.missing.workflow import EpisodeState
from atlas.tasks.models import Alert
from tests import factories
from tests.factories import NOW
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
WORDS = Report(reported=Moment(NOW), worry="They did not come home from school", clothing="A red coat")
SOON = NOW + timedelta(minutes=5)


def sister_of(world: World, name: str = "Wren Example") -> Child:
    """A sister of the child, whom the coordinator may report too."""
    sister = factories.child(name)
    privacy = factories.guardian(world.authority)
    record_tie(child=world.child, other=sister, kind=Tie.Kind.SIBLING, grade=Tie.Grade.TOLD, source="Their aunt", by=privacy, at=NOW)
    return sister


def both(world: World, sister: Child) -> list[Episode]:
    """The two are reported by one report; their episodes, as the coordinator reads them."""
    wore = {sister.pk: "A green hat"}
    report_missing_together(children=(world.child, sister), report=WORDS, wore=wore, by=world.coordinator, at=NOW)
    with acting_as(world.coordinator, NOW):
        found = {one.child_id: one for one in Episode.objects.select_related("child", "responsible_authority", "host_authority")}
    return [found[world.child.pk], found[sister.pk]]


def seen(world: World, post: Any, episode: Episode) -> list[str]:
    """With whom the child is missing, as this post reads it; the database says the same as the query."""
    with acting_as(post, SOON):
        shown = [one.other_child.name for one in together_with(episode)]
        assert MissingTogether.objects.filter(episode=episode, ended_at=None).count() == len(shown)
    return shown


def test_one_report_makes_an_episode_clocks_and_words_for_each() -> None:
    world = make_world()
    ours, hers = both(world, sister_of(world))
    assert (ours.worry, hers.worry) == (WORDS.worry, WORDS.worry)
    assert (ours.clothing, hers.clothing) == ("A red coat", "A green hat")
    assert ours.reference != hers.reference
    with acting_as(world.coordinator, NOW):
        assert Alert.objects.filter(reason="child_missing").count() == 2
        assert all(Clock.objects.filter(child=one.child).exists() for one in (ours, hers))
        acts = Act.objects.filter(command="report_missing", outcome="done").values_list("child_id", flat=True)
        assert set(acts) == {ours.child_id, hers.child_id}
    assert (seen(world, world.coordinator, ours), seen(world, world.coordinator, hers)) == (["Wren Example"], ["Ashby Example"])


def test_no_link_is_shown_to_whoever_may_not_see_both() -> None:
    world = make_world()
    sister = sister_of(world)
    ours, hers = both(world, sister)
    assert seen(world, world.worker, ours) == []  # works with one of the two alone
    block_worker(child=sister, user=world.police.user, source=BlockSource.WISH, by=factories.guardian(world.authority), at=NOW)
    assert seen(world, world.police, ours) == []
    factories.guard(sister, "hidden", world.coordinator, at=NOW)
    assert seen(world, world.coordinator, ours) == ["Wren Example"]
    stranger = factories.post("missing_coordinator", of=world.missing_team)
    assert seen(world, stranger, ours) == []
    with acting_as(stranger, SOON) as subject:
        assert may_belong(subject, ours) == []
    with pytest.raises(Refused):
        record_missing_together(episode=ours, other=hers, by=stranger, at=SOON)


def test_words_that_name_one_of_them_are_refused_and_nothing_is_done() -> None:
    world = make_world()
    sister = sister_of(world)
    pair, by = (world.child, sister), world.coordinator
    named = (replace(WORDS, worry="Wren rang at six"), "worry"), (replace(WORDS, tried="rang ashby example"), "tried")
    for words, field in (*named, (replace(WORDS, clothing="Wren's coat"), "clothing")):
        with pytest.raises(Invalid) as said:
            report_missing_together(children=pair, report=words, by=by, at=NOW)
        assert said.value.field == field
    report_missing(child=sister, report=WORDS, by=world.coordinator, at=NOW)
    with pytest.raises(Invalid, match="Wren Example: This child is already recorded as missing"):
        report_missing_together(children=pair, report=WORDS, by=by, at=NOW)
    with acting_as(world.coordinator, NOW):
        assert Episode.objects.count() == 1
    assert names_one("They wren away", ["Wren Example"]) is False


def test_a_return_is_one_child_s_and_the_same_words_serve_the_others() -> None:
    world = make_world()
    ours, hers = both(world, sister_of(world))
    third = factories.child("Robin Third")
    later = NOW + timedelta(hours=3)
    alone = report_missing(child=third, report=WORDS, by=world.coordinator, at=NOW)
    with pytest.raises(Invalid, match="not together"):
        record_return_together(episodes=(ours, alone), returned_at=Moment(later), by=world.coordinator, at=later)
    record_return_together(episodes=(ours, hers), returned_at=Moment(later), returned_to="Home", by=world.coordinator, at=later)
    with acting_as(world.coordinator, later):
        back = {one.pk: one for one in Episode.objects.filter(state=EpisodeState.RETURNED)}
        assert set(back) == {ours.pk, hers.pk}
        assert {one.returned_to for one in back.values()} == {"Home"}
        assert set(ReturnInterview.objects.values_list("child_id", flat=True)) == {ours.child_id, hers.child_id}
        assert Clock.objects.filter(limit="return_interview").count() == 2


def test_they_are_split_with_a_reason_and_linked_anew() -> None:
    world = make_world()
    ours, hers = both(world, sister_of(world))
    with acting_as(world.coordinator, SOON):
        link = MissingTogether.objects.select_related("child", "episode", "other_child").get(episode=ours)
    with pytest.raises(Invalid, match="how it is known"):
        split_missing_together(together=link, because=" ", by=world.coordinator, at=SOON)
    with pytest.raises(Refused):
        split_missing_together(together=link, because="Seen apart", by=world.worker, at=SOON)
    split_missing_together(together=link, because="Seen apart", by=world.coordinator, at=SOON)
    assert seen(world, world.coordinator, ours) == seen(world, world.coordinator, hers) == []
    record_missing_together(episode=hers, other=ours, because="A friend says so", by=world.coordinator, at=SOON)
    assert seen(world, world.coordinator, ours) == ["Wren Example"]
    with acting_as(world.coordinator, SOON):
        acts = Act.objects.filter(command="split_missing_together", outcome="done").values_list("child_id", flat=True)
        assert set(acts) == {ours.child_id, hers.child_id}
        assert {one.state for one in Episode.objects.all()} == {EpisodeState.MISSING}


def test_the_pages_choose_others_keep_what_was_typed_and_record_both(signed_in: Any) -> None:
    world = make_world()
    sister, friend = sister_of(world), factories.child("Robin Friend")
    client, address = signed_in(world.coordinator, SOON), reverse("missing:report_missing", args=[world.child.pk])
    day = {"reported_0": "5", "reported_1": "5", "reported_2": "2026", "reported_3": "10:00", "reported_4": "minute"}
    typed = {"worry": "Not home", "others": "", **day}
    page = client.get(address).content.decode()
    assert "Wren Example (brother or sister)" in page and "Robin Friend" not in page  # those tied first
    assert "Robin Friend" in client.post(address, {**typed, "find": "robin", "look": "1"}).content.decode()
    chosen = client.post(address, {**typed, "add": str(friend.pk)})
    assert chosen.status_code == 200
    assert "Not home" in chosen.content.decode() and "Leave out Robin Friend" in chosen.content.decode()
    assert f'name="wore_{friend.pk}"' in chosen.content.decode()
    assert "Leave out" not in client.post(address, {**typed, "others": str(friend.pk), "leave_out": str(friend.pk)}).content.decode()
    refused = client.post(address, {**typed, "worry": "Robin rang", "others": str(friend.pk), "key": "a"})
    assert refused.status_code == 422
    assert "Leave the children’s names out" in refused.content.decode() and "Robin rang" in refused.content.decode()
    sent = client.post(address, {**typed, "others": f"{friend.pk} {sister.pk}", f"wore_{friend.pk}": "A cap", "key": "b"})
    assert sent.status_code == 302
    with acting_as(world.coordinator, SOON):
        ours = Episode.objects.get(child=world.child)
        link = MissingTogether.objects.get(episode=ours, other_child=friend)
        assert Episode.objects.get(child=friend).clothing == "A cap"
    shown = client.get(sent.url).content.decode()
    assert "Missing together with" in shown and "Robin Friend" in shown and "Wren Example" in shown
    split = client.post(reverse("missing:split_missing_together", args=[link.pk]), {"because": "Seen apart", "key": "c"})
    assert split.status_code == 302 and "Robin Friend" not in client.get(sent.url).content.decode()
    again = reverse("missing:record_missing_together", args=[ours.pk])
    assert "Robin Friend" in client.get(again).content.decode()
    back = reverse("missing:record_return", args=[ours.pk])
    waiting = client.get(back).content.decode()
    assert "Wren Example" in waiting and "Robin Friend" not in waiting
    with acting_as(world.coordinator, SOON):
        hers = Episode.objects.get(child=sister)
    when = {name.replace("reported", "returned_at"): value for name, value in day.items()}
    assert client.post(back, {**when, "returned_to": "Home", "also": [str(hers.pk)], "key": "d"}).status_code == 302
    with acting_as(world.coordinator, SOON):
        assert set(Episode.objects.filter(state=EpisodeState.RETURNED)) == {ours, hers}
