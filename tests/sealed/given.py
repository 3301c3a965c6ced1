"""What the tests of sealed sets stand on: a child with a sealed location and a named custodian; and a question to the unsealer's functions."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from atlas.agencies.models import Post
from atlas.gate.context import Subject, token
from atlas.gate.policy import Purpose
from atlas.gate.pool import SETTING
from atlas.sealed.commands import name_custodian, seal_set
from atlas.sealed.models import SealedSet
from tests import factories
from tests.world import World, make_world

WHY = "The police ask where to send the officer at once"
VALUES = {"address": "4 Sample Yard, Northmarch", "telephone": "07700 900321"}


@dataclass
class SealedWorld:
    """The small world, with a custodian and what was sealed."""

    world: World
    custodian: Post
    sealing: SealedSet


def vetted_post(role: str = "practitioner", clearance: int = 3) -> Post:
    """A post that is vetted so far, today and for a year."""
    post = factories.post(role, of=factories.team("Safeguarding 3"))
    post.clearance, post.vetted_until = clearance, timezone.now().date() + timedelta(days=365)
    post.save()
    return post


def sealed_world() -> SealedWorld:
    """A child whose location the case-holder has sealed, and a custodian whom the manager has named. All at the server's own time."""
    world, custodian, at = make_world(), vetted_post(), timezone.now() - timedelta(hours=1)
    sealing = seal_set(child=world.child, kind="location", values=VALUES, by=world.worker, at=at)
    name_custodian(child=world.child, post=custodian, by=world.manager, at=at)
    return SealedWorld(world, custodian, sealing)


def signed(
    post: Post, at: datetime | None = None, purpose: Purpose = Purpose.SECTION_17, proved: timedelta | None = timedelta(minutes=1)
) -> str:
    """A token for the connection that is open now, as the service signs it. `proved`: how long ago a second factor was proved."""
    moment = at or timezone.now()
    connection.ensure_connection()
    subject = Subject(post, moment, purpose, moment - proved if proved is not None else None)
    return token(subject, connection.connection.info.backend_pid)


def opening(text: str, child: Any, kind: str = "location", why: str = WHY) -> str:
    """What `sealed.open` answers a token: the code."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, text])
        cursor.execute("SELECT code FROM sealed.open(%s, %s, %s, '{}')", [child.pk, kind, why])
        return str(cursor.fetchone()[0])


def shown(text: str, child: Any, kind: str = "location") -> tuple[str, int]:
    """What `sealed.show` answers a token: the code, and how many boxes come with it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, text])
        cursor.execute("SELECT code, box FROM sealed.show(%s, %s, '{}')", [child.pk, kind])
        rows = cursor.fetchall()
        return str(rows[0][0]), sum(box is not None for _, box in rows)


@contextmanager
def unsealing(database: str, said: Any = None) -> Iterator[str]:
    """The unsealer, serving a database as a process of its own, with the key of the tests; gives its socket. `said`: where its words go."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # a socket's path is short
        key, path = Path(folder, "key"), Path(folder, "socket")
        key.write_text(bytes(range(32)).hex())
        address = os.environ["DATABASE_UNSEALER_URL"].rpartition("/")[0] + f"/{database}"
        env = {
            **os.environ,
            "ATLAS_AS": "unsealer",
            "ATLAS_UNSEALING_KEY": str(key),
            "ATLAS_UNSEALER": str(path),
            "DATABASE_UNSEALER_URL": address,
        }
        env |= {"ATLAS_SECRET_KEY": "another", "ATLAS_CONTEXT_KEY": "00" * 32, "PYTHONPATH": str(settings.ROOT)}
        process = subprocess.Popen([sys.executable, "-m", "django", "sealed", "serve"], env=env, stdout=said, stderr=said)
        until = time.monotonic() + 60
        while not path.exists() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        try:
            yield str(path)
        finally:
            process.terminate()
            process.wait(10)
