"""No answer says who has an account: one text, one shape, one password hashed, whatever is wrong (protection.md 3.1, 6.3.8; table E6)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.utils import timezone

from atlas.accounts.adapters import QUIET
from atlas.accounts.commands import close_account, suspend_account
from atlas.accounts.models import Came, SignIn
from atlas.agencies.models import User
from tests import factories
from tests.accounts.people import FIREFOX, browser, code, give_password, sign_in, worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every hashing of a password, the one thing at this door that takes long."""
    done: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        done.append(salt)
        return str(encode(self, password, salt))

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    yield done


def shape(answer: Any, name: str) -> str:
    """The page without what is of one request alone, and without the name that was typed."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(name, "NAME")


def kept_out() -> dict[str, tuple[str, str]]:
    """Everybody who is not let in with a name and a password, and what they type."""
    admin = factories.administrator()
    right = worker().user.username
    found = {
        "nobody": ("no.such.person", "x"),
        "wrong": (right, "wrong-password-here"),
        "never opened": (factories.post("practitioner").user.username, "x"),
    }
    suspended, closed, bare, dormant = (worker(), worker(), worker(with_factor=False), worker())
    now = timezone.now()
    suspend_account(user=suspended.user, by=admin, at=now)
    close_account(user=closed.user, by=admin, at=now)
    User.objects.filter(pk=dormant.user_id).update(last_login=now - timedelta(days=30))
    for name, post in (("suspended", suspended), ("closed", closed), ("no factor", bare), ("dormant", dormant)):
        found[name] = (post.user.username, "three-words-unrelated")
    return found


def test_whatever_is_wrong_the_answer_has_one_text_and_one_shape_and_hashes_once(hashed: list[str]) -> None:
    seen: dict[str, tuple[int, str, int]] = {}
    for why, (name, password) in kept_out().items():
        client = browser()
        hashed.clear()
        answer = give_password(client, name, password)
        seen[why] = (answer.status_code, shape(answer, name), len(hashed))
        assert "_auth_user_id" not in client.session, why
    assert len({*seen.values()}) == 1, {why: (status, count, len(text)) for why, (status, text, count) in seen.items()}
    status, text, count = seen["nobody"]
    assert (status, count) == (200, 1)
    assert QUIET.replace("'", "&#x27;") in text


def test_the_record_holds_the_reason_that_the_person_is_not_told() -> None:
    for name, password in kept_out().values():
        give_password(browser(), name, password)
    assert sorted(SignIn.objects.values_list("came", flat=True)) == sorted(
        [Came.WRONG] * 3 + [Came.NOT_OPEN] * 2 + [Came.NO_FACTOR, Came.NOT_USED]
    )
    assert SignIn.objects.filter(came=Came.WRONG, user__isnull=True).count() == 1  # what was typed for nobody is not kept


def test_ten_tries_lock_and_a_locked_name_looks_like_a_wrong_one_whether_it_is_there_or_not(hashed: list[str]) -> None:
    post = worker()
    for name in (post.user.username, "no.such.person"):
        answers = []
        for _ in range(10):
            hashed.clear()
            answers.append((shape(give_password(browser(), name, "wrong-password-here"), name), len(hashed)))
        assert len(set(answers)) == 1, [count for _, count in answers]
    hashed.clear()
    right = give_password(browser(), post.user.username)
    assert (right.status_code, len(hashed)) == (200, 1)  # the right password too, for now
    assert SignIn.objects.filter(user=post.user, came=Came.LOCKED).exists()


def test_ten_wrong_codes_lock_the_second_factor_in_every_process() -> None:
    post, client = worker(), browser()
    give_password(client, post.user.username)
    for _ in range(10):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert client.post("/accounts/2fa/authenticate/", {"code": code(post.user)}).status_code == 200
    assert "_auth_user_id" not in client.session
    assert SignIn.objects.filter(user=post.user, came=Came.WRONG_CODE).count() == 10


def test_a_passkey_of_nobody_and_of_a_suspended_account_hear_the_same() -> None:
    client = browser()
    for credential in ("{}", '{"response": {"userHandle": "eA"}}', "x"):
        answer = client.post("/accounts/2fa/webauthn/login/", {"credential": credential}, follow=True)
        assert answer.redirect_chain == [("/accounts/login/", 302)]
        assert "_auth_user_id" not in client.session


def test_a_new_device_is_told_by_mail_and_on_the_next_page_of_the_other_session() -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    post = worker(email="sample@example.org")
    first = sign_in(browser(), post)
    assert not ProcrastinateJob.objects.filter(task_name="tasks.send_email").exists()  # the very first is no news
    second = sign_in(browser(FIREFOX), post)
    words = ProcrastinateJob.objects.get(task_name="tasks.send_email").args["words"]
    assert "Firefox on Linux" in words
    assert "http" not in words
    told = "from a new device or network"
    assert told not in second.get("/", follow=True).content.decode()
    assert told in first.get("/", follow=True).content.decode()
    assert told not in first.get("/", follow=True).content.decode()  # once
    sign_in(browser(FIREFOX), post)
    assert SignIn.objects.filter(user=post.user, is_odd=True).count() == 1


def test_a_code_of_an_authenticator_opens_once_whichever_process_is_asked() -> None:
    """The package remembers it in a cache of each process; the table is everybody's (OWASP ASVS 5.0.0, 6.5.1)."""
    post = worker()
    shown = code(post.user)
    for status in (302, 200):
        client = browser()
        give_password(client, post.user.username)
        assert client.post("/accounts/2fa/authenticate/", {"code": shown}).status_code == status
    give_password(client, post.user.username)
    assert client.post("/accounts/2fa/authenticate/", {"code": code(post.user)}).status_code == 302  # the next one
