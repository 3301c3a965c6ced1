"""Whom one can sign in as: also where Fernleigh was made before somebody joined it."""

import io

import pytest
from django.core.management import call_command

from atlas.agencies.models import User
from tests import factories


@pytest.mark.django_db
def test_an_older_fernleigh_says_who_is_not_there_and_what_to_do() -> None:
    worker = factories.post("practitioner")
    User.objects.filter(pk=worker.user_id).update(username="social.worker")
    out = io.StringIO()
    call_command("demo", "people", stdout=out)
    assert worker.title in out.getvalue()
    assert "joined: to meet them too, end this, remove .atlas/postgres and begin again." in out.getvalue()
