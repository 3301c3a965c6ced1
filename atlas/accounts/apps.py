from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "atlas.accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear what the sign-in package tells by signals alone: which factor was proved, added, removed or given wrongly."""
        from allauth.account.signals import password_changed
        from allauth.mfa import signals

        from atlas.accounts import factors

        signals.authenticator_used.connect(factors.proved)
        signals.authenticator_added.connect(factors.added)
        signals.authenticator_removed.connect(factors.removed)
        signals.authentication_failed.connect(factors.failed)
        password_changed.connect(factors.password_changed)
