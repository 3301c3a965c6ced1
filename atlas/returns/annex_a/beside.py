"""The lists of Annex A beside what Atlas holds of the same children: only where Atlas holds the same fact. Pure.

Compared are who the child is; when referral, assessment, enquiry, plan or care began and ended; conferences; legal status; and, in list 8, what
Atlas masters itself: missing episodes of twelve months and the interview after the last. Never compared are placements and addresses (a place may be
sealed), names of workers, and what the main case system does not hand to Atlas: adoption, care leavers' lives, health checks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from atlas.design.words import day
from atlas.returns.annex_a.cells import Line, Value
from atlas.returns.annex_a.lists import ABSENT, ACCEPTED, BORN, MISSING, OFFERED, AnnexList
from atlas.returns.annex_a.values import value_of

Period = tuple[date, date | None]
SEX = {"M": "a) Male", "F": "b) Female"}
DISABLED = {True: "a) Yes", False: "b) No"}
# list: the statuses (statuses.Spell) of which its row is one, the column in which it began, and that in which it ended.
PERIODS: dict[int, tuple[tuple[str, ...], str, str]] = {
    3: (("referral",), "Date of referral", ""), 4: (("assessment",), "Continuous Assessment Start Date", ""),
    5: (("section_47",), "Strategy discussion initiating Section 47 Enquiry Start Date", ""),
    6: (("child_in_need", "referral"), "CIN Start Date", "CIN Closure Date"),
    7: (("child_protection",), "Child Protection Plan Start Date", "Child Protection Plan End Date"),
    8: (("looked_after",), "Date Started to be Looked After", "Date Ceased to be Looked After"),
}  # fmt: skip
CONFERENCES = {5: ("initial", "Date of Initial Child Protection Conference"), 7: ("review", "Date of latest review conference")}


@dataclass(frozen=True)
class Held:
    """What Atlas holds of one child whom the reader may see. `counted`: by column of list 8, what Atlas counts itself."""

    child_id: UUID
    born_on: date | None
    sex: str
    ethnicity: str
    is_disabled: bool | None
    spells: Mapping[str, tuple[Period, ...]]
    legal: tuple[str, date] | None
    conferences: Mapping[str, tuple[date, ...]]
    counted: Mapping[str, int | bool | None]


@dataclass(frozen=True)
class Difference:
    """One value in which the workbook and Atlas differ, as both are said."""

    row: int
    key: str
    child_id: UUID
    column: str
    workbook: str
    atlas: str


def differences(held: AnnexList, lines: Iterable[Line], children: Mapping[str, Held]) -> list[Difference]:
    """In what one list differs from Atlas, of the children whom Atlas shows. What a cell does not say, or nobody can read, differs from nothing."""
    found = []
    for line in lines:
        if child := children.get(line.key):
            pairs = [*_identity(line, child), *_periods(held.number, line, child), *_conferences(held.number, line, child)]
            if held.number == 8:
                pairs += [*_legal(line, child), *_counted(line, child)]
            found += [
                Difference(line.row, line.key, child.child_id, column, workbook, atlas)
                for column, workbook, atlas in pairs
                if workbook != atlas
            ]
    return found


Pair = tuple[str, str, str]


def _identity(line: Line, child: Held) -> Iterable[Pair]:
    disabled = "Does the Child have a Disability"
    known = {
        BORN: child.born_on, "Gender": SEX.get(child.sex), "Ethnicity": value_of("ethnicity", child.ethnicity) if child.ethnicity else None,
        disabled: DISABLED.get(child.is_disabled) if child.is_disabled is not None else None,
    }  # fmt: skip
    for column, atlas in known.items():
        said = line.said.get(column)
        if said is not None and atlas is not None and said != "c) Unknown":
            yield column, _words(said), _words(atlas)


def _periods(number: int, line: Line, child: Held) -> Iterable[Pair]:
    statuses, began, ended = PERIODS.get(number, ((), "", ""))
    from_on = line.said.get(began)
    if not isinstance(from_on, date):
        return
    periods = sorted(one for status in statuses for one in child.spells.get(status, ()))
    if number == 8:
        periods = joined(periods)
    same = [until for start, until in periods if start == from_on]
    if not same:
        yield began, day(from_on), "; ".join(f"from {day(start)}" for start, _ in periods[-3:]) or "nothing of the kind"
    elif ended in line.said and line.said[ended] not in same:
        until = line.said[ended]
        yield ended, day(until) if isinstance(until, date) else "still open", day(same[-1]) if same[-1] else "still open"


def joined(periods: Iterable[Period]) -> list[Period]:
    """Periods that follow on one another within a day, as one: a move within care is no end of it."""
    found: list[Period] = []
    for start, until in sorted(periods, key=lambda one: (one[0], one[1] or date.max)):
        last = found[-1] if found else None
        if last and (last[1] is None or start <= last[1] + timedelta(days=1)):
            found[-1] = (last[0], None if last[1] is None or until is None else max(last[1], until))
        else:
            found.append((start, until))
    return found


def _conferences(number: int, line: Line, child: Held) -> Iterable[Pair]:
    kind, column = CONFERENCES.get(number, ("", ""))
    said, held = line.said.get(column), child.conferences.get(kind, ())
    if isinstance(said, date) and said not in held:
        yield column, day(said), "; ".join(map(day, held[-3:])) or "none that was held"


def _legal(line: Line, child: Held) -> Iterable[Pair]:
    status, since = "Child's Legal Status", "Start date of current legal status"
    if child.legal is None or line.said.get("Date Ceased to be Looked After"):
        return
    atlas = value_of("legal_status", child.legal[0])
    if line.said.get(status) and atlas:
        yield status, _words(line.said[status]), atlas
    if line.said.get(since):
        yield since, _words(line.said[since]), day(child.legal[1])


def _counted(line: Line, child: Held) -> Iterable[Pair]:
    unread = {problem.column for problem in line.problems if "blank" not in problem.words}
    for column in (MISSING, ABSENT, OFFERED, ACCEPTED):
        if column in child.counted and column not in unread:
            said: Value | bool = line.said.get(column)
            if column in (MISSING, ABSENT):
                yield column, str(said or 0), str(child.counted[column] or 0)
            else:  # a blank answer is no answer
                yield column, _answer(None if said is None else said == "a) Yes"), _answer(child.counted[column])


def _answer(said: int | bool | None) -> str:
    return {None: "nothing", True: "yes", False: "no"}[said if said is None else bool(said)]


def _words(value: object) -> str:
    return day(value) if isinstance(value, date) else str(value)
