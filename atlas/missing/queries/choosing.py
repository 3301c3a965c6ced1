"""Who may talk with a child who is back: what speaks for each, side by side. A person chooses; nobody is ranked."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Min, Q

from atlas.agencies.codes import WITHOUT_END, SkillKind
from atlas.agencies.districts import distance_words
from atlas.agencies.models import Post, Skill
from atlas.agencies.queries import skills_of
from atlas.allocation.models import Allocation
from atlas.allocation.queries import talk_wish, trusted_by
from atlas.chronology.moments import LONDON, start_of_day
from atlas.design.words import day, plural, when
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.missing.models import Appointment, MissingProfile, ReturnInterview
from atlas.missing.rules.interview import Independence, Interviewer, independence, skills_needed
from atlas.missing.workflow import OPEN_INTERVIEW
from atlas.sealed.queries import is_location_sealed
from atlas.statuses.models import Placement

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
    """Each of these posts with independence, training and its end, languages, diary, what is booked on the day that it is due, and how far it is;
    those who lack nothing first, else by name.
    """
    skills, diaries, needed, far = (
        skills_of(posts),
        _diaries(subject, posts, interview),
        needed_for(interview),
        _distances(subject, interview, posts),
    )
    working = set(Allocation.objects.of_child(subject, interview.child_id).filter(until_at__isnull=True).values_list("post", flat=True))
    found = []
    for post in posts:
        held, kind = skills.get(post.pk, []), post.team.agency.kind
        judged = independence(Interviewer(kind, post.pk in working, employed_by_responsible_authority=kind == "council"))
        lacks = lacking(needed, held, day_of(subject.at))
        parts = [
            f"{post.user.name}, {post.title}, {post.team.name}",
            INDEPENDENT[judged],
            _trained(held, subject.at),
            diaries[post.pk],
            far[post.pk],
        ]
        parts += [f"Lacks {', '.join(lacks).lower()}"] if lacks else []
        found.append(Candidate(post, ". ".join(filter(None, parts)), lacks))
    return sorted(found, key=lambda one: (bool(one.lacks), one.post.user.last_name.casefold(), str(one.post.pk)))


def _trained(skills: list[Skill], at: datetime) -> str:
    """Training with its last day, languages, and whether a woman or a man, in words."""
    said = [
        skill.words.capitalize() if skill.kind in WITHOUT_END else f"{skill.get_kind_display()} until {day(skill.until_on)}"
        for skill in skills if skill.counts_on(day_of(at))
    ]  # fmt: skip
    return ", ".join(said)


def _diaries(subject: Subject, posts: list[Post], interview: ReturnInterview) -> dict[UUID, str]:
    """How many interviews each of these posts still has to hold, when the next child is met, and what is booked on the day that this one is due;
    as far as the subject may see it.
    """
    said: dict[UUID, str] = defaultdict(lambda: "Nothing in the diary that you may see")
    open_ones = ReturnInterview.objects.visible_to(subject).filter(interviewer__in=posts, state__in=OPEN_INTERVIEW)
    met = Min("appointments__meets_at", filter=Q(appointments__came=Appointment.Came.PLANNED, appointments__meets_at__gte=subject.at))
    for pk, many, meets_at in open_ones.order_by().values_list("interviewer").annotate(many=Count("pk", distinct=True), meets=met):
        said[pk] = plural(many, "interview") + " to hold" + (f", the next {when(meets_at)}" if meets_at else "")
    on = day_of(max(interview.due_at or subject.at, subject.at))
    begins = start_of_day(on)
    booked = Appointment.objects.visible_to(subject).filter(
        with_post__in=posts, came=Appointment.Came.PLANNED, meets_at__gte=begins, meets_at__lt=begins + timedelta(days=1)
    )
    times: dict[UUID, list[str]] = defaultdict(list)
    for pk, meets_at in booked.order_by("meets_at").values_list("with_post", "meets_at"):
        times[pk].append(f"{meets_at.astimezone(LONDON):%H:%M}")
    for pk, held in times.items():
        said[pk] = f"{said[pk]}; booked on {day(on)} at {', '.join(held)}"
    return said


def _distances(subject: Subject, interview: ReturnInterview, posts: list[Post]) -> dict[UUID, str]:
    """How far each team's base is from where the child is placed, roughly; never of a sealed place, and said to be unknown where it is."""
    if is_location_sealed(interview.child_id):
        return dict.fromkeys((post.pk for post in posts), "Where the child lives is sealed: no distance is shown")
    placed = Placement.objects.visible_to(subject).filter(child=interview.child_id, until_on__isnull=True)
    postcode = placed.order_by("-from_on", "pk").values_list("postcode", flat=True).first() or ""
    return {post.pk: distance_words(post.team.district, postcode).capitalize() for post in posts}


def what_the_child_wants(subject: Subject, interview: ReturnInterview) -> list[str]:
    """Whom the child trusts, with whom the child would rather talk, and the child's language, as sentences for whoever names the interviewer."""
    trusted = [f"{one.name} ({one.who})" for one in trusted_by(subject, [interview.child_id])]
    said = [
        f"The child trusts {', '.join(trusted)}: ask them first who should talk with the child." if trusted else
        "Whom the child trusts is not written down. Ask the child, or the child’s worker, who should talk with the child."
    ]  # fmt: skip
    wish = talk_wish(subject, interview.child_id)
    if wish is not None:
        rather = (
            "does not mind whether it is a woman or a man"
            if wish.sex == "either"
            else f"would rather talk with {wish.get_sex_display().lower()}"
        )
        said.append(" ".join(filter(None, (f"The child {rather}{f', in {wish.language}' if wish.language else ''}.", wish.words))))
    else:
        said.append("Whether the child would rather talk with a woman or a man is not written down. Ask.")
    return said
