"""When nothing keeps a child's record any more: the longest class decides, and what is not known, not decided or still open is kept."""

from datetime import date
from typing import Any

import pytest

from atlas.retention.rules import STILL_OPEN, Event, Facts, Group, Kept, due, years_after

G, E = Group, Event
CLASSES = {
    G.LOOKED_AFTER: Kept(E.BIRTH, 75, 15), G.ADOPTED: Kept(E.ORDER, 100), G.CHILD_PROTECTION: Kept(E.BIRTH, 25),
    G.CHILD_IN_NEED: Kept(E.LAST_CONTACT, 3), G.ALLEGATION: Kept(E.END, 10), G.INTELLIGENCE: Kept(E.REVIEW, 0), G.KNOWN: Kept(E.LAST_CONTACT, None),
}  # fmt: skip


def d(text: str) -> date:
    return date.fromisoformat(text)


CASES = [
    # falls under  born  died  days and ends  kept until  by
    ("looked_after", "2011-03-27", None, {}, "2086-03-27", "looked_after"),
    ("looked_after", "2012-02-29", None, {}, "2087-03-01", "looked_after"),  # 2087 has no 29 February: never early
    ("looked_after", "2011-03-27", "2026-05-02", {}, "2041-05-02", "looked_after"),  # 15 years from an early death
    ("looked_after", "2011-03-27", "2029-03-27", {}, "2086-03-27", "looked_after"),  # died on the 18th birthday: not early
    ("looked_after", None, None, {}, None, "that day is not known"),
    ("looked_after adopted", "2011-03-27", None, {"order": "2014-06-01"}, "2114-06-01", "adopted"),  # the longest wins
    ("looked_after adopted", "2011-03-27", None, {}, None, "adoption order on, and that day is not known"),
    ("looked_after adopted", "2011-03-27", "2015-01-01", {"order": "2014-06-01"}, "2114-06-01", "adopted"),
    ("child_protection", "2011-03-27", None, {}, "2036-03-27", "child_protection"),
    ("child_in_need", None, None, {"last_contact": "2026-01-31"}, "2029-01-31", "child_in_need"),  # no birth needed
    ("child_in_need allegation", "2011-03-27", None, {"last_contact": "2026-01-31", "allegation": "2026-02-01"}, "2036-02-01", "allegation"),
    ("child_in_need intelligence", "2011-03-27", None, {"last_contact": "2026-01-31", "review": "2031-01-01"}, "2031-01-01", "intelligence"),  # the date travels
    ("known", "2011-03-27", None, {"last_contact": "2026-01-31"}, None, "has not decided"),
    ("known allegation", "2011-03-27", None, {"last_contact": "2026-01-31", "allegation": "2026-02-01"}, None, "has not decided"),  # it cannot be reckoned
    ("", "2011-03-27", None, {}, None, "under which class"),
]  # fmt: skip


@pytest.mark.parametrize(("groups", "born", "died", "said", "until", "by"), CASES)
def test_kept_until(groups: str, born: str | None, died: str | None, said: dict[str, str], until: str | None, by: str) -> None:
    days = {E(name): d(on) for name, on in said.items() if name in set(E)}
    ends = {G(name): d(on) for name, on in said.items() if name in set(G)}
    facts = Facts(frozenset(G(name) for name in groups.split()), (born and d(born)) or None, (died and d(died)) or None, False, days, ends)
    found = due(facts, CLASSES)
    assert found.on == ((until and d(until)) or None)
    assert found.by == by if until else by in " ".join(found.why)
    is_open: Any = due(Facts(facts.groups, facts.born_on, facts.died_on, True, days, ends), CLASSES)
    assert (is_open.on, is_open.why) == (None, (STILL_OPEN,))


YEARS = [
    # day           years   the same day later
    ("2012-02-29", 4, "2016-02-29"),
    ("2012-02-29", 18, "2030-03-01"),
    ("2000-02-29", 100, "2100-03-01"),  # 2100 is no leap year
    ("2011-03-27", 75, "2086-03-27"),
]  # fmt: skip


@pytest.mark.parametrize(("day", "years", "later"), YEARS)
def test_years_after(day: str, years: int, later: str) -> None:
    assert years_after(d(day), years) == d(later)
