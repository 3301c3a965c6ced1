"""Nobody signs up: an administrator makes accounts. Single sign-on opens only an account that is there."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class NoSignUp(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by an administrator, with a post."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Never."""
        return False
