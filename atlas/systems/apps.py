from django.apps import AppConfig


class SystemsConfig(AppConfig):
    name = "atlas.systems"
    default_auto_field = "django.db.models.BigAutoField"
