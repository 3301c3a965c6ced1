from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "atlas.feeds"
    default_auto_field = "django.db.models.BigAutoField"
