"""Start-up: the service refuses to start while the gate in the database has a hole."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The folder that knows every other; it has commands, and no tables."""

    name = "atlas.config"
