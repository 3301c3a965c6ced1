"""Whether records go on their day: a million invented lives to the age of 110, with holds, records that are found to be of one child, and a council that changes
its mind midway (protection.md 7, G3: none early, none late by more than 31 days). No peer: what is compared is a second calculation. Needs no database.

The rules of Atlas (`atlas/retention/rules.py`) are asked on each day on which anything changes, as tick and two people who agree at once would; what is set
aside is looked at again thirty days later. The second calculation knows none of that code: it paints, day by day, whether something keeps the record (its own calendar
included).
Early: something kept it when it was set aside, or when it was erased. Late: nothing had kept it for more than 31 days. `--quick`: 20,000 lives; a number: so many.
"""

import random
import sys
import time
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy

from atlas.retention.rules import TOMBSTONE, Event, Facts, Group, Kept, due
from bench.measuring import last_line, table

LIVES = 20_000 if "--quick" in sys.argv else int(next((word for word in sys.argv[1:] if word.isdigit()), 1_000_000))
FIRST, CHANGE = date(1990, 1, 1), date(2070, 7, 1)
G, E = Group, Event
BEFORE = {
    G.LOOKED_AFTER: Kept(E.BIRTH, 75, 15), G.ADOPTED: Kept(E.ORDER, 100), G.CHILD_PROTECTION: Kept(E.BIRTH, 25), G.CHILD_IN_NEED: Kept(E.LAST_CONTACT, 35),
    G.ALLEGATION: Kept(E.END, 40), G.KNOWN: Kept(E.LAST_CONTACT, 6),
}  # fmt: skip
# The council keeps what no statute says otherwise from now on: longer the one, shorter the other.
AFTER = BEFORE | {G.CHILD_PROTECTION: Kept(E.LAST_CONTACT, 35), G.CHILD_IN_NEED: Kept(E.BIRTH, 25), G.KNOWN: Kept(E.LAST_CONTACT, 10)}


@dataclass
class Life:
    """One child: born when, what became of the child on which day, and from when until when something held the record."""

    born: date
    group: Group
    contacts: list[date]
    died: date | None = None
    ordered: date | None = None
    alleged: date | None = None
    holds: list[tuple[date, date]] = field(default_factory=list)


def lived(chance: random.Random) -> Life:
    born = FIRST + timedelta(days=chance.randrange(365 * 40))
    if chance.random() < 0.002:
        born = date(chance.choice([1992, 1996, 2000, 2004, 2008, 2012, 2016, 2020, 2024]), 2, 29)
    group = chance.choices([G.LOOKED_AFTER, G.CHILD_PROTECTION, G.CHILD_IN_NEED, G.KNOWN], [2, 3, 6, 9])[0]
    contacts = sorted(born + timedelta(days=chance.randrange(1, 365 * 20)) for _ in range(chance.randrange(1, 5)))
    life = Life(born, group, contacts)
    if chance.random() < 0.02:
        life.died = born + timedelta(days=chance.randrange(1, 365 * 30))
        life.contacts = [day for day in contacts if day <= life.died] or [life.died]
    if chance.random() < 0.03:
        life.ordered = born + timedelta(days=chance.randrange(200, 365 * 12))
        life.contacts = sorted([*life.contacts, life.ordered])
    if chance.random() < 0.03:
        life.alleged = life.contacts[-1]
    for _ in range(chance.choices([0, 1, 2], [7, 2, 1])[0]):
        begins = born + timedelta(days=chance.randrange(365 * 105))
        life.holds.append((begins, begins + timedelta(days=chance.randrange(1, 365 * 8))))
    return life


def together(life: Life, other: Life) -> Life:
    """Two records that were found to be of one child, from the beginning on as far as anything may go: what holds one holds both."""
    groups = [G.LOOKED_AFTER, G.CHILD_PROTECTION, G.CHILD_IN_NEED, G.KNOWN]
    return Life(
        life.born, min(life.group, other.group, key=groups.index), sorted(life.contacts + other.contacts), life.died, life.ordered or other.ordered,
        max(filter(None, (life.alleged, other.alleged)), default=None), life.holds + other.holds,
    )  # fmt: skip


def erased_on(life: Life) -> date:
    """By Atlas's rules: the day on which tick erases."""
    changes = sorted({life.contacts[-1], CHANGE, *(day for hold in life.holds for day in hold), *filter(None, [life.died])})
    asked = life.contacts[-1]  # nothing goes while contacts are still to come: the child is worked with
    while True:
        later = bisect_right(changes, asked)
        until = changes[later] if later < len(changes) else date.max
        day = max(due_on(life, asked), asked)
        if day >= until or is_held(life, day):
            asked = until
            continue
        erase = day + TOMBSTONE
        if not is_held(life, erase) and due_on(life, erase) <= erase:  # what was set aside is looked at once more on its last day
            return erase
        asked = erase


def due_on(life: Life, asked: date) -> date:
    days = {E.LAST_CONTACT: life.contacts[-1], **({E.ORDER: life.ordered} if life.ordered else {})}
    groups = frozenset({life.group, *([G.ADOPTED] if life.ordered else []), *([G.ALLEGATION] if life.alleged else [])})
    died = life.died if life.died and life.died <= asked else None
    facts = Facts(groups, life.born, died, False, days, {G.ALLEGATION: life.alleged} if life.alleged else {})
    found = due(facts, AFTER if asked >= CHANGE else BEFORE)
    assert found.on is not None
    return found.on


def is_held(life: Life, day: date) -> bool:
    return any(begins <= day < ends for begins, ends in life.holds)


def ordinal(year: int, month: int, day: int) -> int:
    """The number of a day, by a calendar of our own: whole years, then whole months."""
    leap = year % 400 == 0 or (year % 4 == 0 and year % 100 != 0)
    lengths = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    before = year - 1
    return before * 365 + before // 4 - before // 100 + before // 400 + sum(lengths[: month - 1]) + day


def anniversary(day: date, years: int) -> int:
    year = day.year + years
    leap = year % 400 == 0 or (year % 4 == 0 and year % 100 != 0)
    return ordinal(year, 3, 1) if (day.month, day.day) == (2, 29) and not leap else ordinal(year, day.month, day.day)


def wrong(life: Life, erased: int) -> tuple[bool, int]:
    """By the second calculation: whether something kept the record on the day on which it was erased, or thirty days before it, when it was set aside; and for how
    many days nothing had kept it.
    """
    start = ordinal(life.born.year, life.born.month, life.born.day)
    kept = numpy.zeros(max(erased - start + 1, 1), dtype=bool)  # by day, from the birth to the day on which it was erased
    last = life.contacts[-1]
    change = max(0, ordinal(CHANGE.year, CHANGE.month, CHANGE.day) - start)
    for first, until in ((0, change), (change, len(kept))):
        is_after = first == change
        ends = {
            "looked_after": anniversary(life.born, 75), "child_protection": anniversary(last, 35) if is_after else anniversary(life.born, 25),
            "child_in_need": anniversary(life.born, 25) if is_after else anniversary(last, 35), "known": anniversary(last, 10 if is_after else 6),
        }[life.group.value]  # fmt: skip
        if life.group is G.LOOKED_AFTER and life.died and life.died.toordinal() < anniversary(life.born, 18):
            ends = anniversary(life.died, 15)
        ends = max(
            ends,
            anniversary(life.ordered, 100) if life.ordered else 0,
            anniversary(life.alleged, 40) if life.alleged else 0,
            last.toordinal(),
        )
        kept[first : max(first, min(until, ends - start))] = True
    for begins, ends_on in life.holds:
        kept[max(0, begins.toordinal() - start) : max(0, ends_on.toordinal() - start)] = (
            True  # one of the other record's may lie before this birth
        )
    is_early = bool(kept[erased - start] or kept[erased - start - 30])
    return is_early, int(kept[erased - start - 1 :: -1].argmax())


chance = random.Random(20261129)
began = time.perf_counter()
early = late = merged = latest = held = 0
for number in range(LIVES):
    life = lived(chance)
    if number % 50 == 0:
        life, merged = together(life, lived(chance)), merged + 1
    held += bool(life.holds)
    is_early, after = wrong(life, erased_on(life).toordinal())
    early += is_early
    late += after > 31
    latest = max(latest, after)
took = time.perf_counter() - began
table(
    ("lives", "held", "of two records", "early", "late over 31 days", "latest, days", "seconds"),
    [(f"{LIVES:,}", f"{held:,}", f"{merged:,}", str(early), str(late), str(latest), f"{took:.0f}")],
)
last_line(lives=LIVES, held=held, merged=merged, early=early, late=late, latest_days=latest, seconds=took)
