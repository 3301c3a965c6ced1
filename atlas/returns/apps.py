from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "atlas.returns"
    default_auto_field = "django.db.models.BigAutoField"
