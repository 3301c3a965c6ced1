"""An account is opened, a passkey set up and used alone, in a real browser with a virtual authenticator; every page wide and narrow."""

from typing import Any

from playwright.sync_api import Browser, CDPSession, ConsoleMessage, Page, expect

from tests.journeys.conftest import Served, baseline, leave
from tests.journeys.test_spine import picture

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


def seen(page: Page, name: str) -> None:
    """Accessible, complained of by no policy, and kept as a picture at both widths without anything beyond the edge."""
    for width, words in ((1280, "wide"), (390, "narrow")):
        page.set_viewport_size({"width": width, "height": 900})
        picture(page, f"sign-in-{name}-{words}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
    baseline(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def complain(page: Page, said: ConsoleMessage) -> None:
    """Note a complaint of the content security policy."""
    if "Content Security Policy" in said.text:
        page.complaints.append(said.text)  # type: ignore[attr-defined]


def with_authenticator(page: Page) -> tuple[CDPSession, str]:
    """Give the browser a device that knows its holder."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    return cdp, cdp.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]


def opened_by_administrator(page: Page, served: Served) -> str:
    """The administrator opens an account; gives the path of its link."""
    page.goto(f"{served.address}/administration/accounts/")
    seen(page, "accounts")
    page.get_by_role("button", name="Open an account").click()
    seen(page, "open-account")
    for label, value in (
        ("First name", "Rowan"),
        ("Last name", "Newcomer"),
        ("Username", "rowan.newcomer"),
        ("Title of the post", "Social worker"),
    ):
        page.get_by_label(label).fill(value)
    page.get_by_label("Work e-mail address").fill("rowan.newcomer@example.org")
    page.get_by_label("Team").select_option(label="Safeguarding 1, Fernleigh Council")
    page.get_by_label("Role").select_option(label="Practitioner")
    for label, value in (("Day", "1"), ("Month", "9"), ("Year", "2026")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Open the account").click()
    seen(page, "link")
    link = page.locator("code").inner_text()
    page.get_by_role("link", name="Account", exact=True).click()
    seen(page, "account")
    return str(link.removeprefix(served.address))


def approved_by_head_of_service(page: Page, served: Served) -> None:
    """The post that was proposed with the account is approved by a second person."""
    page.goto(f"{served.address}/proposals/view_proposals/")
    seen(page, "proposals")
    page.get_by_role("link", name="Give post").first.click()
    expect(page.get_by_text("Rowan Newcomer becomes Social worker")).to_be_visible()
    seen(page, "proposal")
    page.get_by_role("button", name="Approve", exact=True).click()
    seen(page, "approve")
    page.get_by_role("button", name="Approve it, and do it now").click()
    expect(page.get_by_text("Approved and done")).to_be_visible()


def test_a_passkey_is_set_up_with_the_link_and_signs_in_alone(served: Served, sign_in: Any, chromium: Browser) -> None:
    path = opened_by_administrator(sign_in("administrator"), served)
    approved_by_head_of_service(sign_in("head.of.service", phone=True), served)

    # Given a newcomer with a device of their own, at a name (a passkey belongs to a name, not to a number)
    here = served.address.replace("127.0.0.1", "localhost")
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.complaints = []  # type: ignore[attr-defined]
    page.on("console", lambda said: complain(page, said))
    cdp, device = with_authenticator(page)

    # When they open the link, choose a password and set up a passkey
    page.goto(here + path)
    seen(page, "enrol")
    page.get_by_label("Choose a password").fill("marmalade-lantern-bicycle")
    page.get_by_role("button", name="Continue").click()
    seen(page, "choose-factor")
    page.get_by_role("button", name="Set up an authenticator app").click()
    seen(page, "authenticator")
    page.go_back()
    page.get_by_role("button", name="Set up a passkey").click()
    seen(page, "passkey")
    page.get_by_role("button", name="Set up the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    seen(page, "recovery-codes")
    (credential,) = cdp.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert credential["isResidentCredential"]

    # Then it is listed, and they are in
    for name, where in (("how", "/accounts/2fa/"), ("passkeys", "/accounts/2fa/webauthn/"), ("sessions", "/accounts/sessions/"), ("stay", "/accounts/stay/"),
                        ("new-codes", "/accounts/2fa/recovery-codes/generate/"), ("password", "/accounts/password/change/")):  # fmt: skip
        page.goto(here + where)
        seen(page, name)
    page.goto(f"{here}/")
    expect(page.get_by_text("Rowan Newcomer")).to_be_visible()

    # And when they sign out, the passkey alone lets them in again; without its holder it does not
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{here}/clocks/time_limits/")
    seen(page, "sign-in")
    said = page.get_by_text("The passkey was not used")
    expect(said).to_be_hidden()
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(said).to_be_visible(timeout=70_000)  # a browser waits a minute for the holder
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{here}/clocks/time_limits/")
    expect(page.get_by_text("Rowan Newcomer")).to_be_visible()
    assert page.complaints == []  # type: ignore[attr-defined]
    page.goto(f"{here}/accounts/2fa/webauthn/")
    page.get_by_role("link", name="Remove My passkey").click()
    seen(page, "remove-passkey")

    # And as a second factor after a password
    page.goto(f"{here}/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{here}/")
    page.get_by_label("Username").fill("rowan.newcomer")
    page.get_by_label("Password").fill("marmalade-lantern-bicycle")
    page.get_by_role("button", name="Sign in", exact=True).click()
    seen(page, "second-factor")
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_text("Rowan Newcomer")).to_be_visible()
    leave(page.context)


def test_a_session_about_to_end_says_so_and_can_be_kept(served: Served, sign_in: Any) -> None:
    page = sign_in("social.worker")
    mine, soon = page.locator("[data-who]").get_attribute("data-who"), [60]
    page.route(
        "**/accounts/stay/",
        lambda route: (
            route.fulfill(json={"seconds": soon.pop(), "who": mine}) if soon and route.request.method == "GET" else route.continue_()
        ),
    )
    page.clock.install()
    page.goto(f"{served.address}/")
    page.clock.fast_forward("13:01")
    note = page.get_by_role("alertdialog", name="You will soon be signed out")
    expect(note).to_be_visible(timeout=10_000)
    seen(page, "warning")
    note.get_by_role("button", name="Stay signed in").click()
    expect(note).to_be_hidden()
    assert page.complaints == []
