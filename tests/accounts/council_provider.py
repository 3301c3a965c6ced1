"""A council's sign-on, in a process of its own: the OpenID Connect provider that the sign-in package ships. For tests alone.

Run as `python council_provider.py FOLDER PORT CALLBACK`. The key that it signs with is FOLDER/key.pem.
"""

import secrets
import sys
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

PASSWORD = "the-council-knows-it"
CLIENT, SECRET = "atlas", "between-the-two-of-them"
# Who there is, and how the council says that it made sure.
PEOPLE = {"rowan": ["pwd", "mfa"], "alex": ["pwd"], "unknown": ["pwd", "mfa"]}


def configure(folder: Path, key: str) -> None:
    """A Django of its own, with nothing of Atlas in it."""
    from django.conf import settings

    settings.configure(
        SECRET_KEY=secrets.token_hex(32), ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "council.sqlite3"}},
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages", "allauth",
                        "allauth.account", "allauth.idp.oidc"],
        MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
                    "django.contrib.messages.middleware.MessageMiddleware", "allauth.account.middleware.AccountMiddleware"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {"context_processors": [
            "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages"]}}],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"], ACCOUNT_EMAIL_VERIFICATION="none", ACCOUNT_RATE_LIMITS=False,
        IDP_OIDC_PRIVATE_KEY=key, IDP_OIDC_ADAPTER=f"{__name__}.Says",
    )  # fmt: skip


def serve(folder: Path, port: int, callback: str) -> None:
    """Make the people and the client, and answer until stopped."""
    import django
    from django.core.management import call_command

    configure(folder, (folder / "key.pem").read_text())
    django.setup()
    from allauth.idp.oidc.adapter import DefaultOIDCAdapter
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User
    from django.core.wsgi import get_wsgi_application
    from django.urls import include, path

    class Says(DefaultOIDCAdapter):  # type: ignore[misc]
        """Names a person by an unchanging subject, and says how it made sure."""

        def get_user_sub(self, client: Any, user: Any) -> str:
            return f"sub-{user.username}"

        def get_user_by_sub(self, client: Any, sub: str) -> Any:
            return User.objects.filter(username=sub.removeprefix("sub-")).first()

        def populate_id_token(self, id_token: dict[str, Any], client: Any, scopes: Any, **given: Any) -> None:
            id_token["amr"] = PEOPLE[str(id_token["sub"]).removeprefix("sub-")]

    here: Any = sys.modules[__name__]
    here.Says = Says
    here.urlpatterns = [path("accounts/", include("allauth.account.urls")), path("", include("allauth.idp.urls"))]
    call_command("migrate", verbosity=0)
    for name in PEOPLE:
        User.objects.create_user(name, password=PASSWORD)
    client = Client(id=CLIENT, name="Atlas", skip_consent=True, scopes="openid\nprofile\nemail", default_scopes="openid")
    client.set_redirect_uris([callback])
    client.set_secret(SECRET)
    client.save()

    class Silent(WSGIRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    make_server("127.0.0.1", port, get_wsgi_application(), handler_class=Silent).serve_forever()


if __name__ == "__main__":
    sys.modules["council_provider"] = sys.modules["__main__"]
    __name__ = "council_provider"
    serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
