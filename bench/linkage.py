"""Linkage: the council's records with the police's, of invented people, half of them the same: precision, recall, wrong automatic merges, time and memory beside
Splink tuned, Splink as its quick start, and an exact join; then one new referral beside everybody known, with Splink's `predict_between`.

`--quick`: 10,000 a side with three seeds. Else `10000`, `100000`, `1000000` as parts (all, where none is given); with `referral`, the new referral alone. Each way runs
in its own process,
in turn, on the same file; CPU is the whole process with imports. For the peers, *automatic* is a probability of 0.9999 or more; for ours, what is
joined without a person. The people are of no real agency: how often what goes wrong is invented (bench/invented.py), and nicknames are of our own
list, so the recall flatters us.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq

from atlas_analysis.matching.engines import engine_for
from atlas_analysis.matching.model import learn, quietly, settings
from atlas_analysis.matching.referral import Known
from atlas_analysis.matching.standard import put_in_one_form
from bench.invented import AT, table_of, two_sides
from bench.measuring import last_line, p95, table

QUICK = "--quick" in sys.argv
SIZES = [10_000] if QUICK else [int(part) for part in sys.argv[1:] if part.isdigit()] or [10_000, 100_000, 1_000_000]
SEEDS = (101, 202, 303)  # nobody has tuned on them
HEADS = ("a side", "seed", "way", "precision", "recall", "F1", "automatic", "wrong automatic", "seconds", "cpu s", "peak MiB")
RULES = ("surname,born", "forename,born", "postcode,born", "postcode,surname", "postcode,forename", "telephone,forename")


def judged(way: str, folder: Path, truth: list[int]) -> dict[str, float]:
    """How right the pairs of a way are."""
    pairs = pq.read_table(folder / f"{way}.parquet").to_pydict()
    held = [(truth[one] == truth[other], auto) for one, other, auto in zip(pairs["left"], pairs["right"], pairs["automatic"], strict=True)]
    right = sum(same for same, _ in held)
    true = len(truth) - len(set(truth))  # who is on both sides is there twice
    precision, recall = right / max(len(held), 1), right / true
    return {
        "precision": precision, "recall": recall, "f1": 2 * right / (len(held) + true),
        "automatic": sum(auto for _, auto in held) / true, "wrong_automatic": sum(auto and not same for same, auto in held),
    }  # fmt: skip


def ways(side: int, seed: int) -> dict[str, dict[str, float]]:
    """Each way on one file."""
    found = {}
    with TemporaryDirectory() as place:
        folder = Path(place)
        records, truth = two_sides(side, seed)
        pq.write_table(records, folder / "records.parquet")
        del records
        for way in ("ours", "splink_tuned", *(("splink_default",) if side <= 10_000 else ()), "exact"):
            start = time.perf_counter()
            done = subprocess.run([sys.executable, "-m", "bench.linkage_ways", way, place], check=True, stdout=subprocess.PIPE, text=True)
            figures = json.loads(done.stdout.splitlines()[-1])
            found[way] = {**judged(way, folder, truth), "seconds": time.perf_counter() - start, **figures}
    return found


def one_by_one(side: int, seed: int) -> dict[str, float]:
    """A new referral beside the council's records: ours and `predict_between`, by the same model: milliseconds, and how often the first named is the same."""
    records, truth = two_sides(side, seed)
    council, fresh = records.slice(0, side), records.slice(side, 1_000 if side > 10_000 else 500).to_pylist()
    people = put_in_one_form(council, AT)
    model = learn(put_in_one_form(records.slice(0, 20_000 + side) if side <= 10_000 else two_sides(10_000, seed + 1)[0], AT), seed=1)
    start = time.perf_counter()
    known = Known(people, model)
    ready = time.perf_counter() - start
    taken, worked, firsts, weights = [], [], [], []
    for record in fresh:
        start, began = time.perf_counter(), time.process_time()
        found = known.look_up(record, AT, least=0)
        taken.append(time.perf_counter() - start)
        worked.append(time.process_time() - began)
        firsts.append(found[0].place if found else None)
        weights.append(found[0].why.weight if found else None)
    councils = set(truth[:side])
    right = [first is not None and truth[first] == truth[side + n] for n, first in enumerate(firsts)]
    beside, times = _between(people, model, fresh, 20 if side > 100_000 else 40)

    def heavier(one: float | None, other: float | None) -> bool:
        return (one if one is not None else -99) > (other if other is not None else -99) + 1e-9

    its_right = [first is not None and truth[first] == truth[side + n] for n, (first, _) in enumerate(beside)]
    known_to_both = max(sum(truth[side + n] in councils for n in range(len(fresh))), 1)
    ours_heavier = [heavier(weights[n], theirs[1]) for n, theirs in enumerate(beside)]
    theirs_heavier = [heavier(theirs[1], weights[n]) for n, theirs in enumerate(beside)]
    same = [theirs[0] == firsts[n] or not (ours_heavier[n] or theirs_heavier[n]) for n, theirs in enumerate(beside)]
    return {
        "ready_s": ready, "p50_ms": 1000 * sorted(taken)[len(taken) // 2], "p95_ms": 1000 * p95(taken), "p95_cpu_ms": 1000 * p95(worked),
        "peer_p50_ms": 1000 * sorted(times)[len(times) // 2], "ratio": sorted(times)[len(times) // 2] / sorted(taken)[len(taken) // 2], "cases": len(fresh),
        "same_first": sum(same) / len(same), "found_more": sum(ours_heavier) / len(same), "found_less": sum(theirs_heavier) / len(same),
        "right_first": sum(right) / known_to_both, "its_right_first": sum(its_right) / known_to_both,
    }  # fmt: skip


First = tuple[int | None, float | None]


def _between(people: Any, model: Any, fresh: list[dict[str, Any]], one_by_one: int) -> tuple[list[First], list[float]]:
    """The library's own call: the first named of each new record with its weight, asked all at once; and the seconds of so many asked one by one."""
    rules = [" AND ".join(f"l.{name} = r.{name}" for name in rule.split(",")) for rule in RULES]
    times = []
    with quietly(), engine_for("duckdb", None, people.table.drop_columns(["id", "source"])) as frame:
        from splink import Linker

        linker: Any = Linker(frame, settings(list(model.chances), model, rules), log_level=None)
        for name in ("forename", "surname", "born", "telephone", *(one for one in ("nhs_number", "upn") if one in model.chances)):
            linker.table_management.compute_tf_table(name)

        def asked(name: str, records: Any) -> list[dict[str, Any]]:
            row = put_in_one_form(records, AT).table.drop_columns(["id", "source"])
            frame.db_api.duckdb_con.register(name, row)
            return linker.inference.predict_between(
                frame, frame.db_api.register(name), threshold_match_weight=0.0, warning_mode="never"
            ).as_record_list()

        for place, record in enumerate(fresh[:one_by_one]):
            start = time.perf_counter()
            asked(f"fresh_{place}", pa_table(record))
            times.append(time.perf_counter() - start)
        firsts: list[First] = [(None, None)] * len(fresh)
        for pair in asked("fresh_all", table_of(fresh)):
            best = firsts[pair["unique_id_r"]][1]
            if best is None or pair["match_weight"] > best:
                firsts[pair["unique_id_r"]] = pair["unique_id_l"], pair["match_weight"]
    return firsts, times


def pa_table(record: dict[str, Any]) -> Any:
    """One record as a table; a record without a usable name or date is not asked of the peer by `put_in_one_form`, so it is given one that is nobody's."""
    fill = {"forenames": "Zzzz", "surname": "Zzzz", "date_of_birth": "2000-01-02"}
    return table_of([record, {**record, **fill, "id": "nobody"}])


def main() -> None:
    """Each size in turn."""
    rows, one, figures = [], [], dict[str, float]()
    for side in SIZES:
        for seed in SEEDS if side <= 10_000 else SEEDS[:1]:
            for way, held in {} if "referral" in sys.argv else ways(side, seed).items():
                rows.append((side, seed, way, *(f"{held[name]:.4f}" for name in ("precision", "recall", "f1", "automatic")), int(held["wrong_automatic"]),
                             *(f"{held[name]:.1f}" for name in ("seconds", "cpu", "peak_mib"))))  # fmt: skip
                key = f"{way}_{side}"
                for name in (
                    "precision",
                    "recall",
                    "f1",
                    "automatic",
                    "seconds",
                    "cpu",
                    "peak_mib",
                    *(("pairs_a_record", "alone", "form", "learn", "link") if way == "ours" else ()),
                ):
                    figures[f"{key}_{name}"] = figures.get(f"{key}_{name}", 0.0) + held[name] / (len(SEEDS) if side <= 10_000 else 1)
                figures[f"{key}_wrong_automatic"] = figures.get(f"{key}_wrong_automatic", 0) + held["wrong_automatic"]
        referral = one_by_one(side, SEEDS[0])
        one.append((side, *(f"{value:.3f}" for value in referral.values())))
        figures |= {f"referral_{side}_{name}": value for name, value in referral.items()}
    table(HEADS, rows)
    print()
    table(
        (
            "known",
            "ready s",
            "ours p50 ms",
            "p95 ms",
            "p95 cpu ms",
            "predict_between p50 ms",
            "ratio",
            "cases",
            "same first",
            "ours heavier",
            "its heavier",
            "first is the right one",
            "its first is",
        ),
        one,
    )
    last_line(**figures)


if __name__ == "__main__":
    main()
