"""The night after: some records have changed since everybody was linked, and only what touches them is compared and decided again.

A changed record leaves its pairs and is set beside those who share a key with it as it now is; what others are decided by (a twin, a telephone that many have,
a rival nearly as close) is looked at again where the change touches it; the groups that hold any of them are made again. How common a value is, how
narrow keys are, and the model stand as at the last whole linking: link the whole again from time to time.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import log2
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from atlas_analysis.matching.bounds import Bounds
from atlas_analysis.matching.deciding import Decision, Limits, contested, decide, safe
from atlas_analysis.matching.groups import groups
from atlas_analysis.matching.keys import NO_KEY, RULES, Keys, mark, marks_of, mixed, steps_of_all
from atlas_analysis.matching.linking import FEW_OF_A_SURNAME, Linkage, beside_of, held_by
from atlas_analysis.matching.model import Model
from atlas_analysis.matching.reasons import weights_of
from atlas_analysis.matching.referral import Known
from atlas_analysis.matching.standard import People

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
DECISIONS = [one.value for one in Decision]
AUTOMATIC = DECISIONS.index(Decision.AUTOMATIC.value)
TWIN_BY = ("postcode", "telephone", "tail")


class Shelf:
    """Places of records by a key, found by halving; what is put there later stands beside, so that nothing large is moved."""

    def __init__(self, keys: Keys, places: Places) -> None:
        order = np.argsort(keys, kind="stable")
        order = order[keys[order] != NO_KEY]
        self.parts = [(keys[order], places[order])]

    def put(self, keys: Keys, places: Places) -> None:
        """Put more."""
        self.parts.extend(Shelf(keys, places).parts)

    def who(self, keys: Keys) -> tuple[Places, Places]:
        """For each key and each record that has it: the number of the key among those asked, the place of the record."""
        asked, found = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        some = np.flatnonzero(keys)
        some = some[np.argsort(keys[some])]  # neighbours are looked for one after another
        for held, places in self.parts:
            first = np.searchsorted(held, keys[some], "left")
            there = np.flatnonzero(first < len(held))
            there = there[held[first[there]] == keys[some[there]]]
            first = first[there]
            many = np.searchsorted(held, keys[some[there]], "right") - first
            asked.append(np.repeat(some[there], many))
            found.append(places[np.repeat(first - np.cumsum(many) + many, many) + np.arange(many.sum())])
        return np.concatenate(asked), np.concatenate(found)


@dataclass(frozen=True)
class Renewed:
    """What a night changed: the places of changed records as they are now, how many pairs were compared, decided again, and records grouped again."""

    places: Places
    compared: int
    decided: int
    grouped: int


def twin_keys(table: pa.Table, marks: Mapping[str, npt.NDArray[np.uint32]], few: Collection[str] | None = None) -> dict[str, Keys]:
    """Keys by which a twin would be found; `few`: surnames that more than a few have, which are none."""
    born = mixed(np.full(table.num_rows, mark("born"), np.uint64), marks["born"])
    keys = {name: mixed(born, marks[name]) for name in TWIN_BY}
    if few:
        keys["tail"] = np.where(
            pc.fill_null(pc.is_in(table["tail"], pa.array(sorted(few))), False).to_numpy(zero_copy_only=False), NO_KEY, keys["tail"]
        )
    return keys


class Kept:
    """A whole linking, kept to be renewed: everybody, pairs with decisions, and `of`: for each place the least of its group, its own where it is alone.

    `linkage` is all that was found (not one partner alone), and what is given beside it is what it was linked with. `stands` says which places are records still.
    """

    def __init__(
        self, people: People, model: Model, linkage: Linkage, *, once: Collection[str] = (), limits: Limits | None = None,
        pairs_a_record: float = 6.0, least: float = -10.0,
    ) -> None:  # fmt: skip
        known = Known(people, model, once=once, pairs_a_record=pairs_a_record)
        self.model, self.once, self.limits, self.common = model, set(once), limits or Limits(), known.common
        self.tables = [known.table]
        self.count = people.table.num_rows
        self.stands = np.ones(self.count, bool)
        self.twin, self.phones = known.twins, known.phones
        self.sources = sorted(pc.unique(people.table["source"]).to_pylist())
        self.source = pc.index_in(known.table["source"], pa.array(self.sources)).to_numpy().astype(np.int64)
        self.by_key = {name: Shelf(keys, places.astype(np.int64)) for name, (keys, places) in known.sorted.items()}
        often = held_by(people.table["tail"]) > FEW_OF_A_SURNAME
        self.many = set(pc.unique(people.table["tail"].filter(pa.array(often))).to_pylist()) - {None}
        marks, every = marks_of(people.table), np.arange(self.count)
        self.beside = {name: Shelf(keys, every) for name, keys in twin_keys(people.table, marks, self.many).items()}
        self.by_phone = Shelf(mixed(np.full(self.count, mark("telephone"), np.uint64), marks["telephone"]), every)
        self.pairs = {name: linkage.pairs[name].to_numpy().copy() for name in ("left", "right", "weight", *model.chances)}
        self.least = min(least, self.limits.to_a_person)
        self.decision = pc.index_in(linkage.pairs["decision"], pa.array(DECISIONS)).to_numpy(zero_copy_only=False).astype(np.int8)
        self.is_there = np.ones(len(self.decision), bool)  # a pair of a record that changed is not, and another is put in its row
        self.of = np.array(groups(people, linkage.decided(Decision.AUTOMATIC), self.once).of)

    def table(self, places: Places) -> pa.Table:
        """Records by place, which rise."""
        parts, before = [], 0
        for table in self.tables:
            parts.append(table.take(pa.array(places[(places >= before) & (places < before + table.num_rows)] - before)))
            before += table.num_rows
        return pa.concat_tables(parts).combine_chunks()

    def decided(self) -> list[tuple[int, int, str]]:
        """The pairs there are, with the decision on each."""
        rows = np.flatnonzero(self.is_there)
        ends = (self.pairs[name][rows].tolist() for name in ("left", "right"))
        return list(zip(*ends, [DECISIONS[one] for one in self.decision[rows]], strict=True))

    def renew(self, changed: People) -> Renewed:
        """Let records be as they now are, each found by source and id; one of an id that is not there is new."""
        old, new = self._replaced(changed)
        marks = marks_of(changed.table)
        one, other = self._met(new, marks)
        twins = twin_keys(changed.table, marks, self.many)
        phones = mixed(np.full(len(new), mark("telephone"), np.uint64), marks["telephone"])
        self._shelve(new, marks, twins, phones)
        turned = self._looked_at_again(old, new, twins, phones)
        gone = np.zeros(self.count, bool)
        gone[old] = True
        dropped = np.flatnonzero((gone[self.pairs["left"]] | gone[self.pairs["right"]]) & self.is_there)
        touched = np.zeros(self.count, bool)
        for places in (old, new, turned, *(self.pairs[name][dropped] for name in ("left", "right"))):
            touched[places] = True
        self.is_there[dropped] = False
        self._weigh(one, other)
        decided = self._decide(touched)
        return Renewed(new, len(one), decided, self._group(touched))

    def _replaced(self, changed: People) -> tuple[Places, Places]:
        """Put the records in; the places of what they were, and of what they are."""
        wanted = set(zip(changed.table["source"].to_pylist(), changed.table["id"].to_pylist(), strict=True))
        strange = {source for source, _ in wanted} - set(self.sources)
        if strange:
            raise ValueError(f"No record was of {', '.join(sorted(strange))} when all were linked. Link the whole again.")
        ids, before, old = pc.unique(changed.table["id"]), 0, []
        for table in self.tables:
            like = np.flatnonzero(pc.is_in(table["id"], ids).to_numpy(zero_copy_only=False))
            like = like[self.stands[before + like]]
            both = zip(table["source"].take(pa.array(like)).to_pylist(), table["id"].take(pa.array(like)).to_pylist(), strict=True)
            old += [before + place for place, key in zip(like.tolist(), both, strict=True) if key in wanted]
            before += table.num_rows
        many = changed.table.num_rows
        new, gone = np.arange(self.count, self.count + many), np.array(old, np.int64)
        self.stands[gone] = False
        self.of[gone] = gone
        self.tables.append(changed.table.combine_chunks())
        self.count += many
        self.stands = np.concatenate([self.stands, np.ones(many, bool)])
        self.twin = np.concatenate([self.twin, np.zeros(many, bool)])
        self.phones = np.concatenate([self.phones, np.zeros(many, self.phones.dtype)])
        self.of = np.concatenate([self.of, new])
        self.source = np.concatenate(
            [self.source, pc.index_in(changed.table["source"], pa.array(self.sources)).to_numpy().astype(np.int64)]
        )
        return gone, new

    def _met(self, new: Places, marks: Mapping[str, Any]) -> tuple[Places, Places]:
        """Those who share a key with a changed record: pairs, each once, the smaller place first."""
        ones, others = [], []
        for rule in RULES:
            shelf, all_steps = self.by_key[rule.name], steps_of_all(rule, marks)
            among = Shelf(np.concatenate(all_steps), np.tile(new, len(all_steps)))  # and the changed ones among themselves
            for keys in all_steps:
                for held in (shelf, among):
                    asked, found = held.who(keys)
                    ones.append(new[asked])
                    others.append(found)
        one, other = np.concatenate(ones), np.concatenate(others)
        single = np.isin(self.source, [self.sources.index(name) for name in self.once if name in self.sources])
        kept = self.stands[other] & (one != other) & ((self.source[one] != self.source[other]) | ~single[one])
        pairs = np.unique(np.minimum(one, other)[kept] * self.count + np.maximum(one, other)[kept])
        return pairs // self.count, pairs % self.count

    def _shelve(self, new: Places, marks: Mapping[str, Any], twins: Mapping[str, Keys], phones: Keys) -> None:
        """Put the changed records where another night finds them: by each of their keys, as none of them says how many share it."""
        for rule in RULES:
            all_steps = steps_of_all(rule, marks)
            self.by_key[rule.name].put(np.concatenate(all_steps), np.tile(new, len(all_steps)))
        for name, keys in twins.items():
            self.beside[name].put(keys, new)
        self.by_phone.put(phones, new)

    def _looked_at_again(self, old: Places, new: Places, twins: Mapping[str, Keys], phones: Keys) -> Places:
        """Who has another twin, or whose telephone more or fewer have, than before, since a record beside them changed."""
        near = [*(self.beside[name].who(keys)[1] for name, keys in twins.items()), self.by_phone.who(phones)[1], new]
        if len(old):
            _, keys, dialled = self._keys(old)
            near += [*(self.beside[name].who(one)[1] for name, one in keys.items()), self.by_phone.who(dialled)[1]]
        places = np.unique(np.concatenate(near))
        places = places[self.stands[places]]
        table, keys, dialled = self._keys(places)
        twin, names = np.zeros(len(places), bool), table["forename"].to_numpy(zero_copy_only=False)
        for one in (self.beside[name].who(key) for name, key in keys.items()):
            asked, found = (each[self.stands[one[1]]] for each in one)
            each, which = np.unique(found, return_inverse=True)
            theirs = self.table(each).column("forename").to_numpy(zero_copy_only=False)[which]
            other = [None not in (mine, their) and mine != their for mine, their in zip(names[asked], theirs, strict=True)]
            twin[asked[other]] = True
        asked, found = self.by_phone.who(dialled)
        many = np.bincount(asked[self.stands[found]], minlength=len(places))
        turned = (twin != self.twin[places]) | (many != self.phones[places])
        self.twin[places], self.phones[places] = twin, many
        return places[turned]

    def _keys(self, places: Places) -> tuple[pa.Table, dict[str, Keys], Keys]:
        """Records as a table, with the keys by which their twins and those who have their telephone are found."""
        table = self.table(places)
        marks = marks_of(table)
        return table, twin_keys(table, marks, self.many), mixed(np.full(len(places), mark("telephone"), np.uint64), marks["telephone"])

    def _weigh(self, one: Places, other: Places) -> None:
        """Weigh new pairs by the model, and put those that reach the least in rows of pairs that are gone, or in more."""
        places = np.unique(np.concatenate([one, other]))
        table, left, right = self.table(places), np.searchsorted(places, one), np.searchsorted(places, other)
        rare = {
            column: np.array([-log2(self.common.share(column, text) or 1) for text in table[column].to_pylist()])
            for column in self.common.totals
        }
        degrees, weights, unsure = Bounds(table, self.model, rare).told(left, right)
        weighed = np.flatnonzero(unsure & (weights >= self.least))
        ends, which = np.unique(np.concatenate([left[weighed], right[weighed]]), return_inverse=True)
        rows = table.take(pa.array(ends)).to_pylist()
        for at, mine, theirs in zip(weighed.tolist(), which[: len(weighed)], which[len(weighed) :], strict=True):  # names letter by letter
            told = {name: weights_of(self.model, name, rows[mine], rows[theirs], self.common) for name in self.model.chances}
            weights[at] = self.model.start + sum(each[1] for each in told.values())
            for name, each in told.items():
                degrees[name][at] = each[0]
        enough = np.flatnonzero(weights >= self.least)
        fresh = {"left": one, "right": other, "weight": weights, **degrees}
        if (lacking := len(enough) - int((~self.is_there).sum())) > 0:
            more = lacking + len(self.is_there) // 50
            self.pairs = {name: np.concatenate([held, np.zeros(more, held.dtype)]) for name, held in self.pairs.items()}
            self.decision, self.is_there = (np.concatenate([held, np.zeros(more, held.dtype)]) for held in (self.decision, self.is_there))
        rows_free = np.flatnonzero(~self.is_there)[: len(enough)]
        for name, held in self.pairs.items():
            held[rows_free] = fresh[name][enough]
        self.is_there[rows_free] = True

    def _decide(self, touched: Flags) -> int:
        """Decide again on each pair of a touched record; a rival of such a pair may be any other of its two records."""
        left, right, weights = (self.pairs[name] for name in ("left", "right", "weight"))
        again = (touched[left] | touched[right]) & self.is_there
        ends = np.zeros(self.count, bool)
        ends[left[again]] = ends[right[again]] = True
        some = np.flatnonzero((ends[left] | ends[right]) & self.is_there)
        single = np.array([self.sources.index(name) for name in sorted(self.once) if name in self.sources], np.int64)
        doubtful = contested(left[some], right[some], weights[some], self.source, single, self.limits.rival)
        mine, doubtful = some[again[some]], doubtful[again[some]]
        places = np.unique(np.concatenate([left[mine], right[mine]]))
        one, other = np.searchsorted(places, left[mine]), np.searchsorted(places, right[mine])
        beside = beside_of(self.table(places), one, other, self.phones[places], self.twin[places])
        degrees = {name: self.pairs[name][mine] for name in self.model.chances}
        told = decide(weights[mine], safe(degrees, beside), doubtful, self.limits)
        self.decision[mine] = np.select([told == word for word in DECISIONS], np.arange(len(DECISIONS)))
        return len(mine)

    def _group(self, touched: Flags) -> int:
        """Group again whoever hangs together, by what was joined or is now, with a touched record."""
        joined = np.flatnonzero((self.decision == AUTOMATIC) & self.is_there)
        left, right = self.pairs["left"][joined], self.pairs["right"][joined]
        near, groups_near = touched.copy(), np.zeros(self.count, bool)
        groups_near[self.of[near]] = True
        near |= groups_near[self.of]
        while (grown := near[left] ^ near[right]).any():
            near[left[grown]] = near[right[grown]] = True
            groups_near[self.of[near]] = True
            near |= groups_near[self.of]
        places = np.flatnonzero(near & self.stands)
        mine = near[left]
        pairs = pa.table({
            "left": np.searchsorted(places, left[mine]), "right": np.searchsorted(places, right[mine]), "weight": self.pairs["weight"][joined][mine],
        })  # fmt: skip
        self.of[places] = places[np.array(groups(People(self.table(places), {}, {}), pairs, self.once).of, np.int64)]
        return len(places)
