"""The folder as an application."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "atlas.plans"
    default_auto_field = "django.db.models.BigAutoField"
