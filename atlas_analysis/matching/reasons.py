"""Why two records may be of one person, term by term, in plain words."""

from dataclasses import dataclass
from math import log2

import pyarrow.compute as pc

from atlas_analysis.matching.deciding import SHARED_BY
from atlas_analysis.matching.model import Model
from atlas_analysis.matching.standard import People
from atlas_analysis.matching.terms import BY_NAME, TERMS, Row, degree
from atlas_analysis.matching.usual import SCARCE


@dataclass(frozen=True)
class Reason:
    """What one term says: its name, its degree, both values as compared, its weight in bits (0 says nothing), of which `commonness`
    for how common the value is; in words."""

    term: str
    degree: str
    left: str | None
    right: str | None
    weight: float
    commonness: float
    words: str


@dataclass(frozen=True)
class Explanation:
    """All of it: `weight` is `start` and the reasons' weights together; `probability` is that of one person, from 0 to 1."""

    weight: float
    start: float
    reasons: tuple[Reason, ...]

    @property
    def probability(self) -> float:
        """2^weight against one."""
        return 1 / (1 + 2.0**-self.weight) if self.weight >= 0 else 2.0**self.weight / (1 + 2.0**self.weight)

    @property
    def words(self) -> tuple[str, ...]:
        """Sentences, what says most first."""
        return tuple(reason.words for reason in sorted(self.reasons, key=lambda one: -abs(one.weight)) if reason.weight)


class Commonness:
    """How common values are among the records that are compared: shares from 0 to 1 of those records that have one."""

    def __init__(self, people: People) -> None:
        self.totals: dict[str, int] = {}
        self.often: dict[str, dict[str, int]] = {}
        for column in {level.common for term in TERMS for level in term.levels if level.common}:
            values = people.table[column]
            self.totals[column] = len(values) - values.null_count
            counted = values.value_counts()
            counted = counted.filter(pc.and_(pc.greater(counted.field("counts"), 1), pc.is_valid(counted.field("values"))))
            self.often[column] = dict(zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True))

    def times(self, column: str, value: str | None) -> int:
        """How many of the records have a value, of those columns whose values are counted."""
        return self.often.get(column, {}).get(value or "", 1)

    def share(self, column: str, value: str | None) -> float | None:
        """The share of a value that at least one of the records has; None where none has any."""
        if value is None or not self.totals[column]:
            return None
        return self.often[column].get(value, 1) / self.totals[column]


def _size(weight: float) -> str:
    times = 2 ** min(abs(weight), 40)
    if times < 1.15:
        return "says next to nothing"
    said = f"{times:,.1f}" if times < 10 else f"{float(f'{times:.2g}'):,.0f}"
    return f"{said} times likelier the same person" if weight > 0 else f"{said} times less likely the same person"


def weights_of(model: Model, name: str, a: Row, b: Row, common: Commonness) -> tuple[int, float, float]:
    """The place of a term's degree between two records, its weight in bits, and how much of that is for how common the value is."""
    place = degree(BY_NAME[name], a, b)
    level = BY_NAME[name].levels[place]
    if level.unknown:
        return place, 0.0, 0.0
    share = common.share(level.common, a[level.common]) if level.common else None
    extra = 0.0 if share is None else log2(model.chances[name][level.name][1]) - log2(share)
    return place, model.weight(name, level.name) + extra, extra


def _reason(name: str, a: Row, b: Row, found: tuple[int, float, float], times: int) -> Reason:
    term = BY_NAME[name]
    place, weight, extra = found
    level = term.levels[place]
    said = f"{term.words[0].upper()}{term.words[1:]} {level.words}"
    how = " and rare here" if extra > 1 else " but common here" if extra < -1 else ""
    if name in SCARCE:
        how = f", which {times} records have" if level.common and times > SHARED_BY else ""
    words = f"{said}." if level.unknown else f"{said}{how}: {_size(weight)}."
    return Reason(name, level.name, a[term.column], b[term.column], weight, extra, words)


def explain(model: Model, a: Row, b: Row, common: Commonness) -> Explanation:
    """The weight of two records in one form, and why. `b` is one of those whose commonness it is; then the weight is the library's own."""
    found = {name: weights_of(model, name, a, b, common) for name in model.chances}
    reasons = tuple(_reason(name, a, b, one, common.times(BY_NAME[name].column, b[BY_NAME[name].column])) for name, one in found.items())
    return Explanation(model.start + sum(reason.weight for reason in reasons), model.start, reasons)
