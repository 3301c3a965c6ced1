"""What is left of sessions is taken away each night, and nothing of those that stand."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from atlas.accounts.ending import TRIES_KEPT, forget_sessions
from atlas.accounts.jobs import forget_nightly
from tests import factories

pytestmark = pytest.mark.django_db


def session_of(post: object, ends_in: timedelta) -> str:
    """A session of this person, with its device."""
    store = SessionStore()
    store.create()
    key = str(store.session_key)
    Session.objects.filter(session_key=key).update(expire_date=datetime.now(UTC) + ends_in)
    UserSession.objects.create(user=post.user, session_key=key, ip="192.0.2.7", user_agent="Example")  # type: ignore[attr-defined]
    return key


def test_what_is_over_goes_and_what_stands_stays() -> None:
    post = factories.post("practitioner")
    over, stands = session_of(post, timedelta(minutes=-1)), session_of(post, timedelta(hours=1))
    gone = session_of(post, timedelta(hours=1))
    Session.objects.filter(session_key=gone).delete()  # whoever signed out
    for name, ago in (("old", TRIES_KEPT + timedelta(minutes=1)), ("new", TRIES_KEPT - timedelta(minutes=1))):
        made = AccessAttempt.objects.create(username=name, ip_address="192.0.2.7", user_agent="Example", failures_since_start=1)
        AccessAttempt.objects.filter(pk=made.pk).update(attempt_time=datetime.now(UTC) - ago)
    forget_nightly(timestamp=0)
    assert set(Session.objects.values_list("session_key", flat=True)) & {over, stands, gone} == {stands}
    assert set(UserSession.objects.values_list("session_key", flat=True)) == {stands}
    assert list(AccessAttempt.objects.values_list("username", flat=True)) == ["new"]
    assert forget_sessions(datetime.now(UTC)) == 0
