from django.apps import AppConfig


class AllegationsConfig(AppConfig):
    name = "atlas.allegations"
    default_auto_field = "django.db.models.BigAutoField"
