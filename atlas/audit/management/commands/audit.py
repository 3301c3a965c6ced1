"""`manage audit seal [--every SECONDS]`, `status`, `key`, `export FOLDER`, `proof TABLE ID`: the sealer's door, under its own login."""

import json
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections, transaction
from django.utils import timezone

from atlas.audit.models import Seal
from atlas.audit.sealer import TABLES, Told, fields_of, rows_between, seal, tell_anchors
from atlas.audit.sealing import Key, Line, Unsealable, path_of
from atlas.running.beats import beat_now_and_then


class Command(BaseCommand):
    help = "Seal the record of acts and looks (seal), say how it stands (status), or hand it to the offline verifier (key, export, proof)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["seal", "status", "key", "export", "proof"])
        parser.add_argument(
            "given", nargs="*", metavar="FOLDER | TABLE ID", help="where to export to; or gate_act or gate_look, and a number"
        )
        parser.add_argument("--every", type=float, help="seconds between batches; without it, one batch")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the verbs; say in a sentence what stands in the way."""
        try:
            if options["verb"] == "seal":
                self._seal(options["every"])
            elif options["verb"] == "status":
                self._say(tell_anchors(settings.ATLAS_ANCHORS), say_all=True)
            elif options["verb"] == "key":
                self.stdout.write(Key.read(settings.ATLAS_SEAL_KEY).public)
            elif options["verb"] == "export" and len(options["given"]) == 1:
                self.stdout.write(export(Path(options["given"][0])))
            elif options["verb"] == "proof" and len(options["given"]) == 2:
                self.stdout.write(json.dumps(proof(*options["given"]), indent=1))
            else:
                raise CommandError("Give a folder to export to, or a table (gate_act, gate_look) and the number of a row to prove.")
        except Unsealable as problem:
            raise CommandError(str(problem)) from problem

    def _seal(self, every: float | None) -> None:
        key = Key.read(settings.ATLAS_SEAL_KEY)
        said: set[str] = set()
        while True:
            try:
                line = seal(key, timezone.now())
                if line and not every:
                    self.stdout.write(f"Sealed {line.rows} rows as number {line.number}.")
                told = tell_anchors(settings.ATLAS_ANCHORS)
                new = {f"{one.folder}: {one.problem}" for one in told if one.problem}
                self._say([one for one in told if f"{one.folder}: {one.problem}" in new - said])
                beat_now_and_then("sealer")
                said = new  # a trouble is said once, and again when it comes back
            except OperationalError:
                connections["default"].close()  # the server is away: it is asked again
                if not every:
                    raise
            if not every:
                return
            time.sleep(every)

    def _say(self, told: list[Told], *, say_all: bool = False) -> None:
        if say_all:
            last = Seal.objects.order_by("-number").first()
            self.stdout.write(f"Last seal: {last.number}, {last.sealed_at}" if last else "Nothing is sealed yet.")
        for one in told:
            late = f"LATE by {one.behind} seals" if one.behind else "up to date"
            self.stderr.write(
                f"Anchor {one.folder}: {'WRONG, ' if one.problem and not one.behind else ''}{late}{'; it ' if one.problem else ''}{one.problem}"
            )


def export(folder: Path) -> str:
    """Write acts, looks and seals as CSV for the verifier, of one moment: what psql's \\copy writes with NULL '\\N'."""
    folder.mkdir(parents=True, exist_ok=True)
    with transaction.atomic():
        with connections["default"].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        write_csv(folder)
    return f"Exported to {folder}. Check it: python3 verify_audit.py {folder} --key PUBLIC_KEY --anchor FOLDER"


def write_csv(folder: Path) -> None:
    """The three tables as CSV, inside a transaction."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        cursor.execute("SET LOCAL datestyle = 'ISO, YMD'")
    for table in (*TABLES, "audit_seal"):
        chosen = f"COPY (SELECT * FROM {table}) TO STDOUT CSV HEADER NULL '\\N'"  # noqa: S608  (our own names)
        with (
            (folder / f"{table}.csv").open("wb") as file,
            connections["default"].connection.cursor() as cursor,
            cursor.copy(chosen) as copy,
        ):
            for part in copy:
                file.write(part)


def proof(table: str, number: str) -> dict[str, Any]:
    """One row with its way to the root of its seal: whoever holds the anchor's line can check it without the rest. Raises Unsealable."""
    if table not in TABLES or not number.isdecimal():
        raise Unsealable("The table is gate_act or gate_look, and the number is the row's id.")
    row = fields_of(table, int(number))
    held = Seal.objects.filter(low_tx__lte=int(row["tx"] or 0), high_tx__gt=int(row["tx"] or 0)).first() if row else None
    if row is None or held is None:
        raise Unsealable("There is no such row, or it is not sealed yet.")
    line = Line(**{name: getattr(held, name) for name in Line.__dataclass_fields__})
    with transaction.atomic():
        rows = list(rows_between(line.low_tx, line.high_tx))
    place = [(of, one) for of, one, _ in rows].index((table, number))
    return {"table": table, "row": row, "path": path_of([digest for *_, digest in rows], place), "seal": line.anchored}
