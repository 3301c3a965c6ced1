from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "atlas.gate"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Once the models are there."""
        from atlas.gate.sets import name_many_at_once

        name_many_at_once()
