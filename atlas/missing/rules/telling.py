"""Who must be told that this child is missing, and why: it follows from status, placement, plan and courts. Pure; product default, not law.

Source: practice.md 3.6. What was only recalled there is said as a default to check; what Atlas does not know is asked, never left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

GUIDANCE, LOCAL, DEFAULT = "National guidance", "Practice of some areas", "Product default, not law: check what your area says"
COURTS = frozenset({"C1", "E1"})  # an interim care order, a placement order: there are or were proceedings
YOUTH_JUSTICE = frozenset({"J1", "J2", "J3"})
HOMES = frozenset({"K1", "K2"})  # SSDA903 placement: secure home, children's home


@dataclass(frozen=True)
class Facts:
    """What decides who is told: the statuses, legal statuses and placements that hold now, and where the child lives."""

    statuses: frozenset[str] = frozenset()
    legal: frozenset[str] = frozenset()
    placements: frozenset[str] = frozenset()
    is_elsewhere: bool = False
    age: int | None = None
    risk_factors: frozenset[str] = frozenset()


@dataclass(frozen=True)
class MustBeTold:
    """One who must be told. `is_asked`: Atlas does not know whether it applies, so the reader decides."""

    key: str
    who: str
    because: str
    source: str
    is_asked: bool = False


PARENT = "parent"


def must_be_told(facts: Facts) -> list[MustBeTold]:
    """Everybody who must be told, what is certain first; then what Atlas cannot know and the reader answers."""
    is_looked_after = "looked_after" in facts.statuses or bool(facts.legal)
    everybody = [
        MustBeTold("police", "Police", "any child", GUIDANCE),
        MustBeTold(PARENT, "Whoever has parental responsibility", "any child", GUIDANCE),
        MustBeTold("social_worker", "Social worker, or emergency duty", "any child with a worker", DEFAULT),
    ]
    return [*everybody, *_by_care(facts, is_looked_after), *_by_plan(facts), *_asked(facts)]


def _by_care(facts: Facts, is_looked_after: bool) -> Iterable[MustBeTold]:
    if is_looked_after:
        yield MustBeTold("reviewing_officer", "Independent reviewing officer", "looked after", DEFAULT)
    if facts.is_elsewhere:
        yield MustBeTold("responsible_authority", "The responsible authority", "lives in another authority", DEFAULT)
        yield MustBeTold("host_authority", "The host authority", "lives in another authority", DEFAULT)
        yield MustBeTold("other_force", "The other area's police force", "lives in another authority", DEFAULT)
    if facts.placements & HOMES:
        yield MustBeTold(
            "regulator",
            "Ofsted, by the home, where it is serious or exploitation is suspected",
            "lives in a children's home",
            DEFAULT,
            True,
        )


def _by_plan(facts: Facts) -> Iterable[MustBeTold]:
    if "child_protection" in facts.statuses:
        yield MustBeTold("plan_manager", "Manager of the child protection plan", "child protection plan", LOCAL)
        yield MustBeTold("designated_nurse", "Designated nurse", "child protection plan", LOCAL)
    if facts.legal & COURTS:
        yield MustBeTold("legal_services", "Legal team", "there are, or were, court proceedings", LOCAL)
    if facts.legal & YOUTH_JUSTICE or "bail" in facts.risk_factors:
        yield MustBeTold("youth_justice", "Youth justice team", "remand, bail or a tag", DEFAULT)


def _asked(facts: Facts) -> Iterable[MustBeTold]:
    if not facts.legal & COURTS:
        yield MustBeTold("legal_services", "Legal team", "if there are court proceedings", LOCAL, True)
    if not (facts.legal & YOUTH_JUSTICE or "bail" in facts.risk_factors):
        yield MustBeTold("youth_justice", "Youth justice team", "if on bail, on a tag or under an order", DEFAULT, True)
    yield MustBeTold(
        "nrm",
        "National referral mechanism, guardian, immigration",
        "if trafficking is suspected, or the child is from abroad and alone",
        DEFAULT,
        True,
    )


WHO: dict[str, str] = {
    one.key: one.who
    for facts in (
        Facts(),
        Facts(frozenset({"looked_after", "child_protection"}), frozenset({"C1", "J1"}), HOMES, is_elsewhere=True),
    )
    for one in must_be_told(facts)
}
