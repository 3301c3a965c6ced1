"""A compiled export as a file: clean, with no formula, link, hidden sheet, cache or name of a machine in it, and its mark on every page."""

import csv
import json
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import typst
import xlsxwriter

from atlas.chronology.moments import LONDON, Moment, Precision
from atlas.sharing.exports.compile import Document
from atlas.sharing.exports.wording import TABLE_FORMATS, Value, date_in_table

TEMPLATE = Path(__file__).with_name("export.typ")
# A spreadsheet takes a cell that begins so for a formula, wide forms too; the mark before it makes it text (OWASP: CSV injection).
LIVE = tuple("=+-@\t\r\n＝＋－＠")


def inert(text: str) -> str:
    """Text that no spreadsheet runs."""
    return f"'{text}" if text.lstrip(" ").startswith(LIVE) or text.startswith(LIVE) else text


def text_of(value: Value, dates: int) -> str:
    """A cell as text."""
    return date_in_table(value, dates) if isinstance(value, Moment | date) else inert(value or "")


def csv_of(document: Document) -> bytes:
    """Lines that say what it is, then the table; in UTF-8 as spreadsheets know it."""
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerows([[inert(line)] for line in _above(document)])
    writer.writerow([])
    writer.writerow(document.headings)
    writer.writerows([text_of(value, document.dates) for value in row] for row in document.rows)
    writer.writerow([])
    writer.writerows([[line] for line in (*document.closing, document.mark)])
    return ("\ufeff" + out.getvalue()).encode()


def _above(document: Document) -> tuple[str, ...]:
    return (
        f"{document.marking}: {document.title}",
        document.mark,
        *(f"{name}: {value}" for name, value in document.facts),
        *document.opening,
    )


def xlsx_of(document: Document, made_at: Moment) -> bytes:
    """One sheet: nothing but text and dates. Its mark is on the sheet, in each row, and in the head and foot of each printed page."""
    out = BytesIO()
    no = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"in_memory": True, **no})
    naive = made_at.at.astimezone(LONDON).replace(tzinfo=None) if made_at.at else None
    book.set_properties({"title": document.title, "author": "", "company": "", "created": naive})
    sheet = book.add_worksheet("Export")
    bold = book.add_format({"bold": True})
    shown = [book.add_format({"num_format": TABLE_FORMATS[document.dates] + clock}) for clock in ("", " hh:mm")]
    lines = _above(document)
    for place, line in enumerate(lines):
        sheet.write_string(place, 0, inert(line), bold if place < 2 else None)
    head = len(lines) + 1
    for column, heading in enumerate(document.headings):
        sheet.write_string(head, column, heading, bold)
    for place, row in enumerate(document.rows, head + 1):
        for column, value in enumerate(row):
            exact = _exact(value)
            if exact is None:
                sheet.write_string(place, column, text_of(value, document.dates))
            else:
                sheet.write_datetime(place, column, exact, shown[isinstance(value, Moment) and value.precision is Precision.MINUTE])
    for place, line in enumerate((*document.closing, document.mark), head + len(document.rows) + 2):
        sheet.write_string(place, 0, line)
    safe = document.mark.replace("&", "&&")[:200]
    sheet.set_header(f"&C{document.marking}")
    sheet.set_footer(f"&L{safe}&RPage &P")
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_column(0, len(document.headings) - 3, 20)
    sheet.set_column(len(document.headings) - 2, len(document.headings) - 2, 80)
    book.close()
    return out.getvalue()


def _exact(value: Value) -> "date | None":
    """A date that a workbook can hold as one: what is known to the minute or to the day."""
    if isinstance(value, Moment):
        if value.at is None or value.precision not in (Precision.MINUTE, Precision.DATE):
            return None
        local = value.at.astimezone(LONDON).replace(tzinfo=None)
        return local if value.precision is Precision.MINUTE else local.date()
    return value if isinstance(value, date) and value.year >= 1900 else None


def pdf_of(document: Document) -> bytes:
    """On paper: each row with its facts and its sentence; the mark across and at the foot of each page."""
    shown = {
        "title": document.title, "marking": document.marking, "mark": document.mark, "facts": document.facts, "opening": document.opening,
        "closing": document.closing, "headings": document.headings[:-2],
        "rows": [[[text_of(value, document.dates) for value in row[:-2]], row[-2]] for row in document.rows],
    }  # fmt: skip
    made = typst.compile(
        str(TEMPLATE), format="pdf", ignore_system_fonts=True, pdf_standards="ua-1", sys_inputs={"export": json.dumps(shown)}
    )
    assert isinstance(made, bytes)
    return made
