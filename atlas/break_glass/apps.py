from django.apps import AppConfig


class BreakGlassConfig(AppConfig):
    name = "atlas.break_glass"
    default_auto_field = "django.db.models.BigAutoField"
