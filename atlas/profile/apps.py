from django.apps import AppConfig


class ProfileConfig(AppConfig):
    name = "atlas.profile"
    default_auto_field = "django.db.models.BigAutoField"
