"""What the main case system says of children, workers and who works with whom."""

from datetime import date

from atlas.agencies.commands import record_team, record_worker
from atlas.agencies.models import Agency, Post, Team
from atlas.allocation.commands import end_allocation, receive_child, record_allocation
from atlas.allocation.models import Allocation
from atlas.children.commands import Known, correct_child
from atlas.children.models import Child
from atlas.chronology.moments import Moment, from_iso
from atlas.feeds.commands import MAIN_SYSTEM
from atlas.feeds.handling import Carrying, Waits
from atlas.feeds.models import Row
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.linkage.queries import Asked, child_by_number, match, the_child
from atlas.people.models import IdentifierKind, Sex
from atlas.people.rules import nhs_number, upn

LONG_AGO = date(2000, 1, 1)  # the dataset does not say since when a worker is in post
CO_WORKER_WORDS = ("co-work", "co work", "second")


def take_person(row: Row, carrying: Carrying) -> Child:
    """A child: found by the main system's number, or by what else is sure; a new one goes to the front door."""
    known = _known(row)
    with acting_as(carrying.by, carrying.at):
        child = child_by_number(row.source_key) or _decided(row)
        if child is None and row.values.get("_decided") != "new":
            found = match(Asked(f"{known.forename} {known.surname}", known.born_on, known.identifiers))
            if found.child is None and found.candidates:
                raise Waits("Somebody like this is recorded already. Is it the same child?", tuple(str(c.pk) for c in found.candidates))
            child = found.child
    if child is None:
        return receive_child(
            known=known, responsible=carrying.delivery.authority, source=MAIN_SYSTEM, row=row, is_historic=carrying.is_historic,
            by=carrying.by, at=carrying.at,
        )  # fmt: skip
    return correct_child(child=child, known=known, source=MAIN_SYSTEM, by=carrying.by, at=carrying.at)


def _known(row: Row) -> Known:
    values = row.values
    identifiers = [(IdentifierKind.COUNCIL, MAIN_SYSTEM, row.source_key)]
    for column, kind, judge in (("pers_upn", IdentifierKind.UPN, upn), ("pers_common_child_id", IdentifierKind.NHS, nhs_number)):
        if values.get(column):
            number = judge(values[column])
            if number is None:
                raise Invalid(f"{column} is “{values[column]}”, whose check digit is wrong. Ask the main system's team to put it right.")
            identifiers.append((kind, "", number))
    return Known(
        forename=values.get("pers_forename", ""), surname=values.get("pers_surname", ""),
        born_on=date.fromisoformat(values["pers_dob"]) if values.get("pers_dob") else None, sex=Sex(values.get("pers_sex") or "U"),
        ethnicity=values.get("pers_ethnicity", "")[:4], identifiers=tuple(identifiers),
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
    """A worker of the council, by the main system's id."""
    values = row.values
    team = Team.objects.filter(agency=_council(carrying), reference=values.get("prof_professional_department", "-")).first()
    if team is None:
        raise Invalid("The worker's team is not known here. Take the teams (ssd_department) first.")
    return record_worker(
        team=team, reference=row.source_key, name=values["prof_professional_name"], title=values.get("prof_professional_job_title", ""),
        from_on=LONG_AGO, by=carrying.by, at=carrying.at,
    )  # fmt: skip


def _council(carrying: Carrying) -> Agency:
    council = carrying.delivery.authority.agencies.filter(kind="council").first()
    if council is None:
        raise Invalid(f"{carrying.delivery.authority} has no council agency yet. An administrator must add one first.")
    return council


def take_involvement(row: Row, carrying: Carrying) -> Allocation:
    """A worker's involvement with a child: begins the allocation, and ends it where it has ended."""
    values = row.values
    child = the_child(values["invo_person_id"], carrying)
    post = Post.objects.filter(reference=values["invo_professional_id"]).select_related("user", "team").first()
    if post is None:
        raise Invalid(
            f"There is no worker with the main system's number {values['invo_professional_id']}. Take the workers (ssd_professionals) first."
        )
    role = values.get("invo_professional_role_id", "").lower()
    capacity = Allocation.Capacity.CO_WORKER if any(word in role for word in CO_WORKER_WORDS) else Allocation.Capacity.CASE_HOLDER
    with acting_as(carrying.by, carrying.at):
        allocation = Allocation.objects.filter(source_key=row.source_key).first()
    until = moment_of(values.get("invo_involvement_end_date"))
    if until and until.latest and until.latest < (from_iso(values["invo_involvement_start_date"]).earliest or until.latest):
        raise Invalid("invo_involvement_end_date is before invo_involvement_start_date. Ask the main system's team to put it right.")
    if allocation is None:
        allocation = record_allocation(
            child=child, post=post, from_at=from_iso(values["invo_involvement_start_date"]), capacity=capacity,
            change_reason=values.get("invo_worker_change_reason", "")[:60], source_key=row.source_key, row=row,
            is_historic=carrying.is_historic, by=carrying.by, at=carrying.at,
        )  # fmt: skip
    if until is not None and allocation.until_at is None:
        allocation = end_allocation(
            allocation=allocation, until_at=until, row=row, is_historic=carrying.is_historic, by=carrying.by, at=carrying.at
        )
    return allocation


def moment_of(text: str | None) -> Moment | None:
    """A moment of a row, where it has one."""
    return from_iso(text) if text else None


TAKES = {
    "ssd_department": take_department,
    "ssd_professionals": take_professional,
    "ssd_person": take_person,
    "ssd_linked_identifiers": take_identifier,
    "ssd_involvements": take_involvement,
}
