"""One working day, whatever the calendar brings; and what is sent outside Atlas names nobody, and goes to receivers alone."""

import json
from datetime import timedelta
from typing import Any

import pytest
from procrastinate.contrib.django import app

from atlas.agencies.models import Agency, Post, Team, User
from atlas.allegations.commands import SUBJECT, WORDS, Alleged, record_allegation
from atlas.allegations.models import AllegationStep
from atlas.allegations.overdue import pass_on_allegations
from atlas.chronology.moments import LONDON
from atlas.design.words import reference_of
from atlas.gate.context import acting_as
from tests import factories
from tests.allegations.test_record_allegation import WHEN, Given
from tests.allegations.test_record_allegation import WORDS as SAID
from tests.factories import at
from tests.tasks.test_tick import service


def of_driver(given: Given, when: str) -> AllegationStep:
    """What a child said of a driver, written down at this moment by the coordinator, who may at any."""
    return record_allegation(
        child=given.world.child, said=Alleged("escort", SAID, name="Den", works_for="Not known"), by=given.world.coordinator, at=at(when)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("when", "due"),
    [
        ("15 May 2026 16:00", "18 May 2026 23:59"),  # Friday afternoon
        ("15 May 2026 00:00", "18 May 2026 23:59"),  # its first minute
        ("1 May 2026 16:00", "5 May 2026 23:59"),  # Friday before a bank holiday Monday
        ("2 April 2026 16:00", "7 April 2026 23:59"),  # Thursday before Easter
        ("27 March 2026 16:00", "30 March 2026 23:59"),  # Friday before the clocks go forward
        ("29 March 2026 00:59", "30 March 2026 23:59"),  # the last minute before they do
        ("29 March 2026 02:00", "30 March 2026 23:59"),  # the first minute after
        ("23 October 2026 16:00", "26 October 2026 23:59"),  # Friday before they go back
        ("26 October 2026 23:59", "27 October 2026 23:59"),  # the last minute of the next working day
    ],
)  # fmt: skip
def test_it_is_due_at_the_end_of_one_working_day(when: str, due: str) -> None:
    step = of_driver(Given(), when)
    assert step.due_at is not None
    assert step.due_at.astimezone(LONDON).strftime("%-d %B %Y %H:%M") == due


@pytest.mark.parametrize(
    ("when", "last_day"),
    [("15 May 2026 16:00", "18 May 2026"), ("1 May 2026 16:00", "5 May 2026"), ("27 March 2026 16:00", "30 March 2026"), ("23 October 2026 16:00", "26 October 2026")],
)  # fmt: skip
def test_tick_passes_it_on_at_the_end_of_that_day_and_no_second_before(own_database: Any, when: str, last_day: str) -> None:
    own_database("app")
    given, by, over = Given(), service(), at(f"{last_day} 00:00") + timedelta(days=1)
    of_driver(given, when)
    own_database("tick")
    assert pass_on_allegations(by=by, at=over - timedelta(seconds=1)) == 0
    assert pass_on_allegations(by=by, at=over) == 1
    own_database("app")
    with acting_as(given.world.coordinator, over):
        again = AllegationStep.objects.get(instead_of__isnull=False)
        assert again.due_at is not None
        assert again.due_at > over + timedelta(hours=23)


def sent_out() -> list[dict[str, Any]]:
    """What waits to be sent outside: of each job, whatever it carries."""
    jobs = [(job.task_name, job.task_kwargs) for job in app.job_manager.list_jobs()]
    assert {name for name, _ in jobs} <= {"tasks.send_email"}, "An allegation tells nobody by another way."
    return [json.loads(given) if isinstance(given, str) else dict(given) for _, given in jobs]


@pytest.mark.parametrize("of", ["police", "worker", "", "officer"])
def test_what_is_sent_out_names_nobody_and_goes_to_receivers_alone(own_database: Any, of: str, settings: Any) -> None:
    own_database("app")
    given, by = Given(), service()
    second = factories.post("designated_officer", of=factories.team("Later officers"), from_on=WHEN.date())
    accused = {"police": given.world.police, "worker": given.world.worker, "officer": given.officer}.get(of)
    if accused:
        Post.objects.filter(pk=accused.pk).update(line_manager=given.world.manager)
        factories.post("designated_officer", of=accused.team), factories.post("manager", of=accused.team)
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"{user.pk}@example.org")
    sent = given.said_of(accused)
    first = {
        "police": {given.standards, given.officer},
        "worker": {given.head, given.officer},
        "": {given.officer},
        "officer": {given.head, second},
    }[of]
    assert {one["to"] for one in sent_out()} == {f"{post.user_id}@example.org" for post in first}
    own_database("tick")
    passed_on = pass_on_allegations(by=by, at=WHEN + timedelta(days=30))
    own_database("app")
    with acting_as(given.by, WHEN + timedelta(days=30)):
        receivers = {step.to_post for step in type(sent).objects.select_related("to_post__user").filter(kind="sent")}
    messages = sent_out()
    assert len(messages) == len(first) + passed_on
    assert {one["to"] for one in messages} == {f"{post.user_id}@example.org" for post in receivers if post}
    facts = {"reference": reference_of(sent.allegation_id), "address": settings.ATLAS_ADDRESS}
    words = [
        *SAID.split(" and "),
        *(user.last_name for user in User.objects.all()),
        given.world.child.name,
        *Team.objects.values_list("name", flat=True),
    ]
    words += [
        *Agency.objects.values_list("name", flat=True),
        str(sent.allegation_id),
        str(given.world.child.pk),
        "llegation",
        "police",
        "worker",
    ]
    for one in messages:
        assert (one["subject"], one["words"]) == (SUBJECT.format(**facts), WORDS.format(**facts))
        assert not [word for word in words if word in one["subject"] + one["words"]]
