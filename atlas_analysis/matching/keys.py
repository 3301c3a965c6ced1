"""Which records are set beside each other: those that share one of a dozen narrow keys, and never all with all.

A key that many records share (a common surname, a hostel's telephone) is narrowed with one more thing, then another; a record whose key is too common even
then is counted in the report with how many of them meet nobody by any other key. Growth is with records times `most`, not with records squared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from atlas_analysis.matching.standard import People

Keys = npt.NDArray[np.uint64]
NO_KEY = np.uint64(0)
FULL = 2**64 - 1
SIZES = (40, 25, 15, 10, 7, 5)  # how many records may share one key, tried from the left until candidates are few enough


@dataclass(frozen=True)
class Rule:
    """A key: what two records must share, with what it is narrowed where too many share it, in turn."""

    name: str
    share: tuple[str, ...]
    narrow: tuple[str, ...]


# In `swap` rules one side's column is the other's: both put their two columns in the order of the alphabet.
RULES = (
    Rule("nhs_number", ("nhs_number",), ()),
    Rule("upn", ("upn",), ()),
    Rule("surname_born", ("surname", "born"), ("initial", "sector", "sex")),
    Rule("part_born", ("tail", "born"), ("initial", "sector", "sex")),
    Rule("forename_born", ("root", "born"), ("surname_initial", "area", "sex")),
    Rule("telephone_forename", ("telephone", "initial"), ("root", "birth_year")),
    Rule("place_born", ("postcode", "born"), ("initial", "sex")),
    Rule("place_name", ("postcode", "root"), ("birth_year", "surname")),
    Rule("place_surname", ("postcode", "tail"), ("birth_year", "initial")),
    Rule("name_days", ("root", "surname", "days"), ("area", "birth_year")),
    Rule("name_year", ("root", "surname", "birth_year"), ("sector", "second")),
    Rule("turned_year", ("both", "birth_year"), ("sector", "days")),
    Rule("name", ("root", "surname"), ("second", "area", "birth_decade")),
    Rule("turned", ("both",), ("area", "birth_decade")),
    Rule("born", ("born",), ("initial", "surname_initial", "sector")),
    Rule("name_place", ("root", "surname", "area"), ("sector", "birth_decade")),
)


@dataclass(frozen=True)
class Blocking:
    """How records were brought together: the most records that may share a key, pairs at most for each record, and by rule: records narrowed, and records
    left out of it because even the narrowest key was too common; `alone`: records left out of a rule which share no key of another with anybody.
    """

    most: int
    pairs_a_record: float
    narrowed: Mapping[str, int]
    left_out: Mapping[str, int]
    alone: int


def _start(name: str | None, letters: int) -> str | None:
    return name[:letters] if name else None


def components(row: Mapping[str, str | None]) -> dict[str, str | None]:
    """What keys are made of, of one record in one form."""
    born = row["born"]
    days = None if born is None else "/".join(sorted((born[5:7], born[8:10])))
    whole = [name for name in (row["given"], row["surname"]) if name]
    return {
        **row, "initial": _start(row["forename"], 1), "surname_initial": _start(row["surname"], 1),
        "days": None if row["vague_year"] else days, "both": " ".join(sorted(whole)) if len(whole) == 2 else None,
        "birth_decade": _start(row["birth_year"], 3),
    }  # fmt: skip


@lru_cache(maxsize=10_000)
def mark(text: str) -> int:
    """Sixty-four bits of a text, the same on every machine."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little") or 1


def mixed(left: Keys, right: Keys) -> Keys:
    """Two keys made one (the finaliser of SplitMix64: Steele, Lea, Flood, OOPSLA 2014); none where either is none."""
    with np.errstate(over="ignore"):
        both = left * np.uint64(0x9E3779B97F4A7C15) + right
        both = (both ^ (both >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        both = (both ^ (both >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        both = (both ^ (both >> np.uint64(31))) | np.uint64(1)
    return np.where((left == NO_KEY) | (right == NO_KEY), NO_KEY, both)


def mixed_one(left: int, right: int) -> int:
    """The same of one record's keys, as numbers."""
    if not left or not right:
        return 0
    both = (left * 0x9E3779B97F4A7C15 + right) & FULL
    both = ((both ^ (both >> 30)) * 0xBF58476D1CE4E5B9) & FULL
    both = ((both ^ (both >> 27)) * 0x94D049BB133111EB) & FULL
    return (both ^ (both >> 31)) | 1


def _marks(column: pa.Array | pa.ChunkedArray) -> Keys:
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    coded = pc.dictionary_encode(column)
    marks = np.array([mark(value) for value in coded.dictionary.to_pylist()] + [0], np.uint64)
    places = pc.fill_null(coded.indices, len(marks) - 1).to_numpy(zero_copy_only=False)
    return marks[places]


def marks_of(table: pa.Table) -> dict[str, Keys]:
    """The marks of what keys are made of, for each record of a table in one form: 0 where not known."""
    wanted = {name for rule in RULES for name in (*rule.share, *rule.narrow)}
    made = {
        "initial": pc.utf8_slice_codeunits(table["forename"], 0, 1), "surname_initial": pc.utf8_slice_codeunits(table["surname"], 0, 1),
        "birth_decade": pc.utf8_slice_codeunits(table["birth_year"], 0, 3),
    }  # fmt: skip
    born = pc.dictionary_encode(table["born"].combine_chunks())
    days = [
        components({**NOTHING, "born": value, "vague_year": "x" if value.endswith("-01-01") else None})["days"]
        for value in born.dictionary.to_pylist()
    ]
    made["days"] = pa.array(days, pa.string()).take(born.indices)
    first = pc.min_element_wise(table["given"], table["surname"], skip_nulls=False)
    last = pc.max_element_wise(table["given"], table["surname"], skip_nulls=False)
    made["both"] = pc.binary_join_element_wise(first, last, " ")
    return {name: _marks(made[name] if name in made else table[name]) for name in sorted(wanted)}


NOTHING: dict[str, str | None] = dict.fromkeys(("forename", "given", "surname", "born", "birth_year", "vague_year"))


def steps(rule: Rule, marks: Mapping[str, Keys]) -> list[Keys]:
    """A rule's keys of each record, from the widest to the narrowest."""
    # what is unknown narrows like a value of its own
    salt = np.full_like(next(iter(marks.values())), mark(rule.name))
    found = [salt]
    for name in rule.share:
        found = [mixed(found[0], marks[name])]
    for name in rule.narrow:
        found.append(mixed(mixed(found[-1], np.where(marks[name] == NO_KEY, np.uint64(7), marks[name])), np.full_like(salt, len(found))))
    return found


def steps_of_one(rule: Rule, held: Mapping[str, str | None]) -> list[int]:
    """The same of one record, from what keys are made of."""
    key = mark(rule.name)
    for name in rule.share:
        key = mixed_one(key, mark(held[name] or "") if held[name] else 0)
    found = [key]
    for place, name in enumerate(rule.narrow, 1):
        found.append(mixed_one(mixed_one(found[-1], mark(held[name] or "") if held[name] else 7), place))
    return found


def sharing(keys: Keys) -> npt.NDArray[np.int64]:
    """How many records share the key of each: 0 where there is none."""
    _, places, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return np.where(keys == NO_KEY, 0, counts[places])


def _narrowed(found: Sequence[Keys], shared: Sequence[npt.NDArray[np.int64]], most: int) -> Keys:
    """The widest key of each record that no more than `most` share; none where even the narrowest is shared by more."""
    keys = np.full_like(found[0], NO_KEY)
    open_still = found[0] != NO_KEY
    for step, count in zip(found, shared, strict=True):
        fits = open_still & (count <= most)
        keys[fits] = step[fits]
        open_still &= ~fits
    return keys


def pairs_found(keys: Mapping[str, Keys], looked_at: int = 2_000) -> float:
    """How many different pairs the keys give for each record, from as many records as are looked at, evenly spread."""
    count = len(next(iter(keys.values())))
    some = np.unique(np.linspace(0, count - 1, min(count, looked_at)).astype(np.int64))
    partners: list[set[int]] = [set() for _ in some]
    for key in keys.values():
        order = np.argsort(key, kind="stable")
        ranked = key[order]
        ends = zip(np.searchsorted(ranked, key[some]), np.searchsorted(ranked, key[some], "right"), strict=True)
        for place, (start, end) in enumerate(ends):
            if key[some[place]] != NO_KEY:
                partners[place].update(order[start:end].tolist())
    return sum(max(len(one) - 1, 0) for one in partners) / 2 / len(some)


def keys_of(people: People, pairs_a_record: float = 6.0, most: int | None = None) -> tuple[dict[str, Keys], Blocking]:
    """The keys of each record by rule, narrowed until no more than `pairs_a_record` pairs stand to be compared for each record, and how that was done.

    Two records are compared where they share a key of any rule. `most` sets how many may share one, in place of the search. Raises ValueError below one pair.
    """
    if pairs_a_record < 1:
        raise ValueError("Fewer than one pair a record finds next to nobody. Give 1 or more; 6 is usual.")
    marks = marks_of(people.table)
    found = {rule.name: steps(rule, marks) for rule in RULES}
    shared = {name: [sharing(step) for step in every] for name, every in found.items()}
    count = people.table.num_rows
    for size in (most,) if most else SIZES:
        keys = {name: _narrowed(every, shared[name], size) for name, every in found.items()}
        pairs = pairs_found(keys)
        if pairs <= pairs_a_record:
            break
    left_out = {name: (key == NO_KEY) & (found[name][0] != NO_KEY) for name, key in keys.items()}
    narrowed = {name: int(((key != found[name][0]) & (key != NO_KEY)).sum()) for name, key in keys.items()}
    meets = np.zeros(count, bool)
    for key in keys.values():
        meets |= sharing(key) > 1
    lost = np.zeros(count, bool)
    for one in left_out.values():
        lost |= one
    return keys, Blocking(size, pairs, narrowed, {name: int(one.sum()) for name, one in left_out.items()}, int((lost & ~meets).sum()))
