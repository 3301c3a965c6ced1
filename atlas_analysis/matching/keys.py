"""Which records are set beside each other: those that share one of a dozen narrow keys, and never all with all.

A key that many records share (a common surname, a hostel's telephone) is narrowed with one more thing, then another; a record whose key is too common even
then is counted in the report with how many of them meet nobody by any other key. Growth is with records times `most`, not with records squared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from atlas_analysis.matching.standard import People

Keys = npt.NDArray[np.uint64]
Marks = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
FIRST, SECOND, THIRD = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xBF58476D1CE4E5B9
UNKNOWN = 7
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
    """Thirty-two bits of a text, never 0, the same on every machine: eight letters at a time multiplied in (after SplitMix64, as below)."""
    letters = text.encode()
    found = len(letters)
    for at in range(0, len(letters), 8):
        found = ((found ^ int.from_bytes(letters[at : at + 8], "little")) * FIRST) & FULL
        found ^= found >> 32
    return ((found * SECOND) & FULL) >> 32 or 1


def marks_in_a_row(letters: npt.NDArray[np.uint8], ends: npt.NDArray[np.int32]) -> Marks:
    """The same of many texts that lie one after another."""
    begin, left = ends[:-1].astype(np.int64), np.diff(ends).astype(np.uint64)
    padded = np.r_[letters, np.zeros(8, np.uint8)]
    eights = np.ndarray((len(letters) + 1,), np.dtype("<u8"), padded, strides=(1,))  # the eight letters from each place on
    found, places = left.copy(), np.arange(len(begin))
    while len(places := places[left[places] > 0]):
        more = np.minimum(left[places], np.uint64(8))
        words = eights[begin[places]] & (np.uint64(FULL) >> (np.uint64(64) - more * np.uint64(8)))
        new = (found[places] ^ words) * np.uint64(FIRST)
        found[places] = new ^ (new >> np.uint64(32))
        begin[places] += 8
        left[places] -= more
    return np.maximum((found * np.uint64(SECOND)) >> np.uint64(32), np.uint64(1)).astype(np.uint32)


def mixed(left: Keys, right: npt.NDArray[np.uint32] | np.uint32) -> Keys:
    """A key with one thing more (multiply and shift, after SplitMix64: Steele, Lea, Flood, OOPSLA 2014); none where either is none."""
    with np.errstate(over="ignore"):
        both = left * np.uint64(FIRST)
        both += np.asarray(right, np.uint64) * np.uint64(SECOND)
        both ^= both >> np.uint64(29)
        both *= np.uint64(THIRD)
        both ^= both >> np.uint64(32)
        both |= np.uint64(1)
    both[(left == NO_KEY) | (right == 0)] = NO_KEY
    return both


def mixed_one(left: int, right: int) -> int:
    """The same of one record's key, as numbers."""
    if not left or not right:
        return 0
    both = (left * FIRST + right * SECOND) & FULL
    both = ((both ^ (both >> 29)) * THIRD) & FULL
    return (both ^ (both >> 32)) | 1


def marks_of_column(column: pa.Array | pa.ChunkedArray) -> Marks:
    """The mark of each value of a column: 0 where it is not known."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    marks = np.zeros(len(column), np.uint32)
    ends, letters = texts_of(column.drop_null())
    marks[pc.is_valid(column).to_numpy(zero_copy_only=False)] = marks_in_a_row(letters, ends)
    return marks


def texts_of(texts: pa.StringArray) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Where each text ends and the next begins, and their letters one after another."""
    if not len(texts):
        return np.zeros(1, np.int32), np.zeros(0, np.uint8)
    _, ends, letters = texts.buffers()
    where = np.frombuffer(ends, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return where - where[0], np.frombuffer(letters or b"", np.uint8)[where[0] : where[-1]]


def marks_of(table: pa.Table) -> dict[str, Marks]:
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
    return {name: marks_of_column(made[name] if name in made else table[name]) for name in sorted(wanted)}


NOTHING: dict[str, str | None] = dict.fromkeys(("forename", "given", "surname", "born", "birth_year", "vague_year"))


def steps_of_one(rule: Rule, held: Mapping[str, str | None]) -> list[int]:
    """A rule's keys of one record, from the widest to the narrowest, from what keys are made of."""
    key = mark(rule.name)
    for name in rule.share:
        key = mixed_one(key, mark(held[name] or "") if held[name] else 0)
    found = [key]
    for place, name in enumerate(rule.narrow, 1):
        found.append(mixed_one(mixed_one(found[-1], mark(held[name] or "") if held[name] else UNKNOWN), place))
    return found


def steps_of_all(rule: Rule, marks: Mapping[str, Marks]) -> list[Keys]:
    """A rule's keys of several records, from the widest to the narrowest: as `steps_of_one`."""
    found = [widest(rule, marks)]
    for place, name in enumerate(rule.narrow, 1):
        found.append(narrower(found[-1], marks[name], place))
    return found


def widest(rule: Rule, marks: Mapping[str, Marks]) -> Keys:
    """Keys of all that a rule's records must share."""
    keys = np.full(len(next(iter(marks.values()))), mark(rule.name), np.uint64)
    for name in rule.share:
        keys = mixed(keys, marks[name])
    return keys


def narrower(keys: Keys, added: Marks, place: int) -> Keys:
    """Keys narrowed by one more value of each record, at its place in the rule; what is not known narrows like a value of its own."""
    return mixed(mixed(keys, np.where(added == 0, np.uint32(UNKNOWN), added)), np.uint32(place))


def steps(rule: Rule, marks: Mapping[str, Marks], few: int) -> Iterator[tuple[Places, Keys, Places]]:
    """The same of all records, step by step: places of those whose key more than `few` share until then, their keys, how many share each."""
    keys = widest(rule, marks)
    places = np.flatnonzero(keys != NO_KEY)
    keys = keys[places]
    shared = sharing(keys)
    yield places, keys, shared
    for place, name in enumerate(rule.narrow, 1):
        crowded = shared > few
        places = places[crowded]
        keys = narrower(keys[crowded], marks[name][places], place)
        shared = sharing(keys)
        yield places, keys, shared


def in_order(keys: Keys) -> tuple[Places, Keys]:
    """The order of keys, and the keys in it without so many of their last bits as a place needs: a key and its place in one number are sorted six times faster. That two
    keys of two million differ in these bits alone happens once in five times: one pair too many is compared.
    """
    bits = np.uint64(max(len(keys), 1).bit_length())
    both = (keys >> bits << bits) | np.arange(len(keys), dtype=np.uint64)
    both.sort()
    return (both & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64), both >> bits


def sharing(keys: Keys) -> Places:
    """How many records share the key of each."""
    order, ranked = in_order(keys)
    starts = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]]) if len(keys) else np.zeros(0, np.int64)
    lengths = np.diff(np.r_[starts, len(keys)])
    shared = np.empty(len(keys), np.int64)
    shared[order] = np.repeat(lengths, lengths)
    return shared


@dataclass(frozen=True)
class Narrowed:
    """A rule's keys of all records (0 for none), how many share each, how many were narrowed, and who was left out."""

    keys: Keys
    shared: Places
    narrowed: int
    left_out: Places


def narrowed(rule: Rule, marks: Mapping[str, Marks], most: int) -> Narrowed:
    """The widest key of each record that no more than `most` share; none where even the narrowest is shared by more."""
    count = len(next(iter(marks.values())))
    kept, by, times, crowded = np.zeros(count, np.uint64), np.zeros(count, np.int64), 0, np.zeros(0, np.int64)
    for step, (places, keys, shared) in enumerate(steps(rule, marks, most)):
        fits = shared <= most
        kept[places[fits]], by[places[fits]] = keys[fits], shared[fits]
        times += int(fits.sum()) if step else 0
        crowded = places[~fits]
    return Narrowed(kept, by, times, crowded)


def partners(marks: Mapping[str, Marks], looked_at: int = 1_000) -> dict[int, float]:
    """For each of SIZES how many different pairs there would be for each record, from as many records as are looked at, evenly spread."""
    count = len(next(iter(marks.values())))
    some = np.unique(np.linspace(0, count - 1, min(count, looked_at)).astype(np.int64))
    met: dict[int, list[set[int]]] = {size: [set() for _ in some] for size in SIZES}
    for rule in RULES:
        before = np.full(len(some), count + 1)
        for one, others in followed(rule, marks, some):
            if 1 < len(others) <= max(SIZES):
                for size in SIZES:
                    if len(others) <= size < before[one]:
                        met[size][one].update(others.tolist())
            before[one] = len(others)
    return {size: sum(max(len(one) - 1, 0) for one in found) / 2 / len(some) for size, found in met.items()}


def followed(rule: Rule, marks: Mapping[str, Marks], some: Places) -> Iterator[tuple[int, Places]]:
    """For some records (by their number among them) step by step who shares their key, as long as more than a few do: nobody else's keys are followed."""
    keys = widest(rule, marks)
    places = np.arange(len(keys))
    for place, narrow in enumerate((None, *rule.narrow)):
        if narrow:
            keys = narrower(keys, marks[narrow][places], place)
        at = np.searchsorted(places, some)
        here = np.flatnonzero(np.isin(some, places))
        here = here[keys[at[here]] != NO_KEY]
        mine = keys[at[here]]
        like = among(keys, np.unique(mine))
        places, keys = places[like], keys[like]
        order = np.argsort(keys, kind="stable")
        starts, ends = (np.searchsorted(keys[order], mine, side) for side in ("left", "right"))
        crowded = np.zeros(len(places), bool)
        for one, start, end in zip(here.tolist(), starts.tolist(), ends.tolist(), strict=True):
            yield one, places[order[start:end]]
            crowded[order[start:end]] = end - start > min(SIZES)
        places, keys = places[crowded], keys[crowded]


def among(keys: Keys, wanted: Keys) -> npt.NDArray[np.bool_]:
    """Which keys are among those wanted (in order): first by their last bits, which rules out nearly all."""
    last = np.uint64((1 << 20) - 1)
    table = np.zeros(1 << 20, bool)
    table[wanted & last] = True
    maybe = np.flatnonzero(table[keys & last])
    found = np.zeros(len(keys), bool)
    if len(wanted):
        at = np.minimum(np.searchsorted(wanted, keys[maybe]), len(wanted) - 1)
        found[maybe[wanted[at] == keys[maybe]]] = True
    return found


class Keyring:
    """Keys of people by rule, one rule at a time so that memory stays small, and the report of how they were narrowed.

    Two records are compared where they share a key of any rule. The most records that may share one key is chosen so that no more than `pairs_a_record` pairs stand to be
    compared for each record, or the least of SIZES where that is not reached. Raises ValueError below one pair.
    """

    def __init__(self, people: People, pairs_a_record: float = 6.0) -> None:
        if pairs_a_record < 1:
            raise ValueError("Fewer than one pair a record finds next to nobody. Give 1 or more; 6 is usual.")
        self.marks = marks_of(people.table)
        self.count = people.table.num_rows
        expected = partners(self.marks)
        self.most = next((size for size in SIZES if expected[size] <= pairs_a_record), SIZES[-1])
        self.expected = expected[self.most]
        self.times: dict[str, int] = {}
        self.left_out: dict[str, int] = {}
        self.meets, self.lost = np.zeros(self.count, bool), np.zeros(self.count, bool)

    def __iter__(self) -> Iterator[tuple[str, Keys]]:
        for rule in RULES:
            found = narrowed(rule, self.marks, self.most)
            self.times[rule.name], self.left_out[rule.name] = found.narrowed, len(found.left_out)
            self.meets |= found.shared > 1
            self.lost[found.left_out] = True
            yield rule.name, found.keys

    def report(self) -> Blocking:
        """How records were brought together, once all rules have been gone through."""
        return Blocking(self.most, self.expected, self.times, self.left_out, int((self.lost & ~self.meets).sum()))


def keys_of(people: People, pairs_a_record: float = 6.0) -> tuple[dict[str, Keys], Blocking]:
    """The keys of each record by rule, all at once, and how they were narrowed: see `Keyring`."""
    ring = Keyring(people, pairs_a_record)
    keys = dict(ring)
    return keys, ring.report()


def together(keys: Keys) -> tuple[Places, Places]:
    """All pairs of places that share a key."""
    places = np.flatnonzero(keys)
    if len(places) < 2:
        return places[:0], places[:0]
    order, ranked = in_order(keys[places])
    places = places[order]
    same = ranked[1:] == ranked[:-1]
    pairs = [(places[:-1][same], places[1:][same])]
    crowded = np.r_[same, False] | np.r_[False, same]
    places, ranked, gap = places[crowded], ranked[crowded], 2
    while (same := ranked[gap:] == ranked[:-gap]).any():
        pairs.append((places[:-gap][same], places[gap:][same]))
        gap += 1
    return np.concatenate([one for one, _ in pairs]), np.concatenate([other for _, other in pairs])


def once_each(numbers: Places) -> Places:
    """Numbers in order, each once: by sorting, which is many times faster here than numpy's own way."""
    numbers.sort()
    return numbers[np.r_[True, numbers[1:] != numbers[:-1]]] if len(numbers) else numbers


def candidates(people: People, group: Places, pairs_a_record: float = 6.0) -> tuple[Places, Places, Blocking]:
    """Pairs of records to compare, each once, the smaller place left. `group`: no two of one number but 0 are compared."""
    ring = Keyring(people, pairs_a_record)
    all_of_them = np.zeros(0, np.int64)
    waiting: list[Places] = []
    for _, keys in ring:
        one, other = together(keys)
        apart = (group[one] != group[other]) | (group[one] == 0)
        waiting.append(np.minimum(one, other)[apart] * ring.count + np.maximum(one, other)[apart])
        if sum(map(len, waiting)) > 4_000_000:
            all_of_them, waiting = once_each(np.concatenate([all_of_them, *waiting])), []
    all_of_them = once_each(np.concatenate([all_of_them, *waiting]))
    return all_of_them // ring.count, all_of_them % ring.count, ring.report()
