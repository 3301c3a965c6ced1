"""In what capacity somebody stands in a link, what kind of link it is, how sure it is (practice.md 4.8 and 4.10; protection.md 3.4)."""

from django.db.models import TextChoices


class Capacity(TextChoices):
    """The child's own side: none of these is a suspicion. That a child may harm others too is said beside it, and never instead of it."""

    AT_RISK = "at_risk", "At risk of harm"
    HARMED = "harmed", "Harmed"
    COERCED = "coerced", "Made to take part"
    WITNESS = "witness", "Saw or heard it"
    ASSOCIATE = "associate", "Known to be together; nothing is alleged"
    FAMILY = "family", "Family"


# Beside which a concern that the child harms others may stand (practice.md 4.10: also exploited is required).
HARMED_FIRST = (Capacity.AT_RISK, Capacity.HARMED, Capacity.COERCED)


class LinkKind(TextChoices):
    """What ties the two."""

    SEEN = "seen", "Seen together"
    CONTACT = "contact", "In touch: calls, messages, online"
    FRIENDS = "friends", "Friends, or out and about together"
    GIVEN = "given", "Money, things, drugs or lifts were given"
    STAYS = "stays", "Goes there, or stays there"
    HARM = "harm", "Harm comes through it, or may"


class Confidence(TextChoices):
    """How sure it is that the link is real, once source and information are weighed."""

    LOW = "low", "Low"
    MODERATE = "moderate", "Moderate"
    HIGH = "high", "High"


class DrawnIn(TextChoices):
    """Who drew whom in: only where somebody stated it."""

    NOT_STATED = "", "Nobody has said"
    BY_OTHER = "by_other", "The other drew this child in"
    BY_CHILD = "by_child", "This child drew the other in"
