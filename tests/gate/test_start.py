"""Nothing starts on a database whose gate has a hole: the service, the jobs and tick, as run.py starts them, each in a process of its own."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

import run

ROOT = Path(run.__file__).parent
SECONDS = 60
PLAIN = "CREATE POLICY also ON missing_episode FOR SELECT TO atlas_app USING (true)"
EMPTIED = (
    "CREATE OR REPLACE FUNCTION gate_blocked() RETURNS uuid[] LANGUAGE sql STABLE SECURITY DEFINER "
    "SET search_path = pg_catalog, public, pg_temp AS 'SELECT NULL::uuid[]'"
)
AS_INSTALLED = "a policy, a function or a word of the gate is not as it was installed"


@pytest.fixture
def started(own_database: Any) -> Iterator[Any]:
    """Plants a hole, and starts processes as run.py does; gives them, and the port that the service would answer on."""
    children: list[subprocess.Popen[str]] = []

    def start(hole: str, *started: str) -> tuple[list["subprocess.Popen[str]"], int]:
        own_database("owner")
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {'atlas_gate' if 'FUNCTION' in hole else 'atlas_owner'}; {hole or 'SELECT 1'}; RESET ROLE")
        name = connection.settings_dict["NAME"]
        own_database("app")
        addresses = {key: f"{os.environ[key].rpartition('/')[0]}/{name}" for key in run.ADDRESSES}
        port, django = run.free_port(), (sys.executable, "-m", "django")
        words = {"service": run.web(port), "worker": (*django, *run.JOBS[0]), "tick": (*django, *run.TICK)}
        environment = {**os.environ, **addresses, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "atlas.config.settings"}
        for one in started:
            login = {"ATLAS_AS": "tick" if one == "tick" else "service", "ATLAS_TEST": "0", "ATLAS_DEMO": "1"}
            child = subprocess.Popen(
                words[one], cwd=ROOT, env=environment | login, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            children.append(child)
        return children, port

    yield start
    for child in children:
        child.terminate()
        child.wait(timeout=20)


def answer(port: int) -> int:
    """What the service answers to a first question; 0 where nothing listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=5) as given:
            return int(given.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def test_where_the_gate_stands_the_service_serves(started: Any) -> None:
    (child,), port = started("", "service")
    until = time.monotonic() + SECONDS
    while not (given := answer(port)) and time.monotonic() < until and child.poll() is None:
        time.sleep(0.1)
    assert given == 200, child.poll()


@pytest.mark.parametrize(
    ("hole", "what", "says"),
    [
        (PLAIN, ("service",), "missing_episode has 2 permissive policies for SELECT"),
        (EMPTIED, ("worker", "tick"), "a policy, a function or a word of the gate is not as it was installed"),
    ],
)
def test_where_it_has_a_hole_each_process_ends_and_says_why(started: Any, hole: str, what: tuple[str, ...], says: str) -> None:
    children, port = started(hole, *what)
    answers, until = set(), time.monotonic() + SECONDS
    while any(child.poll() is None for child in children) and time.monotonic() < until:
        answers.add(answer(port))
        time.sleep(0.1)
    assert answers == {0}, "it answered somebody"
    for child in children:
        assert child.poll() not in (None, 0)
        said = child.stdout.read()
        assert "does not start, because the gate does not stand" in said and says in said, said
