"""A local code is given its meaning, and the rows that waited for it are read again."""

import json
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING

from django.db import connection

from atlas.feeds.commands.delivery import SSD, batches, first_state, meanings
from atlas.feeds.layouts import clean
from atlas.feeds.models import CodeMapping, Row
from atlas.feeds.police import TABLE as POLICE_TABLE
from atlas.feeds.ssd import TABLE
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission

if TYPE_CHECKING:
    from atlas.agencies.models import Post

_CLEANED = """
UPDATE feeds_row SET state = v.state, reason = v.reason, values = v.cells::jsonb
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[]) AS v (id, state, reason, cells) WHERE feeds_row.id = v.id
"""


@command(needs=Permission.MAP_CODE)
def map_code(*, mapping: CodeMapping, meaning: str, by: "Post", at: datetime) -> CodeMapping:
    """Say what a local code means; the rows that waited for it can be taken at the next commit of their delivery."""
    if not meaning.strip():
        raise Invalid("Choose what the code means.", "meaning")
    mapping.meaning, mapping.decided_at, mapping.decided_by = meaning, at, by
    mapping.save(update_fields=["meaning", "decided_at", "decided_by"])
    waiting = Row.objects.filter(delivery__source=mapping.source, state=Row.State.WAITING_CODE).select_related("delivery").order_by("pk")
    said = cache(partial(meanings, mapping.source))
    for batch in batches(waiting):
        for row in batch:
            _clean_again(row, said(row.delivery.layout))
        given = [(row.pk, row.state, row.reason, json.dumps(row.values)) for row in batch]
        with connection.cursor() as cursor:
            cursor.execute(_CLEANED, [list(column) for column in zip(*given, strict=True)])
    return mapping


def _clean_again(row: Row, said: dict[tuple[str, str], str]) -> None:
    """What a row that waited for a code means now."""
    table = POLICE_TABLE if row.delivery.layout != SSD else TABLE[row.table]
    cleaned = clean(table, row.values["_cells"], lambda name, code: said.get((name, code)))
    row.state, row.reason = first_state(cleaned)
    row.values = {**cleaned.values, "_cells": row.values["_cells"]} if cleaned.unknown else cleaned.values
