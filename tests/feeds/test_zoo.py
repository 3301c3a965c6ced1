"""Hostile files at the doors by which they come in: refused in words, nothing written, nobody held up (protection.md E1). All of them: `bench zoo`."""

import time

import pytest
from django.db import connection

from bench.beasts import FOR
from bench.beasts_packed import Makers
from bench.zoo_doors import WRITTEN, Doors
from tests.factories import NOW
from tests.world import make_world

pytestmark = pytest.mark.django_db
MOST_SECONDS = 20
# What once fell, and one of each kind; `bench zoo` has the rest, and measures the memory.
SOME = {
    "delivery": ("million columns", "UTF-16 with NUL", "bomb that lies about its size", "entries by thousands", "link", "workbook with one cell far away",
                 "workbook with entities that multiply", "workbook of NUL and control characters"),
    "workbook": ("workbook with one cell far down", "workbook of impossible numbers"),
    "return": ("million cells in a row", "carriage returns alone", "hostile words in every cell", "UTF-16 and nothing",
               "XML, nested and closed", "XML, entities from outside"),
    "picture": ("picture that says it is huge", "JPEG whose notes are of no kind", "JPEG with a place", "picture with a text that unpacks to much"),
    "call": tuple(FOR["call"]),
    "receipt": tuple(FOR["receipt"]),
}  # fmt: skip


def rows() -> dict[str, int]:
    """How many rows were written so far of what a file may make, whoever may see them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)", [list(WRITTEN)])
        return dict(cursor.fetchall())


def test_what_is_hostile_is_refused_in_words_and_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    doors = Doors(make_world(), NOW)
    beasts: dict[str, Makers] = {door: {name: FOR[door][name] for name in names} for door, names in SOME.items()}
    for door, makers in beasts.items():
        for name, make in makers.items():
            content, before, start = make(), rows(), time.monotonic()
            answer = doors.names[door](content)
            what = (door, name, answer)
            assert 200 <= answer.status < 500, what
            assert time.monotonic() - start < MOST_SECONDS, what
            assert answer.is_taken or (answer.words and rows().get("feeds_row", 0) == before.get("feeds_row", 0)), what
            assert answer.is_taken or door in ("delivery", "return") or rows() == before, what
