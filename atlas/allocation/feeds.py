"""What the main case system says of children, workers and who works with whom."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from atlas.agencies.commands import end_post, record_team, record_worker
from atlas.agencies.models import Agency, Post, Team
from atlas.allocation.commands import UNBORN, end_allocation, receive_child, record_allocation, record_birth, replace_allocation
from atlas.allocation.models import Allocation
from atlas.children.commands import Known, correct_child
from atlas.children.models import Child
from atlas.chronology.moments import Moment, from_iso
from atlas.design.words import day
from atlas.feeds.commands.delivery import MAIN_SYSTEM
from atlas.feeds.handling import Carrying, Fact, Waits
from atlas.feeds.models import Row
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.linkage.queries import Asked, child_by_number, children_by_former_numbers, known_to_main_system, match, the_child
from atlas.people.models import Identifier, IdentifierKind, Sex
from atlas.people.rules import nhs_number, upn

LONG_AGO = date(2000, 1, 1)  # the dataset does not say since when a worker is in post
CO_WORKER_WORDS = ("co-work", "co work", "second")


def take_person(row: Row, carrying: Carrying) -> Child:
    """A child: found by the main system's number, by one it had before a merge, or by what else is sure; a new one goes to the front door."""
    decided = row.values.get("_decided")
    former = [number for number in (row.values.get("pers_legacy_id"), *carrying.former_numbers.get(row.source_key, ())) if number]
    with acting_as(carrying.by, carrying.at):
        child = child_by_number(row.source_key) or _decided(row)
        merged = children_by_former_numbers(former)
        known = _known(row, former if all(child is None or other == child for other in merged) and decided != "new" else [])
        if child is None and decided != "new":
            child = _same(merged, known) if merged else _matched(known)
    if child is None:
        return receive_child(
            known=known, responsible=carrying.delivery.authority, source=MAIN_SYSTEM, row=row, is_historic=carrying.is_historic,
            by=carrying.by, at=carrying.at,
        )  # fmt: skip
    if child.is_unborn and known.born_on is not None:
        record_birth(child=child, born_on=known.born_on, row=row, is_historic=carrying.is_historic, by=carrying.by, at=carrying.at)
    return correct_child(child=child, known=known, source=MAIN_SYSTEM, by=carrying.by, at=carrying.at)


def _same(merged: list[Child], known: Known) -> Child:
    """The one child whom the main system has merged under another number. A date of birth that differs is for a person to judge."""
    child = merged[0]
    if len(merged) > 1 or (child.born_on and known.born_on and child.born_on != known.born_on):
        raise Waits("The main system gives a former number that is recorded here. Is it the same child?", tuple(str(c.pk) for c in merged))
    return child


def _matched(known: Known) -> Child | None:
    """The same child as somebody else recorded it, the police for example; None where there is nobody like this.

    A child whom the main system knows under another number is to it another child, however alike: only the very same name and
    date of birth, or an NHS number or UPN of both, is asked about.
    """
    found = match(Asked(f"{known.forename} {known.surname}", known.born_on, known.identifiers))
    alike = found.candidates if found.child is None else (found.child,)
    known_there = known_to_main_system(alike) if alike else set()
    others = [child for child in alike if child.pk not in known_there]
    if found.child is not None and others:
        return found.child
    if found.child is not None:
        raise Waits("The main system holds a child like this under two numbers. Is it the same child?", (str(found.child.pk),))
    if others:
        raise Waits("Somebody like this is recorded already. Is it the same child?", tuple(str(child.pk) for child in others))
    return None


def _known(row: Row, former: list[str]) -> Known:
    values = row.values
    identifiers = [(IdentifierKind.COUNCIL, MAIN_SYSTEM, number) for number in dict.fromkeys([row.source_key, *former])]
    for column, kind, judge in (("pers_upn", IdentifierKind.UPN, upn), ("pers_common_child_id", IdentifierKind.NHS, nhs_number)):
        if values.get(column):
            number = judge(values[column])
            if number is None:
                raise Invalid(f"{column} is “{values[column]}”, whose check digit is wrong. Ask the main system's team to put it right.")
            identifiers.append((kind, "", number))
    expected = values.get("pers_expected_dob", "") if not values.get("pers_dob") else ""
    return Known(
        forename=values.get("pers_forename", "") or (UNBORN if expected else ""), surname=values.get("pers_surname", ""),
        born_on=date.fromisoformat(values["pers_dob"]) if values.get("pers_dob") else None, sex=Sex(values.get("pers_sex") or "U"),
        ethnicity=values.get("pers_ethnicity", "")[:4], identifiers=tuple(identifiers),
        expected_on=date.fromisoformat(expected) if expected else None,
    )  # fmt: skip


def _decided(row: Row) -> Child | None:
    decided = row.values.get("_decided")
    return Child.objects.filter(pk=decided).first() if decided and decided != "new" else None


def take_identifier(row: Row, carrying: Carrying) -> Child:
    """Another number of a child: a merged id of the main system, an NHS number, a UPN, a police reference."""
    values = row.values
    child = the_child(values["link_person_id"], carrying)
    kinds = {
        "former id": IdentifierKind.COUNCIL,
        "nhs number": IdentifierKind.NHS,
        "upn": IdentifierKind.UPN,
        "police": IdentifierKind.POLICE,
    }
    kind = next((kind for words, kind in kinds.items() if words in values["link_identifier_type"].lower()), None)
    if kind is None:
        raise Invalid(
            f"link_identifier_type is “{values['link_identifier_type']}”, which Atlas does not keep. Nothing is lost: it stays in the main system."
        )
    system = MAIN_SYSTEM if kind is IdentifierKind.COUNCIL else ""
    known = Known(*_names(child, carrying), born_on=child.born_on, identifiers=((kind, system, values["link_identifier_value"]),))
    return correct_child(child=child, known=known, source=MAIN_SYSTEM, by=carrying.by, at=carrying.at)


def _names(child: Child, carrying: Carrying) -> tuple[str, str]:
    with acting_as(carrying.by, carrying.at):
        name = child.person.names.filter(is_in_use=True).first()
    return (name.forename, name.surname) if name else (child.name, "")


def take_department(row: Row, carrying: Carrying) -> Team:
    """A team of the council, by the main system's id."""
    name = row.values["dept_team_name"]
    return record_team(agency=_council(carrying), reference=row.source_key, name=name, by=carrying.by, at=carrying.at)


def take_professional(row: Row, carrying: Carrying) -> Post:
    """A worker of the council, by the main system's id; one of whom it says the last day leaves the post with it."""
    values = row.values
    team = Team.objects.filter(agency=_council(carrying), reference=values.get("prof_professional_department", "-")).first()
    if team is None:
        raise Invalid("The worker's team is not known here. Take the teams (ssd_department) first.")
    post = record_worker(
        team=team, reference=row.source_key, name=values["prof_professional_name"], title=values.get("prof_professional_job_title", ""),
        from_on=LONG_AGO, by=carrying.by, at=carrying.at,
    )  # fmt: skip
    left_on = date.fromisoformat(values["prof_left_on"]) if values.get("prof_left_on") else None
    if left_on is not None and post.until_on != left_on:
        return end_post(post=post, last_on=left_on, by=carrying.by, at=carrying.at)
    return post


def _council(carrying: Carrying) -> Agency:
    council = carrying.delivery.authority.agencies.filter(kind="council").first()
    if council is None:
        raise Invalid(f"{carrying.delivery.authority} has no council agency yet. An administrator must add one first.")
    return council


def take_involvement(row: Row, carrying: Carrying) -> Allocation:
    """A worker's involvement with a child: begins the allocation, and ends it where it has ended. Where the main system now says
    something else under the same number, what stood ends, and the new one begins.
    """
    values = row.values
    child = the_child(values["invo_person_id"], carrying)
    post, capacity, until = _worker(values), _capacity(values), moment_of(values.get("invo_involvement_end_date"))
    if until and until.latest and until.latest < (from_iso(values["invo_involvement_start_date"]).earliest or until.latest):
        raise Invalid("invo_involvement_end_date is before invo_involvement_start_date. Ask the main system's team to put it right.")
    with acting_as(carrying.by, carrying.at):
        allocation = Allocation.objects.filter(source_key=row.source_key).first()
    if allocation is not None and not _is_still(allocation, (child.pk, post.pk, capacity), until):
        replace_allocation(allocation=allocation, by=carrying.by, at=carrying.at)
        allocation = None
    if allocation is None:
        allocation = record_allocation(
            child=child, post=post, from_at=from_iso(values["invo_involvement_start_date"]), capacity=capacity,
            change_reason=values.get("invo_worker_change_reason", "")[:60], source_key=row.source_key, as_at=carrying.delivery.as_at,
            is_over=until is not None, row=row, is_historic=carrying.is_historic, by=carrying.by, at=carrying.at,
        )  # fmt: skip
    if until is not None and allocation.until_at is None:
        allocation = end_allocation(
            allocation=allocation, until_at=until, as_at=carrying.delivery.as_at, row=row, is_historic=carrying.is_historic, by=carrying.by,
            at=carrying.at,
        )  # fmt: skip
    return allocation


def _worker(values: dict[str, str]) -> Post:
    post = Post.objects.filter(reference=values["invo_professional_id"]).select_related("user", "team").first()
    if post is None:
        raise Invalid(
            f"There is no worker with the main system's number {values['invo_professional_id']}. Take the workers (ssd_professionals) first."
        )
    return post


def _capacity(values: dict[str, str]) -> Allocation.Capacity:
    role = values.get("invo_professional_role_id", "").lower()
    return Allocation.Capacity.CO_WORKER if any(word in role for word in CO_WORKER_WORDS) else Allocation.Capacity.CASE_HOLDER


def _is_still(allocation: Allocation, said: tuple[UUID, UUID, str], until: Moment | None) -> bool:
    """Whether the row says the same child, worker and capacity, and has not taken an end back."""
    is_same = (allocation.child_id, allocation.post_id, allocation.capacity) == said
    return is_same and not (until is None and allocation.until_at is not None)


def moment_of(text: str | None) -> Moment | None:
    """A moment of a row, where it has one."""
    return from_iso(text) if text else None


def open_allocations() -> Iterable[Fact]:
    """The allocations from the main system that have no end."""
    held = Allocation.objects.filter(until_at__isnull=True).exclude(source_key="")
    columns = ("child_id", "pk", "source_key", "post__user__first_name", "post__user__last_name", "from_at")
    for child_id, pk, key, first, last, from_at in held.values_list(*columns):
        yield Fact(child_id, Allocation._meta.label, pk, f"{first} {last} works with the child, since {day(from_at)}", key)


def known_children() -> Iterable[Fact]:
    """The children whom the main system knows, once for each number that it has given them."""
    held = Identifier.objects.filter(kind=IdentifierKind.COUNCIL, system=MAIN_SYSTEM, until_on__isnull=True)
    for child_id, number in held.values_list("person_id", "value"):
        yield Fact(child_id, Child._meta.label, child_id, "Who the child is", number)


TAKES = {
    "ssd_department": take_department,
    "ssd_professionals": take_professional,
    "ssd_person": take_person,
    "ssd_linked_identifiers": take_identifier,
    "ssd_involvements": take_involvement,
}
OPEN = {"ssd_involvements": open_allocations, "ssd_person": known_children}
