"""One who is slow, or asks for much, keeps nobody else from their page (protection.md table E, E7; figures: `bench denial`)."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator

import psycopg
import pytest

import run
from atlas.config import middleware, settings
from tests.guards.reading import ROOT

SLOW, PATIENCE = 200, 2.0
SAMPLE = (ROOT / "deploy/nginx-atlas.conf").read_text()


@pytest.fixture
def served() -> Iterator[int]:
    port = run.free_port()
    words = run.web(port, "tests.running.plain_page:application", workers=1)
    server = subprocess.Popen(words, cwd=ROOT, env=dict(os.environ), start_new_session=True)
    try:
        run.wait_for(f"http://127.0.0.1:{port}/")
        yield port
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(timeout=10)


def answered(port: int) -> float:
    """The seconds until a page is there."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as one:
        one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert one.recv(64).startswith(b"HTTP/1.1 200")
    return time.monotonic() - began


def test_who_does_not_end_a_request_s_head_or_asks_nothing_stops_nobody(served: int) -> None:
    held = [socket.create_connection(("127.0.0.1", served)) for _ in range(SLOW)]
    try:
        for place, one in enumerate(held):
            one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: " if place % 2 else b"")
        assert max(answered(served) for _ in range(10)) < PATIENCE
    finally:
        for one in held:
            one.close()


def test_a_statement_of_a_page_ends_by_itself_and_of_a_job_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    said, address = (ROOT / "atlas/config/wsgi.py").read_text(), os.environ["DATABASE_URL"]
    assert re.search(r'setdefault\("ATLAS_STATEMENT_SECONDS", "\d+"\)', said[: said.index("get_wsgi_application()")])
    assert "options" not in settings.database(address)["OPTIONS"]
    monkeypatch.setattr(settings, "STATEMENT_SECONDS", 1)
    with (
        psycopg.connect(address, options=settings.database(address)["OPTIONS"]["options"]) as of_a_page,
        pytest.raises(psycopg.errors.QueryCanceled),
    ):
        of_a_page.execute("SELECT pg_sleep(5)")


def test_the_proxy_s_sample_knows_what_the_service_takes() -> None:
    sizes = [int(size) * 1024 * 1024 for size in re.findall(r"client_max_body_size (\d+)m;", SAMPLE)]
    assert sizes == [middleware.MOST_SENT, middleware.MOST_FILES]
    files = re.search(r"location ~ \^/\((.*)\)/", SAMPLE)
    assert files and {f"/{one}/" for one in files[1].split("|")} == set(middleware.TAKE_FILES)
    unit = (ROOT / "deploy/atlas-web.service").read_text()
    assert re.findall(r"server (127\.0\.0\.1:\d+);", SAMPLE) == [f"127.0.0.1:{port}" for port in re.findall(r"--port (\d+)", unit)]
    assert (
        "proxy_request_buffering on;" in SAMPLE and "proxy_buffering on;" in SAMPLE
    )  # of which both slow bodies and slow readers are made harmless


def test_the_proxy_s_sample_lets_no_session_ask_without_end() -> None:
    """OWASP ASVS 5.0.0, 2.4.1: every way to the service is counted, by session where there is one and else by address."""
    zones = dict(re.findall(r"limit_req_zone \S+ zone=(\w+):\d+m rate=(\d+)r/s;", SAMPLE))
    assert zones == {"atlas_who": "4", "atlas_system": "20"}
    places = re.findall(r"^    location ([^{]*) \{(.*?)^    \}", SAMPLE, re.MULTILINE | re.DOTALL)
    assert {place for place, said in places if "limit_req zone=" not in said} == {"/static/"}  # asked of Atlas once, and kept
    (who,) = re.findall(r'"~(.*)" \$session;', SAMPLE)
    for name in ("atlas", "__Host-atlas"):
        assert (found := re.search(who.replace("(?<", "(?P<"), f"other=1; {name}=abc; more=2")) and found["session"] == "abc"
    assert settings.SESSION_COOKIE_NAME in ("atlas", "__Host-atlas")
