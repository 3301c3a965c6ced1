"""Goal B2: kill -9 between the query and the response. Whatever was shown is in the audit (in short: a few kills)."""

import os
import random
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.urls import reverse

from atlas.gate.context import acting_as
from atlas.gate.models import Look
from tests import factories
from tests.factories import NOW
from tests.world import make_world

# Asks for a page again and again, each time as a look of its own, and says so once the answer is there; dies where it is told to.
ASKING = """
import os, signal, sys, threading
import django
django.setup()
from datetime import timedelta
from django.conf import settings
from django.test import Client
from django.utils import timezone
from atlas.gate import page
address, session, where, after = sys.argv[1:]
page.SAME_LOOK = timedelta(0)
client = Client(HTTP_HOST="127.0.0.1")
client.cookies[settings.SESSION_COOKIE_NAME] = session
die = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
if where == "before the commit":
    write = page.write_look
    page.write_look = lambda *given: (write(*given), die())
is_first = where != "before the commit"
while True:
    answer = client.get(address)
    assert answer.status_code == 200, (answer.status_code, answer.headers.get("Location"))
    os.write(1, b"shown\\n")
    if is_first:  # so that a slow machine has shown something before it dies
        threading.Timer(float(after), die).start()
        is_first = False
"""


def killed(address: str, session: str, where: str, after: float) -> int:
    """How many answers were shown before the kill."""
    settings = connection.settings_dict
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{settings['NAME']}"
    done = subprocess.run(
        [sys.executable, "-c", ASKING, address, session, where, str(after)], env={**os.environ, "DATABASE_URL": url}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == -9, done.stderr[-2000:]
    return done.stdout.count("shown")


def test_nothing_that_was_shown_is_missing_from_the_audit(own_database: Any, client: Any) -> None:
    own_database("app")
    world = make_world()
    factories.begin_session(client, world.worker, datetime.now(UTC))
    session = client.session
    address, shown = reverse("desk:view_child", args=[world.child.pk]), 0

    def looks() -> int:
        connection.close()
        with acting_as(world.worker, NOW):
            return Look.objects.filter(page="view_child", about_child=world.child.pk).count()

    assert killed(address, session.session_key, "before the commit", 0) == 0
    assert looks() == 0  # written, and gone with the transaction: and nothing was shown
    choose = random.Random(3)
    for _ in range(3):
        shown += killed(address, session.session_key, "at random", 0.3 + choose.random())
        assert looks() >= shown
    assert shown >= 3
