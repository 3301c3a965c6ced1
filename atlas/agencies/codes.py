"""The code lists of agencies and posts."""

from django.db import models


class SkillKind(models.TextChoices):
    """What somebody is trained in; or a language spoken with children."""

    MISSING = "missing", "Missing children"
    EXPLOITATION = "exploitation", "Exploitation"
    GANGS = "gangs", "Gangs"
    YOUTH_VIOLENCE = "youth_violence", "Serious youth violence"
    LANGUAGE = "language", "Language"
