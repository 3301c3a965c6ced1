from django.apps import AppConfig


class SubjectAccessConfig(AppConfig):
    name = "atlas.subject_access"
    default_auto_field = "django.db.models.BigAutoField"
