"""Every table that leaves Atlas, with live words in each of its cells, opened by LibreOffice (protection.md table E, E5): `python3 run.py bench spreadsheets`.

Workbook and CSV of an export, CSV of a profile, of a checked return and of a checked Annex A workbook. LibreOffice opens each, told to run formulas in CSV, and writes
down what it holds: no formula, hidden sheet, link, pivot table or source elsewhere, and nothing is asked of a server on this machine. Peer: the same words as
spreadsheets write them down, which LibreOffice must find live, or it was not asked. Needs LibreOffice (Debian: `apt-get install libreoffice-calc`).
"""

import csv
import http.server
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from bench.measuring import last_line, table

django.setup()

from atlas.chronology.moments import Moment  # noqa: E402
from atlas.profile.files import _csv as profile_csv  # noqa: E402
from atlas.returns.annex_a.cells import Line, Problem  # noqa: E402
from atlas.returns.annex_a.found import ListFound, ListRead  # noqa: E402
from atlas.returns.annex_a.lists import LISTS  # noqa: E402
from atlas.returns.report import annex_report, report  # noqa: E402
from atlas.returns.rules import RULES, Finding  # noqa: E402
from atlas.sharing.exports.compile import Document  # noqa: E402
from atlas.sharing.exports.files import csv_of, xlsx_of  # noqa: E402

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
# Comma, quotation mark, UTF-8, from the first line; numbers and dates found, formulas run (LibreOffice: filter options of CSV, tokens 8 and 13).
AS_CSV = "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,0,true"
LIVE = {
    "formulas": re.compile(r'table:formula="'),
    "hidden": re.compile(r'table:display="false"|table:visibility="(?:collapse|filter)"'),
    "links": re.compile(r'xlink:href="(?!\./|ObjectReplacements)[^"]*:|<table:table-source|table:cell-range-source'),
    "pivots": re.compile(r"<table:data-pilot-table "),
}


def words(port: int) -> list[str]:
    """What a spreadsheet would run, or ask of elsewhere, however it begins."""
    asks = f"http://127.0.0.1:{port}/taken"
    heads = ("=", "+", "-", "@", " =", "\t=", "\r=", "\n=", "＝", "=+", "+=", "-=", "@=", '"=', "'=")
    runs = (
        "1+1",
        f'WEBSERVICE("{asks}")',
        f'HYPERLINK("{asks}","Open")',
        "SUM(1+1)*cmd|'/c calc'!A0",
        f'IMPORTXML("{asks}","//a")',
        "'file:///etc/passwd'#$Sheet1.A1",
    )
    return [head + run for head in heads for run in runs] + [
        asks,
        f"file://{asks}",
        "{=1+1}",
        "of:=1+1",
        "2026-11-30",
        "1e5",
        "\u202e=1+1",
        "\ufeff=1+1",
    ]


def made(live: list[str], folder: Path) -> dict[str, Path]:
    """Each kind of table, with these words in every place into which somebody's words come; and the peer's."""
    now = Moment(datetime(2026, 11, 30, 9, tzinfo=UTC))
    rows = tuple((now, one, one, "mark") for one in live)
    document = Document(
        live[0], "Official", "AX-1", tuple((one, one) for one in live), (live[0],), ("Day", "Name", "Words", "Mark"), rows, ("End",), 0
    )
    found = [
        Finding(rule.code, next(iter(rule.says)), "Missing", at, one, one, one, one, one, one)
        for at, (one, rule) in enumerate(zip(live, RULES * 20, strict=False))
    ]
    lines = tuple(Line(at, one, {}, (Problem(one, one),)) for at, one in enumerate(live))
    checked, annexed, bare = StringIO(), StringIO(), StringIO()
    report(checked, found, 2026)
    annex_report(annexed, [ListFound(ListRead(LISTS[0], "List 1", lines, (), ()), 0, (), (), ())])
    csv.writer(bare).writerows([one] for one in live)
    kinds = {
        "an export, workbook": xlsx_of(document, now),
        "an export, CSV": csv_of(document),
        "a profile, CSV": profile_csv({"columns": live, "rows": [[one] * 3 for one in live]}).encode(),
        "a checked return, CSV": ("\ufeff" + checked.getvalue()).encode(),
        "a checked Annex A, CSV": ("\ufeff" + annexed.getvalue()).encode(),
        "peer: the words bare, CSV": bare.getvalue().encode(),
    }
    paths = {}
    for at, (kind, content) in enumerate(kinds.items()):
        paths[kind] = folder / f"{at}.{'xlsx' if kind.endswith('workbook') else 'csv'}"
        paths[kind].write_bytes(content)
    return paths


def opened(path: Path, folder: Path) -> str:
    """What LibreOffice holds once it has opened the file, in its own flat XML."""
    how = [AS_CSV] if path.suffix == ".csv" else []
    subprocess.run(
        [str(OFFICE), f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore", *how, "--convert-to", "fods", "--outdir", folder, path],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300,
    )  # fmt: skip
    return (folder / f"{path.stem}.fods").read_text(encoding="utf-8")


@contextmanager
def listening() -> Iterator[tuple[int, list[str]]]:
    """A server on this machine, and what was asked of it."""
    asked: list[str] = []

    class Listens(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listens) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], asked
        server.shutdown()


def main() -> None:
    """Each kind in turn."""
    if OFFICE is None:
        sys.exit("bench spreadsheets needs LibreOffice. On Debian: apt-get install --no-install-recommends libreoffice-calc")
    began, rows = time.monotonic(), list[list[object]]()
    with TemporaryDirectory() as temporary, listening() as (port, asked):
        folder, live = Path(temporary), words(port)
        for kind, path in made(live, folder).items():
            before = len(asked)
            held = opened(path, folder)
            rows.append([kind, held.count("<text:p>"), *(len(pattern.findall(held)) for pattern in LIVE.values()), len(asked) - before])
    table(["what leaves", "cells with words", *LIVE, "asked of a server"], rows)
    ours, (peer,) = rows[:-1], rows[-1:]
    last_line(
        words=len(live), kinds=len(ours), **{name: sum(int(str(row[at])) for row in ours) for at, name in enumerate((*LIVE, "asked"), 2)},
        peer_formulas=int(str(peer[2])), seconds=time.monotonic() - began,
    )  # fmt: skip


main()
