"""The sections on made facts: counts are right, what is small is left unsaid, what changed is told and what chance does is not."""

import json
import random
import re
from datetime import date, timedelta
from typing import Any

import pytest

from atlas.missing.codes import AnswerList
from atlas.profile.facts import Facts, fingerprint, told_of
from atlas.profile.making import made
from atlas.profile.rules import age_band, part_of_day, what_is_wrong
from atlas.profile.sections.alike import alike
from atlas.profile.sections.response import response
from atlas.profile.sections.scale import scale, who
from atlas.profile.sections.where import where
from atlas.profile.tables import TOTAL, UNSAID, counted, crossed, named, share

FROM, UNTIL = date(2026, 1, 1), date(2026, 7, 1)


def child(key: str, **other: Any) -> dict[str, Any]:
    """A child of the council at level 2."""
    return {
        "child": key, "is_ours": True, "lives_here": True, "years": 15, "sex": "F", "ethnicity": "W", "is_disabled": False, "is_disability_asked": True,
        "is_looked_after": False, "level": 2, "was": 2, "is_harmed": False, "types": ["criminal"], "plan_on": None, **other,
    }  # fmt: skip


def facts(**rows: list[dict[str, Any]]) -> Facts:
    return Facts({name.rstrip("_"): these for name, these in rows.items()}, FROM, UNTIL)


def world(seed: int, *, moved: str = "") -> Facts:
    """A year of a made-up area in which nothing changes; or, with `moved`, one thing does in the second half."""
    draw = random.Random(seed)
    children = [
        child(f"c{n}", sex=draw.choice("FM"), ethnicity=draw.choice("WWWBAM"), level=draw.choice([0, 1, 2, 3, None])) for n in range(300)
    ]
    episodes, interviews, answers, mentions = [], [], [], []
    places = [
        {"place": f"p{n}", "name": f"Place {n}", "type": "park", "easting": 400_000 + 700 * (n % 6), "northing": 200_000 + 700 * (n // 6), 
            "on": FROM - timedelta(days=300),            "is_answered_for": n % 2 == 0}
        for n in range(30)
    ]  # fmt: skip
    for number in range(1200):
        on = FROM - timedelta(days=181) + timedelta(days=draw.randrange(362))
        of, late = f"c{draw.randrange(300)}", on >= FROM
        episodes.append(
            {"child": of, "on": on, "hour": draw.randrange(24), "hours": draw.expovariate(0.1), "is_elsewhere": False, "grade": "MED"}
        )
        interviews.append(
            {
                "child": of,
                "interview": f"i{number}",
                "on": on,
                "held_on": on,
                "is_offered": True,
                "timeliness": draw.choice(["in_time", "in_time", "late"]),
            }
        )
        answers.append({"interview": f"i{number}", "on": on, "question": "push", "code": draw.choice(["P01", "P02", "P07", "P08"])})
        if (moved == "theme" and late and draw.random() < 0.3) or draw.random() < 0.1:
            answers.append({"interview": f"i{number}", "on": on, "question": "pull", "code": "L06"})
        answers.append({"interview": f"i{number}", "on": on, "question": "pull", "code": "L01"})
        place = f"p{draw.randrange(30)}"
        if moved == "place" and on >= UNTIL - timedelta(days=40) and draw.random() < 0.3:
            place = "p7"
        mentions.append({"child": of, "interview": f"i{number}", "on": on, "place": place, "settled": "place"})
    return facts(child=children, episode=episodes, interview=interviews, answer=answers, mention=mentions, place=places)


def test_bands_and_parts_of_the_day() -> None:
    assert [age_band(years) for years in (11, 12, 13, 14, 15, 16, 18, None)] == [
        "Under 12", "12 and 13", "12 and 13", "14 and 15", "14 and 15", "16 and over", "16 and over", "Not recorded",
    ]  # fmt: skip
    assert part_of_day(5).startswith("Midnight") and part_of_day(6).startswith("6 am") and part_of_day(23).startswith("6 pm")


def test_a_period_that_is_none_is_said() -> None:
    today = date(2026, 7, 1)
    assert what_is_wrong(FROM, UNTIL, today) == ""
    assert "must be over" in what_is_wrong(FROM, UNTIL + timedelta(days=1), today)
    assert "what chance did" in what_is_wrong(UNTIL - timedelta(days=89), UNTIL, today)
    assert "at most" in what_is_wrong(UNTIL - timedelta(days=367), UNTIL, today)


@pytest.mark.parametrize(
    ("count", "of", "is_said"), [(6, 12, True), (5, 12, False), (0, 12, True), (7, 12, False), (12, 12, True), (0, 0, True), (3, 3, False)]
)
def test_a_share_is_said_only_where_it_and_the_rest_are_not_small(count: int, of: int, is_said: bool) -> None:
    assert (share(count, of) != UNSAID) is is_said


def test_a_cell_that_is_left_unsaid_cannot_be_taken_from_its_total() -> None:
    table = counted("sex", "Sex", ["Boys", "Girls", "Others"], {"Now": ["Boys"] * 3 + ["Girls"] * 40 + ["Others"] * 20})
    cells = {row[0]: row[1] for row in table.rows}
    assert cells["Boys"] == UNSAID and cells[TOTAL] == "63"
    assert sum(cell == UNSAID for cell in cells.values()) >= 2  # one alone would be the rest
    alone = counted("sex", "Sex", ["Boys", "Girls"], {"Now": ["Boys"] * 3 + ["Girls"] * 40})
    assert [row[1] for row in alone.rows] == [UNSAID, UNSAID, "0 (0%)", "43"]


def test_crossed_tables_are_protected_and_named_ones_count_children_once() -> None:
    table = crossed(
        "t",
        "T",
        ["a", "b", "c"],
        ["x", "y"],
        {("a", "x"): 2, ("a", "y"): 30, ("b", "x"): 40, ("b", "y"): 50, ("c", "x"): 60, ("c", "y"): 70},
    )
    assert table.rows[0][1] == UNSAID and sum(cell == UNSAID for row in table.rows for cell in row) >= 4
    assert named("n", "N", "children", {"A": 20, "B": 3, "C": 0}, 40).rows == [["A", "20 of 40 (50%; 35% to 65%)"], ["B", UNSAID]]


def test_scale_counts_the_new_and_those_whose_level_came_down() -> None:
    children = (
        [child(f"a{n}") for n in range(20)] + [child(f"n{n}", was=None) for n in range(8)] + [child(f"z{n}", level=0) for n in range(7)]
    )
    children += [child("other", is_ours=False), child("never", level=None, was=None)]
    section = scale(facts(child=children), 10_000)
    assert section.words[0] == "At a level above none: 28 of the council’s children; when the period began: 27."
    assert section.words[1].startswith("Came to such a level: 8. Came down to none: 7.")
    assert section.tables[1].rows[0] == ["At a level above none", "28.0 (18.6 to 40.5)"]
    fewer = [child(f"a{n}") for n in range(20)] + [child(f"n{n}", was=None) for n in range(8)] + [child("z", level=0)]
    assert (
        scale(facts(child=fewer), None).words[1].startswith("Came to such a level: not said. Came down to none: not said.")
    )  # 21 + 8 - 28
    assert scale(facts(child=children), None).tables[1].rows[0][1] == "not known"


def test_what_is_not_recorded_stands_beside_every_figure() -> None:
    tables = {table.key: table for table in who(facts(child=[child(f"c{n}", ethnicity="" if n < 10 else "W") for n in range(40)])).tables}
    assert "10 of 40 (25%; " in tables["ethnicity"].note


def test_what_moved_is_found_and_what_did_not_is_not() -> None:
    quiet = [
        found.key for seed in range(12) for found in made(world(seed), "Fernleigh", None).found if not found.key.startswith("not_recorded")
    ]
    assert len(quiet) <= 4  # at 5 in 100 for each of several kinds of finding
    theme = made(world(1, moved="theme"), "Fernleigh", None)
    assert "theme:pull:L06:more" in [found.key for found in theme.found]
    place = made(world(1, moved="place"), "Fernleigh", None)
    assert "place:p7" in [found.key for found in place.found]
    row = next(
        row for table in where(world(1, moved="place"))[0].tables if table.key == "places" for row in table.rows if row[0] == "Place 7"
    )
    assert row[5] == "more than before"


def test_the_same_facts_give_the_same_document_and_fingerprint_in_any_order() -> None:
    one, other = world(3), world(3)
    shuffled = Facts({kind: sorted(rows, key=str, reverse=True) for kind, rows in other.rows.items()}, FROM, UNTIL)
    assert fingerprint(one) == fingerprint(shuffled)
    renamed = json.loads(re.sub(r'"([ci])(\d+)"', r'"x\1\2"', json.dumps(one.rows, default=str)))
    days = {"on", "held_on"}
    keyed = {
        kind: [{key: date.fromisoformat(value) if key in days and value else value for key, value in row.items()} for row in rows]
        for kind, rows in renamed.items()
    }
    assert fingerprint(Facts(keyed, FROM, UNTIL)) == fingerprint(one) != fingerprint(world(4))
    assert made(one, "Fernleigh", 75_000).content == made(shuffled, "Fernleigh", 75_000).content


def test_two_profiles_differ_by_the_children_of_whom_something_else_is_counted() -> None:
    one = world(3)
    rows = {kind: [dict(row) for row in of_kind] for kind, of_kind in one.rows.items()}
    for row in rows["child"][:2]:
        row["years"] += 1
    interview = next(row["interview"] for row in rows["interview"] if row["child"] not in {one["child"] for one in rows["child"][:2]})
    rows["answer"].append({"interview": interview, "on": FROM, "question": "why", "code": "another"})
    before, after = told_of(one, b"key"), told_of(Facts(rows, FROM, UNTIL), b"key")
    assert len(before - after) == len(after - before) == 3
    assert told_of(one, b"key") == before and not before & told_of(one, b"another")
    assert len(before) >= len(one.of("child"))  # also of children of whom the same is counted


def test_nothing_at_all_is_said_as_nothing() -> None:
    empty = made(facts(), "Fernleigh", None)
    assert not empty.found and len(empty.content["sections"]) == 14
    assert "No search for clusters was made" in json.dumps(empty.content)


def test_how_groups_fare_gives_no_group_away() -> None:
    """The total stands in another table: one group alone may not be left unsaid."""
    children = [child(f"b{n}", sex="M") for n in range(10)] + [child(f"g{n}", sex="F") for n in range(10)]
    interviews = [
        {"child": f"{who}{n}", "interview": f"{who}{n}", "on": FROM, "held_on": FROM, "is_offered": True, "timeliness": "in_time" if n < times else "late"}
        for who, times in (("b", 0), ("g", 4)) for n in range(10)
    ]  # fmt: skip
    section = response(facts(child=children, interview=interviews))[0]
    cells = {table.key: [row[1] for row in table.rows] for table in section.tables}
    assert cells["fair_sex"] == [UNSAID, UNSAID]


def test_how_alike_two_people_code_is_said_of_enough_interviews_with_a_caveat_where_they_are_few() -> None:
    def coded(many: int, other: str = "P02") -> list[list[str]]:
        first = {f"i{n}": {("push", "P01" if n % 2 else "P02")} for n in range(60)}
        second = {f"i{n}": {("push", other if n % 10 == 0 else "P01" if n % 2 else "P02")} for n in range(many)}
        words, table = alike(first, second, (AnswerList.PUSH,))
        assert (UNSAID in words) == (not table.rows)
        return [list(row) for row in table.rows]

    assert coded(5) == [] == coded(57)  # few were, or few were not
    assert coded(40)[0][1:] == ["40 of 40", "1.0 (1.0 to 1.0)"]
    assert coded(40, "P01")[0][2].startswith("0.8 (") and "few" not in coded(40, "P01")[0][2]
    assert coded(12, "P07")[0][2].endswith("; few, so read it with care")
