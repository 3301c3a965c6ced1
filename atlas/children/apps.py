from django.apps import AppConfig


class ChildrenConfig(AppConfig):
    name = "atlas.children"
    default_auto_field = "django.db.models.BigAutoField"
