"""Nobody signs up: an administrator makes accounts. Single sign-on opens only an account that is there. Each sign-in is audited."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from atlas.gate.act import write_sign_in
from atlas.gate.events import Event


class NoSignUp(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator, with a post."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Never."""
        return False

    def login(self, request: Any, user: Any) -> None:
        """Sign in, once the second factor has been asked for, and write it down; neither without the other."""
        with transaction.atomic():
            super().login(request, user)
            write_sign_in(Event.SIGN_IN, user.pk, timezone.now())

    def logout(self, request: Any) -> None:
        """Sign out, and write it down."""
        write_sign_in(Event.SIGN_OUT, request.user.pk, timezone.now())
        super().logout(request)

    def authentication_failed(self, request: Any, **credentials: Any) -> None:
        """Write down that somebody could not sign in: whose account it was, never what was typed."""
        super().authentication_failed(request, **credentials)
        users = get_user_model().objects.filter(username=credentials.get("username") or "")
        write_sign_in(Event.SIGN_IN, users.values_list("pk", flat=True).first(), timezone.now(), is_refused=True)
