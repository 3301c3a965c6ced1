"""By when a subject access request is answered, who may ask for a child's record, and on which ground something is left out. Pure.

Sources (recalled, not read for this file; see ADR 53): UK GDPR Articles 12 and 15, as the Data (Use and Access) Act 2025 changed how the time is counted; Data
Protection Act 2018 schedules 2 to 4; the Information Commissioner's guidance on the right of access.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import TextChoices

from atlas.chronology.moments import start_of_day
from atlas.clocks.calendar import Override, add_working_days, is_working_day
from atlas.clocks.rules import Months
from atlas.gate.days import day_of

USUAL, EXTENDED = Months(1), Months(3)  # Article 12(3): a month, and two more where requests are complex or many
OPEN_FOR = timedelta(days=90)  # protection.md 4.1: information rights
OPINION_WITHIN = timedelta(days=182)  # schedule 3 paragraph 6: an opinion given within six months


class Asks(TextChoices):
    """Who asks for the record."""

    CHILD = "child", "The child, or the adult whom the record is about"
    PARENT = "parent", "A parent, or somebody else with parental responsibility"
    REPRESENTATIVE = "representative", "Somebody whom they have authorised: an advocate, a solicitor"


class Ground(TextChoices):
    """Why something is not in the answer. Each is a paragraph of law, and no other reason counts."""

    OTHER_PERSON = (
        "other_person",
        "It is about somebody else, who has not agreed, and it is not reasonable without (schedule 2, paragraph 16)",
    )
    SERIOUS_HARM = (
        "serious_harm",
        "Giving it would be likely to prejudice the work, because somebody would be seriously harmed (schedule 3, paragraph 11)",
    )
    HEALTH_HARM = "health_harm", "About health: a health professional says that it would seriously harm somebody (schedule 3, paragraph 5)"
    CHILD_ABUSE = (
        "child_abuse",
        "About the abuse of the child, asked for by a parent: not in the child’s best interests (schedule 3, paragraph 21)",
    )
    CHILD_S_WISH = "child_s_wish", "The child said it expecting that a parent would not be told (schedule 3, paragraphs 4 and 10)"
    PRIVILEGE = "privilege", "Legal advice, or made for a court (schedule 2, paragraph 19)"
    CRIME = "crime", "It would prejudice preventing or detecting crime, or catching somebody (schedule 2, paragraph 2)"
    COURT = "court", "A report to a family court, which its rules keep back (schedule 3, paragraphs 9 and 18)"
    FORBIDDEN = "forbidden", "Another law forbids it: adoption records, for example (schedule 4)"
    NOT_THEIRS = "not_theirs", "It is not about this child"


# Only from a parent's request, or that of somebody who manages the child's affairs, may these be kept.
FROM_PARENT_ALONE = frozenset({Ground.CHILD_ABUSE, Ground.CHILD_S_WISH})


class Asked(TextChoices):
    """Who was asked, before something is given or left out."""

    HEALTH = "health", "A health professional"
    WORKER = "worker", "The child’s worker, or their manager"
    LAWYER = "lawyer", "A lawyer of the council"
    POLICE = "police", "The police"
    OTHER_PERSON = "other_person", "Somebody else whom the record names"
    CHILD = "child", "The child"


# Before something is left out on this ground, one of these was asked, and what they said is written down.
ASKED_BEFORE = {Ground.HEALTH_HARM: Asked.HEALTH, Ground.PRIVILEGE: Asked.LAWYER, Ground.CRIME: Asked.POLICE}

# What stands in the answer where something was left out: nothing of what it was.
IN_ITS_PLACE = {
    Ground.OTHER_PERSON: "[left out: about somebody else]",
    Ground.SERIOUS_HARM: "[left out: it could lead to serious harm]",
    Ground.HEALTH_HARM: "[left out: it could lead to serious harm]",
    Ground.CHILD_ABUSE: "[left out: not in the child’s best interests]",
    Ground.CHILD_S_WISH: "[left out]",
    Ground.PRIVILEGE: "[left out: legal advice]",
    Ground.CRIME: "[left out: it could harm the prevention of crime]",
    Ground.COURT: "[left out: a court decides about it]",
    Ground.FORBIDDEN: "[left out: another law forbids it]",
    Ground.NOT_THEIRS: "[left out: not about you]",
}


class Refusal(TextChoices):
    """Why a request is not answered at all. It is said within the month, with how to complain."""

    NOT_WHO = "not_who", "They did not show who they are"
    NO_RIGHT = "no_right", "They did not show that they may ask for this child’s record"
    CHILD_DECIDES = "child_decides", "The child understands what it means, and does not want it given"
    EXCESSIVE = "excessive", "Manifestly unfounded or excessive (Article 12(5))"


@dataclass(frozen=True)
class Pause:
    """While it was unclear what is asked for: from the day on which they were asked to the day on which they answered (None: not yet)."""

    from_on: date
    until_on: date | None


def answer_by(
    from_on: date, *, pauses: Iterable[Pause] = (), is_extended: bool = False, overrides: Iterable[Override] = ()
) -> date | None:  # fmt: skip
    """The last day on which the answer is in time; None while a pause goes on.

    `from_on`: the day on which the request came, or what showed who asks, where that was asked for. A month ends on the day of the same number, or the month's last; one
    that ends on no working day ends on the next; the days of a pause do not count.
    """
    overrides, paused = tuple(overrides), 0
    for pause in pauses:
        if pause.until_on is None:
            return None
        paused += (pause.until_on - pause.from_on).days
    last = day_of((EXTENDED if is_extended else USUAL).after(start_of_day(from_on), overrides)) + timedelta(days=paused)
    return last if is_working_day(last, overrides) else add_working_days(last, 1, overrides)


def open_until(at: datetime) -> datetime:
    """Until when a request opens the record to whoever answers it: at most 90 days."""
    return at + OPEN_FOR


@dataclass(frozen=True)
class Right:
    """By what right somebody asks: `child_understands` and `child_agrees` are asked of a parent's request alone."""

    asks: Asks
    identity_words: str
    right_words: str
    child_understands: bool | None
    child_agrees: bool | None


def why_not(right: Right) -> tuple[str, str] | None:
    """What is missing before a request may be accepted, as (field, sentence); None where nothing is."""
    if not right.identity_words.strip():
        return "identity_words", "Write what showed who they are, and who looked at it."
    if right.asks == Asks.CHILD:
        return None
    if not right.right_words.strip():
        return (
            "right_words",
            "Write what showed that they may ask for this child: a birth certificate with parental responsibility, a written authority, an order.",
        )
    if right.asks == Asks.PARENT:
        if right.child_understands is None:
            return (
                "child_understands",
                "Say whether the child understands what it means to ask for their own record. It is the child’s right, not the parent’s.",
            )
        if right.child_understands and not right.child_agrees:
            return (
                "child_agrees",
                "A child who understands it decides. Ask the child, apart from the parent; without their yes, refuse the request.",
            )
    return None
