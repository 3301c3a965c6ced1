"""A privacy officer looks at who asks; whoever answers decides what a girl is given of her own record. On a desk, and on a phone."""

from typing import Any

from playwright.sync_api import expect

from tests.journeys.conftest import baseline, go_to


def test_a_record_is_weighed_item_by_item(sign_in: Any) -> None:
    page = sign_in("information.rights")
    go_to(page, "Requests for a record")
    baseline(page)
    page.locator("main h2 a").first.click()
    baseline(page)
    expect(page.locator("main")).to_contain_text("Answer by")
    page.get_by_role("button", name="Go on deciding").click()
    baseline(page)
    page.get_by_role("link", name="Marked, still to decide").click()
    baseline(page)
    page.locator("main .govuk-summary-card a").first.click()
    baseline(page)
    item = page.url
    page.get_by_label("Leave it out").check()
    page.get_by_role("button", name="Save, and go on").click()
    baseline(page)
    expect(page.locator("main")).to_contain_text("Choose the ground on which it is left out")
    page.get_by_label("Give it", exact=True).check()
    page.get_by_role("button", name="Save, and go on").click()
    assert page.url != item  # the next item about which nobody has decided


def test_a_parent_who_asks_is_looked_at_first(sign_in: Any) -> None:
    page = sign_in("privacy.officer", phone=True)
    go_to(page, "Requests for a record")
    baseline(page)
    page.get_by_role("link", name="Her mother").or_(page.locator("main h2 a").last).first.click()
    baseline(page)
    expect(page.locator("main")).to_contain_text("Her mother")
    page.get_by_role("button", name="Accept it").click()
    baseline(page)
    page.get_by_label("What showed who they are?").fill("Her passport, looked at in the office")
    page.get_by_label("What showed that they may ask for this child?").fill("The birth certificate")
    page.locator("[name=child_understands][value=yes]").check()
    page.get_by_label("Read together, and handed over in person").check()
    page.get_by_label("Why is that safe?").fill("In the office, alone")
    page.get_by_label("Who answers it?").select_option(index=1)
    page.get_by_role("button", name="Accept it, and open the record").click()
    baseline(page)
    expect(page.locator("main")).to_contain_text("A child who understands it decides")
