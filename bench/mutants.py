"""Every clause of the policy, weakened, dropped, added to or swapped, one at a time: does the oracle notice?

Data and steps are changed in the evaluator, which is pure; clauses of SQL are changed in a database of the bench's own. A mutant is
caught where some case is then decided otherwise than the oracle decides it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from unittest.mock import patch

from atlas.gate import policy, rules
from atlas.gate.policy import (
    CLEARANCE_FOR,
    NEEDS,
    OPENING,
    ROLE,
    ROLES,
    TWO_PERSONS,
    Clearance,
    Kind,
    Mode,
    Need,
    Pair,
    Permission,
    Purpose,
    RecordKind,
    Sensitivity,
)
from atlas.gate.rules import Asked, Standing
from tests.gate import oracle


@dataclass(frozen=True)
class Mutant:
    """One change. `change`: a context in which it holds; `cases`: what is asked then."""

    what: str
    change: Callable[[], AbstractContextManager[Any]]
    cases: Callable[[], Iterator[tuple[bool, bool]]]  # (oracle, evaluator)

    def is_caught(self) -> bool:
        """Whether some case is decided otherwise."""
        with self.change():
            return any(expected != given for expected, given in self.cases())


def mutants() -> Iterator[Mutant]:
    """Every mutant of data and steps."""
    yield from _of_openings()
    yield from _of_guards()
    yield from _of_steps()
    yield from _of_roles()
    yield from _of_needs()


def _of_openings() -> Iterator[Mutant]:
    for kind, opening in OPENING.items():
        for field, words in (("reads", list(RecordKind)), ("writes", list(RecordKind)), ("purposes", list(Purpose))):
            held: frozenset[Any] = getattr(opening, field)
            for word in words:
                changed = replace(opening, **{field: held - {word} if word in held else held | {word}})  # type: ignore[arg-type]
                yield Mutant(
                    f"{kind} {field} {'-' if word in held else '+'}{word}", _entry(OPENING, kind, changed), partial(_asked, [kind])
                )
        for record in sorted(opening.reads | opening.writes):
            recent = replace(opening, recent=opening.recent ^ {record})
            sign = "-" if record in opening.recent else "+"
            yield Mutant(f"{kind} recent {sign}{record}", _entry(OPENING, kind, recent), partial(_asked, [kind]))
        for level in (one for one in Clearance if one != opening.clearance):
            yield Mutant(
                f"{kind} asks for clearance {level.value}",
                _entry(OPENING, kind, replace(opening, clearance=level)),
                partial(_asked, [kind]),
            )


def _of_guards() -> Iterator[Mutant]:
    for record in RecordKind:
        levels = [level for level in Clearance if level != CLEARANCE_FOR.get(record, Clearance.BASIC)]
        for level in levels:
            yield Mutant(f"{record} asks for clearance {level.value}", _entry(CLEARANCE_FOR, record, level), partial(_asked, list(Kind)))
    few = [Kind.ALLOCATED, Kind.BREAK_GLASS]
    for where, name, words, cases in (
        (rules, "OPENS_RESTRICTED", list(Kind), partial(_asked, list(Kind))),
        (policy, "STATUTORY", ["council", "police", "health", "voluntary"], partial(_asked, few)),
        (rules, "SERVICES", list(ROLE), partial(_asked, few, list(ROLE))),
    ):
        held: frozenset[Any] = getattr(where, name)
        for word in words:
            changed = held - {word} if word in held else held | {word}
            yield Mutant(f"{name} {'-' if word in held else '+'}{word}", partial(patch.object, where, name, changed), cases)


def _of_steps() -> Iterator[Mutant]:
    for place, (decision, _, passes) in enumerate(rules.STEPS):
        # Without "no relationship", or "old", the step after it denies the same: what opens for a purpose opens, and opens what is old.
        changes = (("dropped", _always), ("always denies", _never), ("turned round", partial(_turned, passes)))
        for what, instead in changes[decision in (rules.Decision.NO_RELATIONSHIP, rules.Decision.OLD) :]:
            steps = (*rules.STEPS[:place], (decision, "", instead), *rules.STEPS[place + 1 :])
            yield Mutant(f"step {decision} {what}", partial(patch.object, rules, "STEPS", steps), _everything_asked)


def _always(how: Standing, asked: Asked) -> bool:
    return True


def _never(how: Standing, asked: Asked) -> bool:
    return False


def _turned(passes: Callable[[Standing, Asked], bool], how: Standing, asked: Asked) -> bool:
    return not passes(how, asked)


def _everything_asked() -> Iterator[tuple[bool, bool]]:
    yield from _asked(list(Kind))
    yield from _permitted(list(ROLE), list(Permission))


def _of_roles() -> Iterator[Mutant]:
    for role in ROLES:
        for purpose in (one for one in Purpose if any(one in opening.purposes for opening in OPENING.values())):
            held = role.purposes
            # A role that acts for nothing else is given a purpose that opens nothing.
            fewer = tuple(one for one in held if one != purpose) or (Purpose.STATISTICS,)
            changed = replace(role, purposes=fewer if purpose in held else (*held, purpose))
            what = f"{role.key} acts {'no longer ' if purpose in held else ''}for {purpose}"
            yield Mutant(what, _entry(ROLE, role.key, changed), partial(_asked, list(Kind), [role.key], own_purposes=True))
        for permission in Permission:
            may = role.permissions
            changed = replace(role, permissions=may - {permission} if permission in may else may | {permission})
            what = f"{role.key} {'-' if permission in may else '+'}{permission}"
            yield Mutant(what, _entry(ROLE, role.key, changed), partial(_permitted, [role.key], [permission]))


def _of_needs() -> Iterator[Mutant]:
    for permission in Permission:
        fewer = {one: pair for one, pair in TWO_PERSONS.items() if one is not permission}
        pairs = fewer if permission in TWO_PERSONS else {**TWO_PERSONS, permission: Pair()}
        what = f"{permission} takes {'one person' if permission in TWO_PERSONS else 'two people'}"
        yield Mutant(what, partial(patch.object, rules, "TWO_PERSONS", pairs), partial(_permitted, list(ROLE), [permission]))
    for permission, need in NEEDS.items():
        changes = [replace(need, mode=Mode.WRITE if need.mode is Mode.READ else Mode.READ)] if need.record else []
        changes += [replace(need, record=record) for record in (*RecordKind, None) if record != need.record]
        if need.record:
            held = need.through or frozenset()
            changes += [replace(need, through=None)] if need.through else []
            # To let in through a kind that opens nothing of this record changes nothing.
            opening = [kind for kind in Kind if kind in held or rules.opens({kind}, need.record, need.mode)]
            changes += [
                replace(need, through=(held - {kind} if kind in held else held | {kind}) or None) for kind in opening if need.through
            ]
        for changed in changes:
            if _asks_the_same(need, changed):
                continue
            what = f"{permission} needs {changed.record} {changed.mode} through {sorted(changed.through or ())}"
            yield Mutant(what, _entry(NEEDS, permission, changed), partial(_permitted, list(ROLE), [permission]))


def _asks_the_same(need: Need, changed: Need) -> bool:
    """Whether the two are one question for everybody, proved: no step looks at more of a record than what is compared here."""
    return _looked_at(need) == _looked_at(changed)


def _looked_at(need: Need) -> tuple[bool, frozenset[Kind], frozenset[Kind], Clearance]:
    if need.record is None:
        return True, frozenset(), frozenset(), Clearance.BASIC
    fitting = frozenset(kind for kind in need.through or Kind if rules.opens({kind}, need.record, need.mode))
    return False, fitting, rules.only_recent(fitting, need.record), CLEARANCE_FOR.get(need.record, Clearance.BASIC)


def _entry(table: Any, key: Any, value: Any) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: patch.dict(table, {key: value})


STATES: tuple[dict[str, Any], ...] = (
    {}, {"live": False}, {"blocked": True}, {"sensitivity": "restricted"}, {"sensitivity": "restricted", "named": True}, {"sensitivity": "hidden"},
    {"sensitivity": "hidden", "named": True}, {"released": False}, {"old": True}, {"old": True, "clearance": 3}, {"clearance": 2}, {"clearance": 1}, {"clearance": 3},
    {"clearance": 3, "sensitivity": "restricted"},
    {"agency": "voluntary", "sensitivity": "restricted"}, {"agency": "police", "sensitivity": "restricted"}, {"agency": "health", "sensitivity": "restricted"},
)  # fmt: skip


def _cases(kinds: list[Kind], roles: list[str]) -> Iterator[oracle.Case]:
    for role in roles:
        purposes = {p.value for p in Purpose} if len(roles) < 3 else {*oracle.ACTS_FOR[role]}
        for kind in kinds:
            for purpose in sorted(purposes):
                for state in STATES:
                    yield oracle.Case(role, frozenset({kind.value}), purpose, **state)


def _standing(case: oracle.Case) -> Standing:
    return Standing(
        role=case.role, is_live=case.live, is_blocked=case.blocked, kinds=frozenset(map(Kind, case.kinds)), purpose=Purpose(case.purpose),
        sensitivity=Sensitivity(case.sensitivity), is_named=case.named, is_statutory=case.agency in policy.STATUTORY, clearance=Clearance(case.clearance),
        is_released=case.released, is_old=case.old,
    )  # fmt: skip


def _for_everything(roles: list[str]) -> ExitStack:
    """As if these roles could act for every purpose: so that no clause's mutant hides behind a role's purposes."""
    stack = ExitStack()
    stack.enter_context(patch.dict(ROLE, {role: replace(ROLE[role], purposes=tuple(Purpose)) for role in roles}))
    stack.enter_context(patch.dict(oracle.ACTS_FOR, {role: [purpose.value for purpose in Purpose] for role in roles}))
    return stack


def _asked(kinds: list[Kind], roles: list[str] | None = None, *, own_purposes: bool = False) -> Iterator[tuple[bool, bool]]:
    """Bare sight and change of every kind of record, as if every role could do all."""
    everything = frozenset((record, mode) for record in RecordKind for mode in Mode)
    asked = roles or ["practitioner", "feed"]
    with patch.object(rules, "role_opens", lambda role: everything), nullcontext() if own_purposes else _for_everything(asked):
        for case in _cases(kinds, asked):
            how = _standing(case)
            for record in RecordKind:
                for mode in Mode:
                    expected = oracle.decide(case, role_may=True, record=record.value, mode=mode.value)
                    yield expected, rules.judged(how, Asked(record, mode)) is rules.Decision.ALLOWED


def _permitted(roles: list[str], permissions: list[Permission]) -> Iterator[tuple[bool, bool]]:
    with _for_everything(roles):
        yield from _permissions_asked(roles, permissions)


def _permissions_asked(roles: list[str], permissions: list[Permission]) -> Iterator[tuple[bool, bool]]:
    for role in roles:
        for kind in Kind:
            for purpose in sorted(oracle.PURPOSES[kind.value])[:1]:
                for clearance, old in ((0, False), (2, False), (3, False), *([(0, True)] if OPENING[kind].recent else [])):
                    case = oracle.Case(role, frozenset({kind.value}), purpose, clearance=clearance, old=old)
                    for permission in permissions:
                        yield from _one_permission(case, permission)


def _one_permission(case: oracle.Case, permission: Permission) -> Iterator[tuple[bool, bool]]:
    how = _standing(case)
    record, mode, through = oracle.NEEDS[permission.value]
    may, two = permission.value in oracle.MAY[case.role], permission.value in oracle.TWO_PERSONS
    for seconded in (False, True) if two else (False,):
        expected = oracle.decide(replace(case, seconded=seconded), role_may=may, record=record, mode=mode, through=through, two=two)
        yield expected, rules.decide(replace(how, is_seconded=seconded), permission) is rules.Decision.ALLOWED
