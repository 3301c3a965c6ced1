"""The analysis engine at the command line, for analysts without the database: `python -m atlas_analysis QUESTION IN… OUT`, on CSV or Parquet.

Here alone files are opened. What was found is written to OUT; in a sentence, with every caveat, it is said on the screen; progress goes to the error stream.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import csv, parquet

if TYPE_CHECKING:
    from atlas_analysis.networks.ties import Network

SHUFFLED = {"scan": 999, "near-repeats": 199, "trend": 999, "groups": 19}  # how many shuffles, unless said
EXAMPLES = """examples:
  python -m atlas_analysis scan events.csv places.csv found.csv --from 2026-01-01 --until 2026-06-30 --seed 1
      events: place, day (one row each).  places: place, and easting and northing, or latitude and longitude.
  python -m atlas_analysis near-repeats events.csv found.csv --seed 1
      events: day (or at), and coordinates.
  python -m atlas_analysis trend months.csv found.csv --seed 1
      months: period, count, in the order of time, none left out.
  python -m atlas_analysis link records.csv pairs.csv --day 2026-06-30 --seed 1 --once police
      records: id, source, forenames, surname, date_of_birth; and sex, postcode, telephone, nhs_number, upn where there are.
  python -m atlas_analysis together episodes.csv pairs.csv --weeks 52
      episodes: child, from_minute, until_minute, in minutes since the period began.
  python -m atlas_analysis groups points.csv ties.csv found.csv --day 2026-06-30 --seed 1
      points: id, kind, capacity.  ties: one, other, kind, source (1 to 3), from_on, until_on; a tie without an end does not count.
  python -m atlas_analysis bridges points.csv ties.csv found.csv --day 2026-06-30
      the same tables; the ties without which somebody would have no way to somebody else.
  python -m atlas_analysis protect counts.csv said.csv
      counts: one row a group, its name first, then whole counts; what would tell of few is left empty.
  python -m atlas_analysis protect counts.csv said.csv --after counts_before.csv
      the same, so that beside an earlier release nobody finds the few who came between either.
"""


def read(path: Path) -> pa.Table:
    """A table from a file. Raises ValueError for a file that is no table."""
    try:
        return parquet.read_table(path) if path.suffix == ".parquet" else csv.read_csv(path)
    except FileNotFoundError:
        raise ValueError(f"There is no file {path}.") from None
    except (pa.ArrowInvalid, OSError) as problem:
        raise ValueError(f"{path} cannot be read as {'Parquet' if path.suffix == '.parquet' else 'CSV'}: {problem}") from None


def write(table: pa.Table, path: Path) -> None:
    """A table into a file, CSV or Parquet by its name."""
    if path.suffix == ".parquet":
        parquet.write_table(table, path)
    else:
        csv.write_csv(table, path)


def table_of(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> pa.Table:
    """Rows as a table that has its columns also where there is no row."""
    return pa.table({name: pa.array([row[name] for row in rows]) for name in columns})


def progress(share: float) -> None:
    """How far it is, where somebody looks on."""
    if sys.stderr.isatty():
        print(f"\r{share:4.0%}", end="" if share < 1 else "\n", file=sys.stderr)


def say(sentence: str, caveats: Sequence[str] = ()) -> None:
    """What was found, and what one must know before one reads it."""
    print("\n".join([sentence, *(f"Caveat: {one}" for one in caveats)]))


def scan(given: argparse.Namespace) -> None:
    """Places and days with more than chance."""
    from atlas_analysis.hotspots import Search
    from atlas_analysis.hotspots import scan as look

    search = Search(
        first_day=given.first,
        last_day=given.last,
        seed=given.seed,
        longest=given.longest,
        replicates=given.shuffles,
        looking_back=given.looking_back,
    )
    found = look(read(given.events), read(given.places), search, progress)
    columns = ("places", "centre", "radius", "first", "last", "events", "expected", "statistic", "p", "recurrence_days")
    rows = [
        {**asdict(one.best), "places": "; ".join(one.best.places), "p": one.p, "recurrence_days": one.recurrence_days}
        for one in found.clusters
    ]
    write(table_of(rows, columns), given.out)
    say(found.in_words(), found.caveats)


def near_repeats(given: argparse.Namespace) -> None:
    """Whether one event makes another near by and soon after more likely."""
    from atlas_analysis.hotspots import near_repeats as look

    found = look(read(given.events), seed=given.seed, shuffles=given.shuffles)
    columns = ("metres_from", "metres_until", "days_from", "days_until", "pairs", "expected", "p")
    rows = [dict(zip(columns, (*one.metres, *one.days, one.pairs, one.expected, one.p), strict=True)) for one in found.cells]
    write(table_of(rows, columns), given.out)
    first = found.cells[0]
    say(f"Nearest and soonest: {first.pairs} pairs, where {first.expected:.1f} were expected (p {first.p:.3f}).", found.caveats)


def trend(given: argparse.Namespace) -> None:
    """Whether it rises, or recording changed."""
    from atlas_analysis.hotspots import trend as look

    months = read(given.months)
    if missing := {"period", "count"} - set(months.column_names):
        raise ValueError(f"The table of periods has no column {', '.join(sorted(missing))}.")
    labels = [str(one) for one in months["period"].to_pylist()]
    found = look(months["count"].to_pylist(), labels=labels, seed=given.seed, shuffles=given.shuffles)
    rows = [{"period": label, "fitted": value} for label, value in zip(labels, found.fitted, strict=True)]
    write(table_of(rows, ("period", "fitted")), given.out)
    shifts = f"{len(found.shifts)} shifts of level taken out" if found.shifts else "no shift of level"
    say(f"From each period to the next {found.each - 1:+.1%} ({found.low - 1:+.1%} to {found.high - 1:+.1%}), {shifts}.", found.caveats)


def link(given: argparse.Namespace) -> None:
    """Which records are of the same person."""
    from atlas_analysis.matching.linking import link as beside
    from atlas_analysis.matching.model import learn
    from atlas_analysis.matching.standard import put_in_one_form

    records = read(given.records)
    people = put_in_one_form(records, given.day)
    model = learn(people, given.seed)
    found = beside(people, model, once=given.once)
    ids, sources = people.table["id"].to_pylist(), people.table["source"].to_pylist()
    rows = [
        {"source": sources[pair["left"]], "id": ids[pair["left"]], "other_source": sources[pair["right"]], "other_id": ids[pair["right"]],
         "weight": pair["weight"], "probability": pair["probability"], "decision": pair["decision"]}
        for pair in found.pairs.select(["left", "right", "weight", "probability", "decision"]).to_pylist()
    ]  # fmt: skip
    write(table_of(rows, ("source", "id", "other_source", "other_id", "weight", "probability", "decision")), given.out)
    counted = {one: sum(row["decision"] == one for row in rows) for one in sorted({row["decision"] for row in rows})}
    say(
        f"{found.compared:,} pairs compared of {records.num_rows:,} records: {', '.join(f'{many:,} {one}' for one, many in counted.items()) or 'none alike'}."
    )


def together(given: argparse.Namespace) -> None:
    """Which children are missing at the same time more than chance."""
    from atlas_analysis.networks.together import WEEK, missing_together

    found = missing_together(read(given.episodes), 0, given.weeks * WEEK - 1)
    columns = ("one", "other", "occasions", "expected", "p")
    write(table_of([asdict(one) for one in found.pairs], columns), given.out)
    say(f"{len(found.pairs)} of {found.tried:,} pairs were missing together more often than chance makes it.", found.caveats)


def groups(given: argparse.Namespace) -> None:
    """Who is tied more to one another than to others, where that is more than chance."""
    from atlas_analysis.networks.groups import groups as look

    of = _network(given)
    found = look(of, given.seed, given.shuffles)
    members = found.members() if found.is_told else []
    rows = [{"group": number, "id": of.ids[at], "kind": of.kinds[at]} for number, these in enumerate(members, 1) for at in these.tolist()]
    write(table_of(rows, ("group", "id", "kind")), given.out)
    beside = f"modularity {found.modularity:.3f}; the highest of {given.shuffles} networks drawn by chance has {found.by_chance:.3f}"
    said = f"{len(members)} groups of three or more" if found.is_told else "No group is told: ties drawn by chance hang together as much"
    say(f"{said} ({beside}).", (*_left_out(of), "To be tied is no membership, and no suspicion: a child is a child first."))


def bridges(given: argparse.Namespace) -> None:
    """The ties without which the network falls apart."""
    from atlas_analysis.networks.bridges import bridging_ties

    of = _network(given)
    ties = read(given.ties).take(pa.array(of.of_table[bridging_ties(of)].tolist(), pa.int64()))
    write(ties.select(["one", "other", "kind"]), given.out)
    say(f"{ties.num_rows:,} of {len(of.one):,} ties are all that leads from some to others.", _left_out(of))


def _network(given: argparse.Namespace) -> "Network":
    from atlas_analysis.networks.ties import network

    points, ties = read(given.points), read(given.ties)
    if "source" in ties.column_names:  # a CSV of grades is read as numbers
        ties = ties.set_column(ties.column_names.index("source"), "source", ties["source"].cast(pa.string()))
    return network(points, ties, given.day, given.worst)


def _left_out(of: "Network") -> tuple[str, ...]:
    return (f"Of the ties, {'; '.join(of.left_out)}: these do not count.",) if of.left_out else ()


def protect(given: argparse.Namespace) -> None:
    """A table in which nobody is reckoned back."""
    from atlas_analysis.rates.disclosure import protect as leave_unsaid
    from atlas_analysis.rates.releases import protect_after

    names, groups, labels, rows = _counts(given.counts)
    if given.after is None:
        told = leave_unsaid(rows)
    else:
        before = _counts(given.after)
        if before[:3] != (names, groups, labels):
            raise ValueError("The earlier table must have the same groups and the same columns, in the same order.")
        told = protect_after(rows, leave_unsaid(before[3]))
    lines = zip([*labels, "All"], told.said(), strict=True)
    said = [{names: label, **dict(zip([*groups, "All"], row, strict=True))} for label, row in lines]
    write(table_of(said, [names, *groups, "All"]), given.out)
    say(f"{int(told.unsaid.sum())} of {told.unsaid.size} cells are left unsaid, {told.secondary} of them to protect others.")


def _counts(path: Path) -> tuple[str, list[str], list[str], list[list[int]]]:
    """A table of counts: the name of the groups, the columns, the groups, the counts."""
    counts = read(path)
    names, *groups = counts.column_names
    if "All" in groups:
        raise ValueError("Leave the column “All” out: totals are added here.")
    rows = [list(row) for row in zip(*(counts[name].to_pylist() for name in groups), strict=True)]
    return names, groups, list(map(str, counts[names].to_pylist())), rows


def parser() -> argparse.ArgumentParser:
    """The words of the command line."""
    top = argparse.ArgumentParser(
        "python -m atlas_analysis", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    questions = top.add_subparsers(dest="question", required=True)
    for name, act, files in (
        ("scan", scan, ("events", "places")), ("near-repeats", near_repeats, ("events",)), ("trend", trend, ("months",)), ("link", link, ("records",)),
        ("together", together, ("episodes",)), ("groups", groups, ("points", "ties")), ("bridges", bridges, ("points", "ties")), ("protect", protect, ("counts",)),
    ):  # fmt: skip
        one = questions.add_parser(name, help=act.__doc__)
        for file in (*files, "out"):
            one.add_argument(file, type=Path, help="a CSV file, or Parquet where its name ends so")
        one.set_defaults(act=act)
        if name in {"scan", "near-repeats", "trend", "link", "groups"}:
            one.add_argument("--seed", type=int, required=True, help="the same seed gives the same answer")
        if name in SHUFFLED:
            one.add_argument("--shuffles", type=int, default=SHUFFLED[name])
        if name in {"groups", "bridges"}:
            one.add_argument("--worst", choices=["1", "2", "3"], default="3", help="the worst grade of a source that counts (3)")
        if name == "scan":
            one.add_argument("--from", dest="first", type=date.fromisoformat, required=True, help="the first day, as 2026-01-31")
            one.add_argument("--until", dest="last", type=date.fromisoformat, required=True, help="the last day")
            one.add_argument("--longest", type=int, default=30, help="days of the longest window (30)")
            one.add_argument("--looking-back", action="store_true", help="windows that end on any day, not on the last alone")
        if name in {"link", "groups", "bridges"}:
            one.add_argument("--day", type=date.fromisoformat, required=True, help="the day as which it is looked at")
        if name == "link":
            one.add_argument("--once", nargs="*", default=(), help="sources that hold each person once")
        if name == "protect":
            one.add_argument(
                "--after",
                type=Path,
                help="the same table as it was counted for an earlier release; since then children came, and none has gone",
            )
        if name == "together":
            one.add_argument("--weeks", type=int, default=52, help="how long the period is")
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Answer one question. 0 where it was answered, 2 where the input cannot be right."""
    given = parser().parse_args(words)
    try:
        given.act(given)
    except ValueError as problem:
        print(f"{problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
