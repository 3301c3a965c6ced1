"""What the main case system says of a child's statuses, placements, conferences and address, and which of it stands open here."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Model

from atlas.children.commands import Reach
from atlas.children.models import Child
from atlas.connections.commands import record_address, record_mother
from atlas.design.words import day
from atlas.feeds.commands.delivery import MAIN_SYSTEM
from atlas.feeds.commands.sealing import SEALED, seal_row
from atlas.feeds.handling import Carrying, Fact
from atlas.feeds.models import Row
from atlas.linkage.queries import the_child
from atlas.people.models import ContactKind
from atlas.sealed.queries import is_location_sealed
from atlas.statuses.commands.doubt import compare_with_delivery
from atlas.statuses.commands.record import Said, record_conference, record_status, record_undated
from atlas.statuses.models import Conference, Dated, Disability, Family, FromMainSystem, LegalStatus, Placement, Spell

Columns = Callable[[dict[str, str]], tuple[tuple[str, str | bool | date | None], ...]]


def dated(model: type[Dated], person: str, start: str, end: str, columns: Columns, words: str) -> Callable[[Row, Carrying], Model]:
    """How a table of dated facts is taken: its columns of person, start and end, and what else of it is kept."""

    def take(row: Row, carrying: Carrying) -> Model:
        values = row.values
        said = Said(
            model=model, source_key=_key(row), from_on=_day(values.get(start)), until_on=_day(values.get(end)),
            as_at=carrying.delivery.as_at, columns=columns(values), words=words.format_map(_Blank(values)),
        )  # fmt: skip
        return record_status(
            child=the_child(values[person], carrying), said=said, row=row, is_historic=carrying.is_historic, by=carrying.by, at=carrying.at
        )

    return take


def conference(kind: Conference.Kind, person: str, due: str, held: str, plan: str) -> Callable[[Row, Carrying], Model]:
    """How a table of conferences is taken: its columns of person, due date, date held, and whether a plan follows."""

    def take(row: Row, carrying: Carrying) -> Model:
        values = row.values
        columns = (
            ("kind", kind), ("due_on", _day(values.get(due))), ("held_on", _day(values.get(held))),
            ("is_for_plan", values[plan] == "Y" if values.get(plan) else None),
        )  # fmt: skip
        said = Said(Conference, _key(row), None, None, carrying.delivery.as_at, columns)
        return record_conference(
            child=the_child(values[person], carrying), said=said, row=row, is_historic=carrying.is_historic, by=carrying.by, at=carrying.at
        )

    return take


def undated(model: type[FromMainSystem], person: str, columns: Columns) -> Callable[[Row, Carrying], Model]:
    """How a table of facts without dates is taken."""

    def take(row: Row, carrying: Carrying) -> Model:
        said = Said(model, _key(row), None, None, carrying.delivery.as_at, columns(row.values))
        return record_undated(child=the_child(row.values[person], carrying), said=said, row=row, by=carrying.by, at=carrying.at)

    return take


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _key(row: Row) -> str:
    return f"{row.table}:{row.source_key}"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def take_address(row: Row, carrying: Carrying) -> Child:
    """An address: kept with the contact details, apart from the rest; it says with whom the child lives. Sealed, where the location is."""
    values = row.values
    child = the_child(values["addr_person_id"], carrying)
    if SEALED in values or is_location_sealed(child.pk):
        seal_row(row, child, carrying)
        return child
    reach = Reach(
        kind=ContactKind.ADDRESS, text=values.get("addr_address_json", values.get("addr_address_type", "")),
        postcode=values.get("addr_address_postcode", ""), reference=row.source_key, from_on=_day(values.get("addr_address_start_date")),
        until_on=_day(values.get("addr_address_end_date")),
    )  # fmt: skip
    return record_address(child=child, reach=reach, source=MAIN_SYSTEM, by=carrying.by, at=carrying.at)


def spell(status: Spell.Status, detail: str = "") -> Columns:
    """A spell of one status, with one column of detail."""
    return lambda values: (("status", status), ("detail", values.get(detail, "")[:100]))


def still_open(table: str, model: type[Dated], column: str, kind: str = "") -> Callable[[], Iterable[Fact]]:
    """What stands open here from one table: each record without an end, in words."""

    def find() -> Iterable[Fact]:
        held = model.objects.filter(until_on__isnull=True, source_key__startswith=f"{table}:")
        for child_id, pk, key, code, from_on in held.values_list("child_id", "pk", "source_key", column, "from_on"):
            words = f"{kind}{code}" if kind else str(Spell.Status(code).label)
            yield Fact(child_id, model._meta.label, pk, f"{words} since {day(from_on)}", key.removeprefix(f"{table}:"))

    return find


def follow(carrying: Carrying) -> None:
    """Compare what stands open here with what was just delivered."""
    compare_with_delivery(delivery=carrying.delivery, by=carrying.by, at=carrying.at)


def take_mother(row: Row, carrying: Carrying) -> Child:
    """That one child is the mother of another, born or not."""
    child, mother = the_child(row.values["moth_childs_person_id"], carrying), the_child(row.values["moth_person_id"], carrying)
    return record_mother(child=child, mother=mother, source=MAIN_SYSTEM, by=carrying.by, at=carrying.at)


TAKES = {
    "ssd_mother": take_mother,
    "ssd_address": take_address,
    "ssd_family": undated(Family, "fami_person_id", lambda values: (("number", values["fami_family_id"][:48]),)),
    "ssd_disability": undated(Disability, "disa_person_id", lambda values: (("code", values["disa_disability_code"]),)),
    "ssd_legal_status": dated(
        LegalStatus, "lega_person_id", "lega_legal_status_start_date", "lega_legal_status_end_date",
        lambda values: (("code", values.get("lega_legal_status", "")[:100]),), "Legal status {lega_legal_status}",
    ),
    "ssd_cla_placement": dated(
        Placement, "clap_person_id", "clap_cla_placement_start_date", "clap_cla_placement_end_date",
        lambda values: (("kind", values.get("clap_cla_placement_type", "")[:100]), ("provider", values.get("clap_cla_placement_provider", "")[:48]),
                        ("postcode", values.get("clap_cla_placement_postcode", "")[:8])),
        "Placement {clap_cla_placement_type}",
    ),
    "ssd_cla_episodes": dated(
        Spell, "clae_person_id", "clae_cla_episode_start_date", "clae_cla_episode_ceased_date",
        spell(Spell.Status.LOOKED_AFTER, "clae_cla_primary_need_code"), "Looked after",
    ),
    "ssd_cin_episodes": dated(
        Spell, "cine_person_id", "cine_referral_date", "cine_close_date", spell(Spell.Status.REFERRAL, "cine_referral_source_desc"), "Referral",
    ),
    "ssd_cin_assessments": dated(
        Spell, "cina_person_id", "cina_assessment_start_date", "cina_assessment_auth_date", spell(Spell.Status.ASSESSMENT), "Assessment",
    ),
    "ssd_cin_plans": dated(
        Spell, "cinp_person_id", "cinp_cin_plan_start_date", "cinp_cin_plan_end_date", spell(Spell.Status.CHILD_IN_NEED), "Child in need plan",
    ),
    "ssd_s47_enquiry": dated(
        Spell, "s47e_person_id", "s47e_s47_start_date", "s47e_s47_end_date", spell(Spell.Status.SECTION_47), "Section 47 enquiry",
    ),
    "ssd_initial_cp_conference": conference(
        Conference.Kind.INITIAL, "icpc_person_id", "icpc_icpc_target_date", "icpc_icpc_date", "icpc_icpc_outcome_cp_flag",
    ),
    "ssd_cp_plans": dated(
        Spell, "cppl_person_id", "cppl_cp_plan_start_date", "cppl_cp_plan_end_date",
        spell(Spell.Status.CHILD_PROTECTION, "cppl_cp_plan_latest_category"), "Child protection plan {cppl_cp_plan_latest_category}",
    ),
    "ssd_cp_reviews": conference(
        Conference.Kind.REVIEW, "cppr_person_id", "cppr_cp_review_due", "cppr_cp_review_date", "cppr_cp_review_outcome_continue_cp",
    ),
}  # fmt: skip
OPEN = {
    "ssd_legal_status": still_open("ssd_legal_status", LegalStatus, "code", "Legal status "),
    "ssd_cla_placement": still_open("ssd_cla_placement", Placement, "kind", "Placement "),
    **{
        table: still_open(table, Spell, "status")
        for table in ("ssd_cla_episodes", "ssd_cin_episodes", "ssd_cin_assessments", "ssd_cin_plans", "ssd_s47_enquiry", "ssd_cp_plans")
    },
}
FOLLOWS = (follow,)
