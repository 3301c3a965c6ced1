"""Changes of pace on simulated children: how soon a planted change is said, and how often the rule speaks where nothing changed. Needs no database.

Children who go missing 3, 6, 12 and 26 times a year live two years, and from the middle of it, where a change is planted, one thing is so from then on:
episodes three times as often; four times as long; found out of the area in three of ten; new company, or lost school, five times as often. Two worlds have
no change: *steady*, where episodes come at a constant rate, and *bursts*, where half of them follow an earlier one after 20 days in the mean, as they do in
life (the reference's calibration: half of all first repeats come within four weeks). Each day the child is looked at; what shows is answered that day, with
four weeks of quiet; it is shown again where more shows it. Length: lognormal, 5 hours in the middle, one in six over 12; found out of the area once in 33
episodes, school and company noted once in 200 days.

The peer is the next review of the plan, each 84 days (level 1), by somebody who sees every change: it would say it after 42 days in the middle.
"""

import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from uuid import UUID

from atlas.plans.rules.pace import FAR, NEW_COMPANY, REPORTED, RETURNED, SCHOOL, Told, patterns
from atlas_analysis.rates.shares import wilson_interval
from bench.measuring import last_line, table

QUICK = "--quick" in sys.argv
EACH = 25 if QUICK else 100  # children of each rate, in each world
RATES = (3, 6, 12, 26)  # episodes a year
CHANGES = ("closer", "longer", "further", "company", "school")
START, DAYS, CHANGE, SEEN_BY = datetime(2025, 1, 1, 12, tzinfo=UTC), 730, 365, 90
REVIEW, QUIET = 84, timedelta(days=28)


@dataclass
class Lived:
    """One simulated child: what was told, and the days on which each change of pace asked somebody to look."""

    told: list[Told]
    asked: dict[str, list[int]] = field(default_factory=dict)

    def first(self, key: str) -> int | None:
        """Days from the change until it was first asked about; None where it was not within the days that count."""
        return next((day - CHANGE for day in self.asked.get(key, []) if CHANGE <= day < CHANGE + SEEN_BY), None)


def times(random: Random, rate: float, changed: float, *, bursts: bool) -> list[float]:
    """Days at which something happens so often a year; from the change on so many times as often."""
    day, found = 0.0, list[float]()
    while day < DAYS:
        now = rate * (changed if day >= CHANGE else 1) / 365 * (0.5 if bursts else 1)
        day += random.expovariate(now)
        found.append(day)
    if bursts:  # each is followed by another with chance one half, and so on
        for first in list(found):
            after = first
            while random.random() < 0.5:
                after += random.expovariate(1 / 20)
                found.append(after)
    return sorted(day for day in found if day < DAYS)


def lived(random: Random, rate: int, change: str = "", *, bursts: bool = False) -> Lived:
    """What is told of one child."""
    told = []

    def tell(kind: str, day: float, about: UUID | None = None) -> None:
        told.append(Told(UUID(int=random.getrandbits(128)), kind, START + timedelta(days=day), about))

    for day in times(random, rate, 3 if change == "closer" else 1, bursts=bursts):
        about, is_after = UUID(int=random.getrandbits(128)), day >= CHANGE
        tell(REPORTED, day, about)
        away = random.lognormvariate(1.6, 0.9) / 24 * (4 if change == "longer" and is_after else 1)
        tell(RETURNED, day + away, about)
        if random.random() < (0.3 if change == "further" and is_after else 0.03):
            tell(FAR, day + away)
    for key, kinds in (("company", NEW_COMPANY), ("school", SCHOOL)):
        for day in times(random, 365 / 200, 5 if change == key else 1, bursts=False):
            tell(random.choice(kinds), day)
    child = Lived(sorted(told, key=lambda one: one.at))
    look(child)
    return child


def look(child: Lived) -> None:
    """Look each day from the fifth month on; what shows is answered at once, quiet for four weeks unless more shows it."""
    quiet: dict[str, tuple[datetime, set[UUID]]] = {}
    for day in range(120, DAYS):
        at = START + timedelta(days=day)
        recent = [one for one in child.told if at - timedelta(days=113) <= one.at <= at]
        for found in patterns(recent, at):
            until, answered = quiet.get(found.key, (at, set()))
            if until > at and set(found.cited) <= answered:
                continue
            quiet[found.key] = (at + QUIET, set(found.cited))
            child.asked.setdefault(found.key, []).append(day)


def share(count: int, of: int) -> str:
    """A share with its interval (Wilson, 95 %)."""
    low, high = wilson_interval(count, of)
    return f"{count / of:.2f} ({low:.2f} to {high:.2f})"


def main() -> None:
    """Live them all, and say what was asked."""
    random = Random(46)
    changed = {change: [lived(random, rate, change) for rate in RATES for _ in range(EACH)] for change in CHANGES}
    still = {
        world: {rate: [lived(random, rate, bursts=world == "bursts") for _ in range(EACH)] for rate in RATES}
        for world in ("steady", "bursts")
    }
    rows, figures = [], dict[str, float]()
    review = [random.uniform(0, REVIEW) for _ in range(10_000)]
    for change, children in changed.items():
        said = [child.first(change) for child in children]  # of each rate in turn
        leads = [lead for lead in said if lead is not None]
        of_rate = [sum(lead is not None for lead in said[n * EACH : (n + 1) * EACH]) / EACH for n in range(len(RATES))]
        hit, wrong = len(leads), sum(child.first(change) is not None for of in still["steady"].values() for child in of)
        one_in_ten = hit / (hit + 9 * wrong)
        rows.append(
            (
                change,
                share(hit, len(said)),
                *(f"{one:.2f}" for one in of_rate),
                f"{median(leads):.0f}",
                max(leads),
                share(hit, hit + wrong),
                f"{one_in_ten:.2f}",
            )
        )
        figures |= {f"{change}_recall": hit / len(said), f"{change}_lead": median(leads), f"{change}_precision": hit / (hit + wrong)}
    heads = ("planted", f"said within {SEEN_BY} days", *(f"of {rate} a year" for rate in RATES), "days, middle", "most")
    table((*heads, "right, where half are changed", "where one in ten is"), rows)
    print(f"the next review: {median(review):.0f} days in the middle, {max(review):.0f} at most\n")
    years = (DAYS - 120) / 365
    loads = []
    for world, by_rate in still.items():
        for rate, children in by_rate.items():
            asked = [sum(len(child.asked.get(key, [])) for child in children) / len(children) / years for key in CHANGES]
            any_closer = sum("closer" in child.asked for child in children)
            loads.append((world, rate, *(f"{one:.2f}" for one in asked), f"{sum(asked):.2f}", share(any_closer, len(children))))
            figures[f"{world}_{rate}_a_child_year"] = sum(asked)
    table(("nothing changed", "episodes a year", *CHANGES, "all: asked a child-year", "asked of closer in 20 months"), loads)
    last_line(children=sum(len(of) for of in changed.values()) + 2 * EACH * len(RATES), **figures)


main()
