"""Looks that were kept aside while the database took no writes are entered into the record, each for the post that looked."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.utils.dateparse import parse_datetime

from atlas.agencies.models import Post
from atlas.gate.aside import lines_of
from atlas.gate.context import acting_as
from atlas.gate.policy import Purpose

KINDS = {"gate.Look": "looked_at", "gate.Act": "acted_at"}


def enter_each(path: Path) -> int:
    """Enter each act and look of a file, once the whole file is proved. Returns how many. Raises Altered."""
    rows = list(lines_of(path))
    posts = {post.pk: post for post in Post.objects.filter(pk__in={row["post_id"] for row in rows}).select_related("user", "team__agency")}
    for row in rows:
        _enter(row, posts[UUID(row["post_id"])])
    return len(rows)


def _enter(row: dict[str, Any], post: Post) -> None:
    """In the name of the post that looked, at the moment when it did: nobody may write a look for another."""
    moment = KINDS[row["kind"]]
    model, looked_at = apps.get_model(row["kind"]), parse_datetime(row[moment])
    assert looked_at is not None
    values = {name: value for name, value in row.items() if name != "kind"} | {moment: looked_at}
    with acting_as(post, looked_at, purpose=Purpose(row["purpose"]) if row.get("purpose") else None):
        model(**values).save(force_insert=True)


def files(paths: Iterable[Path]) -> int:
    """How many acts and looks wait in these files."""
    return sum(1 for path in paths for _ in lines_of(path))
