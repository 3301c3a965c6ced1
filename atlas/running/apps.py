from django.apps import AppConfig


class RunningConfig(AppConfig):
    name = "atlas.running"
    default_auto_field = "django.db.models.BigAutoField"
