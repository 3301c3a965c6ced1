"""A data officer checks a return on the screen: theirs alone to see, by rule and by child, for fourteen days."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.returns.checking.staging import Given
from atlas.returns.commands import KEPT_FOR, check_return
from atlas.returns.models import ReturnCheck
from atlas.returns.queries.tables import found_by, return_checks
from tests import factories
from tests.factories import NOW
from tests.guards.reading import SOURCES, imported, name_of
from tests.returns.given import file
from tests.world import make_world

pytestmark = pytest.mark.django_db
HEAD = "CHILD,DOB,MISSING,MIS_START,MIS_END\n"
BAD = "C1,01/05/2010,M,02/05/2025,01/05/2025\n"


def sent(**files: str) -> dict[str, Any]:
    return {"year": "2026", "key": "k", **{name: SimpleUploadedFile(f"{name}.csv", text.encode()) for name, text in files.items()}}


def test_a_check_is_its_maker_s_alone_to_see_and_ends(tmp_path: Path) -> None:
    world = make_world()
    officer, other = (factories.post("data_officer", of=factories.team("Data")) for _ in range(2))
    given = file(tmp_path, "Missing", [["C1", "01/05/2010", "M", "02/05/2025", "01/05/2025"]])
    made = check_return(files=[given], year=2026, by=officer, at=NOW)
    assert (made.findings_counted, made.counts) == (1, {"567": (1, 0, 1)})
    assert b"C1" not in bytes(made.content)  # locked
    with acting_as(officer, NOW):
        [held] = return_checks()
        assert [(one.rule, one.child, one.row) for one in found_by(held)] == [("567", "C1", 2)]
        assert list(found_by(held, rule="564")) == list(found_by(held, child="C2")) == []
    for post, at in ((other, NOW), (world.manager, NOW), (officer, NOW + KEPT_FOR)):
        with acting_as(post, at):
            assert not ReturnCheck.objects.exists()
    (tmp_path / "nothing.csv").write_text("")
    with pytest.raises(Invalid, match="is empty"):
        check_return(files=[Given(tmp_path / "nothing.csv", "nothing.csv")], year=2026, by=officer, at=NOW)
    with pytest.raises(Refused):
        check_return(files=[given], year=2026, by=world.coordinator, at=NOW)


def test_the_pages_lead_from_the_files_to_each_row(signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty, wrong, full, by rule, by child, and as a table."""
    officer = factories.post("data_officer", of=factories.team("Data"))
    client = signed_in(officer, NOW)
    assert "You have checked nothing in the last 14 days" in client.get(reverse("returns:view_return_checks")).content.decode()
    address = reverse("returns:check_return")
    assert "1 April 2025 to 31 March 2026" in client.get(address).content.decode()
    wrong = client.post(address, sent(missing="Name,Born\nEllis,2010\n"))
    assert "is no table of the return of looked-after children: its headings are Name, Born" in wrong.content.decode()
    monkeypatch.setattr("atlas.returns.views.A_PAGE", 2)
    rows = "".join(BAD.replace("C1", f"C{number}") for number in range(5))
    answer = client.post(address, sent(missing=HEAD + rows, last=HEAD) | {"key": "again"}, follow=True)
    page = answer.content.decode()
    shown = answer.redirect_chain[-1][0]
    assert "It ended before it began" in page
    assert "The child is not in the Header table (INT04): give the table Header too." in page
    first = client.get(f"{shown}?rule=567").content.decode()
    assert "It began on 02/05/2025 and ended on 01/05/2025, which is earlier." in first
    assert "1 to 2 of 5" in first
    assert "C4" in client.get(f"{shown}?rule=567&page=3").content.decode()
    assert "It ended before it began." in client.get(f"{shown}?child=C3").content.decode()
    assert "Nothing is found there" in client.get(f"{shown}?child=C9").content.decode()
    report = client.get(shown.replace("view_return_check", "download_return_report"))
    assert report["Content-Disposition"] == 'attachment; filename="missing-table-2026.csv"'
    assert report.content.decode().count("\r\n") == 6
    assert "C1" in report.content.decode()
    assert client.get(reverse("returns:view_return_checks")).content.decode().count("missing.csv") == 1
    other = factories.post("data_officer", of=factories.team("Data"))
    for page_of in (shown, shown.replace("view_return_check", "download_return_report")):
        assert signed_in(other, NOW).get(page_of).status_code == 404


def test_the_columnar_engine_is_loaded_in_the_checker_s_process_alone() -> None:
    assert [name_of(path) for path in SOURCES for _, module in imported(path) if module.split(".")[0] == "duckdb"] == [
        "returns/checking/checker.py"
    ]
