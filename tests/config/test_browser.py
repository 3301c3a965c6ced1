"""What a browser is told, and what no other site may do through it (protection.md table E4; OWASP ASVS 5.0.0, V3 and V4)."""

import json
import logging
import re
from collections import deque
from typing import Any

import pytest
from django.test import Client

from atlas.config import browser_reports
from tests.guards.reading import ROOT

pytestmark = pytest.mark.django_db
SIGN_IN, STATIC = "/accounts/login/", "/static/atlas/atlas.css"


def test_every_answer_says_what_a_browser_may_do(client: Client) -> None:
    for path in (SIGN_IN, STATIC, "/health", "/no-such-page/"):
        told = client.get(path).headers
        assert "frame-ancestors 'none'" in told["Content-Security-Policy"] and "default-src 'none'" in told["Content-Security-Policy"], path
        assert (told["X-Content-Type-Options"], told["X-Frame-Options"], told["Referrer-Policy"]) == ("nosniff", "DENY", "same-origin"), (
            path
        )
        assert told["Cross-Origin-Opener-Policy"] == "same-origin" and "Access-Control-Allow-Origin" not in told, path
        assert "charset=" in told["Content-Type"], path


def test_over_tls_a_browser_keeps_to_it_on_every_name_below_for_a_year(client: Client, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_SSL_REDIRECT = 31_536_000, True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    fresh = Client()
    assert fresh.get(SIGN_IN).headers["Location"].startswith("https://")
    for path in (SIGN_IN, STATIC):
        told = fresh.get(path, headers={"x-forwarded-proto": "https"}).headers["Strict-Transport-Security"]
        assert told == "max-age=31536000; includeSubDomains"
    refused = fresh.get("/api/v1/clocks/")  # a system that calls in clear is refused, not led on
    assert (refused.status_code, refused.headers["Content-Type"]) == (403, "application/json")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_loads_shows_and_sends_nothing_and_a_link_from_it_opens(client: Client, site: str) -> None:
    link = {"sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert client.get(SIGN_IN, headers=link).status_code == 200
    assert client.get(SIGN_IN, headers=link).headers["Cross-Origin-Resource-Policy"] == "same-origin"
    for how in (
        {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
        {"sec-fetch-dest": "iframe"},
        {"sec-fetch-mode": "cors", "sec-fetch-dest": ""},
    ):
        assert client.get(SIGN_IN, headers=link | how).status_code == 403, how
    assert client.post(SIGN_IN, headers=link).status_code == 403
    assert client.get(SIGN_IN, headers=link | {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"}).status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "DELETE", "PATCH", "CONNECT"])
def test_a_method_that_nothing_is_asked_with_is_refused(client: Client, method: str) -> None:
    assert client.generic(method, SIGN_IN).status_code == 405


def test_what_is_longer_than_anything_here_is_refused_unread(client: Client) -> None:
    for length, path, answer in (
        (12 * 1024 * 1024, "/worried/", 403), (12 * 1024 * 1024 + 1, "/worried/", 413), (60 * 1024 * 1024, "/deliveries/", 403), (10**9, "/deliveries/", 413)
    ):  # fmt: skip
        sent = Client(enforce_csrf_checks=True).post(path, b"", content_type="text/plain", CONTENT_LENGTH=str(length))
        assert sent.status_code in ({413} if answer == 413 else {403, 404}), (length, path)
    assert client.post("/worried/", b"", content_type="text/plain", CONTENT_LENGTH="-1").status_code == 413


def test_a_violation_is_reported_and_only_its_rule_and_kind_of_source_are_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "report-uri /browser_reports" in Client().get(SIGN_IN).headers["Content-Security-Policy"]
    monkeypatch.setattr(browser_reports, "_told", deque(maxlen=browser_reports.MOST_A_MINUTE))
    old = {
        "csp-report": {
            "effective-directive": "script-src",
            "blocked-uri": "https://bad.example/Ash-Fern\n999",
            "document-uri": "/child/Ash-Fern/",
        }
    }
    new = [{"type": "csp-violation", "body": {"effectiveDirective": "img-src-Ash", "blockedURL": "Ash-Fern"}}]
    browser = Client(enforce_csrf_checks=True)
    with caplog.at_level(logging.WARNING):
        for kind, sent in (
            ("application/csp-report", old),
            ("application/reports+json", new),
            ("application/json", {"a": "Ash"}),
            ("text/plain", "[" * 9000),
        ):
            assert (
                browser.post("/browser_reports", sent if isinstance(sent, str) else json.dumps(sent), content_type=kind).status_code == 204
            )
    said = [record.getMessage() for record in caplog.records if record.name == browser_reports.logger.name]
    assert [one.split(": ")[1] for one in said] == ["script-src, from https", "another rule, from elsewhere"]
    assert browser.get("/browser_reports").status_code == 405
    for _ in range(100):  # and it fills no disk
        browser.post("/browser_reports", json.dumps(old), content_type="application/csp-report")
    assert len(browser_reports._told) == browser_reports.MOST_A_MINUTE


def test_no_file_of_the_code_no_list_and_no_description_is_served(client: Client) -> None:
    for path in ("/.git/config", "/static/", "/static/atlas/", "/static/../settings.py", "/static/%2e%2e/%2e%2e/config/settings.py", "/pyproject.toml",
                 "/api/", "/api/v1/", "/api/v1/docs", "/api/v1/openapi.json", "/admin/", "/accounts/login/x.css"):  # fmt: skip
        assert client.get(path).status_code in {302, 404}, path
        assert client.get(path).headers.get("Location", "/accounts/login/").startswith("/accounts/login/"), path
    assert client.get("/health").content == b"ok"


SCRIPTS = [path for path in (ROOT / "atlas/design/static/atlas").glob("*.js") if not path.name.endswith(".min.js")]
NEVER = {
    "writes HTML": r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|parseHTMLUnsafe|setHTMLUnsafe",
    "runs words": r"\beval\(|new Function|set(?:Timeout|Interval)\(\s*[\"'`]|javascript:",
    "hears other windows": r"addEventListener\(\s*[\"']message[\"'](?<!tabs\.addEventListener\(\"message\")|\.opener\b|window\.name",
    "writes to a name that was sent": r"\w\[\w+\]\s*=[^=]|__proto__|constructor\[",
    "keeps in clear": r"localStorage|sessionStorage|document\.cookie",
    "is from elsewhere": r"(?:import|src|fetch)[^\n]{0,20}[\"'`]https?://",
}


@pytest.mark.parametrize("what", NEVER)
def test_no_script_of_ours(what: str) -> None:
    assert len(SCRIPTS) >= 7
    for path in SCRIPTS:
        found = [
            one
            for one in re.findall(rf"[^\n]*(?:{NEVER[what]})[^\n]*", path.read_text())
            if "BroadcastChannel" not in one and "tabs.addEventListener" not in one
        ]
        assert not found, (path.name, what, found)


def test_what_stands_in_an_address_is_not_taken_for_what_was_sent(client: Client) -> None:
    answer = client.post(f"{SIGN_IN}?login=a&password=b", {})
    assert answer.status_code == 200 and answer.context["form"].errors.keys() >= {"login", "password"}


def test_what_is_typed_is_shown_as_text(client: Client) -> None:
    typed = '"><script>alert(1)</script>'
    page = client.post("/worried/", {"name": typed}).content.decode()
    assert typed not in page and "&lt;script&gt;" in page


def test_the_folders_that_are_served_hold_only_what_a_page_needs() -> None:
    served = [path for folder in ("static", "root") for path in (ROOT / "atlas/design" / folder).rglob("*") if path.is_file()]
    assert {path.suffix for path in served} == {".css", ".js", ".svg"}
    assert not [path for path in ROOT.glob("atlas/*/static") if path.parent.name != "design"]
