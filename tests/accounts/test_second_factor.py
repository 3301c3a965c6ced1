"""Nobody is in without a second factor, whatever address they ask for and whatever way their session came to be (table A14)."""

import re

import pytest
from django.test import Client

from atlas.accounts.middleware import ENROLMENT, LEAVING
from atlas.accounts.sessions import ENROLLING, begun
from atlas.agencies.models import Post
from tests.accounts.people import browser, give_password, sign_in, worker
from tests.guards.reading import pages

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
VALUES = {"uuid": "00000000-0000-0000-0000-000000000001", "int": "1", "slug": "held", "str": "council"}
# Answered to everybody alike, and without a look at who asks.
NOBODY_S = {"health", "ready", "metrics", "offline", "offline-worker.js", "browser_reports"}


def addresses() -> list[str]:
    """Every address that the service answers, with something in its open places."""
    found = []
    for where, _, _ in pages():
        path = re.sub(r"<(\w+):\w+>", lambda kind: VALUES[kind[1]], where)
        found.append("/" + re.sub(r"\^?\(\?P<\w+>\[\^/\]\+\)", "council", path).replace("$", "").replace("^", ""))
    return [path for path in found if path.strip("/") not in NOBODY_S]


def bare_session(post: Post, **more: object) -> Client:
    """A session of somebody who never proved a second factor, as if some way in had forgotten to ask."""
    client = browser()
    client.force_login(post.user, backend=BACKEND)
    session = client.session
    session.update({**begun(post.user, 0, "Chrome on Windows"), **more})
    session.save()
    return client


def test_no_address_opens_to_a_session_without_a_second_factor(now: object) -> None:
    from django.utils import timezone

    post, tried = worker(), 0
    for path in addresses():
        if path == LEAVING:
            continue
        for method in ("get", "post"):
            client = browser()
            client.force_login(post.user, backend=BACKEND)
            session = client.session
            session.update(begun(post.user, timezone.now().timestamp(), "Chrome on Windows"))
            session.save()
            answer = getattr(client, method)(path)
            assert (answer.status_code, "ended=no_proof" in answer.headers.get("Location", "")) == (302, True), (method, path, answer)
            assert "_auth_user_id" not in client.session, path
            tried += 1
    assert tried > 150


def test_an_enrolment_opens_nothing_but_the_choice_of_a_factor() -> None:
    from django.utils import timezone

    post = worker(with_factor=False)
    for path in addresses():
        if path.startswith((*ENROLMENT, "/accounts/enrol/")) or path == LEAVING:
            continue
        client = bare_session(post, **begun(post.user, timezone.now().timestamp(), "Chrome on Windows"), **{ENROLLING: True})
        assert client.get(path).headers.get("Location") == "/accounts/choose_factor/", path


def test_a_session_that_came_through_no_door_of_ours_is_over() -> None:
    client = browser()
    client.force_login(worker().user, backend=BACKEND)
    assert "ended=ended" in client.get("/").headers["Location"]


def test_every_way_in_stops_before_the_second_factor() -> None:
    post, client = worker(), browser()
    give_password(client, post.user.username)
    for path in addresses():
        # Signing in; and the pages of people without an account, which show nothing without a link and a code (tests/sharing/test_guests.py).
        assert client.get(path).status_code != 200 or path.startswith(("/accounts/", "/guest/", "/worried/", "/accessibility/")), path
    assert "_auth_user_id" not in client.session
    sign_in(client, post)
    assert client.get("/").status_code == 200


def test_no_address_of_the_package_lets_one_sign_up_reset_or_connect() -> None:
    names = {name for _, name, _ in pages()}
    for banned in (
        "account_signup",
        "account_reset_password",
        "socialaccount_connections",
        "socialaccount_signup",
        "account_request_login_code",
    ):
        assert banned not in names
