from django.apps import AppConfig


class StatusesConfig(AppConfig):
    name = "atlas.statuses"
    default_auto_field = "django.db.models.BigAutoField"
