"""A return interview that chance drew is coded once more by the coordinator, who is not shown the first coding."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.missing.commands.again import read_again
from atlas.missing.commands.talk import record_interview
from atlas.missing.models import Answer, ReturnInterview, SecondReading
from atlas.missing.rules.again import RATE, is_drawn_again
from atlas.missing.rules.quality import is_drawn
from atlas.tasks.models import Task
from tests.missing.test_after import AFTER
from tests.missing.test_spine import COMPLETE, returned
from tests.world import World, make_world

CODES = {"push": ["P15", "P09"], "with": [], "harm": ["none_said"]}


def held(world: World) -> ReturnInterview:
    """The interview, with words to read."""
    said = replace(COMPLETE, texts=COMPLETE.texts | {"before_words": "I was bored."}, answers={**COMPLETE.answers, "push": ["P05"]})
    return record_interview(interview=returned(world), conversation=said, held_at=Moment(AFTER), by=world.interviewer, at=AFTER)


def test_chance_draws_one_in_ten_always_the_same_and_not_those_of_the_quality_check() -> None:
    keys = [UUID(int=number) for number in range(4000)]
    drawn = {key for key in keys if is_drawn_again(key)}
    assert abs(len(drawn) / len(keys) - RATE) < 0.02 and drawn == {key for key in keys if is_drawn_again(key)}
    assert abs(sum(is_drawn(key) for key in drawn) / len(drawn) - 0.2) < 0.08  # apart from each other


@pytest.mark.django_db
def test_it_is_coded_once_by_somebody_else_and_nothing_of_the_interview_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    interview = held(world)
    monkeypatch.setattr("atlas.missing.commands.again.is_drawn_again", lambda pk: False)
    with pytest.raises(Invalid, match="not one of those"):
        read_again(interview=interview, codes=CODES, had_seen=False, by=world.coordinator, at=AFTER)
    monkeypatch.setattr("atlas.missing.commands.again.is_drawn_again", lambda pk: True)
    for post in (world.worker, world.interviewer, world.police):
        with pytest.raises(Refused):
            read_again(interview=interview, codes=CODES, had_seen=False, by=post, at=AFTER)
    with pytest.raises(Invalid, match="at least one"):
        read_again(interview=interview, codes={"push": []}, had_seen=False, by=world.coordinator, at=AFTER)
    with pytest.raises(Invalid, match="answers listed"):
        read_again(interview=interview, codes={"push": ["L01"]}, had_seen=False, by=world.coordinator, at=AFTER)
    with acting_as(world.coordinator, AFTER):
        before = (list(Answer.objects.order_by("pk").values()), Task.objects.count(), ReturnInterview.objects.values().get())
    reading = read_again(interview=interview, codes=CODES, had_seen=False, by=world.coordinator, at=AFTER)
    assert reading.codes == {"push": ["P09", "P15"], "harm": ["none_said"]}
    with acting_as(world.coordinator, AFTER):
        assert (list(Answer.objects.order_by("pk").values()), Task.objects.count(), ReturnInterview.objects.values().get()) == before
    with pytest.raises(Invalid, match="already"):
        read_again(interview=interview, codes=CODES, had_seen=False, by=world.coordinator, at=AFTER)


@pytest.mark.django_db
def test_nobody_reads_again_the_talk_that_they_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atlas.missing.commands.again.is_drawn_again", lambda pk: True)
    world = make_world()
    own = record_interview(interview=returned(world), conversation=COMPLETE, held_at=Moment(AFTER), by=world.coordinator, at=AFTER)
    with pytest.raises(Invalid, match="yourself"):
        read_again(interview=own, codes=CODES, had_seen=False, by=world.coordinator, at=AFTER)


@pytest.mark.django_db
def test_the_form_shows_the_words_and_not_the_first_coding_and_then_both_stand_side_by_side(
    signed_in: Any, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    for where in ("commands", "queries"):
        monkeypatch.setattr(f"atlas.missing.{where}.again.is_drawn_again", lambda pk: True)
    world = make_world()
    interview = held(world)
    queue, form = reverse("missing:view_second_readings"), reverse("missing:read_again", args=[interview.pk])
    client = signed_in(world.coordinator, AFTER)
    with django_assert_max_num_queries(18):
        assert form in client.get(queue).content.decode()
    shown = client.get(form).content.decode()
    assert "I was bored." in shown and "checked" not in shown
    assert client.post(form, {"push": ["P09"], "key": "r"}).status_code == 422  # had it been seen?
    assert client.post(form, {"push": ["P09"], "had_seen": "no", "key": "r"}).status_code == 302
    with acting_as(world.coordinator, AFTER):
        reading = SecondReading.objects.get()
    both = client.get(reverse("missing:view_second_reading", args=[reading.pk])).content.decode()
    assert "Parental substance use" in both and "Unhappy where placed" in both and "neither is wrong" in both
    assert "None waits to be read again." in client.get(queue).content.decode()
    for post in (world.manager, world.interviewer):
        assert signed_in(post, AFTER).get(queue).status_code == 404
