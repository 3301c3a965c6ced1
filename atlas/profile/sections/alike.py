"""How alike two people coded the same return interview, question by question."""

from collections.abc import Mapping, Sequence

from atlas.missing.codes import AnswerList
from atlas.profile.document import Table
from atlas.profile.rules import FEW_TWICE, SEED
from atlas.profile.tables import TOO_FEW, UNSAID, share
from atlas_analysis.rates.agreement import alpha_of_sets

Coded = Mapping[str, set[tuple[str, str]]]
NOTE = (
    "Krippendorff’s alpha of sets of answers (MASI distance), with a 95 % interval by resampling interviews: 1 is whole agreement, 0 what chance gives. "
    "One coded what the child said, the other what was written down of it."
)


def alike(first: Coded, second: Coded, questions: Sequence[AnswerList]) -> tuple[str, Table]:
    """How many interviews were coded twice, in words; and of each question how alike. Where few were, or few were not, nothing is said."""
    key, title = "twice", "How alike two people coded the same talk"
    both = first.keys() & second.keys()
    words = f"Interviews that two people coded: {share(len(both), len(first))}."
    if not both or share(len(both), len(first)) == UNSAID:
        return words, Table(key, title, ["", "Alpha"], [], TOO_FEW if both else "No interview of the period was coded twice.")
    rows = []
    for question in questions:
        pairs = [(_codes(first[talk], question), _codes(second[talk], question)) for talk in sorted(both)]
        rows.append([str(question.label), *_row([pair for pair in pairs if all(pair)], len(both))])
    return words, Table(key, title, ["", "Answered in both", "Alpha"], rows, NOTE)


def _codes(coded: set[tuple[str, str]], question: str) -> frozenset[str]:
    return frozenset(code for asked, code in coded if asked == question)


def _row(pairs: Sequence[tuple[frozenset[str], frozenset[str]]], of: int) -> list[str]:
    if not pairs:
        return [f"0 of {of:,}", "none"]
    if share(len(pairs), of) == UNSAID:
        return [UNSAID, UNSAID]
    # In an order that does not hang on the keys of the run, so that the same rows give the same interval.
    found = alpha_of_sets(sorted(pairs, key=lambda pair: [sorted(side) for side in pair]), seed=SEED)
    if found.value is None or found.interval is None:
        return [f"{len(pairs):,} of {of:,}", "nothing could differ"]
    low, high = found.interval  # one decimal: with few talks a second would tell how many pairs differ
    few = "; few, so read it with care" if len(pairs) < FEW_TWICE else ""
    return [f"{len(pairs):,} of {of:,}", f"{found.value:.1f} ({low:.1f} to {high:.1f}){few}"]
