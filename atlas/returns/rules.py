"""The 19 rules of the Missing table, each in the words of whoever must put the file right.

Source: validation rules of the SSDA903 return (Department for Education, OGL v3), as listed for 2024-25 in the rule list of
csc-validator-be-903 (`903_2024_25_rule_info.csv`); INT04 and INT13 are that validator's own. What flags a row is written once, in
`checking/missing_rules.sql`; here stands what to say of it. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

HEADER, EPISODES, LAST = "Header", "Episodes", "Missing of last year"


@dataclass(frozen=True)
class Rule:
    """One rule: its number, what it is about, the other tables that it needs, and what to say and do, by case."""

    code: str
    name: str
    says: Mapping[str, str]
    needs: tuple[str, ...] = ()


def _rule(code: str, name: str, *needs: str, **says: str) -> Rule:
    return Rule(code, name, says, needs)


_FIRST = "Put the start date right first; this follows from it."
_CARE = "By the Episodes table the child was looked after {other}."
RULES: tuple[Rule, ...] = (
    _rule(
        "INT04", "The child is not in the Header table", HEADER,
        usual="The Header table has no child with this number. Correct the number here, or add the child to the Header table.",
    ),
    _rule(
        "INT13", "The date of birth differs from the Header table", HEADER,
        usual="The date of birth here is {dob}; the Header table says {other}. Find out which is right, and correct the other.",
    ),
    _rule(
        "1012", "The child has no episode of care this year", EPISODES,
        usual="The Episodes table has no row for this child. Add the child's episodes, or take this row out if the child was not looked after this year.",
    ),
    _rule(
        "564", "Missing or away, but no start date",
        usual="The row says {type}, but not since when. Write the day on which it began.",
    ),
    _rule(
        "565", "A start date, but neither missing nor away",
        usual="It began on {start}, but the row does not say which it was. Write M (missing) or A (away without authorisation).",
    ),
    _rule(
        "566", "An end date, but neither missing nor away",
        usual="It ended on {end}, but the row does not say which it was. Write M (missing) or A (away without authorisation).",
    ),
    _rule(
        "567", "It ended before it began",
        usual="It began on {start} and ended on {end}, which is earlier. Correct one of the two dates.",
    ),
    _rule(
        "570", "It began after the year had ended",
        usual="It began on {start}, after {last_day}. It belongs in the next return, or the date is wrong.",
    ),
    _rule(
        "571", "It ended outside the year",
        before="It ended on {end}, before the year began on {first_day}. It belongs in an earlier return, or the date is wrong.",
        after="It ended on {end}, after {last_day}. Leave the end date blank: it was still open when the year ended.",
    ),
    _rule(
        "574", "It overlaps the period before, or that one is still open",
        overlap="It began on {start}, but the period before it ({other}) was not over. Correct the dates, or make one row of the two.",
        open="The period before it ({other}) has no end date that can be read. Give that one its end, or take one of the two out.",
        no_start="This row has no start date that can be read, so it cannot be put in order after the period before it ({other}). " + _FIRST,
    ),
    _rule(
        "575", "The placement ended, but this has no end date", EPISODES,
        usual="It began on {start} in an episode that ended ({other}). Give the day on which the child was found or came back.",
    ),
    _rule(
        "576", "A period was open at the end of last year, and this year does not begin with it", LAST,
        usual="Last year's return left a period open that began on {other}; this child's first period this year begins on {start}. "
        "Carry last year's period over with the same start date.",
        no_start="Last year's return left a period open that began on {other}; this row's start date cannot be read. " + _FIRST,
        gone="Last year's return left a period open that began on {start}, and this year's Missing table has no row for the child. "
        "Carry that period over with the same start date.",
    ),
    _rule(
        "577", "It does not end within the child's time in care", EPISODES,
        open="It has no end date, but the child is looked after no more. " + _CARE + " Give the day on which the child was found or came back.",
        unread="Its end date “{end}” cannot be read, so it counts as open, but the child is looked after no more. " + _CARE,
        outside="It ended on {end}, when the child was not looked after. " + _CARE + " Correct the end date, or the episode.",
    ),
    _rule(
        "578", "It did not begin within the child's time in care", EPISODES,
        after="It began on {start}, when the child was looked after no more. " + _CARE + " Correct the start date, or take the row out.",
        before="It began on {start}, outside each period of care. " + _CARE + " Correct the start date, or the episode.",
    ),
    _rule(
        "581", "It began in no episode of care", EPISODES,
        usual="It began on {start}, in no episode of care. " + _CARE + " Correct the start date, or the episode.",
        no_start="The row has no start date that can be read, so it lies in no episode of care. " + _FIRST,
    ),
    _rule(
        "586", "It began before the child was born",
        usual="It began on {start}, but the date of birth is {dob}. Correct one of the two dates.",
    ),
    _rule(
        "1004", "The start date cannot be read",
        blank="There is no start date. Write the day on which the child was first missing or away.",
        impossible="“{start}” is no day of the calendar. Write the right day as dd/mm/yyyy.",
        year_first="“{start}” is written with the year first. Write it as dd/mm/yyyy.",
        month_first="“{start}” seems to be written with the month first. If so, write {other}.",
        unread="“{start}” cannot be read as a date. Write it as dd/mm/yyyy.",
    ),
    _rule(
        "1005", "The end date cannot be read",
        impossible="“{end}” is no day of the calendar. Write the right day as dd/mm/yyyy.",
        year_first="“{end}” is written with the year first. Write it as dd/mm/yyyy.",
        month_first="“{end}” seems to be written with the month first. If so, write {other}.",
        unread="“{end}” cannot be read as a date. Write it as dd/mm/yyyy.",
    ),
    _rule(
        "1006", "Neither M nor A",
        usual="The row says “{type}”. Write M (missing) or A (away without authorisation).",
    ),
)  # fmt: skip
RULE = {rule.code: rule for rule in RULES}


@dataclass(frozen=True)
class Finding:
    """One row that one rule flags, as the file has it. `other`: what the rule compared it with."""

    rule: str
    case: str
    table: str
    row: int
    child: str
    dob: str
    type: str
    start: str
    end: str
    other: str

    def words(self, first_day: str, last_day: str) -> str:
        """What is wrong and what to do, in one or two sentences; the days are those of the collection."""
        return (
            RULE[self.rule]
            .says[self.case]
            .format(dob=self.dob, type=self.type, start=self.start, end=self.end, other=self.other, first_day=first_day, last_day=last_day)
        )

    @property
    def whose(self) -> str:
        """Which child and which row, as the file counts them."""
        child = f"Child {self.child}" if self.child else "No child's number"
        return f"{child}, row {self.row}" + (" of last year's Missing table" if self.table == "Missing_last" else "")


def skipped(given: "set[str]") -> dict[str, str]:
    """The rules that cannot be asked, for want of which table: of HEADER, EPISODES and LAST those are given."""
    return {rule.code: need for rule in RULES for need in rule.needs if need not in given}
