"""Sections 7 to 12: adults of concern, groups, what makes harm easier and what protects, direct work, what agencies did, and what children asked for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median

from atlas.agencies.models import AgencyKind
from atlas.connections.models import Group, PersonOfConcern
from atlas.directwork.rules import Outcome, Theme
from atlas.exploitation.codes import ITEM_CODES, ItemKind
from atlas.exploitation.rules.catalogue import ROW
from atlas.meetings.codes import ActionState
from atlas.missing.codes import AnswerList
from atlas.profile.document import Found, Section, Table
from atlas.profile.facts import Facts, Row
from atlas.profile.rules import NOT_RECORDED
from atlas.profile.sections.cohort import concerned, ethnic_groups, sexes
from atlas.profile.sections.going_missing import spoken, theme
from atlas.profile.tables import UNSAID, crossed, named, p_of_change, said, share
from atlas_analysis.rates.disclosure import protect
from atlas_analysis.rates.fairness import fairness
from atlas_analysis.rates.shares import MOST_SMALL

IN_TIME = "in_time"
RARELY = 0.01  # a measure is said to have fallen where chance alone makes it fall so far less often than this


def people(facts: Facts) -> Section:
    """Section 7: adults of concern as counts by capacity and age, and the measures in force. No name, and nobody under 18."""
    bands = ["18 to 24", "25 to 34", "35 and over", "Age not known"]
    cells = Counter((PersonOfConcern.Capacity(row["capacity"]).label, _adult_band(row["years"])) for row in facts.of("person_of_concern"))
    adults = crossed(
        "people",
        "Adults of concern",
        [one.label for one in PersonOfConcern.Capacity if any(cell[0] == one.label for cell in cells)],
        bands,
        cells,
    )
    measures = Counter(ROW[row["kind"]].name if row["kind"] in ROW else "Another measure" for row in facts.of("measure"))
    in_force = Table(
        "measures",
        "Measures in force on the last day",
        ["", "How many"],
        [[name, said(many)] for name, many in sorted(measures.items())],
        "" if measures else "None.",
    )
    caveats = ("Only adults whose entry was looked at in time are counted; who was removed is in no list. A child is never counted here.",)
    return Section(7, "People", (), (adults, in_force), caveats)


def _adult_band(years: int | None) -> str:
    return "Age not known" if years is None else "18 to 24" if years < 25 else "25 to 34" if years < 35 else "35 and over"


def groups(facts: Facts) -> Section:
    """Section 8: groups that agencies look at, by kind, and which are new. A group lists no child."""
    every, new = Counter(row["kind"] for row in facts.of("group")), Counter(row["kind"] for row in facts.within("group"))
    rows = [[one.label, str(every[one.value]), str(new[one.value])] for one in Group.Kind]
    table = Table(
        "groups",
        "Groups that agencies look at",
        ["", "On the last day", "Written down in the period"],
        rows,
        "Groups, and not people: a group lists no child.",
    )
    return Section(
        8, "Groups", (), (table,), ("That somebody is seen with somebody is no membership, and nothing here is counted from it.",)
    )


def strengths(facts: Facts) -> Section:
    """Section 9: what makes it easier to exploit these children, what was seen, and what protects them."""
    now = {child["child"] for child in concerned(facts)}
    cited = {(item["child"], item["kind"], item["code"]) for item in facts.of("item") if item["child"] in now}
    times = Counter((kind, code) for _, kind, code in cited)
    tables = [
        named(kind, ItemKind(kind).label, "children at a level above none", {name: times[kind, code] for code, name in codes}, len(now))
        for kind, codes in ITEM_CODES.items()
    ]
    return Section(
        9,
        "What makes harm easier, and what protects",
        (),
        tables,
        ("What nobody wrote down is not counted: that a line is short may mean that it is seldom asked.",),
    )


def services(facts: Facts) -> Section:
    """Section 10: programmes of direct work that were begun and how they ended. Commissioned services are not held here yet, and it says so."""
    now, before = facts.within("programme"), facts.within("programme", before=True)
    themes, earlier = Counter(row["theme"] for row in now), Counter(row["theme"] for row in before)
    rows = [[one.label, said(themes[one.value]), said(earlier[one.value])] for one in Theme if themes[one.value] or earlier[one.value]]
    ended = Counter(row["outcome"] for row in now if row["outcome"])
    outcomes = named(
        "outcomes", "What came of the aim", "programmes that ended", {one.label: ended[one.value] for one in Outcome}, sum(ended.values())
    )
    table = Table(
        "programmes",
        "Programmes of direct work that were begun",
        ["", "In the period", "In the period before"],
        rows,
        "" if rows else "None.",
    )
    return Section(
        10,
        "Direct work, and help that is bought",
        (),
        (table, outcomes),
        ("Help that the council buys, who was sent to it, who waits and who was turned away, is not held here, and not counted.",),
    )


def response(facts: Facts) -> tuple[Section, list[Found]]:
    """Section 11: interviews, safety plans and actions, and whether some groups of children fare worse; and what of it asks for a decision."""
    interviews, before = facts.within("interview"), facts.within("interview", before=True)
    measures = (
        ("Interviews offered", "is_offered", lambda row: row["is_offered"]),
        ("Interviews held", "held", lambda row: row["held_on"] is not None),
        ("Held within 72 hours of the return", IN_TIME, lambda row: row["timeliness"] == IN_TIME),
    )
    rows, found = [], []
    for name, key, is_so in measures:
        counts = [(sum(1 for row in these if is_so(row)), len(these)) for these in (interviews, before)]
        rows.append([name, *(share(*pair) for pair in counts)])
        found += _fell(name, key, *counts)
    table = Table("interviews", "Return interviews", ["", "Returns of the period", "Of the period before"], rows, drill="timeliness")
    now = concerned(facts)
    planned = [child for child in now if child["plan_on"]]
    ages = [(facts.until_on - child["plan_on"]).days for child in planned]
    words = (
        f"Children at a level above none with a safety plan in force: {share(len(planned), len(now))}"
        + (f"; half of these plans were confirmed or revised within the last {median(ages):.0f} days." if len(ages) > MOST_SMALL else "."),
    )
    fair, unlike = _fair(facts, interviews)
    return Section(
        11, "What agencies did", words, (table, _actions(facts), *fair), ("An action that no meeting agreed is not counted.",)
    ), [*found, *unlike]


def _fell(name: str, key: str, now: tuple[int, int], before: tuple[int, int]) -> list[Found]:
    p = p_of_change(now, before)
    if p is None or p > RARELY or now[0] * before[1] >= before[0] * now[1]:
        return []
    words = f"{name}: {share(*now)}, where it was {share(*before)} in the period before. Chance alone seldom makes so much less."
    return [Found("response", f"fell:{key}", words)]


def _actions(facts: Facts) -> Table:
    """What meetings asked of agencies and was due in the period, by what became of it."""
    cells: Counter[tuple[str, str]] = Counter()
    for row in facts.within("action", "due_on"):
        cells[AgencyKind(row["agency"]).label, _became(row)] += 1
    return crossed(
        "actions",
        "What meetings asked of agencies, and was due",
        sorted({cell[0] for cell in cells}),
        ["On time", "Late", "Not done", "Not taken on"],
        cells,
    )


def _became(row: Row) -> str:
    if row["state"] == ActionState.REFUSED:
        return "Not taken on"
    if row["state"] == ActionState.DONE:
        return "On time" if row["ended_on"] and row["ended_on"] <= row["due_on"] else "Late"
    return "Not done"


def _fair(facts: Facts, interviews: Sequence[Row]) -> tuple[list[Table], list[Found]]:
    """Whether an interview is held in time as often for one group of children as for the others."""
    child = {row["child"]: row for row in facts.of("child")}
    tables, found = [], []
    for key, title, of in (("ethnicity", "ethnic group", ethnic_groups), ("sex", "sex", sexes)):
        counted: dict[str, list[int]] = {}
        for row, group in zip(interviews, of([child[row["child"]] for row in interviews]), strict=True):
            pair = counted.setdefault(group, [0, 0])
            pair[0] += row["timeliness"] == IN_TIME
            pair[1] += 1
        unsaid = _unsaid(counted) if counted else set()
        unknown = counted.pop(NOT_RECORDED, [0, 0])
        if not counted:
            continue
        known = (unknown[0], unknown[1]) if NOT_RECORDED not in unsaid else (0, 0)
        fares = fairness({group: (pair[0], pair[1]) for group, pair in sorted(counted.items())}, known)
        rows = [
            [one.group, UNSAID, "too few to say"] if one.share is None or one.group in unsaid
            else [one.group, share(*counted[one.group]), "Yes" if one.differs else "No"]
            for one in fares.groups
        ]  # fmt: skip
        columns = ("", "Held in time", "Differs from the others by more than chance")
        tables.append(Table(f"fair_{key}", f"Interviews within 72 hours, by {title}", columns, rows, " ".join(fares.caveats)))
        for one in fares.groups:
            if one.differs and one.group not in unsaid:
                words = f"Interviews within 72 hours: {one.group}, {share(*counted[one.group])}; the others fare differently, by more than chance. Ask why."
                found.append(Found("response", f"unlike:{key}:{one.group}", words))
    return tables, found


def _unsaid(counted: Mapping[str, Sequence[int]]) -> set[str]:
    """The groups of which nothing is said, so that none of these can be taken from the total, which another table says."""
    groups = list(counted)
    hidden = protect([[counted[group][0], counted[group][1] - counted[group][0]] for group in groups]).unsaid
    if hidden[-1].any():
        return set(groups)
    return {group for group, row in zip(groups, hidden, strict=False) if row.any()}


def voices(facts: Facts) -> Section:
    """Section 12: what children said should happen now; and whose voice is not here."""
    table = replace(theme(AnswerList.HELP, spoken(facts)), title="“What should happen now?”", note="")
    caveats = (
        "Children’s own words stay in their records: a word may tell who said it. The panel hears them from those who work with the child.",
        "Parents’ and practitioners’ voices are not coded, and are not here. Ask them before the profile is adopted.",
    )
    return Section(12, "Voices", (), (table,), caveats)
