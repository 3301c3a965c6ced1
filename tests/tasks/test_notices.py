"""How an alert leaves Atlas: by e-mail and by text, with a reference and a telephone number, and never a name."""

import json
import logging
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.error import HTTPError

import pytest
from django.core import mail
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from atlas.config.logs import without_arguments
from atlas.connections.commands import block_worker
from atlas.gate.models import BlockSource
from atlas.tasks.jobs import notice_id, send_email, send_text
from atlas.tick import tick
from tests.factories import NOW, of_job
from tests.missing.test_spine import reported
from tests.tasks.test_tick import service, telephone
from tests.world import make_world


def test_an_e_mail_goes_to_the_council_s_server_and_sent_again_is_known_by_its_id() -> None:
    given = {"to": "sample@example.org", "subject": "Atlas: an alert needs an answer (ABCD1234)", "words": "Reference ABCD1234"}
    for job in (7, 7, 8):
        send_email(of_job(job), **given)
    send_email(of_job(7), **(given | {"words": "Reference EFGH5678"}))  # after a restore numbers of jobs come again
    assert mail.outbox[0].to == ["sample@example.org"]
    ids = [one.message()["Message-ID"] for one in mail.outbox]
    assert ids[0] == ids[1] and len({*ids}) == 3
    assert {one.partition("@")[2] for one in ids} == {"fernleigh.example.org>"}


def test_a_text_is_handed_to_the_provider_s_hook(settings: Any) -> None:
    received: list[dict[str, str]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *_: Any) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.handle_request, daemon=True).start()
    settings.ATLAS_TEXT_HOOK = f"http://127.0.0.1:{server.server_port}/"
    send_text(of_job(7), to="07700 900111", words="Atlas alert ABCD1234")
    server.server_close()
    known_by = notice_id(of_job(7), "07700 900111", "Atlas alert ABCD1234")
    assert received == [{"id": known_by, "to": "07700 900111", "words": "Atlas alert ABCD1234", "way": "text"}]


def test_a_hook_that_sends_on_elsewhere_is_not_followed(settings: Any) -> None:
    asked: list[str] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_response(307)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        do_GET = do_POST  # noqa: N815  (the library's name)

        def log_message(self, format: str, *_: Any) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.ATLAS_TEXT_HOOK = f"http://127.0.0.1:{server.server_port}/"
    with pytest.raises(HTTPError, match="307"):
        send_text(of_job(7), to="07700 900111", words="x")
    server.shutdown()
    server.server_close()
    assert asked == ["/"]


def test_without_a_hook_no_text_is_tried(settings: Any) -> None:
    settings.ATLAS_TEXT_HOOK = ""
    send_text(of_job(7), to="07700 900111", words="x")


def test_tick_defers_one_e_mail_and_one_text_with_a_reference_and_no_name(own_database: Any) -> None:
    world, by = make_world(), service()
    telephone(world.worker)
    reported(world)
    own_database("tick")
    tick(by=by, at=NOW + timedelta(minutes=1))
    jobs = list(app.job_manager.list_jobs())
    assert sorted(job.task_name for job in jobs) == ["tasks.send_email", "tasks.send_text"]
    for job in jobs:
        text = json.dumps(job.task_kwargs)
        assert "020 7946 0100" in text
        assert world.child.name not in text and "Ashby" not in text


def test_an_alert_about_a_child_in_danger_is_sent_before_a_storm_of_older_messages(own_database: Any) -> None:
    """Asked of the queue by its own function, as a worker asks it: the missing child's two, then the older ones, the first first."""
    world, by = make_world(), service()
    telephone(world.worker)
    storm = [send_email.defer(to="sample@example.org", subject="A time limit has passed", words=str(number)) for number in range(3)]
    reported(world)
    own_database("tick")
    tick(by=by, at=NOW + timedelta(minutes=1))
    with connection.cursor() as cursor:
        fetched = []
        for _ in range(5):
            cursor.execute("SELECT id, task_name FROM procrastinate_fetch_job_v2(ARRAY['urgent'], NULL)")
            fetched.append(cursor.fetchone())
    assert {name for _, name in fetched[:2]} == {"tasks.send_email", "tasks.send_text"}
    assert not {job for job, _ in fetched[:2]} & {*storm}
    assert [job for job, _ in fetched[2:]] == storm


def test_the_same_tick_again_defers_nothing_more(own_database: Any) -> None:
    world, by = make_world(), service()
    telephone(world.worker)
    reported(world)
    own_database("tick")
    for _ in range(2):
        tick(by=by, at=NOW + timedelta(minutes=1))
    assert len(list(app.job_manager.list_jobs())) == 2


@pytest.mark.parametrize("is_shut", [False, True])
def test_what_waits_in_the_queue_never_reaches_whoever_was_shut_out_meanwhile(
    own_database: Any, is_shut: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, by = make_world(), service()
    telephone(world.worker)
    reported(world)
    own_database("tick")
    tick(by=by, at=NOW + timedelta(minutes=1))
    own_database("app")
    if is_shut:
        block_worker(child=world.child, user=world.worker.user, source=BlockSource.WISH, by=world.manager, at=NOW + timedelta(minutes=2))
    sent: list[str] = []
    monkeypatch.setattr("atlas.tasks.jobs.timezone.now", lambda: NOW + timedelta(minutes=3))
    monkeypatch.setattr("atlas.tasks.jobs.EmailMessage.send", lambda message: sent.extend(message.to))
    for job in list(app.job_manager.list_jobs()):
        if job.task_name == "tasks.send_email":
            given: Any = job.task_kwargs
            send_email(of_job(7), **(json.loads(given) if isinstance(given, str) else given))
    assert sent == ([] if is_shut else ["sample@example.org"])


def test_a_mail_server_that_is_down_for_a_night_loses_no_alert() -> None:
    waits = []
    for attempts in range(120):
        job = Job(id=1, queue="urgent", lock=None, queueing_lock=None, task_name="tasks.send_email", attempts=attempts)
        decision = send_email.get_retry_exception(ConnectionRefusedError(), job)
        assert decision is not None
        assert decision.retry_decision.retry_at is not None
        waits.append((decision.retry_decision.retry_at - datetime.now(UTC)).total_seconds())
    assert max(waits) < 20 * 60 + 10
    assert sum(waits) > 16 * 3600
    assert waits[0] < 6


def test_a_log_line_about_a_job_holds_no_address() -> None:
    record = logging.LogRecord(
        "procrastinate.worker", logging.ERROR, "x.py", 1, "Job tasks.send_email[7](to='a.worker@example.org')", (), None
    )
    record.job, record.action = {"task_name": "tasks.send_email", "id": 7}, "job_error_retry"
    record.exc_info = (ConnectionRefusedError, ConnectionRefusedError("a.worker@example.org"), None)
    assert without_arguments(record)
    text = logging.Formatter("{message}", style="{").format(record)
    assert text == "job tasks.send_email[7] job_error_retry: ConnectionRefusedError"
    assert all(without_arguments in handler.filters[0].__dict__.values() for handler in logging.getLogger().handlers if handler.filters)
    assert any(handler.filters for handler in logging.getLogger().handlers)
