"""The settings of a real installation, which no test runs under: as they are read where neither the demo nor the tests say otherwise."""

import runpy
from typing import Any

import pytest
from django.conf import global_settings

from tests.guards.reading import ROOT

NEEDED = ("ATLAS_SECRET_KEY", "ATLAS_CONTEXT_KEY", "DATABASE_URL")


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    for name in ("ATLAS_TEST", "ATLAS_DEMO"):
        monkeypatch.setenv(name, "0")
    monkeypatch.setenv("ATLAS_AS", "service")
    return runpy.run_path(str(ROOT / "atlas/config/settings.py"))


def test_cookies_are_this_host_s_alone_over_tls_and_no_script_s(installed: dict[str, Any]) -> None:
    for kind in ("SESSION", "CSRF"):
        assert installed[f"{kind}_COOKIE_NAME"].startswith("__Host-")
        assert (installed[f"{kind}_COOKIE_SECURE"], installed[f"{kind}_COOKIE_HTTPONLY"], installed[f"{kind}_COOKIE_SAMESITE"]) == (
            True,
            True,
            "Lax",
        )
        assert f"{kind}_COOKIE_DOMAIN" not in installed and f"{kind}_COOKIE_PATH" not in installed
    assert installed["MESSAGE_STORAGE"].endswith("SessionStorage")  # the only other cookie there would be
    assert installed["SECURE_HSTS_SECONDS"] >= 31_536_000 and installed["SECURE_HSTS_INCLUDE_SUBDOMAINS"]


def test_nothing_of_developing_or_of_the_demo_is_in_it(installed: dict[str, Any]) -> None:
    assert (
        installed["DEBUG"] is False
        and "demo" not in installed["INSTALLED_APPS"]
        and "django.contrib.admin" not in installed["INSTALLED_APPS"]
    )
    assert "PASSWORD_HASHERS" not in installed and "PBKDF2PasswordHasher" in global_settings.PASSWORD_HASHERS[0]
    assert installed["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"] == []


@pytest.mark.parametrize("name", NEEDED)
def test_no_secret_has_a_value_of_its_own(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    monkeypatch.setenv("ATLAS_AS", "service")
    with pytest.raises(KeyError, match=name):
        runpy.run_path(str(ROOT / "atlas/config/settings.py"))
