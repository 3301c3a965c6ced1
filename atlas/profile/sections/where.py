"""Section 6: where. Places that children named, where somebody has said which they are: how often, since when, more or less than before, and where beyond chance."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa
from scipy.stats import binomtest

from atlas.design.words import day as day_words
from atlas.places.rules import DWELLINGS, PlaceType
from atlas.profile.document import Found, Section, Table
from atlas.profile.facts import Facts, Row
from atlas.profile.rules import ASKS, LONGEST_WINDOW, LOOKS_BACK, SEED, SHUFFLES
from atlas.profile.tables import TOO_FEW, UNSAID, is_small, said, share
from atlas_analysis.hotspots import ScanResult, Search, scan
from atlas_analysis.rates.discoveries import discoveries
from atlas_analysis.rates.shares import MOST_SMALL

MOST_PLACES = 30
LEAST_ON_MAP = 10  # children: a place that fewer named stands on no map (protection.md 3.5)
LATELY = timedelta(days=60)
LEAST_SCANNED = 20  # events: with fewer, nothing is looked for
NEVER, STEADY, MORE, LESS = "", "as before", "more than before", "less than before"


@dataclass(frozen=True)
class Named:
    """A place of the record: in how many interviews it was named in the period, by how many children, when first, and whether lately more or less than before."""

    place: Row
    interviews: int
    children: int
    first: date
    moves: str


def where(facts: Facts, tell: Callable[[float], None] = lambda share: None) -> tuple[Section, list[Found], list[dict[str, object]]]:
    """The section, what of it asks for a decision, and the points of the map: (name, easting, northing), of places that ten children or more named."""
    places = {place["place"]: place for place in facts.of("place")}
    mentions = _once_each([mention for mention in facts.of("mention") if facts.until_on - LOOKS_BACK <= mention["on"] < facts.until_on])
    found = _named(places, mentions, facts)
    result, why_not = _scanned(places, mentions, facts, tell)
    clusters = _clusters(result, places) if result else []
    table = _table(found, mentions)
    more = Table(
        "scan",
        "More than chance explains",
        ["Place", "Since", "Interviews", "Expected", "How sure"],
        [line for _, line in clusters],
        why_not or _how(result),
    )
    words = (_in_words(result, clusters) if result else why_not,)
    findings = [
        Found(
            "where", f"place:{key}", f"{line[0]}: named in {line[2]} interviews since {line[1]}, where {line[3]} were expected. {line[4]}"
        )
        for key, line in clusters
    ]
    caveats = (
        "A place that is named more often may be one that interviewers ask about more often, or that somebody only lately wrote down.",
        "Homes stand on no map and in no search for clusters; nor do places that nobody has put on the map.",
        f"On the map stands a place that {LEAST_ON_MAP} children or more named in the period.",
    )
    points = [
        {"name": one.place["name"], "easting": one.place["easting"], "northing": one.place["northing"], "moves": one.moves}
        for one in found if one.place["easting"] is not None and one.children >= LEAST_ON_MAP
    ]  # fmt: skip
    return Section(6, "Where", words, (table, more), caveats), findings, list(points)


def _table(found: Sequence[Named], mentions: Sequence[Row]) -> Table:
    often = [one for one in found if not is_small(one.interviews)]
    rows = [
        [one.place["name"], PlaceType(one.place["type"]).label, said(one.interviews), said(one.children),
         UNSAID if is_small(one.children) else day_words(one.first), one.moves or "too few to say",
         "Yes" if one.place["is_answered_for"] else "Nobody yet"]
        for one in often[:MOST_PLACES]
    ]  # fmt: skip
    columns = (
        "Place",
        "Kind",
        "Interviews in the period",
        "Children",
        "First named",
        f"The last {LATELY.days} days against the year",
        "A partner answers for it",
    )
    settled = sum(1 for mention in mentions if mention["settled"])
    note = f"Somebody has said which place it is of {share(settled, len(mentions))} mentions of the last year; the others are not counted."
    if len(found) > len(often):
        note += f" {len(found) - len(often)} more {'place was' if len(found) - len(often) == 1 else 'places were'} named in five interviews or fewer."
    return Table("places", "Places that children named", columns, rows, note if mentions else TOO_FEW, "mentions")


def _once_each(mentions: Sequence[Row]) -> list[Row]:
    """A place counts once for an interview, however often the child named it."""
    return list({(mention["interview"], mention["place"] or id(mention)): mention for mention in mentions}.values())


def _named(places: Mapping[str, Row], mentions: Sequence[Row], facts: Facts) -> list[Named]:
    """Each place of the record that was named in the period, the most often named first, with whether it is named more or less lately than in its own past."""
    of: dict[str, list[Row]] = defaultdict(list)
    for mention in mentions:
        if mention["place"] in places:
            of[mention["place"]].append(mention)
    begins = facts.until_on - LATELY
    everywhere = sum(len(rows) for rows in of.values())
    lately_all = sum(1 for rows in of.values() for row in rows if row["on"] >= begins)
    tests: list[tuple[float, str, bool]] = []
    for key, rows in of.items():
        lately = sum(1 for row in rows if row["on"] >= begins)
        if len(rows) > 2 * MOST_SMALL + 1 and 0 < lately_all < everywhere:
            expected = lately_all / everywhere
            tests.append((float(binomtest(lately, len(rows), expected).pvalue), key, lately > expected * len(rows)))
    tests.sort()
    told = {key: MORE if is_more else LESS for _, key, is_more in tests[: discoveries([p for p, *_ in tests])]}
    tested = {key for _, key, _ in tests}
    made = []
    for key, rows in of.items():
        now = [row for row in rows if row["on"] >= facts.from_on]
        if now:
            moves = told.get(key, STEADY if key in tested else NEVER)
            made.append(Named(places[key], len(now), len({row["child"] for row in now}), min(row["on"] for row in rows), moves))
    return sorted(made, key=lambda one: (-one.interviews, one.place["name"]))


def _scanned(
    places: Mapping[str, Row], mentions: Sequence[Row], facts: Facts, tell: Callable[[float], None]
) -> tuple[ScanResult | None, str]:
    """The space-time scan of the last year up to the last day; or why there is none."""
    on_map = {key: place for key, place in places.items() if place["easting"] is not None and place["type"] not in DWELLINGS}
    events = [mention for mention in mentions if mention["place"] in on_map]
    if len(on_map) < 2 or len(events) < LEAST_SCANNED:
        return None, f"No search for clusters was made: it needs two places on the map and {LEAST_SCANNED} interviews that name them."
    keys = sorted(on_map)
    ground = pa.table(
        {"place": keys, "easting": [on_map[key]["easting"] for key in keys], "northing": [on_map[key]["northing"] for key in keys]}
    )
    happened = pa.table({"place": [event["place"] for event in events], "day": pa.array([event["on"] for event in events], pa.date32())})
    search = Search(
        first_day=facts.until_on - LOOKS_BACK, last_day=facts.until_on - timedelta(days=1), seed=SEED, longest=LONGEST_WINDOW, replicates=SHUFFLES,
        least_events=MOST_SMALL + 1,
    )  # fmt: skip
    return scan(happened, ground, search, tell), ""


def _clusters(result: ScanResult, places: Mapping[str, Row]) -> list[tuple[str, list[str]]]:
    """Each cluster that is told, by its middle: the row that says it."""
    rows = []
    for cluster in result.found(ASKS):
        best = cluster.best
        middle, near = places[best.centre]["name"], len(best.places) - 1
        called = f"{middle} and {near} near it" if near else str(middle)
        sure = "Chance alone shows one as strong "
        often = round(cluster.recurrence_days or 0)
        sure += f"about once in {often:,} days of looking." if often else f"in {cluster.p:.1%} of such years."
        rows.append((best.centre, [called, day_words(best.first), said(best.events), f"{best.expected:.1f}", sure]))
    return rows


def _how(result: ScanResult | None) -> str:
    if result is None:
        return ""
    return (
        f"Space-time permutation scan (Kulldorff and others 2005) of {result.events} mentions of {result.places} places, windows of up to {LONGEST_WINDOW} days up to "
        f"the last day, {result.replicates} shuffles; told where chance makes one as strong in fewer than {ASKS:.0%} of such searches."
    )


def _in_words(result: ScanResult, clusters: Sequence[object]) -> str:
    if clusters:
        return "Where more was said lately than chance explains stands below, with how sure that is."
    return "No place was found where more was said lately than chance explains. That is an answer: a place may still be the one that harms most."
