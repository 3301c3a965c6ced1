"""An item as it is shown to whoever decides: its lines in pieces, each plain, marked by the helper, or taken out. Pure."""

from dataclasses import dataclass
from itertools import pairwise

from atlas.subject_access.marks import Why
from atlas.subject_access.models import AnswerItem


@dataclass(frozen=True)
class Piece:
    """A stretch of a line: its text, why it is marked (empty: it is not), and whether it is taken out."""

    text: str
    why: str = ""
    is_out: bool = False


def pieces(item: AnswerItem) -> list[tuple[str, list[Piece]]]:
    """(field, pieces) of every line. Where marks overlap, the first names the piece."""
    shown = []
    for number, (name, text) in enumerate(item.lines):
        marked = [(start, end, Why(why).label) for line, start, end, why in item.marks if line == number]
        out = [(start, end) for line, start, end, _ in item.cuts if line == number]
        edges = sorted({0, len(text), *(edge for start, end, _ in marked for edge in (start, end)), *(edge for cut in out for edge in cut)})
        line = []
        for start, end in pairwise(edges):
            why = next((words for first, last, words in marked if first <= start and end <= last), "")
            line.append(Piece(text[start:end], str(why), any(first <= start and end <= last for first, last in out)))
        shown.append((name, line))
    return shown


def whole_why(item: AnswerItem) -> str:
    """Why all of it is to be looked at; empty where only words of it are marked."""
    return next((str(Why(why).label) for line, _, _, why in item.marks if line < 0), "")
