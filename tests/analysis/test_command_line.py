"""The engine at the command line: what an analyst asks with files is answered in a file and in a sentence; what cannot be right is said in words."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from atlas_analysis.__main__ import main, parser


def put(folder: Path, name: str, columns: dict[str, Any]) -> str:
    path = folder / name
    csv.write_csv(pa.table(columns), path)
    return str(path)


def test_scan_finds_what_was_planted_and_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    random, first = np.random.default_rng(1), date(2026, 1, 1)
    places = [f"place {number}" for number in range(30)]
    put(
        tmp_path,
        "places.csv",
        {"place": list(places), "x": random.integers(0, 9_000, 30).tolist(), "y": random.integers(0, 9_000, 30).tolist()},
    )
    happened = [(places[int(random.integers(30))], first + timedelta(days=int(random.integers(120)))) for _ in range(150)]
    happened += [("place 4", first + timedelta(days=112 + number % 8)) for number in range(10)]
    put(tmp_path, "events.csv", {"place": [one for one, _ in happened], "day": [day for _, day in happened]})
    files = [str(tmp_path / name) for name in ("events.csv", "places.csv", "found.parquet")]
    assert main(["scan", *files, "--from", "2026-01-01", "--until", "2026-04-30", "--seed", "1", "--shuffles", "99"]) == 0
    said = capsys.readouterr().out
    assert "place 4" in said and "no oftener than once in 100 days" in said
    best = parquet.read_table(tmp_path / "found.parquet").to_pylist()[0]
    assert "place 4" in best["places"] and best["p"] == pytest.approx(0.01)


def test_protect_leaves_empty_what_would_tell_of_few(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counts = put(tmp_path, "counts.csv", {"age": ["10 to 13", "14 to 17"], "missing": [3, 40], "not missing": [60, 90]})
    assert main(["protect", counts, str(tmp_path / "said.csv")]) == 0
    said = csv.read_csv(tmp_path / "said.csv").to_pylist()
    assert said[0]["missing"] is None and said[2]["All"] == 193
    assert "cells are left unsaid" in capsys.readouterr().out
    more = put(tmp_path, "more.csv", {"age": ["10 to 13", "14 to 17"], "missing": [3, 41], "not missing": [60, 90]})
    assert main(["protect", more, str(tmp_path / "said.csv"), "--after", counts]) == 0
    assert csv.read_csv(tmp_path / "said.csv").to_pylist()[1]["missing"] is None  # or the one who came would be told
    assert main(["protect", counts, str(tmp_path / "said.csv"), "--after", more]) == 2
    assert "less than it was" in capsys.readouterr().err


def test_together_and_trend_answer_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    times = [week * 4 * 10_080 for week in range(12)]
    episodes = put(
        tmp_path, "episodes.csv",
        {"child": ["A"] * 12 + ["B"] * 12, "from_minute": times + [one + 30 for one in times], "until_minute": [one + 500 for one in times * 2]},
    )  # fmt: skip
    assert main(["together", episodes, str(tmp_path / "pairs.csv")]) == 0
    assert "1 of 1 pairs" in capsys.readouterr().out
    months = put(tmp_path, "months.csv", {"period": [f"2026-{number:02}" for number in range(1, 13)], "count": [30] * 12})
    assert main(["trend", months, str(tmp_path / "fitted.csv"), "--seed", "1", "--shuffles", "19"]) == 0
    assert "no shift of level" in capsys.readouterr().out


def test_what_cannot_be_right_is_said_in_words_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = put(tmp_path, "odd.csv", {"child": ["A"], "from_minute": [9], "until_minute": [5]})
    out = tmp_path / "out.csv"
    assert main(["together", odd, str(out)]) == 2
    assert "1 episodes end before they begin" in capsys.readouterr().err
    assert main(["protect", str(tmp_path / "none.csv"), str(out)]) == 2
    assert "There is no file" in capsys.readouterr().err
    assert main(["trend", odd, str(out), "--seed", "1"]) == 2
    assert "no column count, period" in capsys.readouterr().err
    assert not out.exists()


def test_groups_and_the_ties_that_hold_them_together(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two rings of six, each all with all, and one tie between them; ties that ended do not count. Where chance ties as much, no group is told."""
    ids = [f"child {number}" for number in range(12)]
    points = put(tmp_path, "points.csv", {"id": ids, "kind": ["child"] * 12, "capacity": ["at risk"] * 12})
    pairs = [(ids[one + ring], ids[other + ring]) for ring in (0, 6) for one in range(6) for other in range(one)] + [(ids[0], ids[6])]

    def ties(of: list[tuple[str, str]], until: date) -> str:
        ones, others = zip(*of, strict=True)
        days = {"from_on": [date(2026, 1, 1)] * len(of), "until_on": [until] * len(of)}
        return put(tmp_path, "ties.csv", {"one": ones, "other": others, "kind": ["friend"] * len(of), "source": ["1"] * len(of), **days})

    out, asked = tmp_path / "found.csv", ["--day", "2026-06-30"]
    assert main(["groups", points, ties(pairs, date(2026, 12, 31)), str(out), *asked, "--seed", "1"]) == 0
    assert "2 groups of three or more" in capsys.readouterr().out
    assert sorted(row["group"] for row in csv.read_csv(out).to_pylist()) == [1] * 6 + [2] * 6
    assert main(["bridges", points, ties(pairs, date(2026, 12, 31)), str(out), *asked]) == 0
    assert csv.read_csv(out).to_pylist() == [{"one": "child 0", "other": "child 6", "kind": "friend"}]
    star = [(ids[0], other) for other in ids[1:]]
    assert main(["groups", points, ties(star, date(2026, 12, 31)), str(out), *asked, "--seed", "1"]) == 0
    assert "No group is told" in capsys.readouterr().out and csv.read_csv(out).num_rows == 0
    assert main(["groups", points, ties(star, date(2026, 6, 1)), str(out), *asked, "--seed", "1"]) == 2
    assert "no tie that holds on this day" in capsys.readouterr().err


def test_help_teaches_by_examples() -> None:
    told = parser().format_help()
    for question in ("scan", "near-repeats", "trend", "link", "together", "groups", "bridges", "protect"):
        assert f"python -m atlas_analysis {question}" in told
