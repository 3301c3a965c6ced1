"""A little intelligence of an invented police unit: open, with conditions, proposed, and not yet worded. Nothing in it ever happened."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.connections.grades import Information, Source
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.gate.models import Relationship
from atlas.gate.policy import Clearance, Kind
from atlas.intelligence.commands import (
    OldGrading,
    Sanitised,
    Supplied,
    propose_product,
    record_intelligence,
    record_old_intelligence,
    release_product,
)
from atlas.intelligence.models import Raw
from atlas.intelligence.rules import Capacity, Checked, FactOrOpinion, Handling, latest_review
from atlas.sealed.commands import name_custodian, seal_set

OFFICER, SECOND, READER, CUSTODIAN = "intelligence.officer", "intelligence.second", "social.worker", "custodian"
CHECKED = {
    Checked.TIME: "The month alone", Checked.PLACE: "The kind of place, not the place", Checked.UNIQUE_PHRASE: "Written in new words",
    Checked.ONLY_ONE_COULD_KNOW: "Several people could have seen it",
}  # fmt: skip
ASK_FIRST = "For the strategy discussion only. Ask us before anybody speaks with the family about it"


def vet(named: dict[str, Post], now: datetime) -> None:
    """The unit's two officers, and one social worker, are vetted for intelligence for a year; a custodian for what is sealed."""
    vetted = {
        OFFICER: Clearance.INTELLIGENCE,
        SECOND: Clearance.INTELLIGENCE,
        READER: Clearance.INTELLIGENCE,
        CUSTODIAN: Clearance.CUSTODIAN,
    }
    for number, (username, clearance) in enumerate(vetted.items(), 1):
        post = named[username]
        post.clearance, post.vetting_reference, post.vetted_until = (
            clearance,
            f"V-{number:04}",
            day_of(now + timedelta(days=365)),
        )
        post.save()


def supply(named: dict[str, Post], children: Sequence[Child], now: datetime) -> None:
    """What the unit holds about two children of the vetted social worker: two wordings that partners read, one proposed, one entry without."""
    officer, second, long_ago = named[OFFICER], named[SECOND], now - timedelta(days=80)
    first, other = children[0], children[-1]
    seen = _recorded(
        first, "NM-INT-0101", "A regular caller said that two grown men in a silver car wait by the bus station for her.", officer, long_ago
    )
    _released(
        seen,
        "Adults known to the police may be meeting the child near public transport.",
        Handling.PERMITTED,
        (),
        officer,
        second,
        long_ago,
    )
    told = _recorded(
        first, "NM-INT-0102", "The landlord of the flat above the shop says that she comes for parties there at weekends.", officer, now - timedelta(days=20),
        Handling.CONDITIONS,
    )  # fmt: skip
    council = named[READER].team.agency_id
    _released(
        told,
        "There may be a flat in the town where the child meets adults.",
        Handling.CONDITIONS,
        (council,),
        officer,
        second,
        told.recorded_at,
    )
    open_one = _recorded(
        other,
        "NM-INT-0103",
        "He was seen at 22:15 by the ninth lamp in the park with somebody from the list.",
        officer,
        now - timedelta(days=2),
    )
    propose_product(
        raw=open_one, sanitised=_sanitised("The child was seen at 22:15 in a park with an adult who is known to the police.", Handling.PERMITTED, (), now),
        by=officer, at=now - timedelta(days=1),
    )  # fmt: skip
    _recorded(other, "NM-INT-0104", "A shopkeeper thinks that he carries parcels for older boys.", second, now - timedelta(hours=20))
    taken_over = now - timedelta(hours=19)
    old = _supplied("NM-OLD-0007", "From before 2016: his older brother was seen with the same group.", taken_over, Handling.AUTHOR_ONLY)
    record_old_intelligence(child=other, supplied=old, old=OldGrading("E", "4", "4"), by=second, at=taken_over)


def seal(named: dict[str, Post], children: Sequence[Child], now: datetime) -> None:
    """Where one child of the social worker is, is sealed, with a custodian outside the worker's line; so is who told of another."""
    at, kept = now - timedelta(days=30), children[-1]
    where = {
        "address": "9 Quillon Court, Northmarch", "telephone": "07700 900417", "school": "Taught at home for now", "carers": "A foster carer whom the team knows",
        "next_appointment": "The carer drives; nobody is told where to",
    }  # fmt: skip
    seal_set(child=kept, kind="location", values=where, by=named[READER], at=at)
    seal_set(
        child=kept,
        kind="source",
        values={"name": "A neighbour of the family", "known_as": "The caller of the third of the month"},
        by=named[READER],
        at=at,
    )
    name_custodian(child=kept, post=named[CUSTODIAN], by=named["team.manager"], at=at)


def children_of(post: Post, now: datetime, most: int = 2) -> list[Child]:
    """The first children who are allocated to a post, by name."""
    with acting_as(post, now):
        held = Relationship.live(now).filter(kind=Kind.ALLOCATED, holder_post=post, child__isnull=False)
        return list(Child.objects.filter(pk__in=held.values("child")).order_by("name", "born_on")[:most])


def _supplied(reference: str, wording: str, at: datetime, handling: Handling) -> Supplied:
    day = day_of(at)
    conditions = ASK_FIRST if handling == Handling.CONDITIONS else ""
    return Supplied(
        wording, reference, f"{reference}-S", Source.UNTESTED, Information.NOT_CORROBORATED, handling, day - timedelta(days=1),
        latest_review("police", day), conditions,
    )  # fmt: skip


def _recorded(child: Child, reference: str, wording: str, by: Post, at: datetime, handling: Handling = Handling.PERMITTED) -> Raw:
    return record_intelligence(child=child, supplied=_supplied(reference, wording, at, handling), by=by, at=at)


def _sanitised(wording: str, handling: Handling, named: tuple[object, ...], at: datetime) -> Sanitised:
    return Sanitised(
        wording, Source.UNTESTED, Information.NOT_CORROBORATED, handling, FactOrOpinion.FACT, Capacity.CHILD_AT_RISK, date(at.year, at.month, 1),
        CHECKED, ASK_FIRST if named else "", named,  # type: ignore[arg-type]
    )  # fmt: skip


def _released(raw: Raw, wording: str, handling: Handling, named: tuple[object, ...], first: Post, second: Post, at: datetime) -> None:
    product = propose_product(raw=raw, sanitised=_sanitised(wording, handling, named, at), by=first, at=at + timedelta(hours=2))
    release_product(product=product, by=second, at=at + timedelta(hours=5))
