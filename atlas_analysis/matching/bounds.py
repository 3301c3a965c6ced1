"""What a pair can weigh at most, by what can be told without comparing letter by letter: pairs that cannot reach the least weight asked for need not be weighed.

Every degree of agreement but that of names spelt almost alike says that one value equals another, or that two dates differ in one digit. These are told from marks of
the values, for millions of pairs at once. Two names can be almost alike only where their lengths and the letters that they are made of nearly agree; where they do, the
highest weight that could be is taken. So nothing that reaches the least is left out.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from atlas_analysis.matching.keys import Marks, marks_of_column, texts_of
from atlas_analysis.matching.model import Model
from atlas_analysis.matching.terms import BY_NAME, TERMS

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Weights = npt.NDArray[np.float64]
COLUMNS = (
    "forename", "given", "whole", "turned", "root", "second", "surname", "head", "tail", "born", "turned_born", "birth_year", "vague_year", "sex",
    "postcode", "sector", "area", "telephone", "nhs_number", "upn",
)  # fmt: skip
AT_ONCE = 500_000
MAYBE = ("close", "initial")
OTHERS = np.uint32(1)


class Bounds:
    """The most that pairs of these records can weigh by a model; `rare`: how rare their values are, in bits, where that is not to be reckoned from themselves."""

    def __init__(self, table: pa.Table, model: Model, rare: Mapping[str, Weights] | None = None) -> None:
        self.model = model
        self.marks: dict[str, Marks] = {name: marks_of_column(table[name]) for name in COLUMNS}
        self.shapes, self.days = {name: Shapes(table[name]) for name in ("forename", "surname")}, days_of(table["born"])
        columns = {level.common for term in TERMS if term.name in model.chances for level in term.levels if level.common}
        self.rare = rare or {column: rarity(self.marks[column]) for column in columns}

    def most(self, left: Places, right: Places) -> Weights:
        """The most that each pair can weigh, in bits."""
        found = np.full(len(left), self.model.start)
        for begin in range(0, len(left), AT_ONCE):
            some = slice(begin, begin + AT_ONCE)
            for name in self.model.chances:
                found[some] += self._of_term(name, left[some], right[some])[1]
        return found

    def told(self, left: Places, right: Places) -> tuple[dict[str, Places], Weights, Flags]:
        """The same with the degree of each term; and whether that is but the most, since names might be almost alike."""
        found = {name: self._of_term(name, left, right) for name in self.model.chances}
        unsure = np.zeros(len(left), bool)
        for name, (degrees, _) in found.items():
            unsure |= np.isin(degrees, [place for place, level in enumerate(BY_NAME[name].levels) if level.name in MAYBE])
        weights = self.model.start + sum((weights for _, weights in found.values()), np.zeros(len(left)))
        return {name: degrees for name, (degrees, _) in found.items()}, weights, unsure

    def _of_term(self, name: str, left: Places, right: Places) -> tuple[Places, Weights]:
        levels = BY_NAME[name].levels
        weights = {level.name: 0.0 if level.unknown else self.model.weight(name, level.name) for level in levels}
        places = {level.name: place for place, level in enumerate(levels)}
        found, degrees = np.full(len(left), weights["other"]), np.full(len(left), places["other"], np.int64)
        for level, holds in reversed(list(self._degrees(name, left, right))):  # the first that holds, holds
            later = [weights[one.name] for one in levels[places[level] :]]
            found[holds], degrees[holds] = max(later) if level in MAYBE else weights[level], places[level]
            column = levels[places[level]].common
            if column:  # what many have says less: as the library reckons it, log2(u) less log2 of the share
                found[holds] += np.log2(self.model.chances[name][level][1]) + self.rare[column][left[holds]]
        return degrees, found

    def _degrees(self, name: str, left: Places, right: Places) -> Iterator[tuple[str, Flags]]:
        """The degrees of a term in their order, with the pairs of which each holds or, of MAYBE, could (some of them are an earlier one's)."""

        def same(one: str, other: str | None = None) -> Flags:
            mine = self.marks[one][left]
            return (mine != 0) & (mine == self.marks[other or one][right])

        def known(column: str) -> Flags:
            return (self.marks[column][left] != 0) & (self.marks[column][right] != 0)

        if name == "forename":
            yield from (
                ("unknown", ~known("forename")),
                ("same", same("forename")),
                ("joined", same("given")),
                ("turned", same("whole", "turned")),
            )
            yield from (("family", same("root")), ("second", same("forename", "second") | same("second", "forename")))
            yield from (("close", self.shapes["forename"].alike(left, right)), ("initial", self.shapes["forename"].initial(left, right)))
        elif name == "surname":
            yield from (("unknown", ~known("surname") | same("whole", "turned")), ("same", same("surname")))
            yield "part", same("head") | same("tail") | same("head", "tail") | same("tail", "head")
            yield "close", self.shapes["surname"].alike(left, right)
        elif name == "born":
            yield from (("unknown", ~known("born")), ("same", same("born")), ("transposed", same("born", "turned_born")))
            yield "digit", one_digit(self.days[left] ^ self.days[right])
            yield from (("vague", same("vague_year", "birth_year") | same("birth_year", "vague_year")), ("year", same("birth_year")))
        elif name == "place":
            yield from (("unknown", ~known("area")), ("same", same("postcode")), ("sector", same("sector")), ("area", same("area")))
        else:
            yield from (("unknown", ~known(name)), ("same", same(name)))


class Shapes:
    """How long names are, and of which letters: a bit for each of the alphabet, and one for letters of others, of which nothing is said."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        texts, known = column.combine_chunks(), pc.is_valid(column).to_numpy(zero_copy_only=False)
        ends, letters = texts_of(texts.drop_null())
        bits = np.where(letters >= 128, OTHERS, np.left_shift(np.uint32(1), (letters & 31).astype(np.uint32)) & ~OTHERS)
        self.length, self.letters = np.zeros(len(known), np.int16), np.zeros(len(known), np.uint32)
        self.length[known] = np.diff(ends)
        self.letters[known] = np.bitwise_or.reduceat(bits, ends[:-1]) if len(bits) else 0  # no name is empty

    def alike(self, left: Places, right: Places) -> Flags:
        """Whether names could differ in as few letters as `close` allows: each edit changes at most two of the letters that a name is made of."""
        short = np.minimum(self.length[left], self.length[right])
        apart = np.bitwise_count(self.letters[left] ^ self.letters[right])
        wild = (self.letters[left] | self.letters[right]) & OTHERS != 0
        few = np.abs(self.length[left] - self.length[right]) <= 2
        return wild | (few & (short >= 4) & (apart <= np.where(short >= 7, 4, 2)))

    def initial(self, left: Places, right: Places) -> Flags:
        """Whether either could be an initial alone."""
        return (self.length[left] == 1) | (self.length[right] == 1) | ((self.letters[left] | self.letters[right]) & OTHERS != 0)


def one_digit(apart: npt.NDArray[np.uint32]) -> Flags:
    """Whether two dates, a digit in four bits each, differ in one digit, from the bits in which they do."""
    some = (apart | apart >> 1 | apart >> 2 | apart >> 3) & np.uint32(0x11111111)
    return (some != 0) & (some & (some - np.uint32(1)) == 0)


def days_of(column: pa.ChunkedArray) -> npt.NDArray[np.uint32]:
    """Dates as eight digits of four bits; 0 where there is none."""
    coded = pc.dictionary_encode(column.combine_chunks())
    days = np.array([int(day.replace("-", ""), 16) for day in coded.dictionary.to_pylist()] + [0], np.uint32)
    return days[pc.fill_null(coded.indices, len(days) - 1).to_numpy(zero_copy_only=False)]


def rarity(marks: Marks) -> Weights:
    """For each record, how rare its value is among those that have one: the bits of one over its share; 0 where it has none."""
    known = np.flatnonzero(marks)
    order = known[np.argsort(marks[known])]
    ranked = marks[order]
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]]) if len(known) else np.zeros(0, np.int64)
    many = np.diff(np.r_[starts, len(known)])
    found = np.zeros(len(marks))
    found[order] = np.repeat(-np.log2(many / max(len(known), 1)), many)
    return found


def could_reach(table: pa.Table, model: Model, pairs: Sequence[Places], least: float) -> Flags:
    """Which pairs could weigh so much."""
    return Bounds(table, model).most(pairs[0], pairs[1]) >= least - 1e-6
