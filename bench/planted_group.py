"""The planted group of Fernleigh's year: which of its members the engine names, whom else it names, and how many groups it tells in years whose episodes are shuffled.

The year is the demonstration's own plan. Looked for as the service does: pairs missing at the same time beyond chance (false discoveries 5 %), and groups of
whom more pairs are than in all but five of 100 shuffled years. Shuffled: each child's occasions (episodes less than two weeks apart) are moved around the year by a
whole number of weeks drawn for each, so that on what days, at what hours and how often each child goes missing stays; who else does so then is chance. The peer
is a count: whoever was missing at the same time twice or more, and whoever hangs together over such pairs. Needs no database.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from itertools import combinations
from random import Random

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "atlas.config.settings")
import django

django.setup()

import pyarrow as pa  # noqa: E402

from atlas_analysis.networks.crowds import crowds  # noqa: E402
from atlas_analysis.networks.together import APART, WEEK, missing_together  # noqa: E402
from bench.measuring import last_line, table  # noqa: E402
from demo.group import members  # noqa: E402
from demo.make import plan  # noqa: E402

QUICK = "--quick" in sys.argv
WITHIN = 19 if QUICK else 99
NOW, SEEDS, SHUFFLES = datetime(2026, 11, 25, tzinfo=UTC), (20260504,) if QUICK else (20260504, 1), 2 if QUICK else 10
YEAR = 365 * 24 * 60
Spell = tuple[str, int, int]
Pair = tuple[str, str]


def spells(state: str, seed: int) -> tuple[list[Spell], set[str]]:
    """Who was missing from which minute to which, and the planted children."""
    calibration, _, episodes, start, _, _ = plan(state, seed, NOW)
    found = []
    for one in episodes:
        since, until = one.reported, min(one.returned or NOW, NOW)
        found.append((str(one.child.number), _minute(since, start), max(_minute(since, start), _minute(until, start))))
    return [one for one in found if 0 <= one[1] < YEAR], {str(number) for number in members(calibration)}


def _minute(at: datetime, start: datetime) -> int:
    return int((at - start) / timedelta(minutes=1))


def shuffled(year: list[Spell], random: Random) -> list[Spell]:
    """Each occasion of each child moved around the year by whole weeks."""
    weeks, made, last, move = YEAR // WEEK, list[Spell](), dict[str, int](), dict[str, int]()
    for child, since, until in sorted(year):
        if child not in last or since - last[child] >= APART:
            move[child] = random.randrange(weeks)
        last[child] = until
        begins = (since + move[child] * WEEK) % (weeks * WEEK)
        made.append((child, begins, begins + until - since))
    return made


def told(year: list[Spell]) -> tuple[list[Pair], list[tuple[str, ...]]]:
    """Pairs beyond chance, and groups out of them."""
    columns = {name: [one[at] for one in year] for at, name in enumerate(("child", "from_minute", "until_minute"))}
    made = pa.table(columns)
    found = [one.members for one in crowds(made, 0, YEAR - 1, 7, shuffles=WITHIN)]
    return [(one.one, one.other) for one in missing_together(made, 0, YEAR - 1).pairs], found


def counted(year: list[Spell]) -> tuple[list[Pair], list[tuple[str, ...]]]:
    """Pairs missing at the same time twice or more, and groups out of them."""
    seen: dict[Pair, int] = {}
    for (one, since, until), (other, begins, ends) in combinations(sorted(year), 2):
        if one != other and since <= ends and begins <= until:
            seen[one, other] = seen.get((one, other), 0) + 1
    pairs = [pair for pair, times in seen.items() if times >= 2]
    return pairs, joined(pairs)


def joined(pairs: list[Pair]) -> list[tuple[str, ...]]:
    """Whoever hangs together over pairs, three or more."""
    groups: list[set[str]] = []
    for pair in pairs:
        meets = [one for one in groups if one & set(pair)]
        groups = [one for one in groups if not one & set(pair)] + [set(pair).union(*meets)]
    return [tuple(sorted(one)) for one in groups if len(one) >= 3]


def main() -> None:
    """Look in the year and in its shuffles."""
    rows, all_planted, all_found, wrongly, pairs_wrong, chance, chance_pairs, years = [], 0, 0, 0, 0, 0, 0, 0
    for state in ("after", "small"):
        for seed in SEEDS:
            year, planted = spells(state, seed)
            by = {"ours": told(year), "count": counted(year)}
            noise = [told(shuffled(year, Random(f"{seed} {number}"))) for number in range(SHUFFLES)]
            peer = [counted(shuffled(year, Random(f"{seed} {number}"))) for number in range(SHUFFLES)]
            for way, (pairs, groups) in by.items():
                best = max(groups, key=lambda group: len(planted & set(group)), default=())
                others = {one for group in groups for one in group} - planted
                null = noise if way == "ours" else peer
                wrong = sum(not planted >= set(pair) for pair in pairs)
                null_groups, null_pairs = sum(len(groups) for _, groups in null), sum(len(pairs) for pairs, _ in null)
                rows.append(
                    (
                        state,
                        seed,
                        way,
                        len(year),
                        len(planted),
                        len(planted & set(best)),
                        len(others),
                        len(pairs),
                        wrong,
                        null_groups,
                        null_pairs,
                    )
                )
                if way == "ours":
                    all_planted, all_found, wrongly = (
                        all_planted + len(planted),
                        all_found + len(planted & set(best)),
                        wrongly + len(others),
                    )
                    pairs_wrong, chance, chance_pairs, years = (
                        pairs_wrong + wrong,
                        chance + null_groups,
                        chance_pairs + null_pairs,
                        years + SHUFFLES,
                    )
    heads = (
        "year",
        "seed",
        "way",
        "episodes",
        "planted",
        "found",
        "others named",
        "pairs",
        "not of the group",
        "groups, shuffled",
        "pairs, shuffled",
    )
    table(heads, rows)
    last_line(
        planted=all_planted, found=all_found, others_named=wrongly, pairs_not_of_the_group=pairs_wrong, shuffled_years=years, groups_in_shuffled=chance,
        pairs_in_shuffled=chance_pairs,
    )  # fmt: skip


main()
