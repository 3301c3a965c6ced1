"""A session: never one that was laid out beforehand, never on another device, never for ever, and over at once when its account,
its last post or its proof is (protection.md table A14; OWASP ASVS 5.0 V7).
"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from atlas.accounts.commands import close_account, reset_second_factor, suspend_account
from atlas.accounts.models import Came, SignIn
from atlas.accounts.rules import ABSOLUTE, IDLE
from atlas.agencies.commands import end_post
from atlas.agencies.models import Post
from atlas.gate.page import STEP_UP
from tests import factories
from tests.accounts.people import FIREFOX, PASSWORD, browser, code, give_password, sign_in, worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the door's clock go on."""
    start, gone = timezone.now(), [timedelta(0)]
    monkeypatch.setattr("django.utils.timezone.now", lambda: start + gone[0])

    def go_on(by: timedelta) -> None:
        gone[0] += by

    return go_on


def is_in(client: Client) -> bool:
    """Whether the client's next request is answered as somebody signed in."""
    return client.get("/clocks/time_limits/").status_code == 200


def why(answer: Any) -> str:
    """The reason with which the sign-in page was reached."""
    return str(answer.headers["Location"]).split("ended=")[1].split("&")[0]


def test_signing_in_gives_a_new_key_so_one_that_was_laid_out_beforehand_opens_nothing() -> None:
    post, client = worker(), browser()
    client.get("/accounts/login/")
    session = client.session
    session["laid_out"] = True
    session.save()
    before = session.session_key
    give_password(client, post.user.username)
    client.post("/accounts/2fa/authenticate/", {"code": code(post.user)})
    assert client.session.session_key != before
    thief = browser()
    thief.cookies["atlas"] = str(before)
    assert not is_in(thief)
    assert is_in(client)


def test_an_answer_to_an_old_cookie_takes_back_no_new_one_and_signing_out_does() -> None:
    client, late = sign_in(browser(), worker()), browser()
    late.cookies["atlas"] = "a-session-that-is-over"
    for answer in (late.get("/accounts/stay/", headers={"X-Requested-With": "stay"}), late.get("/"), late.post("/", {"draft": "autosave"})):
        assert "atlas" not in answer.cookies, answer
    assert client.post(reverse("account_logout")).cookies["atlas"].value == ""


def test_a_cookie_on_another_kind_of_device_ends_the_session_for_both() -> None:
    client = sign_in(browser(), worker())
    thief = browser(FIREFOX)
    thief.cookies["atlas"] = str(client.session.session_key)
    assert why(thief.get("/")) == "device"
    assert not is_in(client)
    assert SignIn.objects.filter(came=Came.DEVICE, device="Firefox on Linux").exists()


def test_a_session_left_alone_ends_and_the_form_is_put_back_for_the_same_person_alone(later: Any) -> None:
    post, other = worker(), worker()
    client = sign_in(browser(), post)
    later(IDLE)
    ended = client.post("/post/choose_post/", {"post": "x"})
    assert why(ended) == "idle"
    assert not is_in(client)
    assert "kept" in ended.headers["Location"].split("next=")[1]
    stored = client.session["typed"]
    assert {one["of"] for one in stored.values()} == {str(post.user_id)}
    sign_in(client, other)
    key = next(iter(stored))
    assert "is back in the form" not in client.get(f"/post/choose_post/?kept={key}").content.decode()


def test_what_was_typed_comes_back_once_and_is_not_sent_by_itself(later: Any) -> None:
    admin, person = worker("system_administrator"), worker()
    client = sign_in(browser(), admin)
    path = reverse("accounts:set_council_subject", args=[person.user_id])
    later(STEP_UP + timedelta(seconds=1))
    asked = client.post(path, {"council_subject": "sub-4711"})
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/?next=")
    form = client.get(asked.headers["Location"], follow=True)
    assert form.redirect_chain[-1][0].startswith("/accounts/2fa/reauthenticate/"), "a password is not asked for"
    before = client.session.session_key
    back = client.post(form.redirect_chain[-1][0], {"code": code(admin.user), "next": form.context["redirect_field_value"]})
    assert client.session.session_key != before, "proving again gives a new key"
    page = client.get(back.headers["Location"])
    assert "sub-4711" in page.content.decode()
    assert "is back in the form" in page.content.decode()
    person.user.refresh_from_db()
    assert person.user.council_subject is None
    assert "sub-4711" not in client.get(back.headers["Location"]).content.decode()
    assert client.post(path, {"council_subject": "sub-4711"}).status_code == 302
    person.user.refresh_from_db()
    assert person.user.council_subject == "sub-4711"


def test_a_form_that_is_not_ours_is_not_kept(later: Any) -> None:
    client = sign_in(browser(enforce_csrf_checks=False), worker())
    client.handler.enforce_csrf_checks = True
    later(IDLE)
    assert why(client.post("/post/choose_post/", {"post": "x"})) == "idle"
    assert "typed" not in client.session


def test_what_refreshes_itself_does_not_keep_a_session_and_work_does(later: Any) -> None:
    client = sign_in(browser(), worker())
    for _ in range(3):
        later(timedelta(minutes=10))
        assert is_in(client)
    later(timedelta(minutes=10))
    assert client.get("/missing/", headers={"HX-Request": "true"}).status_code == 200
    later(timedelta(minutes=5))
    over = client.get("/missing/", headers={"HX-Request": "true"})
    assert (over.status_code, over.headers["HX-Refresh"]) == (204, "true")


def test_no_session_lasts_longer_than_twelve_hours_however_busy(later: Any) -> None:
    client, gone = sign_in(browser(), worker()), timedelta(0)
    while gone + timedelta(minutes=14) < ABSOLUTE:
        later(timedelta(minutes=14))
        gone += timedelta(minutes=14)
        assert is_in(client), gone
    later(ABSOLUTE - gone)
    assert why(client.get("/")) == "old"


def test_one_can_stay_signed_in_without_a_script(later: Any) -> None:
    client = sign_in(browser(), worker())
    later(timedelta(minutes=12))
    page = client.get("/accounts/stay/", headers={"X-Requested-With": "stay"})
    assert page.json()["seconds"] in range(175, 181)  # a script that asks is nobody at work
    assert page.json()["who"] == client.session["_auth_user_id"]  # a page kept open gives its typing to nobody else
    assert len(page.json()["token"]) == 64
    assert "token" not in browser().get("/accounts/stay/", headers={"X-Requested-With": "stay"}).content.decode()
    assert "You stay signed in" in client.post("/accounts/stay/").content.decode()
    assert client.get("/accounts/stay/", headers={"X-Requested-With": "stay"}).json()["seconds"] in range(895, 901)


def test_a_page_that_is_left_open_keeps_no_session_alive(later: Any) -> None:
    client = sign_in(browser(), worker())
    for _ in range(14):
        later(timedelta(minutes=1))
        assert client.get("/accounts/stay/", headers={"X-Requested-With": "stay"}).json()["seconds"] > 0
    later(timedelta(minutes=1))
    assert why(client.get("/accounts/stay/", headers={"X-Requested-With": "stay"})) == "idle"


def test_whoever_is_suspended_closed_or_reset_is_out_at_the_next_request() -> None:
    admin, now = factories.administrator(), timezone.now()
    for act in (suspend_account, close_account, reset_second_factor):
        post = worker()
        client = sign_in(browser(), post)
        assert is_in(client)
        act(user=post.user, by=admin, at=now)
        assert not is_in(client), act


def test_a_password_and_a_factor_changed_elsewhere_end_the_other_sessions_and_not_this_one() -> None:
    post = worker(email="a.worker@example.org")
    here, there = sign_in(browser(), post), sign_in(browser(), post)
    new = "other-words-unrelated"
    changed = here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert changed.status_code == 302, changed.content.decode()
    assert (is_in(here), is_in(there)) == (True, False)
    mails = [job.args for job in ProcrastinateJob.objects.filter(task_name="tasks.send_email")]
    assert [mail["to"] for mail in mails if "password of your Atlas account was changed" in mail["words"]] == [post.user.email]
    post.user.refresh_from_db()
    there = browser()
    give_password(there, post.user.username, new)
    there.post("/accounts/2fa/authenticate/", {"code": code(post.user)})
    assert is_in(there)
    assert here.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not is_in(there)


def test_one_sees_ones_own_sessions_and_ends_the_others() -> None:
    post = worker()
    here, there = sign_in(browser(), post), sign_in(browser(FIREFOX), post)
    page = here.get("/accounts/sessions/").content.decode()
    assert "Firefox on Linux" in page
    assert "Chrome on Windows" in page
    here.post("/accounts/sessions/")
    assert (is_in(here), is_in(there)) == (True, False)


def test_the_last_post_that_ends_ends_the_session_and_one_of_two_lets_one_choose() -> None:
    admin, now = factories.administrator(), timezone.now()
    post = worker()
    client = sign_in(browser(), post)
    assert is_in(client)
    second = Post.objects.create(user=post.user, team=post.team, title="Second", role="practitioner", from_on=date(2021, 1, 1))
    yesterday = now.date() - timedelta(days=1)
    end_post(post=post, last_on=yesterday, by=admin, at=now)
    assert client.get("/clocks/time_limits/").headers["Location"] == "/post/choose_post/"
    client.post("/post/choose_post/", {"post": str(second.pk)})
    assert is_in(client)
    end_post(post=second, last_on=None, by=admin, at=now)
    assert why(client.get("/clocks/time_limits/")) == "no_post"
    assert not is_in(client)
