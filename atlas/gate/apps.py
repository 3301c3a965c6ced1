from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "atlas.gate"
    default_auto_field = "django.db.models.BigAutoField"
