"""A new referral: one record beside everybody known, in a few milliseconds, with reasons.

The library learns; this scores one record by the model it learnt, and gives the library's own weights. Who could be meant is found through the keys, sorted, so that
time grows with the logarithm of how many are known.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from atlas_analysis.matching.deciding import Beside, Decision, Limits, decide, safe
from atlas_analysis.matching.keys import NO_KEY, RULES, Keys, components, keys_of, steps_of_one
from atlas_analysis.matching.linking import held_by, sources_of, twins
from atlas_analysis.matching.model import Model
from atlas_analysis.matching.names import SHARED_FIRST
from atlas_analysis.matching.reasons import Commonness, Explanation, explain, weights_of
from atlas_analysis.matching.standard import People, standard
from atlas_analysis.matching.terms import Row


@dataclass(frozen=True)
class Candidate:
    """Somebody known who could be meant: place in the table, id, source, what to do, and why."""

    place: int
    id: str
    source: str
    decision: Decision
    why: Explanation


class Known:
    """Everybody known, ready to be asked about. `blocking` says how they are found. Made once; asked often."""

    def __init__(self, people: People, model: Model, *, once: Collection[str] = (), pairs_a_record: float = 6.0) -> None:
        sources_of(people, once)
        self.people, self.model, self.once = people, model, set(once)
        self.common = Commonness(people)
        self.phones, self.twins = held_by(people.table["telephone"]), twins(people.table)
        keys, self.blocking = keys_of(people, pairs_a_record)
        self.sorted: dict[str, tuple[Keys, Any]] = {}
        for name, key in keys.items():
            order = np.argsort(key, kind="stable")
            order = order[key[order] != NO_KEY].astype(np.int32)
            self.sorted[name] = key[order], order
        self.table = people.table.combine_chunks()

    def could_be(self, row: Row) -> list[int]:
        """Places of those who share a key with a record in one form."""
        held = components(row)
        places: set[int] = set()
        for rule in RULES:
            keys, order = self.sorted[rule.name]
            for step in steps_of_one(rule, held):
                start = int(keys.searchsorted(np.uint64(step)))
                while step and start < len(keys) and int(keys[start]) == step:
                    places.add(int(order[start]))
                    start += 1
        return sorted(places)

    def look_up(
        self, record: Mapping[str, Any], at: date, *, most: int = 10, limits: Limits | None = None, least: float = -10.0
    ) -> tuple[Candidate, ...]:
        """Who a record, given with the columns of `put_in_one_form`, could be of those known: heaviest first, `most` of those from `least` bits on.

        Nothing is joined of itself where two records of one source, which holds people once, fit nearly as well. Raises ValueError for a record with neither
        a name, nor a number, nor a telephone.
        """
        row = standard(record, at)
        if not any(row[name] for name in ("forename", "surname", "nhs_number", "upn", "telephone")):
            raise ValueError("This record has no name, number or telephone that can be used: there is nothing to look for.")
        limits, places = limits or Limits(), self.could_be(row)
        rows = self.table.take(pa.array(places, pa.int64())).to_pylist()
        found = [{name: weights_of(self.model, name, row, other, self.common) for name in self.model.chances} for other in rows]
        weights = np.array([self.model.start + sum(one[1] for one in each.values()) for each in found])
        decisions = self._decided(row, np.array(places, np.int64), rows, found, weights, limits)
        best = [one for one in np.lexsort((np.array(places), -weights))[:most] if weights[one] >= least] if places else []
        return tuple(
            Candidate(
                places[one],
                rows[one]["id"],
                rows[one]["source"],
                Decision(decisions[one]),
                explain(self.model, row, rows[one], self.common),
            )
            for one in best
        )

    @staticmethod
    def _twin(row: Row, other: Row) -> bool:
        """Whether somebody known could be a twin of whom the record is about."""
        same = row["born"] is not None and row["born"] == other["born"] and None not in (row["forename"], other["forename"])
        return (
            same
            and row["forename"] != other["forename"]
            and any(row[name] is not None and row[name] == other[name] for name in ("postcode", "telephone", "tail"))
        )

    def _decided(
        self,
        row: Row,
        places: npt.NDArray[np.int64],
        rows: list[dict[str, Any]],
        found: list[dict[str, tuple[int, float, float]]],
        weights: Any,
        limits: Limits,
    ) -> Any:
        """What is done with each."""
        degrees = {name: np.array([each[name][0] for each in found], np.int64) for name in self.model.chances}
        beside = Beside(
            np.array([bool(row["vague_year"] or other["vague_year"]) for other in rows], bool),
            self.phones[places],
            np.array(
                [
                    bool(row["second"] and other["second"] and row["second"] != other["second"] and row["given"] != other["given"])
                    for other in rows
                ],
                bool,
            ),
            np.array([row["root"] in SHARED_FIRST and not (row["second"] and other["second"]) for other in rows], bool),
            np.full(len(rows), any(self._twin(row, other) for other in rows)) | self.twins[places],
        )
        doubtful = np.zeros(len(rows), bool)
        for source in self.once & {other["source"] for other in rows}:
            of_it = np.array([other["source"] == source for other in rows])
            ranked = np.sort(weights[of_it])
            if len(ranked) > 1:
                doubtful |= of_it & (weights - np.where(weights == ranked[-1], ranked[-2], ranked[-1]) < limits.rival)
        return decide(weights, safe(degrees, beside), doubtful, limits)
