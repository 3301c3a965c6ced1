"""The reader itself. Runs alone in a bounded process (see reading.py); prints one JSON object a line."""

import csv
import io
import json
import os
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 20
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 400_000, 300, 32_767
ZIP_ENTRIES, ZIP_TOTAL, ZIP_RATIO = 2_000, 200 * 1024 * 1024, 100


NO_WORKBOOK = "This workbook cannot be read. Open it, save it again as .xlsx, and send that."


class Problem(Exception):
    """What is wrong with the file, and what to do."""


def bound() -> None:
    """Give up what a reader does not need: memory, time, writing, new files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))


def say(**word: object) -> None:
    """Hand one word to the parent."""
    sys.stdout.write(json.dumps(word) + "\n")


def main(path: str, name: str) -> None:
    """Read the file at this path, by what it holds. `name`: what its sender calls it."""
    with open(path, "rb") as file:
        start = file.read(8)
        if start[:4] == b"PK\x03\x04":
            read_zip(path)
        elif start[:4] in (b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG") or start[:2] == b"MZ":
            raise Problem(
                "This is neither a CSV file nor a workbook of Excel's present kind. Save it as CSV (UTF-8) or .xlsx and send it again."
            )
        elif not start:
            raise Problem("This file is empty. Ask the sender to send it again.")
        else:
            file.seek(0)
            read_csv(name, file)
    say(end=True)


def read_zip(path: str) -> None:
    """A workbook or a zip of CSV files, after a look at its directory."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            check_directory(entries)
            names = {entry.filename for entry in entries}
            if "[Content_Types].xml" in names:
                if any(name.endswith("vbaProject.bin") for name in names):
                    raise Problem("This workbook carries macros. Save it as .xlsx without macros and send it again.")
                read_workbook(path)
                return
            for entry in entries:
                if not entry.is_dir():
                    if not entry.filename.lower().endswith(".csv"):
                        raise Problem(f"The zip holds “{entry.filename}”, which is no CSV file. Send a zip of CSV files only.")
                    with archive.open(entry) as file:
                        read_csv(os.path.basename(entry.filename), io.BufferedReader(file))  # type: ignore[arg-type]
    except (Problem, MemoryError):
        raise
    except Exception as problem:  # zipfile, and the packers below it, raise whatever a damaged place comes to
        raise Problem("This file is damaged or protected by a password. Ask the sender to send it again, without one.") from problem


def check_directory(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse what would unpack to more than a file may hold, climb out of its folder, or hide another archive."""
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if len(entries) > ZIP_ENTRIES or total > ZIP_TOTAL or total / packed > ZIP_RATIO:
        raise Problem(
            "This file would unpack to far more than a partner's file may hold. It was not opened. Ask the sender for a plain CSV file."
        )
    for entry in entries:
        if entry.filename.startswith("/") or ".." in entry.filename.split("/") or (entry.external_attr >> 28) == 0xA:
            raise Problem("This zip holds names that lead out of it. It was not opened. Tell the sender, and your security officer.")
        if entry.filename.lower().endswith((".zip", ".7z", ".rar", ".gz")):
            raise Problem("This zip holds another archive. Send the CSV files themselves in one zip.")


def read_workbook(path: str) -> None:
    """Every sheet of a workbook, values only."""
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
    except Exception as problem:
        raise Problem(NO_WORKBOOK) from problem
    found = False
    for name in book.sheet_names:
        rows = rows_of(book, name)
        header = next(rows, None)
        if header is None:
            continue
        found = True
        give(name, [text(cell) for cell in header], ([text(cell) for cell in row] for row in rows))
    if not found:
        raise Problem("No sheet of this workbook holds a row. Check that the right file was sent.")


def rows_of(book: "CalamineWorkbook", name: str) -> "Iterator[Sequence[object]]":
    """The rows of a sheet; where the workbook's own parts contradict one another, or one of them is damaged, in words."""
    try:
        yield from book.get_sheet_by_name(name).iter_rows()
    except (GeneratorExit, MemoryError):
        raise
    except BaseException as problem:  # what the library raises where it gives up is no Exception
        raise Problem(NO_WORKBOOK) from problem


def text(cell: object) -> str:
    """A cell as text; dates as ISO 8601, whole numbers without a point."""
    if cell is None:
        return ""
    if hasattr(cell, "isoformat"):
        return str(cell.isoformat())
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def read_csv(name: str, file: "io.BufferedReader") -> None:
    """A CSV file, in the encoding found."""
    lines = io.TextIOWrapper(file, encoding=encoding_of(file.peek(65536)[:65536]), newline="")
    csv.field_size_limit(LONGEST_CELL)
    try:
        reader = csv.reader(lines, strict=True)
        header = next(reader, None)
        if header is None:
            raise Problem(f"“{name}” is empty. Ask the sender to send it again.")
        give(name, [cell.strip() for cell in header], ([cell.strip() for cell in row] for row in reader))
    except UnicodeDecodeError as problem:
        raise Problem(
            f"“{name}” mixes ways of writing letters, so names would be spoiled. Save it as CSV (UTF-8) and send it again."
        ) from problem
    except csv.Error as problem:
        raise Problem(f"“{name}” is not a proper CSV file ({problem}). Save it again as CSV (UTF-8).") from problem


def encoding_of(start: bytes) -> str:
    """UTF-8 where it is, or what its first bytes say; otherwise Windows-1252, as English offices write."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if b"\x00" in start:
        raise Problem("This is no text file. Save it as CSV (UTF-8) and send it again.")
    try:
        start.decode("utf-8")
        return "utf-8-sig"
    except UnicodeDecodeError as problem:
        if problem.start > len(start) - 4:  # cut within a letter
            return "utf-8-sig"
    if any(byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) for byte in start):
        raise Problem("This file is written in a way that Atlas does not know. Save it as CSV (UTF-8) and send it again.")
    return "cp1252"


def give(sheet: str, header: list[str], rows: Iterable[list[str]]) -> None:
    """Hand the rows to the parent, by the names of the header."""
    if len(header) > MOST_COLUMNS:
        raise Problem(f"“{sheet}” has {len(header):,} columns; at most {MOST_COLUMNS} can be read. Check that the right file was sent.")
    names = [name for name in header if name]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Problem(f"“{sheet}” has the column {twice[0][:100]} twice. Ask the sender to put it right.")
    write, dumps, count = sys.stdout.write, json.dumps, 0
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            raise Problem(f"“{sheet}” has more than {MOST_ROWS:,} rows. Send it in parts.")
        if any(row):
            cells = {name: cell for name, cell in zip(header, row, strict=False) if name and cell}
            if any("\x00" in cell for cell in cells.values()):
                raise Problem(
                    f"Row {count} of “{sheet}” holds characters that are no text. Save the file as CSV (UTF-8) and send it again."
                )
            write(dumps({"sheet": sheet, "number": count + 1, "cells": cells}) + "\n")
    if not count:
        say(sheet=sheet, number=1, cells={})


if __name__ == "__main__":
    import site
    import sysconfig

    site.addsitedir(sysconfig.get_path("purelib"))
    import encodings.cp1252
    import encodings.utf_16  # noqa: F401

    bound()
    try:
        main(*sys.argv[1:])
    except Problem as problem:
        say(problem=str(problem))
    except MemoryError:
        os._exit(3)
    sys.stdout.flush()
