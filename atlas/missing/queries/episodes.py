"""Who is missing now; which interviews are owed; what is known of an episode."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from atlas.children.models import Child
from atlas.chronology.models import moment_of
from atlas.chronology.moments import Moment, Precision
from atlas.gate.context import Subject
from atlas.gate.kept import Kept
from atlas.gate.seen import note_seen
from atlas.missing.codes import ANSWERS, FULL_ANSWERS, AnswerList, Grade, PointAnswer
from atlas.missing.models import ContactOrSighting, Episode, MissingTogether, QualityCheck, RepeatTrigger, ReturnInterview
from atlas.missing.rules.quality import POINTS
from atlas.missing.workflow import OPEN_EPISODE, OPEN_INTERVIEW
from atlas.people.rules import age_on
from atlas.sealed.queries import location_sealed


@dataclass(frozen=True)
class MissingNow:
    """One child missing now, as the list shows it: read every twenty seconds by everyone who answers for missing children."""

    pk: UUID
    child_id: UUID
    name: str
    born_on: date | None
    state: str
    grade: str
    responsible_name: str
    host_name: str
    reported_at: datetime
    reported_precision: str
    last_seen_at: datetime | None
    last_seen_precision: str
    police_reference: str
    last_contact_at: datetime | None
    exploitation_marked_at: datetime | None

    @property
    def reported(self) -> Moment:
        """When the child was reported missing."""
        return Moment(self.reported_at, Precision(self.reported_precision))

    @property
    def last_seen(self) -> Moment | None:
        """When the child was last seen."""
        return moment_of(self.last_seen_at, self.last_seen_precision)

    @property
    def grade_words(self) -> str:
        """The police grade as staff read it; empty where there is none."""
        return str(Grade(self.grade).label) if self.grade else ""

    def age_on(self, day: date) -> int | None:
        """Age in whole years; None where the date of birth is not known."""
        return age_on(self.born_on, day) if self.born_on else None


def missing_now(subject: Subject) -> list[MissingNow]:
    """Every open episode that the subject may see, the longest first, with the last contact and a live concern."""
    contacts = ContactOrSighting.objects.filter(episode=OuterRef("pk")).order_by(F("happened_at").desc(nulls_last=True), "pk")
    rows = Episode.objects.visible_to(subject).filter(state__in=OPEN_EPISODE).order_by("reported_at", "pk").values_list(
        "pk", "child_id", "child__name", "child__born_on", "state", "grade", "responsible_authority__name", "host_authority__name",
        "reported_at", "reported_precision", "last_seen_at", "last_seen_precision", "police_reference",
        Subquery(contacts.values("happened_at")[:1]), "child__missing_profile__exploitation_marked_at",
    )  # fmt: skip
    episodes = [MissingNow(*row) for row in rows]
    for episode in episodes:
        note_seen(episode.child_id)
    return episodes


MOST_EPISODES = 20
_EPISODES = Kept(lambda child_id: Episode.objects.filter(child=child_id).order_by("-reported_at", "pk")[:MOST_EPISODES])


def episodes_of(subject: Subject, child: Child) -> list[Episode]:
    """The child's episodes, latest first; at most 20."""
    return _EPISODES.rows(child.pk) if Episode.objects.may_read(subject, child.pk) else []


def open_interviews(subject: Subject) -> "QuerySet[ReturnInterview]":
    """The interviews still owed that the subject answers for: its own, and its team's that nobody has taken."""
    mine = Q(interviewer=subject.post) | Q(team=subject.post.team_id, interviewer__isnull=True)
    interviews = ReturnInterview.objects.visible_to(subject).filter(mine, state__in=OPEN_INTERVIEW)
    return interviews.select_related("child", "episode").order_by("due_at", "pk")


def interviews_to_allocate(subject: Subject) -> "QuerySet[ReturnInterview]":
    """The interviews still owed that the subject may see and for which nobody is named yet, the one due first first."""
    interviews = ReturnInterview.objects.visible_to(subject).filter(interviewer__isnull=True, state__in=OPEN_INTERVIEW)
    return interviews.select_related("child").order_by("due_at", "pk")


def episodes_with_child() -> "QuerySet[Episode]":
    """Episodes with what the top of an episode's page shows: the child, both authorities, the child's missing profile and
    trigger plan, whether a sealed location exists, and whether another child is missing together as far as the reader may know.
    """
    episodes = Episode.objects.select_related("child__missing_profile", "child__trigger_plan", "responsible_authority", "host_authority")
    linked = Exists(MissingTogether.objects.filter(episode=OuterRef("pk"), ended_at__isnull=True))
    return episodes.annotate(is_location_sealed=location_sealed("child"), is_together=linked)


def repeats_of(child_id: UUID) -> list[RepeatTrigger]:
    """Which rules on repeats were met by the child and wait for a decision, or were decided lately; as far as the subject may see."""
    return list(
        RepeatTrigger.objects.filter(child=child_id).select_related("decided_by__user").order_by("decided_at", "-fired_at", "rule")[:20]
    )


def checks_with_interview() -> "QuerySet[QualityCheck]":
    """Drawn interviews with what their page shows beside them."""
    return QualityCheck.objects.select_related("child", "interview__episode", "interview__held_by__user")


def checks_waiting(subject: Subject) -> "QuerySet[QualityCheck]":
    """The drawn interviews that wait to be checked by somebody else than who talked with the child, the oldest first."""
    rows = QualityCheck.objects.visible_to(subject).filter(checked_at__isnull=True).exclude(interview__held_by=subject.post)
    return rows.select_related("interview__episode").order_by("drawn_at", "pk")


def checks_by_interviewer(subject: Subject) -> list[tuple[str, int, list[tuple[str, int, int, int]]]]:
    """(interviewer, checks, (point, yes, partly, no) of each point), by name; of the interviews that the subject may see."""
    rows = QualityCheck.objects.visible_to(subject).filter(checked_at__isnull=False).select_related("interview__held_by__user")
    by: dict[str, list[QualityCheck]] = {}
    for row in rows:
        by.setdefault(row.interview.held_by.user.name if row.interview.held_by else "Not known", []).append(row)
    return [
        (
            name,
            len(checks),
            [(point, *(sum(getattr(one, point) == said for one in checks) for said in PointAnswer.values)) for point in POINTS],
        )
        for name, checks in sorted(by.items())
    ]


def coded_answers(interview: ReturnInterview) -> list[tuple[str, str]]:
    """What the child answered to each question, in words; a harm with how it is known. A question that was not asked is left out."""
    said: dict[str, list[str]] = {}
    for answer in interview.answers.filter(is_withdrawn=False).order_by("code", "pk"):
        words = ANSWERS[answer.question].get(answer.code) or FULL_ANSWERS[answer.code]
        known = f" ({answer.get_how_known_display().lower()})" if answer.how_known else ""
        said.setdefault(answer.question, []).append(f"{words}{known}")
    return [(str(question.label), "; ".join(said[question])) for question in AnswerList if question in said]


def interviews_with_child() -> "QuerySet[ReturnInterview]":
    """Return interviews with what their page shows beside them: the child, the episode, the posts that had a part in it."""
    posts = ("interviewer__user", "held_by__user", "not_offered_by__user")
    return ReturnInterview.objects.select_related(
        "child", "episode", "team__agency", "responsible_authority", "host_authority", "deliverer", *posts
    )
