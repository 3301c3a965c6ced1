"""Linking: all records with all others that could be the same person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from atlas_analysis.matching.deciding import Decision, Limits, contested, decide, one_to_one, safe
from atlas_analysis.matching.engines import engine_for
from atlas_analysis.matching.keys import Blocking, keys_of
from atlas_analysis.matching.model import Model, quietly, settings
from atlas_analysis.matching.standard import People
from atlas_analysis.matching.terms import BY_NAME


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


def _compared(
    people: People, model: Model, keys: Mapping[str, npt.NDArray[np.uint64]], once: Collection[str], least: float, how: tuple[str, Any]
) -> tuple[pa.Table, int]:
    """The library's weights of all pairs that share a key."""
    terms = list(model.chances)
    columns = [name for name in people.table.column_names if name not in ("id", "source")]
    table = people.table.select(columns)
    for name, key in keys.items():
        table = table.append_column(f"key_{name}", pa.array(key.astype(np.int64), mask=key == 0))
    apart = np.isin(np.asarray(people.table["source"].to_pylist(), dtype=object), list(once))
    sources = pc.dictionary_encode(people.table["source"].combine_chunks()).indices
    table = table.append_column("only_once", pa.array(np.where(apart, sources.to_numpy() + 1, 0), pa.int64()))
    rules = [f"l.key_{name} = r.key_{name} AND (l.only_once <> r.only_once OR l.only_once = 0)" for name in keys]
    with quietly(), engine_for(*how, table) as frame:
        from splink import Linker

        linker: Any = Linker(frame, settings(terms, rules, model), log_level=None, validate_settings=False)
        blocked = linker.inference.compute_blocked_pairs_for_predict()
        compared = len(blocked.query_sql("SELECT 1 AS pair FROM {this}").as_pyarrow_table())
        found = linker.inference.predict(threshold_match_weight=least, warning_mode="never").as_pyarrow_table()
        return found.select(
            ["unique_id_l", "unique_id_r", "match_weight", "match_probability", *(f"mw_{name}" for name in terms)]
        ), compared


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
    keys, blocking = keys_of(people, pairs_a_record)
    found, compared = _compared(people, model, keys, once, min(least, limits.to_a_person), (engine, session))
    left, right = (found[name].to_numpy().astype(np.int64) for name in ("unique_id_l", "unique_id_r"))
    weights = found["match_weight"].to_numpy()
    degrees = degrees_of(found, model)
    sources = np.searchsorted(np.array(names), np.asarray(people.table["source"].to_pylist(), dtype=str))
    vague = pc.is_valid(people.table["vague_year"]).to_numpy(zero_copy_only=False)
    phones = held_by(people.table["telephone"])
    doubtful = contested(left, right, weights, sources, [names.index(name) for name in once], limits.rival)
    decisions = decide(weights, safe(degrees, vague[left] | vague[right], np.maximum(phones[left], phones[right])), doubtful, limits)
    pairs = pa.table({
        "left": np.minimum(left, right), "right": np.maximum(left, right), "weight": weights, "probability": found["match_probability"],
        "decision": decisions.astype(object), **degrees,
    })  # fmt: skip
    if one_partner:
        pairs = pairs.filter(pa.array(one_to_one(left, right, weights, sources)))
    return Linkage(pairs.sort_by([("weight", "descending"), ("left", "ascending"), ("right", "ascending")]), blocking, compared)
