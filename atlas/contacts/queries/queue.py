"""The front door's queue, one contact with all that was done, and what a child's record holds of contacts and assessments."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Prefetch, QuerySet, Value, When
from django.db.models.functions import Least

from atlas.agencies.models import Post, Team
from atlas.children.models import Child
from atlas.children.queries import found_children
from atlas.chronology.moments import Moment
from atlas.contacts.codes import IsSafe
from atlas.contacts.models import AgencyAsk, Assessment, AssessmentExtension, Contact, ContactAnswer, ContactDecision, SecondView
from atlas.contacts.rules.clocks import ASSESSMENT_FINISHED, ASSESSMENT_REVIEW
from atlas.contacts.rules.typed import age_in, born_on
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.gate.policy import Mode, RecordKind
from atlas.gate.queries import standing
from atlas.gate.rules import may_touch
from atlas.linkage.queries import Asked, match
from atlas.statuses.models import Spell

MOST = 200


def _with_people(rows: "QuerySet[Contact]") -> "QuerySet[Contact]":
    beside = ("authority", "child", "raised_by__user", "raised_by__team__agency", "rated_by__user", "matched_by__user")
    return rows.select_related(*beside)


def contacts_with_people() -> "QuerySet[Contact]":
    """Contacts, each with whoever raised, rated and matched it. Row security says which."""
    return _with_people(Contact.objects.all())


def contacts_waiting(at: datetime) -> "QuerySet[Contact]":
    """What is open at the front doors where the acting post answers: by its clock. What the hub rated counts by the rating's hours; of the rest,
    those where a child may not be safe now stand first. A place in the line says when something is due, nothing of the child.
    """
    unsafe_first = Case(When(is_safe=IsSafe.NO, rating="", then=Value(0)), default=Value(1))
    unanswered = AgencyAsk.objects.filter(contact=OuterRef("pk"), replied_at__isnull=True)
    rows = contacts_with_people().filter(closed_at__isnull=True)
    rows = rows.annotate(
        due=Least("rated_due_at", "decide_by"), waits_for_reply=Exists(unanswered), is_reply_late=Exists(unanswered.filter(due_at__lt=at))
    )
    return rows.order_by(unsafe_first, "due", "received_at", "pk")


def reads_screening(subject: Subject, contact: Contact) -> bool:
    """Whether the subject reads the screening of the child whom a contact is about; never where it is about nobody yet."""
    return contact.child_id is not None and may_touch(standing(subject, contact.child_id), RecordKind.SCREENING, Mode.READ)


def waits_at_front_door() -> int:
    """How many contacts nobody has decided yet, at the front doors where the acting post answers."""
    return Contact.objects.filter(closed_at__isnull=True, state__in=[Contact.State.RAISED, Contact.State.MATCHED]).count()


@dataclass(frozen=True)
class Whole:
    """A contact's decisions with their second views, its answer, and what others were asked, each with its people; the latest first."""

    decisions: list[ContactDecision]
    answer: ContactAnswer | None
    asks: list[AgencyAsk]
    beside: list[Contact]


def whole_of(contact: Contact) -> Whole:
    """All that was done with a contact, as far as row security shows it; and the contacts that were typed with it."""
    views = Prefetch("second_views", SecondView.objects.select_related("given_by__user").order_by("given_at"), to_attr="views")
    decisions = ContactDecision.objects.filter(contact=contact).select_related("decided_by__user", "decided_by__team", "document")
    asks = AgencyAsk.objects.filter(contact=contact).select_related("to_team__agency", "asked_by__user", "replied_by__user")
    answers = ContactAnswer.objects.filter(contact=contact).select_related("answered_by__user").order_by("-answered_at")
    beside = Contact.objects.filter(together=contact.together).exclude(pk=contact.pk).select_related("child").order_by("received_at", "pk")
    return Whole(
        list(decisions.prefetch_related(views).order_by("-decided_at")), answers.first(), list(asks.order_by("asked_at")), list(beside)
    )


def decisions_with_people() -> "QuerySet[ContactDecision]":
    """Decisions, each with its contact, child and whoever decided."""
    return ContactDecision.objects.select_related("contact__authority", "child", "decided_by__user", "decided_by__team", "document")


def candidates(contact: Contact, subject: Subject, search: str) -> list[tuple[Child, str]]:
    """Children of this front door who may be meant, each with why: by the name and date of birth that were typed, and by whatever else (another
    name, a number) the front door looks for. A person decides which, or none.
    """
    born, age = born_on(contact.born_words), age_in(contact.born_words)
    meant = match(Asked(contact.name, born))
    if meant.child is not None:
        found = {meant.child.pk: (meant.child, "same name and date of birth")}
    else:
        found = {child.pk: (child, _why(child, "alike", age, subject.at)) for child in meant.candidates}
    if search:
        is_number = any(mark.isdigit() for mark in search)
        looked = found_children(subject, name="" if is_number else search, born_on=None, number=search if is_number else "")
        found = {child.pk: (child, _why(child, "found now", age, subject.at)) for child in looked} | found
    return list(found.values())


def _why(child: Child, words: str, age: int | None, at: datetime) -> str:
    if age is None or child.born_on is None:
        return words
    years = (day_of(at) - child.born_on).days // 365
    return f"{words}; {'of that age' if abs(years - age) <= 1 else f'but {years} years old'}"


def teams_to_ask(authority_id: UUID, by: Post) -> "QuerySet[Team]":
    """Teams of other agencies that serve an authority: whom the front door may ask what they know."""
    teams = Team.objects.filter(agency__authorities=authority_id).exclude(agency=by.team.agency_id)
    return teams.select_related("agency").order_by("agency__name", "name").distinct()


def asked_of_team(subject: Subject) -> "QuerySet[AgencyAsk]":
    """What the front door asked of the subject's own team: what waits first, by its clock, then what was answered lately."""
    rows = AgencyAsk.objects.filter(to_team=subject.post.team_id).defer("child").select_related("asked_by__user", "replied_by__user")
    return rows.order_by(F("replied_at").asc(nulls_first=True), "due_at", "pk")


def asks_of_team() -> "QuerySet[AgencyAsk]":
    """What teams were asked, each with who asked. Row security says which."""
    return AgencyAsk.objects.select_related("asked_by__user", "to_team__agency")


def raised_by(subject: Subject) -> "QuerySet[Contact]":
    """What the subject raised, the latest first: their own words, where it stands, and what they were told. Nothing of the child's record."""
    answers = Prefetch(
        "answers", ContactAnswer.objects.filter(to_post=subject.post).defer("child").order_by("-answered_at"), to_attr="told"
    )
    return Contact.objects.filter(raised_by=subject.post).defer("child").prefetch_related(answers).order_by("-received_at", "name")


def contacts_about(subject: Subject, child_id: UUID) -> "QuerySet[Contact]":
    """The contacts about one child, the latest first, each with its decisions; as far as the subject may see them."""
    decisions = Prefetch(
        "decisions", ContactDecision.objects.select_related("decided_by__user", "document").order_by("-decided_at"), to_attr="made"
    )
    rows = _with_people(Contact.objects.of_child(subject, child_id)).prefetch_related(decisions)
    return rows.order_by("-received_at", "pk")


def assessments_with_people() -> "QuerySet[Assessment]":
    """Assessments, each with the child, whoever started, looked at and authorised it, and each time that it was lengthened."""
    longer = Prefetch(
        "extensions", AssessmentExtension.objects.select_related("extended_by__user").order_by("extended_at"), to_attr="longer"
    )
    rows = Assessment.objects.select_related("child", "started_by__user", "reviewed_by__user", "authorised_by__user")
    return rows.prefetch_related(longer)


def assessments_about(subject: Subject, child_id: UUID) -> "QuerySet[Assessment]":
    """The assessments of one child that Atlas keeps, the latest first."""
    rows = Assessment.objects.of_child(subject, child_id).select_related("started_by__user", "authorised_by__user")
    return rows.order_by("-started_at", "pk")


@dataclass(frozen=True)
class Mirrored:
    """An assessment as the main case system holds it, with both its clocks judged from days alone: the referral's is "between" two moments."""

    spell: Spell
    referred_on: date | None
    due_words: str
    is_late: bool
    review_words: str


def mirrored_assessments(subject: Subject, child_id: UUID, at: datetime) -> list[Mirrored]:
    """The assessments of a child in the main case system, the latest first, each by the referral that was open when it started."""
    statuses = [Spell.Status.ASSESSMENT, Spell.Status.REFERRAL]
    rows = list(Spell.objects.of_child(subject, child_id).filter(status__in=statuses).order_by("-from_on", "pk"))
    found = []
    for spell in (one for one in rows if one.status == Spell.Status.ASSESSMENT):
        referred = next((one.from_on for one in rows if one.status == Spell.Status.REFERRAL and one.from_on <= spell.from_on), None)
        deadline = ASSESSMENT_FINISHED.due(Moment.on(referred or spell.from_on))
        review = ASSESSMENT_REVIEW.due(Moment.on(spell.from_on))
        assert deadline is not None
        assert review is not None
        ended = Moment.on(spell.until_on).latest if spell.until_on else at
        is_late = ended is not None and ended > deadline.latest
        found.append(Mirrored(spell, referred, deadline.words, is_late, review.words))
    return found
