"""The XML form of the return: one element a child, taken apart into the same tables as the CSV files. Never trusted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from atlas.returns.checking.staging import Given, Problem, Staged, plain_csv, stage_csv
from atlas.returns.layouts import LAYOUT, READ, named

ROOT = "EXPSSDA903"
HELD = {"HEADER": "Header", "EPISODE": "Episodes", "AMISSING": "Missing"}
DEEPEST = 8  # a return needs four: the return, a child, a part of it, a value
# What else the return holds of a child; read by nobody here.
OTHER = {"AREVIEW", "PERMANENCE", "OC2", "AD_PLACED", "SWEPISODE", "ADOLO"}


def is_xml(given: Given) -> bool:
    """Whether the file is XML, by what it holds."""
    with given.path.open("rb") as file:
        start = file.read(400)
    plain = start.decode("utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", errors="ignore")
    return plain.lstrip("\ufeffï»¿ \r\n\t").startswith("<")


def stage_xml(engine: Any, given: Given, year: int, work: Path, held: "set[str]") -> list[Staged]:
    """Read an XML return into its tables; `held`: the tables that are read already. Raises Problem."""
    rows: dict[str, list[list[str]]] = {name: [] for name in READ}
    try:
        for child in _children(given):
            _take(child, rows)
    except DefusedXmlException as problem:
        raise Problem(
            f"“{given.name}” declares a document type or entities, which a return never does and by which a file can do harm. It was not opened. "
            "Make the file again from your case system; if it came from somebody else, tell your security officer."
        ) from problem
    except (ParseError, ValueError, LookupError) as problem:
        raise Problem(f"“{given.name}” is not whole XML ({problem}). Nothing of it was read. Make the file again.") from problem
    staged = []
    for name in READ:
        if rows[name] or name == "Header":
            path = plain_csv(work, f"{name}{'-last' if given.is_last else ''}.csv", LAYOUT[name].columns, iter(rows[name]))
            staged.append(stage_csv(engine, Given(path, given.name, given.is_last), year, work, held))
    return staged


def _children(given: Given) -> Iterator[Element]:
    root: Element | None = None
    depth = 0
    for event, element in iterparse(str(given.path), events=("start", "end"), forbid_dtd=True):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise Problem(
                f"“{given.name}” holds elements within elements, deeper than a return does. Nothing of it was read. Make the file again."
            )
        if root is None:
            root = element
            if _tag(root) != ROOT:
                raise Problem(
                    f"“{given.name}” is no return of looked-after children: it begins with <{_tag(root)[:40]}>, not <{ROOT}>. Give the right file."
                )
        elif event == "end" and _tag(element) == "CHILD" and element is not root:
            yield element
            root.clear()


def _take(child: Element, rows: dict[str, list[list[str]]]) -> None:
    header = next((part for part in child if _tag(part) == "HEADER"), None)
    of_child = _cells(header) if header is not None else {}
    rows["Header"].append([of_child.get(column, "") for column in LAYOUT["Header"].columns])
    for part in child.iter():
        name = HELD.get(_tag(part))
        if name and name != "Header":
            cells = of_child | _cells(part)
            rows[name].append([cells.get(column, "") for column in LAYOUT[name].columns])


def _cells(part: Element) -> dict[str, str]:
    """The values that stand directly in an element, by the columns' names."""
    return {named(_tag(value)): (value.text or "").strip() for value in part if not len(value)}


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
