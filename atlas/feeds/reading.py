"""A file is read in a child process that can harm nobody: bounded memory and time, no writing, no network code, no Django.

Source of the bounds: shared/reference/protection.md section 6, hostile files. What cannot be read is `Unreadable`, with a
sentence that says what is wrong and what to do.
"""

import json
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

WALL_SECONDS = 120
CHILD = Path(__file__).with_name("reading_child.py")


class Unreadable(Exception):
    """The file cannot be read: why, and what to do, in the user's words."""


@dataclass(frozen=True)
class ReadRow:
    """One row of a file: the sheet or file it stands in, its line, and its cells by the names in the header."""

    sheet: str
    number: int
    cells: dict[str, str]


def read(path: Path, name: str = "") -> Generator[ReadRow]:
    """The rows of a CSV file, a workbook, or a zip of CSV files; known by content, never by name. `name`: what its sender calls it, where that is not the path's.

    Streams: memory does not grow with the file. Raises Unreadable, possibly after some rows: the caller keeps none then.
    """
    command = [sys.executable, "-I", str(CHILD), str(path), name or path.name]
    # The child sees an empty environment: no secret of the service's reaches a parser.
    child = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"}, cwd="/"
    )
    assert child.stdout is not None
    try:
        finished = False
        for line in child.stdout:
            word = json.loads(line)
            if "problem" in word:
                raise Unreadable(word["problem"])
            if "end" in word:
                finished = True
                break
            yield ReadRow(word["sheet"], word["number"], word["cells"])
        if not finished:
            child.wait(WALL_SECONDS)
            raise Unreadable(
                "This file asks for more memory or time than a partner's file may. Ask the sender for a smaller one, or for CSV."
            )
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
