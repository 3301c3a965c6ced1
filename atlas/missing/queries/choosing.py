"""Who may talk with a child who is back: what speaks for each, side by side. A person chooses; nobody is ranked."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Min, Q

from atlas.agencies.codes import SkillKind
from atlas.agencies.models import Post, Skill
from atlas.agencies.queries import skills_of
from atlas.allocation.models import Allocation
from atlas.design.words import day, plural, when
from atlas.gate.context import Subject
from atlas.missing.models import Appointment, MissingProfile, ReturnInterview
from atlas.missing.rules.interview import Independence, Interviewer, independence, skills_needed
from atlas.missing.workflow import OPEN_INTERVIEW

INDEPENDENT = {
    Independence.PASSES: "Independent of the council",
    Independence.PASSES_SAME_AUTHORITY: "Not the child’s worker, of the same council",
    Independence.QUERIED: "Works with the child: independence is queried",
    Independence.FAILS: "Not independent",
}


@dataclass(frozen=True)
class Candidate:
    """One who could be asked to talk with the child, with what speaks for it in words: `words` is the line of the form."""

    post: Post
    words: str
    lacks: tuple[str, ...]


def needed_for(interview: ReturnInterview) -> tuple[SkillKind, ...]:
    """What somebody must be trained in to talk with this child."""
    return skills_needed(is_marked=MissingProfile.objects.filter(child=interview.child_id, exploitation_marked_at__isnull=False).exists())


def lacking(needed: tuple[SkillKind, ...], skills: list[Skill], on: date) -> tuple[str, ...]:
    """What is needed and not among those skills on that day, in words."""
    held = {skill.kind for skill in skills if skill.counts_on(on)}
    return tuple(str(kind.label) for kind in needed if kind not in held)


def candidates(subject: Subject, interview: ReturnInterview, posts: list[Post]) -> list[Candidate]:
    """Each of these posts with independence, training and its end, languages, and diary; those who lack nothing first, else by name."""
    skills, diaries, needed = skills_of(posts), _diaries(subject, posts), needed_for(interview)
    working = set(Allocation.objects.of_child(subject, interview.child_id).filter(until_at__isnull=True).values_list("post", flat=True))
    found = []
    for post in posts:
        held, kind = skills.get(post.pk, []), post.team.agency.kind
        judged = independence(Interviewer(kind, post.pk in working, employed_by_responsible_authority=kind == "council"))
        lacks = lacking(needed, held, subject.at.date())
        parts = [f"{post.user.name}, {post.title}, {post.team.name}", INDEPENDENT[judged], _trained(held, subject.at), diaries[post.pk]]
        parts += [f"Lacks {', '.join(lacks).lower()}"] if lacks else []
        found.append(Candidate(post, ". ".join(filter(None, parts)), lacks))
    return sorted(found, key=lambda one: (bool(one.lacks), one.post.user.last_name.casefold(), str(one.post.pk)))


def _trained(skills: list[Skill], at: datetime) -> str:
    """Training with its last day, and languages, in words."""
    said = [
        skill.words if skill.kind == SkillKind.LANGUAGE else f"{skill.get_kind_display()} until {day(skill.until_on)}"
        for skill in skills if skill.counts_on(at.date())
    ]  # fmt: skip
    return ", ".join(said)


def _diaries(subject: Subject, posts: list[Post]) -> dict[UUID, str]:
    """How many interviews each of these posts still has to hold, and when the next child is met; as far as the subject may see it."""
    said: dict[UUID, str] = defaultdict(lambda: "Nothing in the diary that you may see")
    open_ones = ReturnInterview.objects.visible_to(subject).filter(interviewer__in=posts, state__in=OPEN_INTERVIEW)
    met = Min("appointments__meets_at", filter=Q(appointments__came=Appointment.Came.PLANNED, appointments__meets_at__gte=subject.at))
    for pk, many, meets_at in open_ones.order_by().values_list("interviewer").annotate(many=Count("pk", distinct=True), meets=met):
        said[pk] = plural(many, "interview") + " to hold" + (f", the next {when(meets_at)}" if meets_at else "")
    return said
