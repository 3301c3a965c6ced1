"""The secrets of second factors rest encrypted, with a key outside the database."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.fernet import Fernet
from django.db import connection

from atlas.accounts.secrets import MARK, decrypted, encrypted
from tests.accounts.people import browser, code, give_password, worker

pytestmark = pytest.mark.django_db


def rests() -> str:
    """Everything that the table of second factors holds, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(mfa_authenticator::text, ' ') FROM mfa_authenticator")
        return str(cursor.fetchone()[0])


def test_the_table_holds_no_secret_in_clear_and_the_code_still_works() -> None:
    post, secret = worker(with_factor=False), generate_totp_secret()
    TOTP.activate(post.user, secret)
    codes = RecoveryCodes.activate(post.user)
    seed = decrypted(codes.instance.data["seed"])
    held = rests()
    assert secret not in held
    assert seed not in held
    assert not any(one in held for one in codes.get_unused_codes())
    assert held.count(MARK) == 2
    client = browser()
    give_password(client, post.user.username)
    assert client.post("/accounts/2fa/authenticate/", {"code": code(post.user)}).status_code == 302
    assert client.session.get("_auth_user_id") == str(post.user.pk)


def test_what_was_there_in_clear_still_works() -> None:
    post, secret = worker(with_factor=False), generate_totp_secret()
    Authenticator.objects.create(user=post.user, type=Authenticator.Type.TOTP, data={"secret": secret})
    client = browser()
    give_password(client, post.user.username)
    assert client.post("/accounts/2fa/authenticate/", {"code": code(post.user)}).status_code == 302


def test_a_key_is_changed_by_putting_a_new_one_in_front(settings: Any) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.ATLAS_FACTOR_KEYS = [old]
    kept = encrypted("JBSWY3DPEHPK3PXP")
    settings.ATLAS_FACTOR_KEYS = [new, old]
    assert decrypted(kept) == "JBSWY3DPEHPK3PXP"
    assert Fernet(new).decrypt(encrypted("x").removeprefix(MARK)) == b"x"
    settings.ATLAS_FACTOR_KEYS = [new]
    assert decrypted(kept) != "JBSWY3DPEHPK3PXP"  # no key opens it: no code fits, and nothing falls over
    assert decrypted(kept) != decrypted(kept)
    assert decrypted(MARK + "tampered") != "tampered"
