"""The words that a contact is told and decided in. Atlas's own lists, built from practice; a partnership's own system has others."""

from django.db.models import IntegerChoices, TextChoices


class Source(TextChoices):
    """Who raised it. From the account, where there is one; the lists of the census of children in need are finer (process-and-data.md 9.4)."""

    SCHOOL = "school", "School or nursery"
    HEALTH = "health", "Health"
    POLICE = "police", "Police"
    COUNCIL = "council", "The council itself"
    VOLUNTARY = "voluntary", "Voluntary sector"
    OTHER_AGENCY = "other_agency", "Another agency"
    PARENT = "parent", "A parent or carer"
    CHILD = "child", "A child or young person"
    PUBLIC = "public", "Somebody else"


WITHOUT_ACCOUNT = (Source.CHILD, Source.PARENT, Source.PUBLIC)


class Concern(TextChoices):
    """What it is mostly about, as whoever raised it sees it."""

    HURT = "hurt", "A child is being hurt, or may be"
    SEXUAL = "sexual", "Sexual harm"
    NEGLECT = "neglect", "Neglect: not looked after as a child needs"
    HOME = "home", "Violence or fear at home"
    EXPLOITATION = "exploitation", "Exploitation, or older or new company that worries you"
    MISSING = "missing", "Going missing"
    ONLINE = "online", "Something online"
    MIND = "mind", "Self-harm, or how the child feels"
    PARENT = "parent", "A parent who needs help: drink, drugs, illness"
    OTHER = "other", "Something else"


class IsSafe(TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    UNSURE = "unsure", "I am not sure"


class ParentsTold(TextChoices):
    """Whether a parent knows that this is raised. Never a condition of raising it."""

    AGREE = "agree", "Yes, and they agree"
    DISAGREE = "disagree", "Yes, and they do not agree"
    NOT_YET = "not_yet", "Not yet"
    NOT_SAFE = "not_safe", "No: telling them could put the child in danger"


class Rating(TextChoices):
    """How soon the hub looks at it: local, never law. The hours are in `rules/clocks.py`."""

    RED = "red", "Red"
    AMBER = "amber", "Amber"
    GREEN = "green", "Green"


class Outcome(TextChoices):
    """What the front door decides (process-and-data.md section 3)."""

    NOTHING_FURTHER = "nothing_further", "Nothing further from us now"
    ADVICE = "advice", "Advice to whoever raised it"
    EARLY_HELP = "early_help", "Early help"
    ASSESSMENT = "assessment", "Child and family assessment"
    STRATEGY = "strategy", "Strategy discussion"
    OTHER = "other", "Something else"


class SetAside(TextChoices):
    """Why a contact leads to no decision about a child here."""

    SAME = "same", "It says what another contact says already"
    ELSEWHERE = "elsewhere", "The child lives in another authority, which was told"
    TELEPHONED = "telephoned", "I told the team that answers for the child, by telephone"
    NOBODY = "nobody", "Nobody can be found by what was typed"
    NO_CHILD = "no_child", "It is about no child"


class HowAnswered(TextChoices):
    SCREEN = "screen", "Here, on their own page"
    TELEPHONE = "telephone", "By telephone"
    LETTER = "letter", "By letter or e-mail"


class NotAnswered(TextChoices):
    """Why whoever raised it gets no answer. The contact cannot be closed without one or the other."""

    ANONYMOUS = "anonymous", "They did not say who they are"
    NOT_SAFE = "not_safe", "An answer could put the child in danger"
    NOT_REACHED = "not_reached", "They could not be reached"


class Level(IntegerChoices):
    """Four levels are the custom; what each is called, the threshold document in force says."""

    ONE = 1, "Level 1"
    TWO = 2, "Level 2"
    THREE = 3, "Level 3"
    FOUR = 4, "Level 4"
