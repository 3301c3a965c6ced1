"""A child is recorded, and what is known of who the child is changes."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q

from atlas.children.models import Child
from atlas.children.queries import guards_of, missing_from, named_now
from atlas.gate.act import Invalid, command
from atlas.gate.days import day_of
from atlas.gate.models import NamedHolder, Restriction
from atlas.gate.policy import Permission, Sensitivity
from atlas.gate.proposing import Proposed
from atlas.people.models import ContactDetail, ContactKind, Identifier, IdentifierKind, Name, Person, Sex
from atlas.people.rules import name_key

if TYPE_CHECKING:
    from atlas.agencies.models import Authority, Post, Team

MOST_BECAUSE = 200


@dataclass(frozen=True)
class Known:
    """What is known of who a child is, as a form or a partner's file gives it."""

    forename: str
    surname: str
    born_on: date | None
    sex: Sex = Sex.UNKNOWN
    ethnicity: str = ""
    language: str = ""
    communication: str = ""
    other_names: tuple[tuple[str, str], ...] = ()
    identifiers: tuple[tuple[IdentifierKind, str, str], ...] = ()  # kind, system, value
    expected_on: date | None = None  # of a child who is not born yet, instead of the date of birth
    mother_name: str = ""


@command(needs=Permission.REGISTER_CHILD)
def register_child(
    *, known: Known, responsible: "Authority", host: "Authority | None" = None, source: str, by: "Post", at: datetime
) -> Child:
    """Record a child for the first time. Raises Invalid where there is no name at all."""
    if not known.forename.strip() and not known.surname.strip():
        raise Invalid("Give the child's first name or surname. If neither is known, write what the child is called.", "forename")
    person = Person(
        sex=known.sex, ethnicity=known.ethnicity, language=known.language, communication=known.communication, born_on=known.born_on
    )
    person.save(force_insert=True)
    child = Child(
        person=person, name=f"{known.forename} {known.surname}".strip(), born_on=known.born_on, responsible_authority=responsible,
        host_authority=host or responsible, expected_on=None if known.born_on else known.expected_on, mother_name=known.mother_name[:200],
    )  # fmt: skip
    child.save(force_insert=True)
    _write_names(child, known, source)
    _write_identifiers(child, known, source)
    return child


@command(needs=Permission.CORRECT_CHILD)
def correct_child(*, child: Child, known: Known, source: str, by: "Post", at: datetime) -> Child:
    """Take over what the source now says of who the child is. An earlier name stays as a former name."""
    take_over(child, known, source, at)
    return child


def take_over(child: Child, known: Known, source: str, at: datetime) -> None:
    """Let the record say what the source says, as a part of the command that runs now."""
    person, name = child.person, f"{known.forename} {known.surname}".strip()
    person.sex, person.ethnicity, person.born_on = known.sex, known.ethnicity or person.ethnicity, known.born_on or person.born_on
    person.save(update_fields=["sex", "ethnicity", "born_on"])
    if name and name != child.name:
        Name.objects.filter(person=person, is_in_use=True).update(is_in_use=False, until_on=day_of(at))
        _write_names(child, known, source)
        child.name = name
    child.born_on = person.born_on
    if child.born_on is None and known.expected_on is not None:
        child.expected_on = known.expected_on
    child.save(update_fields=["name", "born_on", "expected_on"])
    _write_identifiers(child, known, source)


@dataclass(frozen=True)
class Reach:
    """One way to reach a person, or where the person lives, from when until when; `reference` is its id in the source."""

    kind: ContactKind
    text: str
    postcode: str = ""
    reference: str = ""
    from_on: date | None = None
    until_on: date | None = None


@command(needs=Permission.RECORD_CONTACT_DETAIL)
def record_contact_detail(*, child: Child, reach: Reach, source: str, by: "Post", at: datetime) -> Child:
    """Keep where or how a child can be reached, apart from the rest. The same reference again changes the one held."""
    held = ContactDetail.objects.filter(person_id=child.pk, reference=reach.reference).first() if reach.reference else None
    detail = held or ContactDetail(person_id=child.pk, kind=reach.kind, reference=reach.reference, source=source)
    detail.text, detail.postcode, detail.from_on, detail.until_on = reach.text[:400], reach.postcode[:8], reach.from_on, reach.until_on
    detail.save(force_insert=held is None)
    return child


def _write_names(child: Child, known: Known, source: str) -> None:
    names = [(known.forename, known.surname, True), *((forename, surname, False) for forename, surname in known.other_names)]
    Name.objects.bulk_create(
        Name(person_id=child.pk, forename=forename, surname=surname, is_in_use=in_use, key=name_key(f"{forename} {surname}"), source=source)
        for forename, surname, in_use in names
    )


def _write_identifiers(child: Child, known: Known, source: str) -> None:
    same = [Q(kind=kind, system=system, value=value) for kind, system, value in known.identifiers]
    found = Identifier.objects.filter(reduce(or_, same), until_on__isnull=True) if same else Identifier.objects.none()
    held = {(row.kind, row.system, row.value): row.person_id for row in found}
    for (kind, _, value), person_id in held.items():
        if person_id != child.pk:
            raise Invalid(
                f"{IdentifierKind(kind).label} {value} is another child's here. Ask the sender whose it is, or whether they are one child."
            )
    Identifier.objects.bulk_create(
        Identifier(person_id=child.pk, kind=kind, system=system, value=value, source=source)
        for kind, system, value in known.identifiers
        if (kind, system, value) not in held
    )


@dataclass(frozen=True)
class Names:
    """Posts and teams for a child's list of names."""

    posts: tuple["Post", ...]
    teams: tuple["Team", ...] = ()

    @property
    def all(self) -> "tuple[Post | Team, ...]":
        """All of them, each once."""
        return tuple(dict.fromkeys((*self.posts, *self.teams)))


LACKS = {
    "answering": "Name somebody who works with the child, their line or the team that answers, so that an alert reaches somebody.",
    "privacy": "Name a privacy officer of the child's authority, so that somebody answers for who looks at the child.",
}


def _may_guard(level: Sensitivity, child: Child, names: Names, at: datetime) -> None:
    """Raise Invalid where the child is guarded so already, or an alert would reach nobody who answers."""
    if level in {one.sensitivity for one in guards_of(child, at)}:
        raise Invalid(f"This child is {level} already.")
    if lacks := missing_from(child, names.all):
        raise Invalid(LACKS[lacks], "names")


def _names_oneself(*, names: Names, by: "Post", **_: object) -> None:
    if by not in names.posts:
        raise Invalid("Name yourself too: whoever guards a child stands on the list.", "names")


def _name(child: Child, names: Names, because: str, by: "Post", at: datetime) -> list[NamedHolder]:
    """Put those on the list who do not stand on it yet."""
    held = {one.holder_post_id or one.holder_team_id for one in named_now(child, at)}
    of = {"child": child, "from_at": at, "named_by": by, "because": because[:MOST_BECAUSE]}
    rows = [NamedHolder(holder_post=post, **of) for post in dict.fromkeys(names.posts) if post.pk not in held]
    rows += [NamedHolder(holder_team=team, **of) for team in dict.fromkeys(names.teams) if team.pk not in held]
    for row in rows:
        row.save(force_insert=True)
    return rows


def _guard(level: Sensitivity, child: Child, names: Names, because: str, by: "Post", at: datetime) -> Restriction:
    """The names first: from the restriction on, nobody else sees the child."""
    _name(child, names, because, by, at)
    restriction = Restriction(child=child, sensitivity=level, because=because[:MOST_BECAUSE], from_at=at, made_by=by)
    restriction.save(force_insert=True)
    return restriction


@command(needs=Permission.RESTRICT_CHILD)
def restrict_child(*, child: Child, names: Names, because: str, by: "Post", at: datetime) -> Restriction:
    """Let a child be restricted at once: from now on only those on the list of names see the child, through a relationship as before."""
    if not because.strip():
        raise Invalid("Say why.", "because")
    _names_oneself(names=names, by=by)
    _may_guard(Sensitivity.RESTRICTED, child, names, at)
    return _guard(Sensitivity.RESTRICTED, child, names, because.strip(), by, at)


def _may_hide(*, child: Child, names: Names, at: datetime, **_: object) -> None:
    _may_guard(Sensitivity.HIDDEN, child, names, at)


def _hiding(*, child: Child, names: Names, **_: object) -> str:
    named = ", ".join(str(one) for one in names.all)
    return f"{child} is hidden: for everybody else the child does not exist. On the list of names: {named}, and whoever approves this."


@command(needs=Permission.HIDE_CHILD, proposed=Proposed(_hiding, _may_hide, _names_oneself))
def hide_child(*, child: Child, names: Names, because: str, by: "Post", at: datetime) -> Restriction:
    """Let a child be hidden: for all but those on the list of names the child does not exist. It takes two people, who are both named."""
    return _guard(Sensitivity.HIDDEN, child, Names((*names.posts, by), names.teams), because, by, at)


@command(needs=Permission.NAME_HOLDER)
def name_holder(*, child: Child, names: Names, because: str, by: "Post", at: datetime) -> list[NamedHolder]:
    """Put posts or teams on a guarded child's list of names. It opens nothing by itself: they still need a relationship."""
    if not because.strip():
        raise Invalid("Say why.", "because")
    if not guards_of(child, at):
        raise Invalid("This child is not restricted, so there is no list of names.")
    rows = _name(child, names, because.strip(), by, at)
    if not rows:
        raise Invalid("They are on the list already.", "names")
    return rows


@command(needs=Permission.REMOVE_HOLDER)
def remove_holder(*, holder: NamedHolder, because: str, by: "Post", at: datetime) -> NamedHolder:
    """Take a post or a team off a child's list of names, from the next statement on.

    Raises Invalid where, while the child is guarded, nobody who answers for the child or for who looks would be left.
    """
    if not because.strip():
        raise Invalid("Say why.", "because")
    if holder.until_at is not None and holder.until_at <= at:
        raise Invalid("This name has been taken off the list already.")
    left = [who for one in named_now(holder.child, at) if one.pk != holder.pk and (who := one.holder_post or one.holder_team)]
    if guards_of(holder.child, at) and (lacks := missing_from(holder.child, left)):
        raise Invalid(f"{LACKS[lacks]} Do that first, then take this name off.")
    holder.until_at, holder.ended_because = at, because.strip()[:MOST_BECAUSE]
    holder.save(update_fields=["until_at", "ended_because"])
    return holder


def _may_lift(*, restriction: Restriction, by: "Post", at: datetime, **_: object) -> None:
    if restriction.until_at is not None and restriction.until_at <= at:
        raise Invalid("This has been lifted already.")


def _lifting(*, restriction: Restriction, **_: object) -> str:
    child = restriction.child
    return f"{child} is no longer {restriction.sensitivity}: whoever works with the child, their line and whoever is on duty see the child again."


@command(needs=Permission.LIFT_RESTRICTION, proposed=Proposed(_lifting, _may_lift))
def lift_restriction(*, restriction: Restriction, because: str, by: "Post", at: datetime) -> Restriction:
    """Let a child no longer be restricted or hidden, from now on. It takes two people; the list of names stays as it was."""
    restriction.until_at, restriction.ended_because = at, because[:MOST_BECAUSE]
    restriction.save(update_fields=["until_at", "ended_because"])
    return restriction
