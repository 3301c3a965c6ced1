"""What direct work is about, with which tools, and when it has lapsed. Pure. Source: practice.md 5.4; section 7, EV-42. Lists are Atlas's own."""

from collections.abc import Iterable

from django.db.models import TextChoices

LAPSES_AFTER = 2  # times in a row that we did not manage to meet (practice.md 7: EV-42)


class Theme(TextChoices):
    """What the work is about (practice.md 5.4)."""

    RELATIONSHIPS = "relationships", "Healthy relationships"
    GROOMING = "grooming", "Grooming and coercion"
    ONLINE = "online", "Being online"
    DEBT = "debt", "Ways out, and debt"
    CONSENT = "consent", "Consent"
    OUT = "out", "Keeping safe when out, and when missing"
    TRAUMA = "trauma", "What happened, and how it feels now"
    OTHER = "other", "Something else"


class Tool(TextChoices):
    """With what it is done. A tool that has a name is written beside."""

    TALK = "talk", "Talking together"
    WALK = "walk", "Talking while walking, driving or doing something"
    DRAWING = "drawing", "Drawing, pictures or a life map"
    CARDS = "cards", "Cards or stories: what would you do?"
    MAP = "map", "A map of people and places: where it feels safe and where not"
    SCALES = "scales", "Scales: how safe, how worried, what would make it one better"
    FILM = "film", "A film or clip, and talking about it"
    PLAY = "play", "Play, toys or puppets"
    SYMBOLS = "symbols", "Symbols, signs or a talking device"
    REHEARSAL = "rehearsal", "Rehearsing the plan: what I say, whom I ring"
    GROUP = "group", "In a group"


class Speaks(TextChoices):
    """How the child communicates (real-life.md 25)."""

    SPEECH = "speech", "Speaks, in English"
    OTHER_LANGUAGE = "other_language", "Speaks, in another language"
    SIGNS = "signs", "Signs"
    SYMBOLS = "symbols", "Pictures, symbols or a device"
    WRITING = "writing", "Rather writes"
    PLAY = "play", "Shows it in play: young, or does not speak"


class Advocate(TextChoices):
    """Whether somebody who is only there for the child was offered, and what the child said."""

    YES = "yes", "Offered: yes, please"
    HAS_ONE = "has_one", "The child has one"
    NO_FOR_NOW = "no_for_now", "Offered: no for now"
    NOT_OFFERED = "not_offered", "Not offered this time"


class Interpreter(TextChoices):
    """Who interpreted. A relative, or somebody from the home, never does."""

    NOT_NEEDED = "not_needed", "None was needed"
    INDEPENDENT = "independent", "An interpreter who knows neither the family nor the home"
    RELATED = "related", "Somebody of the family, or from the home"


class Met(TextChoices):
    """Whether they met."""

    HELD = "held", "We met"
    NOT_MET = "not_met", "We did not manage to meet"


class Outcome(TextChoices):
    """What came of the aim."""

    REACHED = "reached", "Reached"
    PARTLY = "partly", "Reached in part"
    NOT_REACHED = "not_reached", "Not reached"
    STOPPED = "stopped", "Stopped short"


def has_lapsed(met: Iterable[str]) -> bool:
    """Whether the work has just lapsed, from whether each session was held, the latest last: at the second in a row that was not, and once."""
    row = 0
    for one in reversed(list(met)):
        if one == Met.HELD:
            break
        row += 1
    return row == LAPSES_AFTER
