"""The folder as an application."""

from django.apps import AppConfig


class DirectworkConfig(AppConfig):
    name = "atlas.directwork"
    default_auto_field = "django.db.models.BigAutoField"
