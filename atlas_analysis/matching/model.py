"""The model: how much each agreement says, learnt by Splink from the records themselves, nobody having to say which are the same."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import log2
from typing import Any

import numpy as np
import pyarrow as pa

from atlas_analysis.matching.engines import engine_for
from atlas_analysis.matching.standard import People
from atlas_analysis.matching.terms import BY_NAME, TERMS, Level, Term
from atlas_analysis.matching.usual import HELD, SCARCE, USUAL, apart, unmixed

FORMAT = 1
LEARN_FROM = (
    ("surname", "born"),
    ("root", "postcode"),
    ("root", "surname", "sector"),
    ("forename", "surname", "born"),
    ("root", "surname", "birth_year"),
    ("root", "surname", "area"),
)
MOST_PAIRS = 5_000_000  # of a rule to learn from: a common forename with a common surname has a hundred million
LEAST_PAIRS = 20


@dataclass(frozen=True)
class Learnt:
    """What the model was learnt from: records, seed, the rules whose pairs were looked at with how many there were, what was left out and why."""

    records: int
    seed: int
    rules: Mapping[str, int]
    refused: Mapping[str, str]
    caveats: Sequence[str]


@dataclass(frozen=True)
class Model:
    """A learnt model. `chances`: by term and degree, how often it holds between records of one person (m), and of two (u), from 0 to 1; `prior`: the chance
    that two records taken at random are of one person. It holds no name or number of anybody, so it may be kept and moved.
    """

    chances: Mapping[str, Mapping[str, tuple[float, float]]]
    prior: float
    learnt: Learnt

    def weight(self, term: str, level: str) -> float:
        """The weight of a degree, in bits: 0 says nothing, 10 a thousand times likelier the same person, -10 a thousand times less."""
        m, u = self.chances[term][level]
        return log2(m / u)

    @property
    def start(self) -> float:
        """The weight from which every pair starts: how rare it is that two records are of one person, in bits."""
        return log2(self.prior / (1 - self.prior))


def usual(records: int, twice: float) -> Model:
    """The model that stands where nothing was learnt: the usual chances, none of them from real records, among `records` records of which a share
    `twice` (from 0 to 1) is of somebody recorded twice. Raises ValueError for fewer than two records, or a share that is none.
    """
    if records < 2 or not 0 < twice < 1:
        raise ValueError(
            f"A model for {records} records, a share {twice} of them recorded twice, says nothing: give two or more, and a share between 0 and 1."
        )
    prior = min(twice / (records - 1), 0.01)
    return Model(
        {term: apart(levels) for term, levels in USUAL.items()},
        prior,
        Learnt(records, 0, {}, {}, ("Nothing was learnt: usual values stand.",)),
    )


def written(model: Model) -> str:
    """The model as text (JSON), to be kept in a file."""
    learnt = model.learnt
    return json.dumps({
        "format": FORMAT, "prior": model.prior, "chances": model.chances,
        "learnt": {"records": learnt.records, "seed": learnt.seed, "rules": learnt.rules, "refused": learnt.refused, "caveats": learnt.caveats},
    }, indent=1, sort_keys=True)  # fmt: skip


def read(text: str) -> Model:
    """A model from its text. Raises ValueError where it is none, or of another version, or its terms are not these."""
    try:
        held = json.loads(text)
        if held["format"] != FORMAT:
            raise ValueError(f"This model is of format {held['format']}; this program reads format {FORMAT}. Learn it again.")
        chances = {term: {level: (float(m), float(u)) for level, (m, u) in levels.items()} for term, levels in held["chances"].items()}
        model = Model(chances, float(held["prior"]), Learnt(**held["learnt"]))
    except (json.JSONDecodeError, KeyError, TypeError) as problem:
        raise ValueError(f"This is no model that `learn` has written: {problem}.") from None
    for term in TERMS:
        names = {level.name for level in term.levels if not level.unknown}
        if term.name in chances and set(chances[term.name]) != names:
            raise ValueError(f"The model's degrees for {term.words} are not those of this program. Learn it again.")
    if "forename" not in chances or "born" not in chances:
        raise ValueError("The model says nothing of names or dates of birth. Learn it again.")
    return model


def _level(term: Term, level: Level, model: Model | None) -> dict[str, Any]:
    given: dict[str, Any] = {"sql_condition": level.sql, "label_for_charts": level.name}
    if level.unknown:
        return {**given, "is_null_level": True}
    if level.common:
        given["tf_adjustment_column"] = level.common
    m, u = (model.chances if model else USUAL)[term.name][level.name]
    return {
        **given,
        "m_probability": m,
        "u_probability": u,
        "fix_u_probability": term.name in SCARCE,
        "fix_m_probability": (term.name, level.name) in HELD,
    }


def settings(terms: Sequence[str], model: Model | None = None, rules: Sequence[str] = ()) -> dict[str, Any]:
    """Splink's settings for these terms: the same words for DuckDB and for Spark."""
    return {
        "link_type": "dedupe_only",  # one table of all agencies: which pairs of one source are compared, the rules say
        "unique_id_column_name": "unique_id",
        "blocking_rules_to_generate_predictions": list(rules),
        "comparisons": [
            {"output_column_name": term.name, "comparison_levels": [_level(term, level, model) for level in term.levels]}
            for term in TERMS
            if term.name in terms
        ],
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": False,
        "probability_two_random_records_match": model.prior if model else 0.0001,
        "em_convergence": 0.0001,
        "max_iterations": 50,
    }


@contextmanager
def quietly() -> Iterator[None]:
    """Without the library's talk."""
    log = logging.getLogger("splink")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


def pairs_of(table: pa.Table, rule: Sequence[str]) -> int:
    """How many pairs of records share all these columns: counted by groups, so that a rule that would explode is known before it does."""
    held = table.select(list(dict.fromkeys(rule))).drop_null()
    counts = held.group_by(list(rule)).aggregate([([], "count_all")])["count_all"].to_numpy()
    return int((counts.astype(float) * (counts - 1) / 2).sum())


def _rules(people: People, most: int) -> tuple[dict[str, int], dict[str, str]]:
    """Rules to learn from with their pairs, and those refused: two that leave every term free once are enough."""
    kept: dict[str, int] = {}
    refused: dict[str, str] = {}
    wanted = {"forename", "surname", "born", "place"}
    fixes = {
        "forename": "forename",
        "root": "forename",
        "surname": "surname",
        "born": "born",
        "birth_year": "born",
        "postcode": "place",
        "sector": "place",
        "area": "place",
    }
    for rule in LEARN_FROM:
        free = {"forename", "surname", "born", "place"} - {fixes[name] for name in rule}
        if not free & wanted:
            continue
        pairs, name = pairs_of(people.table, rule), " and ".join(rule)
        if pairs < LEAST_PAIRS:
            refused[name] = f"only {pairs} pairs of records share it"
        elif pairs > most:
            refused[name] = f"{pairs:,} pairs of records share it, more than {most:,}: its common values would crowd out all else"
        else:
            kept[name] = pairs
            wanted -= free
    return kept, refused


def _terms(people: People) -> tuple[list[str], list[str]]:
    """Terms that say anything among these records, and words about those that do not."""
    columns = {term.name: people.table[term.column] for term in TERMS}
    kept = [name for name, column in columns.items() if len(column) - column.null_count > 1]
    words = {term.name: term.words for term in TERMS}
    return kept, [f"Nobody has a {words[name]}: it is not compared." for name in columns if name not in kept]


def _chances(linker: Any, prior: float) -> tuple[dict[str, dict[str, tuple[float, float]]], list[str]]:
    """Chances learnt, and the words for those that were not, for which the usual ones stand."""
    held, unlearnt = {}, []
    for comparison in linker._settings_obj.core_model_settings.comparisons:
        name = comparison.output_column_name
        levels = [level for level in comparison.comparison_levels if not level.is_null_level]
        chances = {level.label_for_charts: (level.m_probability, level.u_probability) for level in levels}
        if not any(level._has_estimated_m_values for level in levels):
            unlearnt.append(f"How often records of one person agree in {BY_NAME[name].words} could not be learnt: a usual value stands.")
        if name not in SCARCE:
            chances = {level: (m, unmixed(m, u, prior)) for level, (m, u) in chances.items()}
        held[name] = apart(chances)
    return held, unlearnt


def some_of(people: People, seed: int, most: int) -> People:
    """So many of the people, drawn by chance, or all where there are no more."""
    count = people.table.num_rows
    if count <= most:
        return people
    places = np.sort(np.random.default_rng(seed).choice(count, most, replace=False))
    return replace(people, table=people.table.take(pa.array(places)).set_column(0, "unique_id", pa.array(np.arange(most))))


def learn(
    people: People, seed: int, most_pairs: int = MOST_PAIRS, sampled: int = 500_000, most_records: int = 400_000, engine: str = "duckdb",
    session: Any | None = None,
) -> Model:  # fmt: skip
    """Learn how much each agreement says from records of at least two sources, or of one that holds people more than once.

    The method is that of Fellegi and Sunter (J Am Stat Assoc 1969; 64: 1183-1210) with expectation maximisation (Winkler 2000), done by Splink: how often strangers agree
    from `sampled` random pairs by `seed`, how often records of one person do from pairs that share a narrow rule. A rule with more than `most_pairs` is refused,
    and said; of more than `most_records` so many are drawn by `seed`. The same records and seed give the same model. Raises ValueError where too few records
    share anything to learn from.
    """
    people = some_of(people, seed, most_records)
    terms, caveats = _terms(people)
    rules, refused = _rules(people, most_pairs)
    if not rules:
        why = "; ".join(f"{name}: {reason}" for name, reason in refused.items())
        raise ValueError(
            f"There is nothing to learn from ({why}). Give more records, of agencies that know some of the same people, or a model learnt elsewhere."
        )
    with quietly(), engine_for(engine, session, people.table) as frame:
        from splink import Linker, block_on

        linker: Any = Linker(frame, settings(terms), log_level=None, validate_settings=False)
        linker.training.estimate_u_using_random_sampling(max_pairs=sampled, seed=seed, min_count_per_level=None, num_chunks=4)
        known = [block_on(*rule) for rule in (("root", "surname", "born"), ("nhs_number",)) if pairs_of(people.table, rule)]
        prior = 0.0001
        if known:
            linker.training.estimate_probability_two_random_records_match(known, recall=0.8)
            prior = linker._settings_obj._probability_two_random_records_match
        for name in rules:
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*name.split(" and ")))
        chances, unlearnt = _chances(linker, prior)
    return Model(chances, float(f"{prior:.9e}"), Learnt(people.table.num_rows, seed, rules, refused, caveats + unlearnt))
