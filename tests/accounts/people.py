"""People who sign in: with a password, a one-time code, from a device; through the front door, as a browser would."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from atlas.accounts.secrets import decrypted
from atlas.agencies.models import Post, User
from tests import factories

PASSWORD = "three-words-unrelated"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def worker(role: str = "practitioner", *, with_factor: bool = True, email: str = "") -> Post:
    """A post whose person has a password, and an authenticator unless said otherwise."""
    post = factories.post(role, email=email)
    post.user.set_password(PASSWORD)
    post.user.save()
    if with_factor:
        TOTP.activate(post.user, generate_totp_secret())
    return post


def code(user: User) -> str:
    """The code that the person's authenticator shows now; as if half a minute had gone since the one before, which opens once."""
    held = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    Authenticator.objects.filter(pk=held.pk).update(last_used_at=None)
    secret = decrypted(held.data["secret"])
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def browser(agent: str = CHROME, **more: Any) -> Client:
    """A browser of its own."""
    return Client(headers={"user-agent": agent}, **more)


def give_password(client: Client, username: str, password: str = PASSWORD, **more: Any) -> Any:
    """Send the sign-in form."""
    return client.post("/accounts/login/", {"login": username, "password": password}, **more)


def sign_in(client: Client, post: Post) -> Client:
    """Through the front door: password, then code."""
    assert give_password(client, post.user.username).headers["Location"] == "/accounts/2fa/authenticate/"
    answer = client.post("/accounts/2fa/authenticate/", {"code": code(post.user)})
    assert answer.status_code == 302, answer.content.decode()
    return client
