from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    name = "atlas.guidance"
    default_auto_field = "django.db.models.BigAutoField"
