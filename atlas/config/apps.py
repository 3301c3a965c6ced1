"""Start-up: the service refuses to start while the gate in the database has a hole."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The last app of all."""

    name = "atlas.config"
