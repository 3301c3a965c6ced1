"""Find a child; and who guards one: what restricts or hides the child now, who stands on the list of names, and who should."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connections
from django.db.models import Q, QuerySet

from atlas.agencies.models import Post, Team
from atlas.children.models import Child
from atlas.gate.context import Subject
from atlas.gate.models import NamedHolder, Restriction
from atlas.people.models import Identifier, Name
from atlas.people.rules import name_key

PRIVACY = "is the privacy officer"
MOST_FOUND = 20


@dataclass(frozen=True)
class Answering:
    """A post or a team that answers for a child now, and why."""

    who: Post | Team
    why: str

    @property
    def is_privacy(self) -> bool:
        """Whether it answers for who looks, rather than for the child."""
        return self.why == PRIVACY

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{'post' if isinstance(self.who, Post) else 'team'}:{self.who.pk}"


def guards_of(child: Child, at: datetime) -> list[Restriction]:
    """What restricts or hides a child at that moment, as far as whoever acts may see it."""
    held = Restriction.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), child=child, from_at__lte=at)
    return list(held.select_related("made_by__user").order_by("from_at", "pk"))


def list_of_names(child: Child) -> "QuerySet[NamedHolder]":
    """Everybody who stands, or stood, on a child's list of names: who, since when, why, and by whom named."""
    rows = NamedHolder.objects.filter(child=child).select_related("holder_post__user", "holder_post__team", "holder_team", "named_by__user")
    return rows.order_by("from_at", "pk")


def named_now(child: Child, at: datetime) -> list[NamedHolder]:
    """Those who stand on a child's list of names at that moment."""
    return list(list_of_names(child).filter(Q(until_at__isnull=True) | Q(until_at__gt=at), from_at__lte=at))


def who_answers(child: Child) -> list[Answering]:
    """The posts and teams that answer for a child now, for whoever may see what guards the child; none whom a conflict shuts out.

    A post that answers for two reasons is there once, as whoever works with the child or is in the line.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT post, team, why FROM gate_who_answers(%s)", [child.pk])
        rows: list[tuple[UUID | None, UUID | None, str]] = cursor.fetchall()
    posts = Post.objects.select_related("user", "team__agency").in_bulk([post for post, _, _ in rows if post])
    teams = Team.objects.select_related("agency").in_bulk([team for _, team, _ in rows if team])
    found = [Answering(posts[post] if post else teams[team], why) for post, team, why in rows if post or team]
    return sorted(found, key=lambda one: (one.is_privacy, isinstance(one.who, Team), str(one.who)))


def missing_from(child: Child, names: Iterable[Post | Team]) -> str:
    """What a list of names lacks, as the privacy side ("privacy") or the side of those who answer ("answering"); empty where nothing."""
    held, answering = set(names), who_answers(child)
    for is_privacy, side in ((False, "answering"), (True, "privacy")):
        offered = {one.who for one in answering if one.is_privacy is is_privacy}
        if offered and not offered & held:
            return side
    return ""


def found_children(subject: Subject, *, name: str, born_on: date | None, number: str) -> "QuerySet[Child]":
    """At most 20 children whom the subject may find: by a whole number, or by all parts of a name (and date of birth).

    No count of others, no order that an invisible row could change.
    """
    children = Child.objects.visible_to(subject)
    if number.strip():
        digits = number.replace(" ", "").strip()
        held = Identifier.objects.visible_to(subject).filter(Q(value=digits) | Q(value=number.strip()))
        children = children.filter(person__in=held.values("person"))
    if name.strip():
        names = Name.objects.visible_to(subject)
        for part in name_key(name).split():
            names = names.filter(key__contains=part)
        children = children.filter(person__in=names.values("person"))
    if born_on:
        children = children.filter(born_on=born_on)
    return children.select_related("responsible_authority", "host_authority").order_by("name", "born_on", "pk")[:MOST_FOUND]
