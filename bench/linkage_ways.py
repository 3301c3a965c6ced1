"""Ways of linking two files, each run in its own process by `bench.linkage`: ours, Splink tuned as its manual says, Splink as its quick start, an exact join.

`python -m bench.linkage_ways WAY FOLDER` reads `records.parquet` there, writes `WAY.parquet` (left, right, weight, automatic), prints CPU seconds and the peak of memory.
"""

import json
import logging
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.invented import AT

ONCE = ("council", "police")


def ours(records: pa.Table) -> tuple[pa.Table, dict[str, float]]:
    """Standardise, learn, link, with one partner each."""
    from atlas_analysis.matching.linking import link
    from atlas_analysis.matching.model import learn
    from atlas_analysis.matching.standard import put_in_one_form

    marks = [time.process_time()]
    people = put_in_one_form(records, AT)
    marks.append(time.process_time())
    model = learn(people, seed=1)
    marks.append(time.process_time())
    found = link(people, model, once=ONCE, one_partner=True, least=0.0)
    marks.append(time.process_time())
    pairs = found.pairs.select(["left", "right", "weight"]).append_column("automatic", pc.equal(found.pairs["decision"], "automatic"))
    parts = {name: after - before for name, before, after in zip(("form", "learn", "link"), marks, marks[1:], strict=False)}
    count = records.num_rows
    return pairs, {**parts, "pairs_a_record": found.compared / count, "most": found.blocking.most, "alone": found.blocking.alone}


def cleaned(records: pa.Table) -> pa.Table:
    """What a careful analyst does before Splink: trimmed small letters, one form of date, postcodes without the space; sides by name."""
    text = {
        name: pc.utf8_lower(pc.utf8_trim_whitespace(pc.fill_null(records[name], "")))
        for name in ("forenames", "surname", "date_of_birth", "postcode", "telephone", "sex")
    }
    swapped = pc.replace_substring_regex(text["date_of_birth"], r"^(\d\d)/(\d\d)/(\d{4})$", r"\3-\2-\1")
    columns = {
        "first_name": pc.replace_substring_regex(text["forenames"], r"[ -].*$", ""), "surname": text["surname"], "dob": swapped,
        "postcode": pc.replace_substring(text["postcode"], " ", ""), "telephone": text["telephone"], "sex": text["sex"],
    }  # fmt: skip
    unknown = pa.array(["", "nk", "unknown"])
    held = {name: pc.if_else(pc.is_in(column, unknown), None, column) for name, column in columns.items()}
    return pa.table({"unique_id": pa.array(range(records.num_rows), pa.int64()), **held, "side": records["source"]})


def _splink(
    records: pa.Table, settings: Callable[[Any, Any], dict[str, Any]], learn: tuple[tuple[str, ...], ...]
) -> tuple[pa.Table, dict[str, float]]:
    import duckdb
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    table = cleaned(records)
    connection = duckdb.connect(":memory:")
    api = DuckDBAPI(connection=connection)
    frames = []
    for side in ONCE:
        connection.register(side, table.filter(pc.equal(table["side"], side)).drop_columns(["side"]))
        frames.append(api.register(side))
    given = {
        "link_type": "link_only",
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
        **settings(compare, block_on),
    }
    linker: Any = Linker(frames, given, log_level=None)
    linker.training.estimate_probability_two_random_records_match([block_on("first_name", "surname", "dob")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6 + 1, seed=1)
    for rule in learn:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    found = linker.inference.predict(threshold_match_probability=0.5, warning_mode="never").as_pyarrow_table()
    return pa.table(
        {
            "left": found["unique_id_l"],
            "right": found["unique_id_r"],
            "weight": found["match_weight"],
            "automatic": pc.greater_equal(found["match_probability"], 0.9999),
        }
    ), {}


def splink_tuned(records: pa.Table) -> tuple[pa.Table, dict[str, float]]:
    """Splink with its comparisons for names, dates and postcodes, term frequencies, six two-field rules, narrow rules to learn from; the best pair for both."""

    def settings(compare: Any, block_on: Any) -> dict[str, Any]:
        rules = (
            ("surname", "dob"),
            ("first_name", "dob"),
            ("postcode", "dob"),
            ("postcode", "surname"),
            ("postcode", "first_name"),
            ("telephone", "first_name"),
        )
        return {
            "comparisons": [
                compare.NameComparison("first_name").configure(term_frequency_adjustments=True),
                compare.NameComparison("surname").configure(term_frequency_adjustments=True),
                compare.DateOfBirthComparison("dob", input_is_string=True), compare.PostcodeComparison("postcode"), compare.ExactMatch("sex"),
                compare.ExactMatch("telephone").configure(term_frequency_adjustments=True),
            ],
            "blocking_rules_to_generate_predictions": [block_on(*rule) for rule in rules],
        }  # fmt: skip

    pairs, more = _splink(records, settings, (("surname", "dob"), ("first_name", "postcode")))
    import numpy as np

    from atlas_analysis.matching.deciding import one_to_one

    left, right, weight = (pairs[name].to_numpy() for name in ("left", "right", "weight"))
    sides = pc.equal(records["source"], "police").to_numpy().astype(np.int64)
    return pairs.filter(pa.array(one_to_one(left, right, weight, sides))), more


def splink_default(records: pa.Table) -> tuple[pa.Table, dict[str, float]]:
    """Splink as its quick start has it: names, date and postcode, two rules to learn from, a threshold."""

    def settings(compare: Any, block_on: Any) -> dict[str, Any]:
        columns = [
            compare.NameComparison("first_name"),
            compare.NameComparison("surname"),
            compare.DateOfBirthComparison("dob", input_is_string=True),
            compare.PostcodeComparison("postcode"),
        ]
        return {"comparisons": columns, "blocking_rules_to_generate_predictions": [block_on("first_name", "dob"), block_on("surname")]}

    return _splink(records, settings, (("first_name", "surname"), ("dob",)))


def exact(records: pa.Table) -> tuple[pa.Table, dict[str, float]]:
    """A join: name and date of birth, or postcode, date of birth and sex."""
    import duckdb

    table = cleaned(records)
    connection = duckdb.connect(":memory:")
    connection.register("t", table)
    rules = (
        "l.first_name = r.first_name AND l.surname = r.surname AND l.dob = r.dob",
        "l.postcode = r.postcode AND l.dob = r.dob AND l.sex = r.sex",
    )
    asked = " UNION ".join(
        f"SELECT l.unique_id AS a, r.unique_id AS b FROM t l JOIN t r ON {rule} WHERE l.side = 'council' AND r.side = 'police'"
        for rule in rules
    )
    found = connection.sql(f"SELECT *, 1.0 AS weight, true AS automatic FROM ({asked})").to_arrow_table()
    return found.rename_columns(["left", "right", "weight", "automatic"]), {}


WAYS = {"ours": ours, "splink_tuned": splink_tuned, "splink_default": splink_default, "exact": exact}

if __name__ == "__main__":
    way, folder = sys.argv[1], Path(sys.argv[2])
    pairs, more = WAYS[way](pq.read_table(folder / "records.parquet"))
    pq.write_table(pairs.select(["left", "right", "weight", "automatic"]), folder / f"{way}.parquet")
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "peak_mib": used.ru_maxrss / 1024, **more}))
