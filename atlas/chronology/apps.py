from django.apps import AppConfig


class ChronologyConfig(AppConfig):
    name = "atlas.chronology"
    default_auto_field = "django.db.models.BigAutoField"
