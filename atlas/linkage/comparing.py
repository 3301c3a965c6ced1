"""Records of children set beside each other by the engine of matching: which pairs a person is to be asked about, and why, in words. No table is read here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from atlas.linkage.rules import BEGINS, EXPECTED_TWICE, Reason, is_beginning, paired, worth_asking
from atlas_analysis.matching.deciding import SHARED_BY
from atlas_analysis.matching.keys import candidates
from atlas_analysis.matching.model import Model, usual
from atlas_analysis.matching.reasons import Commonness, Explanation, explain
from atlas_analysis.matching.standard import People, put_in_one_form
from atlas_analysis.matching.terms import BY_NAME

RARE, MANY = 1.0, 1_000  # bits: how much more than usual a value says before it is called rare, among so many records or more
SAYS = 0.2  # bits: what is nearer nothing speaks neither way


@dataclass(frozen=True)
class Compared:
    """The pairs worth asking about, each by its two ids in order, with the reasons; and how many pairs were compared."""

    alike: dict[tuple[str, str], tuple[Reason, ...]]
    pairs: int


def compare(rows: Sequence[dict[str, Any]], day: date, siblings: Collection[tuple[str, str]] = (), only: str = "") -> Compared:
    """Set records beside each other, all with all that could be one child, or `only` one of them with the others.

    `rows`: with the columns of `put_in_one_form`; several of one `id` are one child by several names. `siblings`: pairs of ids, in order. Nobody is compared
    where there are fewer than two children, or none with a name and a date of birth that can be used.
    """
    people = _in_one_form(rows, day)
    if people is None:
        return Compared({}, 0)
    ids, held = people.table["id"].to_pylist(), people.table.to_pylist()
    model, common = usual(max(len(rows), 2), EXPECTED_TWICE), Commonness(people)
    left, right, _ = candidates(people, np.zeros(len(ids), np.int64))
    best: dict[tuple[str, str], tuple[float, Explanation]] = {}
    pairs = 0
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        pair = paired(ids[one], ids[other])
        if pair[0] == pair[1] or (only and only not in pair):
            continue
        pairs += 1
        why = _with_beginning(explain(model, held[one], held[other], common), model)
        if worth_asking({reason.term: reason.degree for reason in why.reasons}, why.weight, are_siblings=pair in siblings):
            best[pair] = max(best.get(pair, (why.weight, why)), (why.weight, why), key=lambda known: known[0])
    return Compared({pair: in_words(why, common) for pair, (_, why) in sorted(best.items())}, pairs)


def _in_one_form(rows: Sequence[dict[str, Any]], day: date) -> People | None:
    """The records as the engine takes them; None where there is nobody to compare."""
    if len({row["id"] for row in rows}) < 2:
        return None
    try:
        return put_in_one_form(pa.Table.from_pylist(list(rows)), day)
    except ValueError:  # nobody has a date of birth, or a name that can be used
        return None


def _with_beginning(why: Explanation, model: Model) -> Explanation:
    """The same, where the engine says that the forename is another name, and one is the beginning of the other: as much as a slip of the keyboard says."""
    name = next((one for one in why.reasons if one.term == "forename"), None)
    if name is None or name.degree != "other" or not is_beginning(name.left, name.right):
        return why
    said = replace(name, degree=BEGINS, weight=model.weight("forename", "close"))
    return Explanation(why.weight - name.weight + said.weight, why.start, tuple(said if one is name else one for one in why.reasons))


def in_words(why: Explanation, common: Commonness) -> tuple[Reason, ...]:
    """The reasons of a pair as they are kept: what says most first, what is not known on both sides last; no number."""
    found = []
    for one in sorted(why.reasons, key=lambda reason: (-abs(reason.weight), reason.term)):
        term = BY_NAME[one.term]
        level = next((level for level in term.levels if level.name == one.degree), None)
        says = "is the beginning of the other one" if level is None else level.words
        times = common.times(level.common, one.right) if level and level.common else 0
        how = (
            " and rare here" if one.commonness > RARE and common.totals["born"] > MANY else " but common here" if times > SHARED_BY else ""
        )
        is_silent = (level is not None and level.unknown) or abs(one.weight) < SAYS
        speaks = "" if is_silent else "for" if one.weight > 0 else "against"
        found.append(Reason(one.term, one.degree, f"{term.words[0].upper()}{term.words[1:]} {says}{how}", speaks))
    return tuple(found)
