"""`manage docs [NAME] [--check]`: make the documents that are generated, or say whether they are current."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from atlas.api import api
from atlas.config.data_dictionary import data_dictionary
from atlas.config.papers.accessibility import accessibility_statement
from atlas.config.papers.algorithms import algorithms
from atlas.config.papers.asvs import asvs
from atlas.config.papers.impact import impact_assessment
from atlas.config.papers.inventory import security_inventory
from atlas.config.papers.processing import record_of_processing
from atlas.config.papers.safety import safety_case
from atlas.config.papers.threats import threats
from atlas.config.practice_rules import practice_rules


def openapi(root: Path) -> str:
    """What the HTTP API takes and answers, as OpenAPI says it."""
    return json.dumps(api.get_openapi_schema(path_prefix="/api/v1"), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


# file of the document -> who makes its text from the root of the repository
DOCUMENTS: dict[str, Callable[[Path], str]] = {
    "practice-rules.md": practice_rules,
    "data-dictionary.md": data_dictionary,
    "openapi.json": openapi,
    "papers/record-of-processing.md": record_of_processing,
    "papers/impact-assessment.md": impact_assessment,
    "papers/algorithms.md": algorithms,
    "papers/threats.md": threats,
    "papers/safety-case.md": safety_case,
    "papers/asvs.md": asvs,
    "papers/accessibility.md": accessibility_statement,
    "papers/security-inventory.md": security_inventory,
}


class Command(BaseCommand):
    help = "Make the generated documents in docs/; with --check, change nothing and fail where one is out of date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(DOCUMENTS)}; all without it")
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make or check each document."""
        names = options["names"] or list(DOCUMENTS)
        if unknown := sorted(set(names) - set(DOCUMENTS)):
            raise CommandError(f"There is no document “{unknown[0]}”. Choose from: {', '.join(DOCUMENTS)}.")
        for name in names:
            page = Path(settings.ROOT) / "docs" / name
            try:
                text = DOCUMENTS[name](Path(settings.ROOT))
            except (OSError, ValueError) as problem:
                raise CommandError(str(problem)) from problem
            if options["check"]:
                if not page.exists() or page.read_text(encoding="utf-8") != text:
                    raise CommandError(f"docs/{name} is out of date. Make it again: python3 run.py manage docs {name}")
                continue
            page.parent.mkdir(exist_ok=True)
            page.write_text(text, encoding="utf-8")
            self.stdout.write(f"Made docs/{name}")
