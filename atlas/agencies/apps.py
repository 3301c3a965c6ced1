from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "atlas.agencies"
    default_auto_field = "django.db.models.BigAutoField"
