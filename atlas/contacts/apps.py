from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "atlas.contacts"
    default_auto_field = "django.db.models.BigAutoField"
