"""A list leaves, in a browser: asked for, made by the service on behalf of whoever asked, fetched; on a desk, on a phone, without a script."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Served, baseline, go_to
from tests.journeys.test_spine import picture


def _fill(page: Page) -> None:
    today = datetime.now(UTC).date()
    first = today - timedelta(days=180)  # what a small Fernleigh holds of the last weeks changes with the day
    page.get_by_label("Or for somebody outside: their name").fill("Sam Outside")
    page.get_by_label("Where they work").fill("Review panel")
    page.get_by_label("Finding a missing child").check()
    page.get_by_label("Why do they need it?").fill("For the joint review")
    for name, day in (("from_on", first), ("until_on", today)):
        for place, value in enumerate((day.day, day.month, day.year)):
            page.locator(f"[name={name}_{place}]").fill(str(value))
    page.get_by_label("Text table (CSV)").check()
    page.get_by_role("button", name="Export", exact=True).click()


def test_a_coordinator_exports_a_list_and_fetches_it(sign_in: Any, tmp_path: Path) -> None:
    page = sign_in("missing.coordinator")
    go_to(page, "Exports")
    baseline(page)
    page.get_by_role("link", name="Missing episodes", exact=True).click()
    baseline(page)
    picture(page, "export-wide")
    page.get_by_role("button", name="Export", exact=True).click()  # nothing filled in
    expect(page.locator("main")).to_contain_text("There is a problem")
    baseline(page)
    _fill(page)
    until = time.monotonic() + 60
    while "Ready" not in (said := page.locator("main").inner_text()):
        assert time.monotonic() < until, said
        time.sleep(1)
        page.reload()
    baseline(page)
    picture(page, "exports-wide")
    page.locator("main a[href*=download_export]").first.click()
    baseline(page)
    with page.expect_download() as coming:
        page.get_by_role("button", name="Fetch the file").click()
    text = Path(coming.value.path()).read_text(encoding="utf-8-sig")
    assert "Sam Outside, Review panel" in text
    assert coming.value.suggested_filename.removesuffix(".csv") in text


def test_it_works_on_a_phone_and_without_a_script(served: Served, sign_in: Any) -> None:
    page = sign_in("missing.coordinator", phone=True, script=False)
    page.goto(f"{served.address}/sharing/export/return_interviews/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "export-phone")
    _fill(page)
    picture(page, "exports-phone")
    expect(page.locator("main")).to_contain_text("What you exported")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
