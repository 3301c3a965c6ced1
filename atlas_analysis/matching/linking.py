"""Linking: all records with all others that could be the same person."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from atlas_analysis.matching.bounds import could_reach
from atlas_analysis.matching.deciding import Beside, Decision, Limits, contested, decide, one_to_one, safe
from atlas_analysis.matching.engines import engine_for
from atlas_analysis.matching.keys import Blocking, candidates
from atlas_analysis.matching.model import Model, quietly, settings
from atlas_analysis.matching.names import SHARED_FIRST
from atlas_analysis.matching.standard import People
from atlas_analysis.matching.terms import BY_NAME

FEW_OF_A_SURNAME = 3_000  # of a surname that more have, somebody is born on any day by chance


@dataclass(frozen=True)
class Linkage:
    """What linking found. `pairs`: a row for each pair that was compared and reached `least`, heaviest first: `left`, `right` (places in `people.table`, the smaller
    left), `weight` (bits), `probability`, `decision` (see `Decision`), and by term the place of its degree (int64).
    `blocking`: how pairs were found; `compared`: how many.
    """

    pairs: pa.Table
    blocking: Blocking
    compared: int

    def decided(self, decision: Decision) -> pa.Table:
        """The pairs with this decision."""
        return self.pairs.filter(pc.equal(self.pairs["decision"], decision.value))


def sources_of(people: People, once: Collection[str]) -> list[str]:
    """The sources in order. Raises ValueError where one that is said to hold people once is not there."""
    sources = sorted(pc.unique(people.table["source"]).to_pylist())
    strange = sorted(set(once) - set(sources))
    if strange:
        raise ValueError(f"No record is of {', '.join(strange)}; the sources are {', '.join(sources)}.")
    return sources


def degrees_of(found: pa.Table, model: Model) -> dict[str, npt.NDArray[np.int64]]:
    """The place of each term's degree, from the library's weights: a model's degrees of a term all weigh differently (see `learn`)."""
    places = {}
    for name in model.chances:
        levels = BY_NAME[name].levels
        weights = np.array([0.0 if level.unknown else model.weight(name, level.name) for level in levels])
        order = np.argsort(weights)
        places[name] = order[np.searchsorted(weights[order], found[f"mw_{name}"].to_numpy() - 1e-9)].astype(np.int64)
    return places


def held_by(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """How many records have the value of each: 0 where it is not known."""
    coded = pc.dictionary_encode(column.combine_chunks())
    places = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    counts = np.bincount(places[places >= 0], minlength=len(coded.dictionary) or 1)
    return np.where(places < 0, 0, counts[places])


def _codes(column: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """A number for each value: -1 where it is not known."""
    return pc.fill_null(pc.dictionary_encode(column.combine_chunks()).indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)


def twins(table: pa.Table) -> npt.NDArray[np.bool_]:
    """For each record, whether another forename is known for the same date of birth and postcode, telephone or (of a surname that few have) surname: a twin's, or
    the person's own as somebody else wrote it.
    """
    names, born, found = _codes(table["forename"]), _codes(table["born"]), np.zeros(table.num_rows, bool)
    for column in ("postcode", "telephone", "tail"):
        shared = _codes(table[column])
        known = np.flatnonzero((names >= 0) & (born >= 0) & (shared >= 0))
        if column == "tail":
            known = known[held_by(table[column])[known] <= FEW_OF_A_SURNAME]
        if len(known) == 0:
            continue
        keys = shared[known] * (int(born.max()) + 1) + born[known]
        order = np.argsort(keys)
        starts = np.flatnonzero(np.r_[True, np.diff(keys[order]) != 0])
        ranked = names[known][order]
        several = np.minimum.reduceat(ranked, starts) != np.maximum.reduceat(ranked, starts)
        found[known[order]] |= np.repeat(several, np.diff(np.r_[starts, len(keys)]))
    return found


def beside_of(
    table: pa.Table, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], phones: npt.NDArray[np.int64], twin: npt.NDArray[np.bool_]
) -> Beside:
    """What is known of pairs of a table's records beside their degrees; `phones`: how many have the telephone of each, `twin`: whether a twin of each is known."""
    vague = pc.is_valid(table["vague_year"]).to_numpy(zero_copy_only=False)
    seconds, givens = _codes(table["second"]), _codes(table["given"])
    first = pc.fill_null(pc.is_in(table["root"], pa.array(sorted(SHARED_FIRST))), False).to_numpy(zero_copy_only=False)
    one, other = seconds[left], seconds[right]
    return Beside(
        vague[left] | vague[right],
        np.maximum(phones[left], phones[right]),
        (one >= 0) & (other >= 0) & (one != other) & (givens[left] != givens[right]),
        first[left] & ((one < 0) | (other < 0)),
        twin[left] | twin[right],
    )


def _weighed(people: People, model: Model, pairs: tuple[Any, Any], least: float, how: tuple[str, Any]) -> pa.Table:
    """The library's weights of these pairs."""
    terms = list(model.chances)
    blocked = pa.table({"match_key": pa.repeat("0", len(pairs[0])), "join_key_l": pairs[0], "join_key_r": pairs[1]})
    with quietly(), engine_for(*how, people.table.drop_columns(["id", "source"])) as frame:
        from splink import Linker

        linker: Any = Linker(frame, settings(terms, model), log_level=None, validate_settings=False)
        linker.table_management.register_blocked_pairs_for_predict(frame.db_api.register(blocked))
        found = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
        wanted = ["unique_id_l", "unique_id_r", "match_weight", "match_probability", *(f"mw_{name}" for name in terms)]
        return found.query_sql(f"SELECT {', '.join(wanted)} FROM {{this}}").as_pyarrow_table()  # noqa: S608


def link(
    people: People, model: Model, *, once: Collection[str] = (), one_partner: bool = False, limits: Limits | None = None, pairs_a_record: float = 6.0,
    least: float = -10.0, engine: str = "duckdb", session: Any | None = None,
) -> Linkage:  # fmt: skip
    """Set records beside each other and decide on each pair.

    `once`: sources known to hold each person once: no pair within one is compared, and where two of its records fit one person
    nearly as well, nothing is joined of itself.
    `one_partner`: keep, for each record and other source, the best pair alone. `pairs_a_record`: see `keys_of`. Pairs below `least` bits are not returned.
    `engine`: `duckdb`, or `spark` with a `session` of yours or one on this machine. Raises ValueError for a source that is not there, and where there is nothing to link.
    """
    limits = limits or Limits()
    names = sources_of(people, once)
    if len(names) == 1 and once:
        raise ValueError(
            f"All records are of {names[0]}, which is said to hold each person once: there is nothing to link. Add another source, or leave it out of `once`."
        )
    sources = np.searchsorted(np.array(names), np.asarray(people.table["source"].to_pylist(), dtype=str))
    singles = np.array([names.index(name) for name in sorted(once)], np.int64)
    one, other, blocking = candidates(people, np.where(np.isin(sources, singles), sources + 1, 0), pairs_a_record)
    least, compared = min(least, limits.to_a_person), len(one)
    likely = could_reach(people.table, model, (one, other), least)
    found = _weighed(people, model, (one[likely], other[likely]), least, (engine, session))
    left, right = (found[name].to_numpy().astype(np.int64) for name in ("unique_id_l", "unique_id_r"))
    weights = found["match_weight"].to_numpy()
    degrees = degrees_of(found, model)
    doubtful = contested(left, right, weights, sources, singles, limits.rival)
    decisions = decide(
        weights,
        safe(degrees, beside_of(people.table, left, right, held_by(people.table["telephone"]), twins(people.table))),
        doubtful,
        limits,
    )
    pairs = pa.table({
        "left": np.minimum(left, right), "right": np.maximum(left, right), "weight": weights, "probability": found["match_probability"],
        "decision": decisions.astype(object), **degrees,
    })  # fmt: skip
    if one_partner:
        pairs = pairs.filter(pa.array(one_to_one(left, right, weights, sources)))
    order = np.lexsort((pairs["right"], pairs["left"], -np.round(pairs["weight"].to_numpy(), 9)))  # as engines differ in the last figure
    return Linkage(pairs.take(pa.array(order)), blocking, compared)
