"""How alike decisions are, in pure numbers: small groups left unsaid; an inconsistent decider found, and noise naming nobody."""

import random
from collections import Counter
from dataclasses import replace

from atlas.contacts.rules.consistency import FALSE_ALARMS, POOLED, Counted, groups, unlike

OUTCOMES = ["nothing_further", "advice", "assessment"]
SOURCES, CONCERNS = ("school", "police", "health", "public"), ("neglect", "home", "exploitation", "missing")
AGES = ("under 5", "5 to 9", "10 to 14", "15 and over")


def one(**other: object) -> Counted:
    return replace(Counted("school", "home", "5 to 9", "Larkfield", "Front door", 1, "Ann", False, 2, 2, "advice", "", 1), **other)  # type: ignore[arg-type]


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
