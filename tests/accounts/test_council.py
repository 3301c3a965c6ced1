"""Signing in through the council's own sign-on, against a real OpenID Connect provider in a process of its own.

What is tampered with is tampered with on the way from the provider: signed with its real key, or with another.
"""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import jwt
import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from atlas.accounts.models import Came, SignIn
from atlas.agencies.models import User
from tests import factories
from tests.accounts import council_provider
from tests.accounts.people import browser, code

pytestmark = pytest.mark.django_db
CALLBACK = "http://testserver/accounts/council/login/callback/"
Claims = dict[str, Any]


def pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()


@pytest.fixture(scope="session")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The provider's address and the key that it signs with."""
    folder = tmp_path_factory.mktemp("council")
    key = pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    (folder / "key.pem").write_text(key)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    provider = subprocess.Popen([sys.executable, str(Path(council_provider.__file__)), str(folder), str(port), CALLBACK])
    try:
        until = time.monotonic() + 60
        while True:
            try:
                if requests.get(f"{address}/.well-known/openid-configuration", timeout=5).ok:
                    break
            except requests.RequestException:
                pass
            assert provider.poll() is None and time.monotonic() < until
            time.sleep(0.2)
        yield address, key
    finally:
        provider.terminate()
        provider.wait(timeout=20)


@pytest.fixture
def at_council(council: tuple[str, str], settings: Any) -> Callable[..., tuple[Client, str]]:
    """Go to the council's sign-on and sign in there; gives our client, and the address to which the council sends the browser back."""
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [{
        "provider_id": "council", "name": "Council sign-in", "client_id": council_provider.CLIENT, "secret": council_provider.SECRET,
        "settings": {"server_url": council[0], "oauth_pkce_enabled": True, "fetch_userinfo": False, "scope": ["openid"]},
    }]}}  # fmt: skip

    def go(person: str) -> tuple[Client, str]:
        client, there = browser(), requests.Session()
        leads_to = client.get("/accounts/council/login/").headers["Location"]
        assert parse_qs(urlsplit(leads_to).query)["scope"] == ["openid"]  # who it is, and nothing about them
        answer = there.get(leads_to, timeout=10)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.text)
        typed = {"login": person, "password": council_provider.PASSWORD, "csrfmiddlewaretoken": token[1] if token else ""}
        answer = there.post(answer.url, typed, allow_redirects=False, timeout=10)
        while not answer.headers["Location"].startswith("http://testserver"):
            answer = there.get(urljoin(answer.url, answer.headers["Location"]), allow_redirects=False, timeout=10)
        return client, answer.headers["Location"].removeprefix("http://testserver")

    return go


def known(subject: str, *, with_factor: bool = False) -> User:
    """Somebody whom an administrator has named by the council's subject."""
    user = factories.post("practitioner").user
    User.objects.filter(pk=user.pk).update(council_subject=subject)
    if with_factor:
        TOTP.activate(user, generate_totp_secret())
    return user


def is_kept_out(client: Client, answer: Any) -> bool:
    """The constant answer: no session, the sign-in page, the one sentence."""
    page = client.get("/accounts/login/").content.decode()
    return (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/") and (
        "_auth_user_id" not in client.session and page.count("cannot sign in with that") == 1
    )


def test_a_token_that_states_a_second_factor_lets_in_whom_an_administrator_named(at_council: Any) -> None:
    user = known("sub-rowan")
    client, back = at_council("rowan")
    assert client.get(back).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get("/clocks/time_limits/").status_code == 200
    assert SignIn.objects.get().way == "council"


def test_a_token_that_states_only_a_password_still_meets_our_own_second_factor(at_council: Any) -> None:
    user = known("sub-alex", with_factor=True)
    client, back = at_council("alex")
    assert client.get(back).headers["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session
    client.post("/accounts/2fa/authenticate/", {"code": code(user)})
    assert client.get("/clocks/time_limits/").status_code == 200


@pytest.mark.parametrize(("person", "came"), [("unknown", Came.UNKNOWN_SUBJECT), ("alex", Came.NO_FACTOR), ("rowan", Came.NOT_OPEN)])
def test_whom_nobody_named_and_who_may_not_hears_the_one_sentence(at_council: Any, person: str, came: Came) -> None:
    known("sub-alex")
    User.objects.filter(pk=known("sub-rowan").pk).update(is_active=False)
    client, back = at_council(person)
    assert is_kept_out(client, client.get(back))
    assert SignIn.objects.get().came == came
    assert not User.objects.filter(username=person).exists()


def name_of_key(token: str) -> Any:
    return jwt.get_unverified_header(token)["kid"]


def signed(key: str, claims: Claims, like: str, **header: Any) -> str:
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": name_of_key(like), **header})


def with_body(token: str, other: str) -> str:
    """A token with another's body under its own signature."""
    head, _, signature = token.split(".")
    return ".".join([head, other.split(".")[1], signature])


OTHER = pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))
TAMPERED: dict[str, tuple[Came, Callable[[str, Claims, str], str]]] = {
    "another key": (Came.FORGED, lambda key, claims, token: signed(OTHER, claims, token)),
    "another key's name": (Came.FORGED, lambda key, claims, token: signed(key, claims, token, kid="other")),
    "no signature": (Came.FORGED, lambda key, claims, token: jwt.encode(claims, "", algorithm="none", headers={"kid": name_of_key(token)})),
    "a shared secret": (Came.FORGED, lambda key, claims, token: jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": name_of_key(token)})),
    "no token": (Came.FORGED, lambda key, claims, token: ""),
    "not a token": (Came.FORGED, lambda key, claims, token: "x.y.z"),
    "a changed subject": (Came.FORGED, lambda key, claims, token: with_body(token, jwt.encode(claims | {"sub": "sub-alex"}, "x" * 32))),
    "no subject": (Came.FORGED, lambda key, claims, token: signed(key, {k: v for k, v in claims.items() if k != "sub"}, token)),
    "expired": (Came.EXPIRED, lambda key, claims, token: signed(key, claims | {"exp": int(time.time()) - 60}, token)),
    "not yet": (Came.EXPIRED, lambda key, claims, token: signed(key, claims | {"iat": int(time.time()) + 600}, token)),
    "another audience": (Came.AUDIENCE, lambda key, claims, token: signed(key, claims | {"aud": "another"}, token)),
    "two audiences": (Came.AUDIENCE, lambda key, claims, token: signed(key, claims | {"aud": ["atlas", "another"], "azp": "another"}, token)),
    "another issuer": (Came.ISSUER, lambda key, claims, token: signed(key, claims | {"iss": "https://council.example.org"}, token)),
    "another nonce": (Came.REPLAYED, lambda key, claims, token: signed(key, claims | {"nonce": "of-another-sign-in"}, token)),
    "no nonce": (Came.REPLAYED, lambda key, claims, token: signed(key, {k: v for k, v in claims.items() if k != "nonce"}, token)),
}  # fmt: skip


@pytest.mark.parametrize("how", TAMPERED)
def test_a_tampered_token_opens_nothing_hears_one_thing_and_leaves_its_reason(
    how: str, at_council: Any, council: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    came, tamper = TAMPERED[how]
    genuine = OAuth2Client.get_access_token

    def on_the_way(self: Any, *given: Any, **named: Any) -> Any:
        answer = genuine(self, *given, **named)
        claims = jwt.decode(answer["id_token"], options={"verify_signature": False})
        return answer | {"id_token": tamper(council[1], claims, answer["id_token"])}

    monkeypatch.setattr(OAuth2Client, "get_access_token", on_the_way)
    known("sub-rowan")
    client, back = at_council("rowan")
    assert is_kept_out(client, client.get(back))
    assert [*SignIn.objects.values_list("came", flat=True)] == [came]


def test_an_answer_is_taken_once_and_only_by_the_browser_that_asked(at_council: Any) -> None:
    known("sub-rowan")
    client, back = at_council("rowan")
    stranger = browser()
    assert is_kept_out(stranger, stranger.get(back))
    assert client.get(back).status_code == 302
    client.post("/accounts/logout/")
    assert is_kept_out(client, client.get(back))
    fresh, other = at_council("rowan")
    used = re.sub(r"state=[^&]+", re.search(r"state=[^&]+", other)[0], back)  # type: ignore[index]
    assert is_kept_out(fresh, fresh.get(used))  # a code that was used, under a state that is good
    assert [*SignIn.objects.order_by("pk").values_list("came", flat=True)] == [
        Came.STATE, Came.SIGNED_IN, Came.SIGNED_OUT, Came.STATE, Came.PROVIDER,
    ]  # fmt: skip


def test_a_council_that_does_not_answer_is_no_error_page(at_council: Any, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:9"
    client = browser()
    assert is_kept_out(client, client.get("/accounts/council/login/"))
    assert client.get("/accounts/another/login/callback/").status_code == 404


def test_what_counts_as_a_second_factor_is_set_by_the_installation(at_council: Any, settings: Any) -> None:
    settings.ATLAS_SSO_MFA_AMR = ["hwk"]
    known("sub-rowan")
    client, back = at_council("rowan")
    assert is_kept_out(client, client.get(back))


def test_a_sign_on_that_calls_itself_otherwise_is_another(at_council: Any, settings: Any) -> None:
    known("sub-rowan")
    client, back = at_council("rowan")
    (app,) = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    app["settings"]["openid_configuration_overrides"] = {"issuer": "https://other.example"}
    assert is_kept_out(client, client.get(back))
    assert SignIn.objects.get().came == Came.ISSUER


def test_a_link_on_another_site_begins_no_session(at_council: Any) -> None:
    for site, leads_to in (
        ("cross-site", "/accounts/login/"),
        ("same-site", "/accounts/login/"),
        ("same-origin", "http://127.0.0.1"),
        ("none", "http://127.0.0.1"),
    ):
        told = {"sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
        assert browser().get("/accounts/council/login/", headers=told).headers["Location"].startswith(leads_to), site
