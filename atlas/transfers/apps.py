from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "atlas.transfers"
    default_auto_field = "django.db.models.BigAutoField"
