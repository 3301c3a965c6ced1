"""Who is missing now; which interviews are owed; what is known of an episode."""

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from atlas.children.models import Child
from atlas.gate.context import Subject
from atlas.missing.codes import ANSWERS, FULL_ANSWERS, AnswerList
from atlas.missing.models import ContactOrSighting, Episode, ReturnInterview
from atlas.missing.workflow import OPEN_EPISODE, OPEN_INTERVIEW

# What the list shows of each: it is read every twenty seconds by everyone who answers for missing children.
SHOWN_NOW = ("child__name", "child__born_on", "state", "grade", "responsible_authority", "host_authority", "reported_at", "reported_precision",
             "last_seen_at", "last_seen_precision", "police_reference")  # fmt: skip


def missing_now(subject: Subject) -> "QuerySet[Episode]":
    """Every open episode that the subject may see, the longest first, with the last contact and a live concern."""
    episodes = Episode.objects.visible_to(subject).filter(state__in=OPEN_EPISODE)
    contacts = ContactOrSighting.objects.filter(episode=OuterRef("pk")).order_by(F("happened_at").desc(nulls_last=True))
    return episodes.select_related("child").only(*SHOWN_NOW).annotate(
        responsible_name=F("responsible_authority__name"), host_name=F("host_authority__name"),
        last_contact_at=Subquery(contacts.values("happened_at")[:1]),
        exploitation_marked_at=F("child__missing_profile__exploitation_marked_at"),
    ).order_by("reported_at")  # fmt: skip


def episodes_of(subject: Subject, child: Child) -> "QuerySet[Episode]":
    """The child's episodes, latest first."""
    return Episode.objects.of_child(subject, child.pk).order_by("-reported_at")


def open_interviews(subject: Subject) -> "QuerySet[ReturnInterview]":
    """The interviews still owed that the subject answers for: its own, and its team's that nobody has taken."""
    mine = Q(interviewer=subject.post) | Q(team=subject.post.team_id, interviewer__isnull=True)
    interviews = ReturnInterview.objects.visible_to(subject).filter(mine, state__in=OPEN_INTERVIEW)
    return interviews.select_related("child", "episode").order_by("due_at")


def episodes_with_child() -> "QuerySet[Episode]":
    """Episodes with what the top of an episode's page shows: the child, both authorities, and the child's missing profile."""
    return Episode.objects.select_related("child__missing_profile", "responsible_authority", "host_authority")


def coded_answers(interview: ReturnInterview) -> list[tuple[str, str]]:
    """What the child answered to each question, in words; a harm with how it is known. A question that was not asked is left out."""
    said: dict[str, list[str]] = {}
    for answer in interview.answers.filter(is_withdrawn=False).order_by("code"):
        words = ANSWERS[answer.question].get(answer.code) or FULL_ANSWERS[answer.code]
        known = f" ({answer.get_how_known_display().lower()})" if answer.how_known else ""
        said.setdefault(answer.question, []).append(f"{words}{known}")
    return [(str(question.label), "; ".join(said[question])) for question in AnswerList if question in said]


def interviews_with_child() -> "QuerySet[ReturnInterview]":
    """Return interviews with what their page shows beside them: the child, the episode, the posts that had a part in it."""
    posts = ("interviewer__user", "held_by__user", "not_offered_by__user")
    return ReturnInterview.objects.select_related("child", "episode", "team", *posts)
