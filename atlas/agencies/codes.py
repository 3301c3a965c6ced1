"""The code lists of agencies and posts."""

from django.db import models


class SkillKind(models.TextChoices):
    """What somebody is trained in; a language spoken with children; or, as the worker says, a woman or a man, since children may ask for one."""

    MISSING = "missing", "Missing children"
    EXPLOITATION = "exploitation", "Exploitation"
    GANGS = "gangs", "Gangs"
    YOUTH_VIOLENCE = "youth_violence", "Serious youth violence"
    LANGUAGE = "language", "Language"
    WOMAN_OR_MAN = "woman_or_man", "A woman or a man"


WITHOUT_END = (SkillKind.LANGUAGE, SkillKind.WOMAN_OR_MAN)


class Sex(models.TextChoices):
    """Whom a child would rather talk with."""

    WOMAN = "woman", "A woman"
    MAN = "man", "A man"
    EITHER = "either", "Either"
