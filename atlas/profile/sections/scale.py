"""Sections 2 to 4: how many, who, and how they are harmed."""

from collections import Counter

from atlas.exploitation.codes import ExploitationType, HarmKind, Level
from atlas.profile.document import Section, Table
from atlas.profile.facts import Facts
from atlas.profile.sections.cohort import CHARACTERISTICS, concerned, level_name, missing
from atlas.profile.tables import UNSAID, counted, is_small, named, per_10_000, said, share

CONCERNED, WENT = "At a level above none", "Went missing in the period"


def scale(facts: Facts, living_here: int | None) -> Section:
    """How many children stand at each level, who is new, whose level came down to none; `living_here`: how many under 18 live in the area, if it was given."""
    ours = [child for child in facts.of("child") if child["is_ours"] and child["level"] is not None]
    now = concerned(facts)
    was = [child for child in facts.of("child") if child["is_ours"] and child["was"] is not None]
    new = sum(1 for child in now if not child["was"])
    closed = sum(1 for child in was if child["was"] and child["level"] == 0)
    harmed = sum(1 for child in now if child["is_harmed"])
    here = missing(facts)
    began = sum(1 for one in was if one["was"])
    # Of the four figures any one follows from the others: where one is small, two are left unsaid.
    moves = (UNSAID, UNSAID) if is_small(closed) or is_small(began + new - len(now)) else (said(new), said(closed))
    words = (
        f"At a level above none: {said(len(now))} of the council’s children; when the period began: {said(began)}.",
        f"Came to such a level: {moves[0]}. Came down to none: {moves[1]}. Harm occurring: {share(harmed, len(now))}.",
        f"Went missing, here or from here: {said(len(here))}.",
    )
    rates = Table(
        "rates", "For every 10,000 under 18 who live here", ["", "Rate, with its 95 % interval"],
        [["At a level above none", per_10_000(len(now), living_here)], ["Went missing in the period", per_10_000(len(here), living_here)]],
        f"Living here: {living_here:,}, as given by whoever asked for the profile." if living_here else "How many live here was not given.",
    )  # fmt: skip
    levels = counted(
        "levels", "Children at each level", [level.label for level in Level],
        {"On the last day": [level_name(child["level"]) for child in ours], "When the period began": [level_name(child["was"]) for child in was]},
        together=[level.label for level in Level if level], drill="levels",
    )  # fmt: skip
    caveats = (
        "These are the children who are known. How many are not known cannot be counted from records; that few are known of a group, or of an area, "
        "may mean that few were asked.",
        "Neighbouring councils’ figures are not held here, so no comparison is made.",
    )
    return Section(2, "Scale", words, (levels, rates), caveats)


def who(facts: Facts) -> Section:
    """Who they are, by one characteristic at a time, with what is not recorded beside every figure."""
    cohorts = {CONCERNED: concerned(facts), WENT: missing(facts)}
    tables = [
        counted(key, title, groups, {name: of(children) for name, children in cohorts.items()})
        for key, title, of, groups in CHARACTERISTICS
    ]
    caveats = (
        "Groups of very different size live here: a share says who is known, and no rate by group is given, since how many of each group live here is not held.",
        "Education and youth justice are not held as codes, and are not counted.",
    )
    return Section(3, "Who", (), tables, caveats)


def how(facts: Facts) -> Section:
    """How they are harmed: types, several at once; harms; referrals to the National Referral Mechanism."""
    now = concerned(facts)
    types = Counter(one for child in now for one in set(child["types"] or ()))
    untyped = sum(1 for child in now if not child["types"])
    of = {child["child"] for child in now}
    harms = Counter(code for _, code in {(harm["child"], harm["code"]) for harm in facts.of("harm") if harm["child"] in of})
    referred = [len(facts.within("nrm_referral", before=before)) for before in (False, True)]
    words = (
        f"No type is recorded of {share(untyped, len(now))}. A child may be harmed in several ways at once: the lines do not add up to all.",
        f"{said(referred[0])} referrals to the National Referral Mechanism were decided on in the period, {said(referred[1])} in the one before.",
    )
    tables = (
        named(
            "types",
            "Types of exploitation",
            "children at a level above none",
            {one.label: types[one.value] for one in ExploitationType},
            len(now),
        ),
        named(
            "harms",
            "Harm that children came to, known or strongly suspected",
            "children at a level above none",
            {one.label: harms[one.value] for one in HarmKind},
            len(now),
        ),
    )
    return Section(
        4, "How", words, tables, ("Sexual, criminal and other exploitation are kept apart; abuse within the family is not counted here.",)
    )
