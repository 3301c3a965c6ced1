"""How long every table is kept is written down once, and says what the code does (atlas/config/keeping.py)."""

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from atlas.accounts.ending import TRIES_KEPT
from atlas.accounts.rules import ABSOLUTE, CLOSED_AFTER
from atlas.config.keeping import KEPT
from atlas.gate import drafts
from atlas.retention.stores import LOOSE
from atlas.running import rules as running
from atlas.systems.rules import REMEMBERED

# Whose rows stay, emptied, or go for another reason too: they stand in both.
BOTH = {"feeds.Row", "sharing.ExportFile", "gate.Draft", "retention.Hold", "retention.HoldReview"}


def test_every_table_goes_with_the_child_or_is_named_once(own_database: Any) -> None:
    own_database("owner")
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tab::text FROM gate_hanging() WHERE how IN ('own', 'below')")
        hanging = {table for (table,) in cursor.fetchall()}
    assert len(hanging) > 80
    goes = {model._meta.label for model in apps.get_models() if model._meta.db_table in hanging} | {"people.Person"} | LOOSE.keys()
    goes -= BOTH
    named = [table for one in KEPT for table in one.tables.split()]
    assert len(named) == len(set(named))
    every = {model._meta.label for model in apps.get_models()}
    assert set(named) - every == set()
    assert every - goes - set(named) == set(), "Say in atlas/config/keeping.py how long these are kept"
    assert goes & set(named) == set(), "These go with the child"


def test_the_words_say_what_the_code_does() -> None:
    said = {table: one.how_long for one in KEPT for table in one.tables.split()}
    assert {drafts.LIFE, ABSOLUTE, timedelta(seconds=settings.SESSION_COOKIE_AGE)} == {timedelta(hours=12)}
    assert "Twelve hours" in said["gate.Draft"] and "Twelve hours" in said["sessions.Session"]
    assert {TRIES_KEPT, running.KEPT} == {timedelta(days=30)}
    assert said["axes.AccessAttempt"] == "30 days" and "30 days" in said["procrastinate.ProcrastinateJob"]
    assert timedelta(minutes=10) == REMEMBERED and said["systems.SystemCall"] == "Ten minutes"
    assert f"{CLOSED_AFTER.days} days" in said["agencies.User"]
