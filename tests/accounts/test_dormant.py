"""An account that nobody uses is suspended after 30 days and closed after 90: by tick, and at the door where tick stands still."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from atlas.accounts.models import Came, SignIn
from atlas.accounts.rules import is_dormant, is_to_close, last_used
from atlas.agencies.models import User
from atlas.tick import tick
from tests import factories
from tests.factories import NOW
from tests.tasks.test_tick import service


@pytest.mark.parametrize(
    ("days", "dormant", "closing"), [(0, False, False), (29, False, False), (30, True, False), (89, True, False), (90, True, True)]
)
def test_thirty_days_suspend_and_ninety_close(days: int, dormant: bool, closing: bool) -> None:
    used = NOW - timedelta(days=days)
    assert (is_dormant(used, NOW), is_to_close(used, NOW)) == (dormant, closing)
    assert last_used(None, used, used - timedelta(days=1)) == used
    assert not is_dormant(last_used(None, None), NOW)


def test_tick_suspends_and_closes_under_its_own_login_and_can_change_nothing_else_of_an_account(own_database: Any) -> None:
    by, used = service(), {"fresh": 29, "dormant": 30, "long": 90}
    people = {name: factories.post("practitioner").user for name in (*used, "never")}
    for name, days in used.items():
        User.objects.filter(pk=people[name].pk).update(last_login=NOW - timedelta(days=days))
    User.objects.filter(pk=by.user_id).update(last_login=NOW - timedelta(days=400))
    own_database("tick")
    assert tick(by=by, at=NOW).dormant == 3  # the one not used for long is suspended and closed
    assert tick(by=by, at=NOW).dormant == 0
    for column in ("password = 'x'", "council_subject = 'x'", "username = 'x'", "last_login = now()", "odd_sign_in_at = now()"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE agencies_user SET {column}")
    own_database("app")
    now = {name: User.objects.get(pk=user.pk) for name, user in people.items()}
    assert {name for name, user in now.items() if user.is_active} == {"fresh", "never"}
    assert {name for name, user in now.items() if user.closed_at} == {"long"}
    assert now["dormant"].session_epoch == 1
    assert SignIn.objects.filter(came=Came.NOT_USED, way="tick").count() == 3
    assert User.objects.get(pk=by.user_id).is_active
