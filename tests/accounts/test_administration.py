"""The system administrator opens, suspends, closes and resets accounts, ends posts, and acts on no account of their own."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.utils import timezone

from atlas.accounts.commands import (
    NewAccount,
    close_account,
    give_enrolment,
    open_account,
    reset_second_factor,
    set_council_subject,
    suspend_account,
)
from atlas.accounts.models import Came, Enrolment, SignIn
from atlas.accounts.rules import ENROLMENT_LIFE
from atlas.agencies.commands import end_post
from atlas.agencies.models import Post, User
from atlas.gate.act import Invalid, Refused
from atlas.gate.commands import approve_proposal
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Proposal
from atlas.gate.policy import NEEDS, ROLE
from tests import factories
from tests.accounts.people import PASSWORD, browser, give_password, sign_in, worker
from tests.factories import NOW
from tests.feeds.nights import Nights

pytestmark = pytest.mark.django_db
ON_ACCOUNTS = (give_enrolment, suspend_account, close_account, reset_second_factor)
NEW = NewAccount("rowan.example", "Rowan", "Example", "rowan@example.org", "Social worker", "practitioner", date(2026, 1, 1))


def opened(**more: Any) -> Enrolment:
    return open_account(team=factories.team("Safeguarding 1"), account=NEW, by=factories.administrator(), **{"at": timezone.now(), **more})


def approve_first_post(made: Enrolment) -> None:
    """A second administrator approves the first post of a new account."""
    second, at = factories.post("system_administrator", of=factories.team("Systems")), timezone.now()
    with acting_as(second, at):
        proposal = Proposal.objects.get(about_id=made.user_id)
    approve_proposal(proposal=proposal, by=second, at=at)


def enrol(code: str, password: str = PASSWORD) -> Any:
    """Open the link, choose a password; gives the client and the answer."""
    client = browser()
    client.get(f"/accounts/enrol/{code}/", follow=True)
    return client, client.post("/accounts/enrol/", {"password": password})


def test_a_new_account_is_opened_with_its_link_once_and_leads_to_a_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act: act())  # as in service, before the answer leaves
    made = opened()
    client, answer = enrol(made.code)
    assert answer.headers["Location"] == "/accounts/choose_factor/"
    assert client.get("/").headers["Location"] == "/accounts/choose_factor/"
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    right = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post("/accounts/2fa/totp/activate/", {"code": right}).status_code == 302
    assert client.get("/clocks/time_limits/").status_code != 200  # the post waits for a second person
    approve_first_post(made)
    client = sign_in(browser(), Post.objects.get(user=made.user))
    assert client.get("/clocks/time_limits/").status_code == 200
    assert set(SignIn.objects.values_list("came", flat=True)) == {Came.ENROLLED, Came.FACTOR_ADDED, Came.NO_POST, Came.SIGNED_IN}
    again, answer = enrol(made.code)
    assert answer.headers["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in again.session
    assert SignIn.objects.filter(came=Came.WRONG_LINK).count() == 1


def test_a_link_that_is_wrong_old_or_replaced_hears_one_thing_and_none_of_them_is_kept_in_the_clear() -> None:
    old = opened(at=timezone.now() - ENROLMENT_LIFE)
    replaced = give_enrolment(user=old.user, by=factories.administrator(), at=timezone.now() - timedelta(minutes=1))
    current = give_enrolment(user=old.user, by=factories.administrator(), at=timezone.now())
    said = set()
    for code in ("no-such-code", old.code, replaced.code):
        client, answer = enrol(code)
        said.add(
            (answer.status_code, answer.headers["Location"], str(client.get("/accounts/login/").content.count(b"cannot sign in with that")))
        )
    assert said == {(302, "/accounts/login/", "1")}
    assert enrol(current.code, "short")[1].status_code == 422
    assert not Enrolment.objects.filter(code_hash__in=[old.code, replaced.code, current.code]).exists()
    suspend_account(user=current.user, by=factories.administrator(), at=timezone.now())
    assert enrol(current.code)[1].headers["Location"] == "/accounts/login/"


def test_a_second_factor_that_is_there_is_asked_for_after_a_new_link() -> None:
    post = worker()
    made = give_enrolment(user=post.user, by=factories.administrator(), at=timezone.now())
    client, answer = enrol(made.code)
    assert answer.headers["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in client.session


def test_a_lost_factor_is_taken_away_and_a_password_alone_opens_nothing() -> None:
    post, admin = worker(), factories.administrator()
    reset_second_factor(user=post.user, by=admin, at=NOW)
    assert not Authenticator.objects.filter(user=post.user).exists()
    client = browser()
    assert give_password(client, post.user.username).status_code == 200
    assert "_auth_user_id" not in client.session
    with acting_as(admin, NOW):
        assert Act.objects.filter(command="reset_second_factor", about_id=str(post.user_id)).count() == 1


def test_nobody_acts_on_an_account_or_a_post_of_their_own() -> None:
    admin = worker("system_administrator")
    for act in ON_ACCOUNTS:
        with pytest.raises(Invalid, match="your own account"):
            act(user=admin.user, by=admin, at=NOW)
    with pytest.raises(Invalid, match="your own account"):
        set_council_subject(user=admin.user, council_subject="x", by=admin, at=NOW)
    with pytest.raises(Invalid, match="post of your own"):
        end_post(post=admin, last_on=NOW.date(), by=admin, at=NOW)
    with pytest.raises(Invalid, match="No person holds this role"):
        open_account(team=admin.team, account=NewAccount(**{**vars(NEW), "role": "feed"}), by=admin, at=NOW)


def test_nobody_but_the_administrator_and_no_feed_acts_on_accounts_and_the_administrator_sees_no_child() -> None:
    person = worker()
    for by in (factories.post("head_of_service"), factories.feed_post(), worker("privacy_officer")):
        for act in ON_ACCOUNTS:
            with pytest.raises(Refused):
                act(user=person.user, by=by, at=NOW)
    assert all(NEEDS[permission].record is None for permission in ROLE["system_administrator"].permissions)


def test_what_cannot_be_is_said() -> None:
    admin, person, other = factories.administrator(), worker(), worker()
    set_council_subject(user=other.user, council_subject="sub-1", by=admin, at=NOW)
    with pytest.raises(Invalid, match="identifier already"):
        set_council_subject(user=person.user, council_subject="sub-1", by=admin, at=NOW)
    opened()
    with pytest.raises(Invalid, match="this username already"):
        opened()
    with pytest.raises(Invalid, match="had not begun"):
        end_post(post=person, last_on=date(2019, 1, 1), by=admin, at=NOW)
    close_account(user=person.user, by=admin, at=NOW)
    for act in (give_enrolment, suspend_account, close_account):
        with pytest.raises(Invalid, match="closed"):
            act(user=User.objects.get(pk=person.user_id), by=admin, at=NOW)


def test_the_link_is_shown_once_on_a_page_that_nothing_keeps() -> None:
    admin = worker("system_administrator")
    client = sign_in(browser(), admin)
    typed = {
        "key": "k1", "forename": "Rowan", "surname": "Example", "username": "rowan.example", "email": "rowan@example.org", "title": "Worker",
        "team": str(admin.team_id), "role": "practitioner", "from_on_0": "1", "from_on_1": "1", "from_on_2": "2026",
    }  # fmt: skip
    shown = client.post("/administration/open_account/", typed)
    assert "/accounts/enrol/" in shown.content.decode()
    assert shown.headers["Cache-Control"] == "no-store"
    assert "The link was shown once" in client.post("/administration/open_account/", typed).content.decode()
    assert User.objects.filter(username="rowan.example").count() == 1


def test_a_worker_whom_the_main_system_says_has_left_is_out_at_the_next_request(tmp_path: Path) -> None:
    nights, yesterday = Nights(tmp_path), timezone.now().date() - timedelta(days=1)
    head = ["prof_professional_id", "prof_professional_name", "prof_professional_department", "prof_left_on"]
    tables: dict[str, Any] = {"ssd_department": [["dept_team_id", "dept_team_name"], ["T1", "Safeguarding 1"]]}
    nights.deliver(**tables, ssd_professionals=[head, ["W1", "Sample Worker", "T1", ""]])
    post = nights.world.worker
    post.user.set_password(PASSWORD)
    post.user.save()
    TOTP.activate(post.user, generate_totp_secret())
    client = sign_in(browser(), post)
    assert client.get("/clocks/time_limits/").status_code == 200
    nights.deliver(**tables, ssd_professionals=[head, ["W1", "Sample Worker", "T1", f"{yesterday:%Y-%m-%d}"]])
    assert Post.objects.get(pk=post.pk).until_on == yesterday
    assert "no_post" in client.get("/clocks/time_limits/").headers["Location"]
