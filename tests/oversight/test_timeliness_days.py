"""The measures of return interviews at the edges of a period, and of one conversation about several returns: each in a world of its own."""

from datetime import timedelta
from typing import Any

import pytest

from atlas.chronology.moments import Moment
from atlas.missing.commands.back import record_return
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.talk import record_interview
from tests import factories
from tests.factories import at as when
from tests.missing.test_spine import COMPLETE
from tests.oversight.test_view_timeliness import END, asking, back_at, went_missing
from tests.world import make_world

pytestmark = pytest.mark.django_db


def test_one_conversation_answers_several_returns_and_is_counted_once() -> None:
    world = make_world()
    first, second = (went_missing(world, world.child, day) for day in (1, 2))
    held = back_at(second) + timedelta(hours=1)
    record_interview(interview=second, conversation=COMPLETE, held_at=Moment(held), also_for=[first], by=world.interviewer, at=held)
    counts = asking(world, world.coordinator)[0].groups["ours"]["all"]
    assert (counts["returned"], counts["conversations"], counts["held"]) == (2, 1, 2)
    assert (counts["independent"], counts["in_time"]) == (1, 2)  # of conversations, and of returns


@pytest.mark.parametrize(
    ("typed", "words", "kept"),
    [
        ("from_on_0=2&from_on_1=5&from_on_2=2026&until_on_0=1&until_on_1=5&until_on_2=2026", "The period ends before it begins", "2026"),
        ("from_on_0=31&from_on_1=2&from_on_2=2026&until_on_0=1&until_on_1=5&until_on_2=2026", "Enter a real date", "31"),
        ("from_on_0=x&from_on_1=2&from_on_2=2026&until_on_0=1&until_on_1=5&until_on_2=2026", "Enter a", "x"),
        ("from_on_0=1&from_on_1=1&from_on_2=2026&until_on_0=31&until_on_1=12&until_on_2=9999", "The year 9999 cannot be right", "9999"),
        ("from_on_0=1&from_on_1=1&from_on_2=2026", "Enter the day, month and year", "2026"),
    ],
)
def test_an_impossible_period_is_an_error_in_words_and_what_was_typed_is_kept(signed_in: Any, typed: str, words: str, kept: str) -> None:
    world = make_world()
    client = signed_in(world.coordinator, END)
    for path in ("timeliness", "interviewers"):
        page = client.get(f"/oversight/{path}/?{typed}")
        assert page.status_code == 422
        text = page.content.decode()
        assert "There is a problem" in text and words in text and f'value="{kept}"' in text
    for path in ("timeliness/late/ours", "timeliness/corrections/ours"):
        assert client.get(f"/oversight/{path}/?{typed}").headers["Location"].startswith("/oversight/timeliness/?from_on_0=")


def test_both_ends_of_the_period_are_in_by_london_days(signed_in: Any) -> None:
    world = make_world()
    feed = factories.feed_post()
    for gone, back in (("4 May 2026 20:00", "4 May 2026 23:59"), ("5 May 2026 20:00", "6 May 2026 00:00")):  # BST: 22:59 and 23:00 UTC
        episode = report_missing(child=world.child, report=Report(reported=Moment(when(gone))), by=feed, at=when(gone))
        record_return(episode=episode, returned_at=Moment(when(back)), by=feed, at=when(back))
    client = signed_in(world.coordinator, END)
    for first, last, returns in ((4, 4, 1), (5, 5, 0), (4, 6, 2), (6, 6, 1)):
        days = f"from_on_0={first}&from_on_1=5&from_on_2=2026&until_on_0={last}&until_on_1=5&until_on_2=2026"
        text = client.get(f"/oversight/timeliness/returned/ours/?{days}").content.decode()
        assert f"Returns from {first} May 2026 to {last} May 2026: {returns}" in text
