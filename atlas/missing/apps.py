from django.apps import AppConfig


class MissingConfig(AppConfig):
    name = "atlas.missing"
    default_auto_field = "django.db.models.BigAutoField"
