"""Sections 1, 13 and 15: what the profile is and is not; what is new in it; and how good what it counts is."""

from collections.abc import Sequence

from atlas.design.words import day
from atlas.profile.document import Found, Section, Table
from atlas.profile.facts import FACTS, Facts
from atlas.profile.rules import METHOD, NOT_RECORDED, SHUFFLES, before
from atlas.profile.sections.cohort import CHARACTERISTICS, concerned, missing
from atlas.profile.tables import UNSAID, not_recorded, said, share
from atlas_analysis.rates.shares import MOST_SMALL

MOST_UNKNOWN = 0.1  # of a cohort: with more not recorded, groups cannot be compared


def purpose(facts: Facts, authority: str) -> Section:
    """Section 1: what for, which period and area, from what, how, and how sure."""
    rows = [[fact.of[0].upper() + fact.of[1:], said(len(facts.of(kind)))] for kind, fact in FACTS.items()]
    words = (
        f"For the safeguarding partnership of {authority}: to decide where to look, what to change and whom to ask, and to see whether it helped.",
        f"From {day(facts.from_on)} to the day before {day(facts.until_on)}, compared with the same length of time from {day(before(facts.from_on, facts.until_on))} on.",
        f"Method {METHOD}. Shares stand with Wilson’s 95 % interval, rates with the exact one; what is told as a change is so beyond chance at a "
        "false discovery rate of 5 in 100; "
        f"clusters of places by a space-time permutation scan with {SHUFFLES} shuffles. Counts from 1 to {MOST_SMALL}, and what would give them away, are left unsaid.",
        "It says what is recorded. A line that is short may mean that nothing happens, or that nobody asks.",
    )
    table = Table("sources", "What was counted, both periods together", ["", "Rows"], rows)
    caveats = (
        "It predicts nothing, ranks nobody and says nothing about any one child: a figure about a group is no reason to act on a child in it.",
    )
    return Section(1, "What this is", words, (table,), caveats)


def emerging(found: Sequence[Found]) -> Section:
    """Section 13: what is new, each with how sure it is; that nothing is, is said."""
    words = [one.words for one in found] or ["Nothing was found that is new beyond chance. That is an answer, and no reason to look less."]
    return Section(13, "What is new", words, (), ("No prediction is made.",))


def appendix(facts: Facts) -> tuple[Section, list[Found]]:
    """Section 15: how much of what is counted is not recorded; and what of it asks for a decision."""
    cohorts = {"at a level above none": concerned(facts), "missing in the period": missing(facts)}
    rows, found = [], []
    for key, name, of, groups in CHARACTERISTICS:
        if key == "care":  # that of everybody is known
            continue
        shares = [(not_recorded(groups, these), these) for these in map(of, cohorts.values())]
        rows.append([name, *(said_of for said_of, _ in shares)])
        told = [
            f"children {cohort}, {said_of}"
            for cohort, (said_of, these) in zip(cohorts, shares, strict=True)
            if these.count(NOT_RECORDED) > MOST_UNKNOWN * len(these) and said_of != UNSAID
        ]
        if told:
            many = f"{name} is not recorded of many: {'; '.join(told)}. While it is not, nobody can tell whether children fare alike."
            found.append(Found("quality", f"not_recorded:{key}", many))
    now, episodes = concerned(facts), facts.within("episode")
    rows.append(["Type of exploitation", share(sum(1 for child in now if not child["types"]), len(now)), ""])
    rows.append(["Hour of the report", "", share(sum(1 for one in episodes if one["hour"] is None), len(episodes))])
    rows.append(["How long it lasted", "", share(sum(1 for one in episodes if one["hours"] is None), len(episodes))])
    mentions = facts.within("mention")
    rows.append(["Which place a child meant", "", share(sum(1 for one in mentions if not one["settled"]), len(mentions))])
    table = Table("quality", "What is not recorded", ["", *(f"Children {cohort}" for cohort in cohorts)], rows)
    words = (
        "A level is a person’s judgement in a finished assessment (0 to 3); harm occurring stands beside it. An episode is a child reported missing, "
        "once for each report that was not withdrawn. "
        "A return interview is owed for each return. The code lists are those of Atlas’s own forms.",
    )
    return Section(15, "Definitions, and how good the data are", words, (table,)), found
