"""How alike decisions are, in pure numbers: intervals by known answers; small ones left unsaid; an inconsistent decider found, and noise naming nobody."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from atlas.contacts.rules.consistency import FALSE_ALARMS, POOLED, Counted, groups, left_unsaid, unlike, wilson

OUTCOMES = ["nothing_further", "advice", "assessment"]
SOURCES, CONCERNS = ("school", "police", "health", "public"), ("neglect", "home", "exploitation", "missing")
AGES = ("under 5", "5 to 9", "10 to 14", "15 and over")


def one(**other: object) -> Counted:
    return replace(Counted("school", "home", "5 to 9", "Larkfield", "Front door", 1, "Ann", False, 2, 2, "advice", "", 1), **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [  # Newcombe (1998), table I, method 3
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718), (29, 29, 0.8830, 1.0),
    ],
)  # fmt: skip
def test_intervals_by_known_answers(count: int, of: int, low: float, high: float) -> None:
    assert wilson(count, of) == pytest.approx((low, high), abs=0.0001)


def test_a_share_of_nothing_is_refused() -> None:
    for count, of in ((0, 0), (3, 2), (-1, 4)):
        with pytest.raises(ValueError, match="A share is of"):
            wilson(count, of)


def test_what_could_be_reckoned_back_is_left_unsaid_too() -> None:
    assert left_unsaid([[12, 3, 9], [20, 11, 30]]) == [[False, True, True], [False, True, True]]
    assert left_unsaid([[12, 0, 9], [20, 11, 30]]) == [[False] * 3] * 2  # nought says nothing of anybody
    for seed in range(300):
        chance = random.Random(seed)
        table = [[chance.choice((0, 1, 3, 6, 12, 40)) for _ in range(chance.randint(2, 5))] for _ in range(1)]
        table += [[chance.choice((0, 2, 4, 7, 25)) for _ in table[0]] for _ in range(chance.randint(1, 5))]
        hidden = left_unsaid(table)
        assert all(mark for row, marks in zip(table, hidden, strict=True) for cell, mark in zip(row, marks, strict=True) if 0 < cell < 5)
        assert all(sum(line) != 1 for line in [*hidden, *zip(*hidden, strict=True)]), table


def test_small_groups_stand_together_and_none_can_be_reckoned_back() -> None:
    rows = [one(agency="Alder", many=20), one(agency="Birch", many=3), one(agency="Cedar", many=9)]
    shown = groups(rows, lambda row: row.agency, OUTCOMES)
    assert [(group.name, group.many) for group in shown] == [("Alder", 20), (POOLED, 12)]  # Cedar too: else Birch were the rest
    assert [group.many for group in groups([one(many=4)], lambda row: row.agency, OUTCOMES)] == []
    rows = [one(many=30), one(many=2, level=1, outcome="assessment"), one(many=9, outcome="nothing_further", second="agrees")]
    (group,) = groups(rows, lambda row: row.agency, OUTCOMES)
    assert group.unsaid(OUTCOMES) == ["nothing_further", "assessment"]
    assert [label for label, _ in group.named(OUTCOMES)] == ["advice"]
    assert (group.other_level.words, group.second_differs.words) == ("too few to say", "0 of 9 (0%; 0% to 30%)")


def test_what_has_two_sides_is_unsaid_of_two_groups_or_of_none() -> None:
    """Else the total of another table, less what is said of the other groups, were the small number itself."""
    rows = [one(agency=name, many=20) for name in ("Alder", "Birch", "Cedar")]
    rows += [one(agency="Alder", level=1, many=3), one(agency="Birch", level=1, many=8), one(agency="Cedar", level=1, many=9)]
    assert [group.other_level.count for group in groups(rows, lambda row: row.agency, OUTCOMES)] == [None, None, 9]


def world(seed: int, many: int, deciders: int, planted: int | None = None) -> list[Counted]:
    """So many decisions in which nobody differs; the planted one takes a fifth of the usual share to an assessment."""
    chance, rows = random.Random(seed), Counter[Counted]()
    for _ in range(many):
        source, concern, ages = chance.choice(SOURCES), chance.choice(CONCERNS), chance.choice(AGES)
        decider, given = chance.randrange(deciders), chance.randint(1, 4)
        share = 0.25 + 0.1 * CONCERNS.index(concern) + 0.03 * AGES.index(ages)
        share *= 0.2 if decider == planted else 1
        drawn = chance.random()
        outcome = "assessment" if drawn < share else "nothing_further" if drawn < share + (1 - share) * 0.4 else "advice"
        level = max(1, given - (chance.random() < 0.3))
        rows[Counted(source, concern, ages, "A", "T", decider, f"D{decider}", False, level, given, outcome, "", 1)] += 1
    return [replace(row, many=count) for row, count in rows.items()]


def test_a_planted_decider_is_found_and_noise_names_nobody() -> None:
    """Of 100 worlds in which nobody differs about 5 name somebody (said on the page); of 50 with one planted nearly all name that one, first of all."""
    noise = sum(bool(unlike(world(seed, 400, 6))) for seed in range(100))
    assert noise <= 100 * FALSE_ALARMS + 5  # within what chance allows of 5 in 100: 10 or fewer in 98.9 % of draws
    found = sum(any(found.decider == 0 for found in unlike(world(1000 + seed, 400, 6, planted=0))) for seed in range(50))
    assert found >= 48


def test_nobody_is_named_on_few_decisions_or_unseen() -> None:
    assert unlike([one(outcome="assessment", many=12), one(decider=None, called="", many=300)]) == []
    assert unlike([one(decider=None, outcome="assessment", many=100), one(decider=None, many=300)]) == []
    (named,) = unlike([one(outcome="assessment", many=60), one(decider=None, called="", many=300)])
    assert (named.called, named.held, named.of) == ("Ann", 60, 60)
    assert named.expected < 1
