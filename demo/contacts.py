"""The thresholds of Fernleigh, and contacts with its front door: some decided and answered over half a year, some that wait now. Invented."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import cycle

from atlas.agencies.models import Authority, Post
from atlas.children.models import Child
from atlas.contacts.codes import Concern, HowAnswered, IsSafe, Level, NotAnswered, Outcome, ParentsTold, Rating, SetAside
from atlas.contacts.commands.answering import Telling, answer_ask, answer_referrer, ask_agency
from atlas.contacts.commands.deciding import Deciding, decide_contact, give_second_view
from atlas.contacts.commands.matching import match_contact, rate_contact, set_aside_contact
from atlas.contacts.commands.raising import Raised, raise_contact
from atlas.contacts.models import AgencyAsk, Contact, ContactDecision
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.gate.models import Relationship
from atlas.gate.policy import Kind
from atlas.guidance.commands import Edition, set_thresholds

LEVELS = (
    (
        "Universal",
        "Family, school and health meet the child’s needs. Going missing once, for an hour or two, and nothing else worries anybody.",
    ),
    ("Early help", "One agency gives more help, with the family’s agreement. New company, school days lost, back later than agreed."),
    ("Targeted help", "Several agencies help together, one of them leads. Missing again and again; unexplained things; older company."),
    (
        "Statutory",
        "The child is harmed or may be, or needs a social worker: sections 17 and 47. Harm that somebody saw, or the child told of.",
    ),
)
OWNER = "Fernleigh Safeguarding Children Partnership"
# Who raises, about what, the level they see, what is decided: over and over, so that there is something to compare.
TOLD = (
    ("school.lead", Concern.NEGLECT, 2, 2, Outcome.EARLY_HELP, "Comes to school hungry, and in yesterday’s clothes."),
    ("health.nurse", Concern.HOME, 4, 4, Outcome.ADVICE, "Mother says that he shouts and throws things; the child hides."),
    ("police.missing", Concern.EXPLOITATION, 3, 3, Outcome.EARLY_HELP, "Stopped with two older boys late at night; gave a wrong name."),
    ("school.lead", Concern.EXPLOITATION, 4, 3, Outcome.EARLY_HELP, "A new telephone, and another one a week later. Will not say whose."),
    ("police.missing", Concern.HOME, 3, 4, Outcome.OTHER, "Called to the home for the third time; the child saw it."),
    ("health.nurse", Concern.MIND, 3, 2, Outcome.ADVICE, "Seen after cutting; talks with the school counsellor."),
    ("school.lead", Concern.MISSING, 2, 1, Outcome.NOTHING_FURTHER, "Did not come home until nine; the family knew where from seven on."),
)
WHY = "Read against the record of the last year, and with the school. What is known fits this level, and nothing says more."


def open_door(authority: Authority, named: dict[str, Post], start: datetime, now: datetime, many: int) -> None:
    """All of it. `many`: how many contacts were decided and answered before today."""
    publish_thresholds(named["head.of.service"], start, now)
    door = named["front.door"]
    with acting_as(door, now):  # nobody of the worker whose day the journeys tell
        held = Relationship.live(now).filter(kind=Kind.ALLOCATED, holder_post=named["social.worker"])
        theirs = set(held.values_list("child_id", flat=True))
        children = [
            child for child in Child.objects.filter(responsible_authority=authority).order_by("name", "born_on") if child.pk not in theirs
        ]
    _waiting(named, children[:3], now)
    _before(named, iter(children[3 : many + 3]), now)


def publish_thresholds(head: Post, start: datetime, now: datetime) -> None:
    """Two versions of the document, each from the day of London on which it was put into force."""
    for edition, at in (("version 1", start), ("version 2", now - timedelta(days=120))):
        day = day_of(at)
        set_thresholds(
            edition=Edition("Right help, right time", f"{day.year}, {edition}", OWNER, day, date(day.year + 1, day.month, 1), LEVELS),
            by=head,
            at=at,
        )


def _raised(named: dict[str, Post], who: str, child: Child, concern: Concern, words: str, level: int, at: datetime) -> Contact:
    born = f"{child.born_on:%-d %B %Y}" if child.born_on else ""
    raised = Raised(child.name, concern, words, IsSafe.UNSURE, ParentsTold.NOT_YET, born_words=born, level_given=Level(level))
    return raise_contact(raised=raised, by=named[who], at=at)


def _decided(named: dict[str, Post], contact: Contact, child: Child, level: int, outcome: Outcome, at: datetime) -> ContactDecision:
    door = named["front.door"]
    matched = match_contact(contact=contact, child=child, by=door, at=at)
    decision = Deciding(
        Level(level), outcome, f"Level {level}, in the words of the document", WHY, "A level higher: not by what is known today.",
        "It asks the family first, and is looked at again if more is heard.",
    )  # fmt: skip
    return decide_contact(contact=matched, decision=decision, by=door, at=at + timedelta(minutes=20))


def _before(named: dict[str, Post], children: Iterator[Child], now: datetime) -> None:
    """One every few days, by day; each answered, every fifth with a second view."""
    at = (now - timedelta(days=170)).replace(hour=10, minute=15, second=0, microsecond=0)
    for number, (child, (who, concern, given, level, outcome, words)) in enumerate(zip(children, cycle(TOLD), strict=False)):
        at += timedelta(days=5)
        if at > now - timedelta(days=2):
            return
        made = _decided(named, _raised(named, who, child, concern, words, given, at), child, level, outcome, at + timedelta(hours=2))
        if number % 5 == 0:
            agrees = number % 10 == 0
            seen = Level(level) if agrees else Level(min(4, level + 1))
            give_second_view(
                decision=made, agrees=agrees, level=seen, reasons="Read it afresh, without knowing who decided.", by=named["head.of.service"],
                at=at + timedelta(hours=3),
            )  # fmt: skip
        telling = Telling(HowAnswered.SCREEN, "Thank you. We have looked at it; somebody will ring the family this week.")
        answer_referrer(contact=made.contact, telling=telling, by=named["front.door"], at=at + timedelta(hours=4))


def _waiting(named: dict[str, Post], children: Sequence[Child], now: datetime) -> None:
    """What waits today: not matched yet; matched, with the police asked and health answered; decided and not answered; set aside."""
    door, soon = named["front.door"], now - timedelta(hours=3)
    new, asked, decided = children
    contact = _raised(named, "school.lead", new, Concern.EXPLOITATION, TOLD[3][-1], 3, now - timedelta(hours=1))
    rate_contact(contact=contact, rating=Rating.AMBER, by=door, at=now - timedelta(minutes=30))
    other = _raised(named, "health.nurse", asked, Concern.HOME, TOLD[1][-1], 3, soon)
    matched = match_contact(contact=other, child=asked, by=door, at=soon + timedelta(minutes=20))
    for who, question in (
        ("police.missing", "Were you called there in the last year?"),
        ("school.lead", "How is school, and who fetches the child?"),
    ):
        ask = ask_agency(
            contact=matched, team=named[who].team, about=asked.name, question=question, by=door, at=soon + timedelta(minutes=30)
        )
    with acting_as(named["school.lead"], now):
        mine = AgencyAsk.objects.get(pk=ask.pk)
    answer_ask(
        ask=mine,
        knows=AgencyAsk.Knows.KNOWS,
        reply="In school every day. An aunt has waited at the gate since March.",
        by=named["school.lead"],
        at=now,
    )
    _decided(named, _raised(named, "police.missing", decided, Concern.MISSING, TOLD[6][-1], 2, soon), decided, 2, Outcome.EARLY_HELP, soon)
    seen = Raised(
        "Not known", Concern.OTHER, "A child at the gate who is not one of ours.", IsSafe.UNSURE, ParentsTold.NOT_YET, born_words="about 8"
    )
    aside = raise_contact(raised=seen, by=named["school.lead"], at=soon)
    aside = set_aside_contact(contact=aside, why=SetAside.NOBODY, words="Rang the school: nobody knows the name.", by=door, at=now)
    telling = Telling(not_answered=NotAnswered.NOT_REACHED, because="The school is closed until Monday.")
    answer_referrer(contact=aside, telling=telling, by=door, at=now)
