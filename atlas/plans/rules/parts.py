"""The parts of a safety plan, who gets which, and what an event touches. Source: practice.md 5.2; the table of touches is Atlas's own."""

from django.db.models import TextChoices

from atlas.sharing.copy import Audience


class Section(TextChoices):
    """The parts of a safety plan, in the order in which they are read. What is ready for a search is the trigger plan's (`missing`)."""

    MY_VIEW = "my_view", "My view"
    WORRIES = "worries", "What we are worried about"
    SIGNS = "signs", "Triggers and signs"
    SAFE_PEOPLE = "safe_people", "Safe people"
    SAFE_PLACES = "safe_places", "Safe places"
    SIGNALS = "signals", "Signals"
    CHILD = "child", "What I will do"
    CARER = "carer", "What my parent or carer will do"
    AGENCY = "agency", "What each agency will do"
    ONLINE = "online", "Online and devices"
    CONTEXTS = "contexts", "Friends, school, places"
    DISRUPTION = "disruption", "Disruption"
    HEALTH = "health", "Health"
    EDUCATION = "education", "Education"
    STRENGTHS = "strengths", "Strengths"
    DISAGREEMENTS = "disagreements", "Disagreements"


# What a line of each part is for, as the form says it.
HINTS = {
    Section.MY_VIEW: "In the child’s words: what worries me, what is good, whom I trust, what I want, what I do not want.",
    Section.WORRIES: "The harm, by whom, where, when, how likely, and how we know.",
    Section.SIGNS: "Early, middle or late. If you see this, do that.",
    Section.SAFE_PEOPLE: "Who, how they are related, when they can be reached, what they were told. Check the number with the child.",
    Section.SAFE_PLACES: "Where, how to get in, when it is open.",
    Section.SIGNALS: "A word or a sign, to whom, what it means, what they then do.",
    Section.CHILD: "What the child will do, in the child’s words.",
    Section.CARER: "In order: before, when late, when missing, on coming back. Welcome first; no questioning.",
    Section.AGENCY: "What, by whom, by when, and how we will see that it worked.",
    Section.ONLINE: "Accounts, privacy, what was agreed about location and devices.",
    Section.CONTEXTS: "What changes there: friends, the way to school, a place, a group.",
    Section.DISRUPTION: "What the police do. It stands on no copy for the child.",
    Section.HEALTH: "What health care is needed, and who sees to it.",
    Section.EDUCATION: "Timetable, what absence means, a safe way out, a named adult.",
    Section.STRENGTHS: "What is going well, and who helps.",
    Section.DISAGREEMENTS: "Who disagrees, about what, and how it is being settled.",
}
# What must be done by somebody by some day; the others say what is so.
ACTIONS = frozenset({Section.AGENCY, Section.DISRUPTION, Section.HEALTH, Section.EDUCATION, Section.CONTEXTS, Section.ONLINE})
SAYS_WHERE = frozenset({Section.SAFE_PLACES})  # not written where a sealed location exists
# Entries that lapse, and are read again with the child (LP-7).
RECHECKED = frozenset({Section.SAFE_PEOPLE, Section.SAFE_PLACES, Section.SIGNALS})


S, A = Section, Audience
_CHILD = frozenset({S.MY_VIEW, S.SAFE_PEOPLE, S.SAFE_PLACES, S.SIGNALS, S.CHILD, S.STRENGTHS})
_CARER = frozenset({S.SIGNS, S.SAFE_PEOPLE, S.SAFE_PLACES, S.SIGNALS, S.CARER})
# By part; a line may be left out of a copy that its part allows, and an action reaches its own owner's copy. Nothing is blacked out.
PARTS: dict[Audience, frozenset[Section]] = {
    A.CHILD: _CHILD,
    A.CARER: _CARER,
    A.POLICE: frozenset({S.WORRIES, S.DISRUPTION}),
    A.SCHOOL: frozenset({S.SIGNS, S.EDUCATION}),
    A.PLACEMENT: _CARER | {S.HEALTH, S.EDUCATION, S.ONLINE},
    A.PROFESSIONAL: frozenset(Section),
}
_SCHOOL = frozenset({S.EDUCATION, S.CONTEXTS, S.CHILD})
_PEOPLE = frozenset({S.WORRIES, S.SAFE_PEOPLE, S.CONTEXTS, S.DISRUPTION})
_PLACES = frozenset({S.WORRIES, S.SAFE_PLACES, S.CONTEXTS, S.DISRUPTION})
_HOME = frozenset({S.CARER, S.SAFE_PEOPLE, S.SAFE_PLACES, S.EDUCATION, S.HEALTH, S.SIGNALS})
_HARM = frozenset({S.WORRIES, S.DISRUPTION, S.HEALTH, S.AGENCY})
_AWAY = frozenset({S.SIGNS, S.CARER, S.SIGNALS, S.CHILD})
# Which parts what happened may have made untrue: where to look first. Every line is read; these are marked.
TOUCHES: dict[str, frozenset[Section]] = {
    **dict.fromkeys(("EV-01", "EV-02", "EV-03", "EV-23"), _AWAY),
    **dict.fromkeys(("EV-05", "EV-09", "EV-10", "EV-11", "EV-12", "EV-25", "EV-37", "A-02"), _HARM),
    **dict.fromkeys(("EV-06", "EV-24"), _PLACES | _PEOPLE),
    **dict.fromkeys(("EV-07", "EV-13", "EV-14", "EV-35", "EV-48"), _PEOPLE),
    **dict.fromkeys(("EV-15",), _PLACES),
    **dict.fromkeys(("EV-16", "EV-17", "EV-18"), _SCHOOL),
    **dict.fromkeys(("EV-19", "EV-20", "EV-21", "EV-22"), _HOME),
    **dict.fromkeys(("EV-26", "EV-27", "EV-28"), frozenset({S.HEALTH, S.SIGNS})),
    **dict.fromkeys(("EV-08", "EV-36"), frozenset({S.ONLINE, S.SIGNS, S.WORRIES})),
    **dict.fromkeys(("EV-29", "EV-30", "EV-31", "EV-32", "EV-33", "EV-34"), frozenset({S.DISRUPTION, S.AGENCY, S.CONTEXTS})),
    **dict.fromkeys(("EV-42", "EV-50"), frozenset({S.AGENCY, S.SAFE_PEOPLE})),
    **dict.fromkeys(("EV-38", "EV-40", "EV-46"), frozenset({S.SIGNS, S.STRENGTHS})),
    **dict.fromkeys(("EV-47",), frozenset({S.DISAGREEMENTS})),
    **dict.fromkeys(("EV-49", "A-03", "A-01"), frozenset({S.MY_VIEW, S.CHILD, S.WORRIES})),
}


def touched(event: str) -> frozenset[Section]:
    """The parts of a plan that this event (its code) may have made untrue; none where nobody can say beforehand."""
    return TOUCHES.get(event, frozenset())
