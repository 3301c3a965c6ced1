"""The settings of the bare peer: Atlas's models and database, Django's session and user, nothing else."""

from atlas.config.settings import *  # noqa: F403
from atlas.config.settings import INSTALLED_APPS as ALL

INSTALLED_APPS = [app for app in ALL if not app.startswith(("allauth", "axes", "csp", "crispy", "atlas.accounts"))]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware"]
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
ROOT_URLCONF = "bench.bare"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
