"""The classes of data protection, from the most to the least guarded."""

from enum import StrEnum


class PrivacyClass(StrEnum):
    """How a field is handled; from the most to the least guarded."""

    SPECIAL = "special"  # health, ethnicity, sexual life, religion, offences; whatever was written in free words about a child
    PERSONAL = "personal"  # says who somebody is, or something of somebody's life or work
    OPERATIONAL = "operational"  # what Atlas needs to work: keys, states, deadlines; says little without the row that it stands in
    PUBLIC = "public"  # may be published as it is


SPECIAL, PERSONAL, OPERATIONAL, PUBLIC = PrivacyClass
