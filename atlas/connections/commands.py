"""Ties begin and end, by what the main case system says and by people; a worker is kept out of a child's record; people of concern and groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Greatest

from atlas.children.commands import Reach, record_contact_detail
from atlas.children.models import Child
from atlas.connections.grounds import Grounds, put_first, put_grounds, renew
from atlas.connections.models import Declaration, Group, PersonOfConcern, Suggestion, Tie
from atlas.connections.rules import MOST_IN_FAMILY, MOST_IN_HOUSEHOLD, REVIEWED_WITHIN, dwelling, telephone
from atlas.gate.act import Invalid, command
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.models import Block, BlockSource
from atlas.gate.policy import Permission
from atlas.gate.proposing import Proposed
from atlas.people.models import ContactDetail, ContactKind, Name
from atlas.people.rules import adult_on, name_key, name_keys

if TYPE_CHECKING:
    from atlas.agencies.models import Post, User


def tie_to(*, child: Child, others: Iterable[UUID], kind: Tie.Kind, source: str, source_key: str, when: datetime) -> int:
    """Let a child be tied to these by one thing that the main case system says, as an effect of the command that runs now.

    What else was tied by the same thing and is not said any more ends; what stands stays as it is. Returns how many are new. Raises
    LookupError outside a command.
    """
    subject = acting_subject()
    ends = Q(child=child) | Q(tied=child.pk)
    standing = {
        tie.tied_id if tie.child_id == child.pk else tie.child_id: tie
        for tie in Tie.objects.filter(ends, kind=kind, source_key=source_key, until_at__isnull=True)
    }
    wanted = set(others) - {child.pk}
    over = [tie.pk for other, tie in standing.items() if other not in wanted]
    Tie.objects.filter(pk__in=over).update(until_at=Greatest("from_at", when))
    made = [
        Tie(
            child=child, tied_id=other, kind=kind, grade=Tie.Grade.RECORDED, source=source, source_key=source_key, from_at=when,
            recorded_by=subject.post,
        )
        for other in sorted(wanted - standing.keys())
    ]  # fmt: skip
    Tie.objects.bulk_create(made)
    return len(made)


def tie_family(*, child: Child, family: Iterable[UUID], source: str, when: datetime) -> int:
    """Let a child be tied to those whom the main case system counts to the same family. Returns how many are new."""
    others = set(family) - {child.pk}
    if len(others) >= MOST_IN_FAMILY:
        others = set()
    return tie_to(child=child, others=others, kind=Tie.Kind.SIBLING, source=source, source_key="family", when=when)


def tie_household(*, child: Child, source: str, when: datetime) -> int:
    """Let a child be tied to those who live at the same address now, as the contact details say. Returns how many are new.

    A home or a hostel is no household: where more than `MOST_IN_HOUSEHOLD` children live at one address, nobody is tied by it.
    """
    live = Q(until_on__isnull=True) | Q(until_on__gte=day_of(when))
    addresses = ContactDetail.objects.filter(live, kind=ContactKind.ADDRESS)
    mine = {key for text, code in addresses.filter(person=child.pk).values_list("text", "postcode") if (key := dwelling(text, code))}
    codes = {code for _, code in addresses.filter(person=child.pk).values_list("text", "postcode") if code}
    there: dict[str, set[UUID]] = {key: set() for key in mine}
    for person, text, code in addresses.filter(postcode__in=codes).values_list("person", "text", "postcode") if mine else ():
        if (key := dwelling(text, code)) in there:
            there[key].add(person)
    others = {person for people in there.values() if len(people) <= MOST_IN_HOUSEHOLD for person in people}
    return tie_to(child=child, others=others, kind=Tie.Kind.HOUSEHOLD, source=source, source_key="address", when=when)


@command(needs=Permission.RECORD_CONTACT_DETAIL)
def record_address(*, child: Child, reach: Reach, source: str, by: "Post", at: datetime) -> Child:
    """Keep where a child lives, and let the child be tied to those who live there too."""
    record_contact_detail(child=child, reach=reach, source=source, by=by, at=at)
    tie_household(child=child, source=source, when=at)
    return child


@command(needs=Permission.RECORD_STATUS)
def record_mother(*, child: Child, mother: Child, source: str, by: "Post", at: datetime) -> Child:
    """Let a child, also one who is not born yet, be tied to the mother, who is a child here too. It bites at once: whoever is shut out of one is
    shut out of both.
    """
    tie_to(child=child, others=[mother.pk], kind=Tie.Kind.MOTHER, source=source, source_key="mother", when=at)
    return child


@command(needs=Permission.RECORD_TIE)
def record_tie(*, child: Child, other: Child, kind: Tie.Kind, grade: Tie.Grade, source: str, by: "Post", at: datetime) -> Tie:
    """Write down that a child is tied to another child, and who says so. It bites at once: whoever is shut out of one is shut out of both.

    Raises Invalid where both are one child, nobody is named who says so, or the tie stands already.
    """
    if other.pk == child.pk:
        raise Invalid("This is the same child. Choose the other child.", "other")
    if not source.strip():
        raise Invalid("Say who says so, or where it is written.", "source")
    standing = Q(child=child, tied=other.pk) | Q(child=other, tied=child.pk)
    if Tie.objects.filter(standing, kind=kind, until_at__isnull=True, is_error=False, review_on__gte=day_of(at)).exists():
        raise Invalid("This is written down already. It stands on the child's page of family and household.")
    tie = Tie(
        child=child, tied_id=other.pk, kind=kind, grade=grade, source=source.strip()[:60], from_at=at, review_on=day_of(at) + REVIEWED_WITHIN,
        recorded_by=by,
    )  # fmt: skip
    Tie.objects.filter(child=child, tied=other.pk, kind=kind, source_key="", until_at__isnull=True).update(until_at=at)  # it has lapsed
    tie.save(force_insert=True)
    return tie


@command(needs=Permission.END_TIE)
def end_tie(*, tie: Tie, is_error: bool, by: "Post", at: datetime) -> Tie:
    """Let a tie end now; or say that it never was (`is_error`), so that nobody is shut out by it any more.

    One that merely ends goes on shutting out whoever was shut out while it stood. What the main case system says comes back with its
    next delivery, unless it is put right there. Raises Invalid where the tie is over.
    """
    if tie.until_at is not None:
        raise Invalid("This is over already. Go back to the child's page of family and household.")
    tie.until_at, tie.is_error = max(at, tie.from_at), is_error
    tie.save(update_fields=["until_at", "is_error"])
    return tie


@command(needs=Permission.BLOCK_WORKER)
def block_worker(*, child: Child, user: "User", source: BlockSource, because: str = "", by: "Post", at: datetime) -> Block:
    """Keep a worker out of a child's record, in every post and at once: a conflict of interest, or the wish of the child or a parent.

    It reaches along the child's ties. The worker is not told; what they had to do goes to their manager with the next tick. Raises
    Invalid for oneself, for another source than these two, and where the worker is kept out already.
    """
    if user.pk == by.user_id:
        raise Invalid("To keep yourself out, open the child's page and choose “I know this family”.", "worker")
    if source not in {BlockSource.MANAGER, BlockSource.WISH}:
        raise Invalid("Choose why.", "source")
    if Block.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), child=child, user=user).exists():
        raise Invalid("This worker is kept out already.", "worker")
    block = Block(child=child, user=user, source=source, because=because.strip()[:200], from_at=at, made_by=by)
    block.save(force_insert=True)
    return block


def _may_lift(*, block: Block, by: "Post", at: datetime, **_: object) -> None:
    if block.user_id == by.user_id:
        raise Invalid("You cannot lift what keeps you out yourself.")
    if block.until_at is not None and block.until_at <= at:
        raise Invalid("This has been lifted already.")


def _lifting(*, block: Block, **_: object) -> str:
    return f"{block.user.name} is no longer kept out of the record of {block.child}, and sees the child again wherever they work with the child."


@command(needs=Permission.LIFT_BLOCK, proposed=Proposed(_lifting, _may_lift))
def lift_block(*, block: Block, because: str, by: "Post", at: datetime) -> Block:
    """Let a worker no longer be kept out, from now on: by two people, one of them the privacy officer, neither of them the worker.

    What another child's block shuts out along a tie stays shut. Source: protection.md 4.4 (*Lift*).
    """
    block.until_at, block.lifted_because = max(at, block.from_at), because.strip()[:200]
    block.save(update_fields=["until_at", "lifted_because"])
    return block


@dataclass(frozen=True)
class Home:
    """What a worker says of their own home; everything may be left out."""

    surnames: tuple[str, ...] = ()
    house: str = ""
    street: str = ""
    postcode: str = ""
    telephones: tuple[str, ...] = ()
    schools: tuple[UUID, ...] = ()


@command(needs=Permission.DECLARE_CONNECTION)
def make_declaration(*, home: Home, by: "Post", at: datetime) -> Declaration:
    """Declare one's own home, at joining and every year; the last counts. It answers the declaration that one was asked for.

    Raises Invalid where a street or a house is given without the postcode.
    """
    if (home.house or home.street) and not home.postcode.strip():
        raise Invalid("Give the postcode too, or leave the street and the house out.", "postcode")
    asked = Declaration.objects.filter(user=by.user_id, declared_at__isnull=True).first()
    made = asked or Declaration(user_id=by.user_id, asked_at=at, due_on=day_of(at))
    made.surnames = sorted({name_key(name) for name in home.surnames if name.strip()})
    made.house, made.street, made.postcode = (
        name_key(home.house)[:60],
        name_key(home.street)[:100],
        home.postcode.replace(" ", "").upper()[:8],
    )
    made.telephones = sorted({telephone(number)[:20] for number in home.telephones if telephone(number)})
    made.schools, made.declared_at = list(home.schools), at
    made.save(force_insert=asked is None)
    return made


@command(needs=Permission.DECIDE_SUGGESTION)
def decide_suggestion(*, suggestion: Suggestion, outcome: str, words: str, by: "Post", at: datetime) -> Suggestion:
    """Say whether a worker is kept out because of what they and the child have in common: then they are, in silence; or why not.

    Raises Invalid where it is decided already, nothing is chosen, or it is dismissed without a reason.
    """
    if suggestion.closed_at is not None:
        raise Invalid("Somebody has decided this already. Go back to the list.")
    if outcome not in Suggestion.Outcome.values:
        raise Invalid("Choose what to do.", "outcome")
    if outcome == Suggestion.Outcome.DISMISSED and not words.strip():
        raise Invalid("Say in a few words why there is no conflict of interest.", "words")
    suggestion.outcome, suggestion.words = outcome, words.strip()[:200]
    suggestion.closed_at, suggestion.closed_by = at, by
    suggestion.save(update_fields=["outcome", "words", "closed_at", "closed_by"])
    live = Block.objects.filter(Q(until_at__isnull=True) | Q(until_at__gt=at), child=suggestion.child_id, user=suggestion.user_id)
    if outcome == Suggestion.Outcome.KEPT_OUT and not live.exists():
        because = f"{suggestion.get_reason_display()}. {suggestion.words}".strip()[:200]
        Block(
            child_id=suggestion.child_id, user_id=suggestion.user_id, source=BlockSource.SUGGESTION, because=because, from_at=at, made_by=by
        ).save(force_insert=True)
    return suggestion


CHILD_FIRST = (
    "Nobody under 18 stands on a list of people of concern. A young person whose contact with a child worries you is a child first: ring the front door, "
    "and let that child be taken under safeguarding."
)
SAME_NAME = "A child of this name is recorded here. If it is the same person, ring the front door. If it is not, give the date of birth."


@dataclass(frozen=True)
class PersonGiven:
    """An adult who is named as a person of concern: in what capacity, how it is known that they are 18 or over, and the grounds."""

    name: str
    capacity: str
    grounds: Grounds
    is_adult: bool
    adult_words: str = ""
    born_on: date | None = None
    other_names: str = ""


@command(needs=Permission.RECORD_PERSON_OF_CONCERN)
def record_person_of_concern(*, given: PersonGiven, by: "Post", at: datetime) -> PersonOfConcern:
    """Write down an adult as a person of concern, with the grounds; shown for six months (what the police supply, three), unless it is looked at again.

    Raises Invalid for somebody under 18, or of whom nobody knows that they are 18 or over; for the name of a child who is recorded here, without a date of
    birth that tells them apart; and without name or grounds.
    """
    if not given.name.strip():
        raise Invalid("Write the name, or what they are called.", "name")
    day = day_of(at)
    if not given.is_adult or (given.born_on is not None and day < adult_on(given.born_on)):
        raise Invalid(CHILD_FIRST, "born_on" if given.is_adult else "is_adult")
    if not given.adult_words.strip():
        raise Invalid("Write how it is known that they are 18 or over.", "adult_words")
    if given.born_on is None and _is_name_of_child(given, at):
        raise Invalid(SAME_NAME, "born_on")
    person = PersonOfConcern(
        name=given.name.strip()[:120], other_names=given.other_names.strip()[:200], born_on=given.born_on, capacity=given.capacity,
        adult_words=given.adult_words.strip()[:200],
    )  # fmt: skip
    put_first(person, by, at)
    put_grounds(person, given.grounds, by, at)
    person.save(force_insert=True)
    return person


def _is_name_of_child(given: PersonGiven, at: datetime) -> bool:
    """Whether a child whom whoever writes may see is called so; a child whom they may not see is never told of."""
    names = [given.name, *given.other_names.split(",")]
    keys = {key for name in names for key in name_keys(name)}
    known = Name.objects.filter(key__in=keys, person__child__isnull=False).select_related("person__child")
    return any(not name.person.child.is_adult(at) for name in known)


@command(needs=Permission.RENEW_PERSON_OF_CONCERN)
def renew_person_of_concern(*, person: PersonOfConcern, grounds: Grounds, by: "Post", at: datetime) -> PersonOfConcern:
    """Look at an entry again: it still matters, for these grounds as they are now. By the agency that wrote it down."""
    renew(person, grounds, by, at)
    person.save()
    return person


@command(needs=Permission.REMOVE_PERSON_OF_CONCERN)
def remove_person_of_concern(*, person: PersonOfConcern, by: "Post", at: datetime) -> None:
    """Delete an entry: no list of those who were removed; agendas on which it stood say that a person of concern stood there. What agencies
    wrote in the room stays in the record of that meeting (ADR 44).
    """
    PersonOfConcern.objects.filter(pk=person.pk).delete()


@dataclass(frozen=True)
class GroupGiven:
    """A group that agencies look at, and the grounds."""

    name: str
    kind: str
    grounds: Grounds
    harm_words: str = ""


@command(needs=Permission.RECORD_GROUP)
def record_group(*, given: GroupGiven, by: "Post", at: datetime) -> Group:
    """Write down a group, with the grounds. It lists nobody: a child in it is a child first. Raises Invalid without a name or grounds."""
    if not given.name.strip():
        raise Invalid("Write what others call it. Name no child.", "name")
    group = Group(name=given.name.strip()[:120], kind=given.kind, harm_words=given.harm_words.strip()[:300])
    put_first(group, by, at)
    put_grounds(group, given.grounds, by, at)
    group.save(force_insert=True)
    return group


@command(needs=Permission.RENEW_GROUP)
def renew_group(*, group: Group, grounds: Grounds, by: "Post", at: datetime) -> Group:
    """Look at an entry again: it still matters, for these grounds as they are now. By the agency that wrote it down."""
    renew(group, grounds, by, at)
    group.save()
    return group


@command(needs=Permission.REMOVE_GROUP)
def remove_group(*, group: Group, by: "Post", at: datetime) -> None:
    """Delete an entry; what agencies wrote in the room stays in the record of that meeting (ADR 44)."""
    Group.objects.filter(pk=group.pk).delete()
