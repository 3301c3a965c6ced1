"""The accessibility statement is open to everybody, led to from every page, and says on paper what the tests look at, as their code stands."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from atlas.config.papers import proofs
from atlas.config.papers.accessibility import STATEMENT, accessibility_statement, journeys, measured, states
from tests import factories
from tests.guards.reading import ROOT

pytestmark = pytest.mark.django_db


def test_everybody_reads_it_and_every_page_leads_to_it(client: Client, signed_in: Any) -> None:
    for browser in (client, signed_in(factories.post("practitioner"))):
        page = browser.get("/accessibility/")
        assert page.status_code == 200
        for heading, _ in STATEMENT:
            assert heading in page.content.decode()
        assert 'href="/accessibility/"' in browser.get("/", follow=True).content.decode()
    assert 'href="/accessibility/"' in client.get("/worried/").content.decode()


def test_on_paper_it_lists_what_is_opened_and_the_newest_figure(tmp_path: Path) -> None:
    paper = accessibility_statement(ROOT)
    assert len(states(ROOT)) > 50 and len(journeys(ROOT)) > 10
    assert all(f"`{path}`" in paper for path in journeys(ROOT)) and all(name in paper for name in states(ROOT))
    assert proofs.lacking(ROOT, [one for one in paper.split("`") if one.startswith("tests/")]) == []
    (tmp_path / "bench").mkdir()
    results = tmp_path / "bench/RESULTS.md"
    first = '## Page states: x\n\n```\n{"states": 1, "looked_at": 2, "violations": 3, "too_wide": 4}\n```\n\n1 May 2026, a\n\n'
    results.write_text("# R\n\n" + first + first.replace('"states": 1', '"states": 9').replace("1 May", "2 June") + "## Other\n\n{}\n")
    assert (measured(tmp_path).states, measured(tmp_path).too_wide, measured(tmp_path).on) == (9, 4, "2 June 2026")
    results.write_text("# R\n")
    with pytest.raises(ValueError, match="bench states"):
        measured(tmp_path)
