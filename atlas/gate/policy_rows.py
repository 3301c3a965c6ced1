"""The policy as rows of the gate's own tables, which the functions of the database judge by."""

from collections.abc import Iterable, Iterator

from django.conf import settings

from atlas.gate.own import pairs
from atlas.gate.policy import (
    CARD_FOR,
    CLEARANCE_FOR,
    FINGERPRINT,
    OPENINGS,
    OPENS_RESTRICTED,
    RECENT,
    ROLES,
    SCREENS,
    SERVICES,
    STATUTORY,
    TWO_PERSONS,
    Clearance,
    Mode,
    Permission,
    role_opens,
)

OWN_TABLES = (
    "gate_secret", "gate_opening", "gate_grace", "gate_role_opening", "gate_opening_purpose", "gate_role_purpose", "gate_clearance", "gate_kind_clearance",
    "gate_kinds_held", "gate_word", "gate_two_persons", "gate_installed", "gate_recent",
)  # fmt: skip

KINDS_HELD = f"""
    INSERT INTO gate_kinds_held
    SELECT ro.role, rp.purpose, held.clearance, o.record, o.mode, array_agg(o.kind ORDER BY o.kind)
    FROM gate_opening o
    JOIN gate_role_opening ro ON ro.record = o.record AND ro.mode = o.mode
    JOIN gate_role_purpose rp ON rp.role = ro.role
    JOIN gate_opening_purpose op ON op.kind = o.kind AND op.purpose = rp.purpose
    LEFT JOIN gate_clearance c ON c.record = o.record
    LEFT JOIN gate_kind_clearance k ON k.kind = o.kind
    JOIN generate_series({min(Clearance)}, {max(Clearance)}) AS held (clearance) ON held.clearance >= greatest(c.clearance, k.clearance, 0)
    GROUP BY ro.role, rp.purpose, held.clearance, o.record, o.mode"""


def policy_rows() -> Iterator[str]:
    """The statements that write the policy, and the key of the context, into these tables."""
    key = bytes.fromhex(settings.ATLAS_CONTEXT_KEY).ljust(64, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in key).hex() for pad in (0x36, 0x5C))
    yield "; ".join(f"DELETE FROM {table}" for table in OWN_TABLES)
    yield f"INSERT INTO gate_secret VALUES ('\\x{inner}', '\\x{outer}')"
    openings = [
        f"('{opening.kind}', '{opening.scope}', '{record}', '{mode}', {str(record in opening.recent).lower()})"
        for opening in OPENINGS
        for mode, records in ((Mode.READ, opening.reads), (Mode.WRITE, opening.writes))
        for record in sorted(records)
    ]
    yield f"INSERT INTO gate_opening VALUES {', '.join(openings)}"
    yield f"INSERT INTO gate_recent VALUES ('{RECENT.total_seconds():.0f} seconds')"
    for opening in OPENINGS:
        if opening.grace is not None:
            before, after = (f"{grace.total_seconds():.0f} seconds" for grace in opening.grace)
            yield f"INSERT INTO gate_grace VALUES ('{opening.kind}', '{before}', '{after}')"
    roles = [f"('{role.key}', '{record}', '{mode}')" for role in ROLES for record, mode in sorted(role_opens(role))]
    yield f"INSERT INTO gate_role_opening VALUES {', '.join(roles)}"
    purposes = [f"('{opening.kind}', '{purpose}')" for opening in OPENINGS for purpose in sorted(opening.purposes)]
    yield f"INSERT INTO gate_opening_purpose VALUES {', '.join(purposes)}"
    acted_for = [f"('{role.key}', '{purpose}')" for role in ROLES for purpose in role.purposes]
    yield f"INSERT INTO gate_role_purpose VALUES {', '.join(acted_for)}"
    clearances = [f"('{record}', {level.value})" for record, level in CLEARANCE_FOR.items()]
    yield f"INSERT INTO gate_clearance VALUES {', '.join(clearances)}"
    vetted = [f"('{opening.kind}', {opening.clearance.value})" for opening in OPENINGS if opening.clearance]
    yield f"INSERT INTO gate_kind_clearance VALUES {', '.join(vetted)}"
    yield KINDS_HELD
    words = [f"('{name}', '{word}')" for name, words in _named().items() for word in sorted(words)]
    yield f"INSERT INTO gate_word VALUES {', '.join(words)}"
    yield f"INSERT INTO gate_two_persons VALUES {', '.join(pairs())}"
    yield f"INSERT INTO gate_installed VALUES ('{FINGERPRINT}')"
    yield from _longest()


def _named() -> dict[str, Iterable[str]]:
    """Sets of words that the gate's functions ask for by name."""
    finds = _holders(Permission.FIND_CHILD) - SERVICES
    return {
        "service": SERVICES, "statutory": STATUTORY, "opens restricted": OPENS_RESTRICTED, "finds": finds, "screens": SCREENS, "card for": CARD_FOR,
        **{f"one is, for {permission}": pair.one_is for permission, pair in TWO_PERSONS.items()},
        "breaks glass": _holders(Permission.BREAK_GLASS), "reviews": _holders(Permission.REVIEW_BREAK_GLASS),
        "keeps rota": _holders(Permission.PUT_ON_SHIFT) & _holders(Permission.RECORD_LEAVE),
        "records skills": _holders(Permission.RECORD_SKILL), "names contact points": _holders(Permission.NAME_CONTACT_POINT),
    }  # fmt: skip


def _holders(permission: Permission) -> set[str]:
    return {role.key for role in ROLES if permission in role.permissions}


def _longest() -> Iterator[str]:
    """No relationship of a kind that must end may stand for longer than the policy lets it."""
    longest = [
        f"(kind <> '{opening.kind}' OR until_at <= from_at + interval '{opening.most.total_seconds():.0f} seconds')"
        for opening in OPENINGS
        if opening.most
    ]
    ends = [f"'{opening.kind}'" for opening in OPENINGS if opening.most]
    yield "ALTER TABLE gate_relationship DROP CONSTRAINT IF EXISTS relationship_longest"
    yield (
        "ALTER TABLE gate_relationship ADD CONSTRAINT relationship_longest "
        f"CHECK ((kind NOT IN ({', '.join(ends)}) OR until_at IS NOT NULL) AND {' AND '.join(longest)})"
    )
