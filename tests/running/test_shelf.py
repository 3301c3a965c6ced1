"""A job that fails, stalls or is late is seen by a person: on a shelf, with a banner, and its alert goes on to the next person at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.running.beats import beat_now_and_then
from atlas.running.commands import give_up_job, try_job_again
from atlas.running.failing import note_failure
from atlas.running.jobs import beat_bulk, beat_urgent, forget_jobs
from atlas.running.models import Beat, JobFailure, Shelved
from atlas.running.queries import beatings, on_shelf, queued, troubles
from atlas.running.queue import beat
from atlas.running.rules import BEATS, JOBS, late
from atlas.running.shelf import keep_shelf
from atlas.tasks.jobs import send_email
from atlas.tasks.models import Alert
from atlas.tick import tick
from tests import factories
from tests.factories import NOW
from tests.missing.test_spine import returned
from tests.tasks.test_tick import OVERDUE, service
from tests.world import make_world


def asked(**given: str) -> int:
    """An urgent job that was asked for; returns its number."""
    job: int = send_email.defer(to="sample@example.org", subject="s", words="w", **given)
    return job


def set_job(job: int, status: str, *, minutes_ago: int = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s, attempts = 1 WHERE id = %s", [status, job])
        cursor.execute("UPDATE procrastinate_events SET at = at - make_interval(mins => %s) WHERE job_id = %s", [minutes_ago, job])


def status(job: int) -> str:
    return str(ProcrastinateJob.objects.get(pk=job).status)


@pytest.mark.django_db
def test_a_failed_job_stands_on_the_shelf_once_and_a_person_tries_it_again_or_gives_it_up(signed_in: Any) -> None:
    world, head = make_world(), factories.post("head_of_service", of=factories.team("Leadership"))
    job = asked(told=str(world.child.pk), post=str(world.worker.pk))
    set_job(job, "failed")
    with acting_as(head, NOW):
        assert [one.job for one in keep_shelf(NOW).shelved] == [job]
        assert keep_shelf(NOW).shelved == []
    shelved = Shelved.objects.get()
    assert (shelved.state, shelved.for_post) == ("waiting", world.worker)
    client = signed_in(head)
    page = client.get(reverse("running:view_running")).content.decode()
    assert "Tell somebody by e-mail" in page and world.worker.title in page and "sample@example.org" not in page
    assert "tried 1 time." in page
    assert "1 urgent message has not left Atlas" in client.get(reverse("desk:view_my_work")).content.decode()
    assert "urgent message" not in signed_in(world.worker).get(reverse("desk:view_my_work")).content.decode()
    assert signed_in(world.worker).get(reverse("running:view_running")).status_code == 404
    try_job_again(shelved=shelved, by=head, at=NOW)
    assert status(job) == "todo"
    with pytest.raises(Invalid, match="decided about this already"):
        give_up_job(shelved=shelved, because=Shelved.Because.RANG, by=head, at=NOW)
    set_job(job, "failed")
    with acting_as(head, NOW):
        assert len(keep_shelf(NOW).shelved) == 1  # it failed again
    (again,) = on_shelf()
    give_up_job(shelved=again, because=Shelved.Because.RANG, by=head, at=NOW)
    with acting_as(head, NOW):
        assert keep_shelf(NOW).shelved == [] and not on_shelf()


@pytest.mark.django_db
def test_an_urgent_job_that_is_late_is_seen_before_it_fails_and_gone_when_it_went() -> None:
    world = make_world()
    job = asked()
    with acting_as(world.manager, NOW):
        assert keep_shelf(NOW).shelved == []
        set_job(job, "todo", minutes_ago=6)
        assert [one.state for one in keep_shelf(NOW).shelved] == ["trying"]
    with pytest.raises(Invalid, match="still tries"):
        try_job_again(shelved=Shelved.objects.get(), by=world.manager, at=NOW)
    assert queued()[0].jobs == 1 and queued()[1].jobs == 0
    set_job(job, "succeeded")
    with acting_as(world.manager, NOW):
        keep_shelf(NOW)
    assert Shelved.objects.get().state == "gone" and troubles() == []


@pytest.mark.django_db
def test_a_job_whose_worker_ended_is_taken_up_again_and_fails_when_it_ends_worker_after_worker() -> None:
    world, job = make_world(), asked()
    for start in range(1, 4):
        set_job(job, "doing")
        with acting_as(world.manager, NOW):
            shelf = keep_shelf(NOW)
        assert (status(job), shelf.taken_up) == (("todo" if start < 3 else "failed"), 1)
    assert (Shelved.objects.get().kind, Shelved.objects.get().state) == ("WorkerEnded", "waiting")


@pytest.mark.django_db
def test_a_job_whose_end_could_not_be_written_down_is_taken_up_once_its_worker_does_another() -> None:
    world, job, other = make_world(), asked(), asked()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")  # alive: it shows so just now
        [worker] = cursor.fetchone()
    for one, taken_up in ((job, 0), (other, 1)):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, one])
        with acting_as(world.manager, NOW):
            assert keep_shelf(NOW).taken_up == taken_up
    assert (status(job), status(other)) == ("todo", "doing")


@pytest.mark.django_db
def test_of_two_of_a_kind_one_waits_and_tick_goes_on() -> None:
    world = make_world()
    stalled = beat_urgent.configure().defer(timestamp=1)
    set_job(stalled, "doing")
    waits = beat_urgent.configure().defer(timestamp=2)
    with acting_as(world.manager, NOW):
        assert keep_shelf(NOW).taken_up == 1
        assert (status(stalled), status(waits)) == ("aborted", "todo")
        assert keep_shelf(NOW).taken_up == 0


@pytest.mark.django_db
def test_a_failed_job_is_not_tried_again_beside_another_of_its_kind() -> None:
    head, task = factories.post("head_of_service", of=factories.team("Leadership")), forget_jobs.configure()
    failed = task.defer(timestamp=1)
    set_job(failed, "failed")
    with acting_as(head, NOW):
        keep_shelf(NOW)
    task.defer(timestamp=2)
    with pytest.raises(Invalid, match="the same waits to be done already"):
        try_job_again(shelved=Shelved.objects.get(), by=head, at=NOW)
    assert status(failed) == "failed"


@pytest.mark.django_db
def test_a_beat_that_failed_waits_for_nobody() -> None:
    world = make_world()
    set_job(beat_urgent.configure().defer(timestamp=1), "failed")
    with acting_as(world.manager, NOW):
        assert keep_shelf(NOW).shelved == []


@pytest.mark.django_db
def test_of_an_error_its_kind_is_kept_and_no_word_of_it() -> None:
    class Context:
        job = ProcrastinateJob(pk=7)

    def fails() -> None:
        raise ConnectionRefusedError("Rowan Sample")

    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            note_failure(fails, Context(), None)
    assert [(one.job, one.kind) for one in JobFailure.objects.all()] == [(7, "ConnectionRefusedError")]


def test_an_alert_whose_message_has_not_left_goes_on_to_the_next_person_at_once(own_database: Any) -> None:
    world, by = make_world(), service()
    returned(world)
    administrator = factories.administrator()
    type(administrator.user).objects.filter(pk=administrator.user_id).update(telephone="07700 900222")
    own_database("tick")
    tick(by=by, at=OVERDUE)
    with acting_as(by, OVERDUE):
        alert = Alert.objects.get(reason=Alert.Reason.CLOCK_MISSED)
        Alert.objects.filter(pk=alert.pk).update(rung=1, climbs_at=OVERDUE + timedelta(minutes=15))  # the first was told just now
    job = asked(told=str(alert.pk), post=str(world.worker.pk))
    set_job(job, "failed")
    done = tick(by=by, at=OVERDUE + timedelta(minutes=1))
    assert (done.shelved, done.climbed) == (1, 1)
    texts = ProcrastinateJob.objects.filter(task_name="tasks.send_text", args__to="07700 900222")
    assert [one.args["words"].split(":")[0] for one in texts] == ["Atlas"]
    assert tick(by=by, at=OVERDUE + timedelta(minutes=1)).shelved == 0


@pytest.mark.django_db
def test_a_late_beat_is_said_on_every_page_of_who_can_act(signed_in: Any) -> None:
    administrator = factories.administrator()
    assert troubles() == [] and [one.beat_at for one in beatings()] == [None] * len(BEATS)  # nothing was started here
    for name in BEATS:
        beat(name)
    assert troubles() == []
    beat_now_and_then("sealer")
    beat_urgent(0)
    beat_bulk(0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE running_beat SET beat_at = beat_at - interval '4 minutes'")
    assert {one.expected.words for one in beatings() if one.is_late} == {"Tick", "Urgent messages", "The sealer"}
    page = signed_in(administrator).get(reverse("running:view_running")).content.decode()
    assert page.count("Late</strong>") == 3
    with connection.cursor() as cursor:
        cursor.execute("UPDATE running_beat SET beat_at = clock_timestamp() - interval '2 hours 1 minute' WHERE name = 'packs'")
    assert "Emergency packs" in {one.expected.words for one in beatings() if one.is_late}
    assert "Tick: late." in signed_in(administrator).get(reverse("accounts:view_accounts")).content.decode()


def test_the_sealer_and_tick_leave_beats_under_their_own_logins(own_database: Any) -> None:
    for login in ("sealer", "tick", "app"):
        own_database(login)
        beat(login)
    assert set(Beat.objects.values_list("name", flat=True)) == {"sealer", "tick", "app"}


@pytest.mark.django_db
def test_finished_jobs_are_forgotten_and_failed_ones_stay() -> None:
    done, failed, fresh = asked(), asked(), asked()
    set_job(done, "succeeded", minutes_ago=60 * 24 * 31)
    set_job(failed, "failed", minutes_ago=60 * 24 * 31)
    set_job(fresh, "succeeded", minutes_ago=60 * 24)
    forget_jobs(0)
    assert {*ProcrastinateJob.objects.values_list("pk", flat=True)} == {failed, fresh}


def test_every_job_says_what_it_is_for_and_a_beat_is_late_only_where_there_was_one() -> None:
    ours = {name for name in app.tasks if not name.startswith(("builtin:", "procrastinate."))}
    assert ours == set(JOBS), "Say in atlas/running/rules.py what each job is for."
    assert late({}) == [] and late({"tick": timedelta(minutes=2)}) == [] and late({"tick": timedelta(minutes=4)}) == ["tick"]
