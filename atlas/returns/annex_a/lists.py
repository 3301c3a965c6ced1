"""The lists of Annex A and their columns. Pure.

Source: layout of January 2024 as the sector's pipeline has it (liia-tools-pipeline, `Annex_A_schema.yml`, MIT, commit 4aff9189) and as
shared/reference/process-and-data.md 9.1 restates it; Ofsted's own template was not opened, and an edition of 2026 was not seen.
A column's kind is one of KINDS, or a set of values of `values.py`. "?" marks what may stay blank.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

KINDS = ("key", "text", "day", "count", "age", "postcode")
SHEET = re.compile(r"list[\s_]*(\d{1,2})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """One column: its name, what it holds, whether it may be blank, and by what else its heading is known."""

    name: str
    kind: str
    may_be_blank: bool
    also: re.Pattern[str] | None


@dataclass(frozen=True)
class AnnexList:
    """One list: its number, whom it is about, its columns, and the pairs of days of which the first cannot be later than the second."""

    number: int
    name: str
    columns: tuple[Column, ...]
    order: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """The column that says whose row it is."""
        return self.columns[0].name


KEY, BORN, AGE = "Child Unique ID", "Date of Birth", "Age of Child (Years)"
MISSING = "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months"
ABSENT = "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months"
OFFERED = "Was the child offered a Return Interview after their last missing episode (Y/N)?"
ACCEPTED = "Did the child accept a Return Interview after their last missing episode (Y/N)?"
# How else a heading is known, once quotes, brackets, spaces of every kind and case are set aside.
ALSO = {
    KEY: r"\bchild\b.*\b(id|identifier)\b|\b(id|identifier)\b.*\bchild\b", BORN: r"date.*birth", AGE: r"\bage\b",
    "Date of Contact": r"date.*contact", "Contact Source": r"contact.*source", "Date of referral": r"date of.*referral",
    "Referral Source": r"referral.*source", MISSING: r"number of episodes the child has been.*missing",
    ABSENT: r"number of episodes the child has been.*absent", OFFERED: r"offered a return.*interview", ACCEPTED: r"accept a return.*interview",
    "Was the child assessed as requiring LA children's social care support?": r"was the child assessed.*social care support",
    "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)": r"unaccompanied asylum seeking child",
    "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)": r"unaccompanied asylum seeking child",
    "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)":
        r"second or subsequent .* of being a looked after child",
    "Child's Legal Status": r"child.*legal status",
    "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)": r"subject to emergency protection order",
}  # fmt: skip
_WHO = "Gender = gender; Ethnicity = ethnicity"
_CHILD = f"{KEY} = key; {_WHO}; {BORN} = day?; {AGE} = age?"
_DISABLED = "Does the Child have a Disability = yes_no_unknown"
_WORKER = "Allocated Team = text; Allocated Worker = text"


def _list(number: int, name: str, columns: str, order: str = "") -> AnnexList:
    found = []
    for said in " ".join(columns.split()).rstrip("; ").split("; "):
        title, _, kind = said.rpartition(" = ")
        also = re.compile(ALSO[title]) if title in ALSO else None
        found.append(Column(title, kind.rstrip("?"), kind.endswith("?"), also))
    pairs = [tuple(pair.split(" < ")) for pair in " ".join(order.split()).split("; ") if pair]
    return AnnexList(number, name, tuple(found), tuple((first, second) for first, second in pairs))


LISTS: tuple[AnnexList, ...] = (
    _list(1, "Contacts", f"{_CHILD}; Date of Contact = day; Contact Source = source"),
    _list(
        2, "Early help",
        f"{_CHILD}; Assessment start date = day; Assessment completion date = day?; Organisation completing assessment = text",
        "Assessment start date < Assessment completion date",
    ),
    _list(
        3, "Referrals",
        f"{_CHILD}; Date of referral = day?; Referral Source = source; Referral NFA? = no_further_action; "
        f"Number of Referrals in Last 12 Months = count; {_WORKER}",
    ),
    _list(
        4, "Assessments",
        f"{_CHILD}; {_DISABLED}; Continuous Assessment Start Date = day; Child Seen During Continuous Assessment = yes_no_unknown?; "
        "Continuous Assessment Date of Authorisation = day?; "
        f"Was the child assessed as requiring LA children's social care support? = yes_no?; {_WORKER}",
        "Continuous Assessment Start Date < Continuous Assessment Date of Authorisation",
    ),
    _list(
        5, "Section 47 enquiries and initial conferences",
        f"{_CHILD}; {_DISABLED}; Strategy discussion initiating Section 47 Enquiry Start Date = day; "
        "Was an Initial Child Protection Conference deemed unnecessary? = yes_no?; Date of Initial Child Protection Conference = day?; "
        "Did the Initial Child Protection Conference Result in a Child Protection Plan = yes_no_unknown?; "
        f"Number of Section 47 Enquiries in the last 12 months = count; Number of ICPCs in the last 12 months = count; {_WORKER}",
        "Strategy discussion initiating Section 47 Enquiry Start Date < Date of Initial Child Protection Conference",
    ),
    _list(
        6, "Children in need",
        f"{_CHILD}; {_DISABLED}; CIN Start Date = day?; Primary Need Code = need; Date Child Was Last Seen = day?; CIN Closure Date = day?; "
        f"Reason for Closure = closure?; Case Status = case_status; {_WORKER}",
        "CIN Start Date < CIN Closure Date",
    ),
    _list(
        7, "Child protection plans",
        f"{_CHILD}; {_DISABLED}; Child Protection Plan Start Date = day; Initial Category of Abuse = abuse; Latest Category of Abuse = abuse; "
        "Date of the Last Statutory Visit = day?; Was the Child Seen Alone? = yes_no_unknown?; Date of latest review conference = day?; "
        "Child Protection Plan End Date = day?; "
        "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N) = yes_no; "
        f"Number of Previous Child Protection Plans = count; {_WORKER}",
        "Child Protection Plan Start Date < Child Protection Plan End Date",
    ),
    _list(
        8, "Children looked after",
        f"{_CHILD}; Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N) = yes_no; {_DISABLED}; "
        "Date Started to be Looked After = day; Child's Category of Need = need; "
        "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N) = yes_no; "
        "Start date of current legal status = day; Child's Legal Status = legal_status; Date of Latest Statutory Review = day?; "
        "Date of Last Social Work Visit = day?; What is the permanence plan for this child? = permanence?; "
        "Date of Last IRO Visit / Contact to the Child = day?; Date of Last Health Assessment = day?; Date of Last Dental Check = day?; "
        "Number of Placements in the Last 12 months = count; Date Ceased to be Looked After = day?; Reason Ceased to be Looked After = ceased?; "
        "Start Date of Most Recent Placement = day; Placement Type = placement; Placement Provider = provider; Placement postcode = postcode; "
        f"URN of Placement = text?; Placement Location = location; LA of Placement = text; {MISSING} = count; {ABSENT} = count; "
        f"{OFFERED} = yes_no?; {ACCEPTED} = yes_no?; {_WORKER}",
        f"{BORN} < Date Started to be Looked After; Date Started to be Looked After < Date Ceased to be Looked After",
    ),
    _list(
        9, "Care leavers",
        f"{_CHILD}; Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N) = yes_no; {_DISABLED}; {_WORKER}; "
        "Allocated Personal Advisor = text; Eligibility Category = eligibility; Latest Pathway Plan Review Date = day?; LA in Touch = in_touch; "
        "Latest Date of Contact = day?; Type of Accommodation = accommodation?; Suitability of Accommodation = suitability?; "
        "Activity Status = activity?",
    ),
    _list(
        10, "Children with a decision for adoption",
        f"{KEY} = key; Family identifier = text?; {_WHO}; {BORN} = day?; {AGE} = age?; {_DISABLED}; Date the Child Entered Care = day; "
        "Date of Decision that Child Should be Placed for Adoption = day; Date of Placement Order = day?; "
        "Date of Matching Child and Prospective Adopters = day?; Date Placed for Adoption = day?; Date of Adoption Order = day?; "
        "Date of Decision that Child Should No Longer be Placed for Adoption = day?; "
        "Reason Why Child No Longer Placed for Adoption = no_longer?; "
        "Date the child was placed for fostering in FFA or concurrent planning placement = day?",
        f"{BORN} < Date the Child Entered Care; Date Placed for Adoption < Date of Adoption Order; Date of Placement Order < Date of Adoption Order",
    ),
    _list(
        11, "Prospective adopters",
        f"Individual adopter identifier = key; Family identifier = text?; {_WHO}; Disability = yes_no_unknown; "
        "Is the (prospective) adopter fostering for adoption? = yes_no; Date enquiry received = day; Date Stage 1 started = day?; "
        "Date Stage 1 ended = day?; Date Stage 2 started = day?; Date Stage 2 ended = day?; Date application submitted = day?; "
        "Date application approved = day?; Date adopter matched with child(ren) = day?; Date child/children placed with adopter(s) = day?; "
        "No. of children placed = count?; Date of Adoption Order = day?; Date of leaving adoption process = day?; "
        "Reason for leaving adoption process = leaving?",
        "Date Stage 1 started < Date Stage 1 ended; Date Stage 2 started < Date Stage 2 ended; "
        "Date application submitted < Date application approved; Date child/children placed with adopter(s) < Date of Adoption Order",
    ),
)  # fmt: skip
LIST = {one.number: one for one in LISTS}


def plain(text: str) -> str:
    """A heading or a cell without what varies: quotes, spaces of every kind, case."""
    return " ".join(re.sub(r"[‘’'\"“”]", "", text.replace("\xa0", " ").replace("_", " ").replace("–", "-")).lower().split())


def list_of(sheet: str) -> AnnexList | None:
    """Which list a sheet holds, by its name; None where it holds none."""
    found = SHEET.search(sheet)
    return LIST.get(int(found[1])) if found else None


def columns_of(held: AnnexList, headings: Iterable[str]) -> dict[str, str]:
    """Which heading holds which column: those that are its name, letter for letter, first; then by what else it is known. The first that fits counts."""
    found: dict[str, str] = {}
    left = list(headings)
    for fits in (_is_name, _also):
        for column in held.columns:
            heading = next((one for one in left if fits(column, one)), None) if column.name not in found else None
            if heading is not None:
                found[column.name] = heading
                left.remove(heading)
    return found


def _is_name(column: Column, heading: str) -> bool:
    return _letters(column.name) == _letters(heading)


def _letters(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", plain(heading))


def _also(column: Column, heading: str) -> bool:
    return bool(column.also and column.also.search(re.sub(r"[()]", " ", plain(heading))))
