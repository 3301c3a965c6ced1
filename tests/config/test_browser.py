"""What a browser is told, and what no other site may do through it (protection.md table E4; OWASP ASVS 5.0.0, V3 and V4)."""

import json
import logging

import pytest
from django.test import Client

from atlas.config import browser_reports

pytestmark = pytest.mark.django_db
SIGN_IN, STATIC = "/accounts/login/", "/static/atlas/atlas.css"


def test_every_answer_says_what_a_browser_may_do(client: Client, settings: pytest.FixtureRequest) -> None:
    for path in (SIGN_IN, STATIC, "/health", "/no-such-page/"):
        told = client.get(path).headers
        assert "frame-ancestors 'none'" in told["Content-Security-Policy"] and "default-src 'none'" in told["Content-Security-Policy"], path
        assert (told["X-Content-Type-Options"], told["X-Frame-Options"], told["Referrer-Policy"]) == ("nosniff", "DENY", "same-origin"), (
            path
        )
        assert told["Cross-Origin-Opener-Policy"] == "same-origin" and "Access-Control-Allow-Origin" not in told, path
        assert "charset=" in told["Content-Type"], path


def test_over_tls_a_browser_keeps_to_it_on_every_name_below_for_a_year(client: Client, settings: pytest.FixtureRequest) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_SSL_REDIRECT = 31_536_000, True  # type: ignore[attr-defined]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # type: ignore[attr-defined]
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
    monkeypatch.setattr(browser_reports, "_told", browser_reports.deque(maxlen=browser_reports.MOST_A_MINUTE))
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
