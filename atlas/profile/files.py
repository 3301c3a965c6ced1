"""A profile as files: a PDF to be read, and its data to be counted with: clean text, nothing but what the page says."""

import csv
import json
import re
import zipfile
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import typst

from atlas.design.words import day
from atlas.profile.document import Section, Table
from atlas.profile.models import AnalysisRun, Finding
from atlas.sharing.exports.files import inert

TEMPLATE = Path(__file__).with_name("profile.typ")
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the least that the format holds: the same document gives the same bytes


def title_of(run: AnalysisRun) -> str:
    """What it is called."""
    return f"Local profile of {run.authority.name}, {day(run.from_on)} to {day(run.until_on - timedelta(days=1))}"


def facts_about(run: AnalysisRun) -> list[tuple[str, str]]:
    """What somebody needs who wants to make the same again."""
    return [
        ("Method", str(run.parameters["method"])), ("Seed", str(run.parameters["seed"])), ("Shuffles", str(run.parameters["shuffles"])),
        ("Input (SHA-256)", run.input_fingerprint), ("Document (SHA-256)", str(run.content.get("fingerprint", ""))),
    ]  # fmt: skip


def pdf_of(run: AnalysisRun, decisions: list[Finding], mark: str) -> bytes:
    """The PDF, tagged (PDF/UA-1). `mark`: who took it out and when, on every page."""
    document = {
        "title": title_of(run), "facts": facts_about(run), "sections": with_decisions(run, decisions),
    }  # fmt: skip
    made = typst.compile(
        str(TEMPLATE),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        sys_inputs={"profile": json.dumps(document), "mark": mark},
    )
    assert isinstance(made, bytes)
    return made


def with_decisions(run: AnalysisRun, decisions: list[Finding]) -> list[dict[str, Any]]:
    """The fifteen sections, the fourteenth from the findings as they stand decided now."""
    rows = [[one.words, decision_words(one)] for one in decisions]
    note = "" if rows else "Nothing was found that asks for a decision."
    table = Table("decisions", "Findings and what was decided", ["Finding", "Decision"], rows, note)
    made = Section(14, "Recommendations, and whose they are", tables=[table]).as_content()
    return sorted([*run.content["sections"], made], key=lambda section: section["number"])


def decision_words(finding: Finding) -> str:
    """What was decided, in a sentence."""
    if finding.decision == Finding.Decision.NONE:
        return f"Nothing is done: {finding.reason}"
    if finding.decision == Finding.Decision.ACTION and finding.owner and finding.measured_on:
        whose, measure = finding.owner.user.get_full_name(), finding.measure_words.rstrip(".")
        return f"{finding.action_words} {whose} answers for it. Seen by: {measure}; looked at on {day(finding.measured_on)}."
    return f"To be decided by {day(finding.due_on)}."


def zip_of(run: AnalysisRun, decisions: list[Finding]) -> bytes:
    """One CSV a table, and the whole as JSON; the same profile gives the same bytes."""
    out, sections = BytesIO(), with_decisions(run, decisions)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for section in sections:
            for table in section["tables"]:
                name = re.sub(r"[^a-z0-9_]", "_", table["key"])
                _put(made, f"{section['number']:02}_{name}.csv", _csv(table))
        whole = {"title": title_of(run), "facts": facts_about(run), "sections": sections}
        _put(made, "profile.json", json.dumps(whole, ensure_ascii=False, indent=1))
    return out.getvalue()


def _csv(table: dict[str, Any]) -> str:
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow([inert(cell) for cell in table["columns"]])
    writer.writerows([inert(cell) for cell in row] for row in table["rows"])
    return "\ufeff" + out.getvalue()


def _put(made: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, LONG_AGO)
    entry.compress_type = zipfile.ZIP_DEFLATED
    made.writestr(entry, text.encode())
