"""Leaks: an export among many is cut, typed again, printed and read by a machine; whose was it? For `bench watermark`, and in short as a test.

No database: documents are compiled of made-up rows, as the service compiles them, for exporters who differ in nothing but their secret.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from atlas.agencies.models import Agency, Post, Team, User
from atlas.chronology.moments import LONDON, Moment
from atlas.missing.codes import Grade
from atlas.missing.workflow import EpisodeState
from atlas.sharing.exports.compile import Document, document_of
from atlas.sharing.exports.files import text_of
from atlas.sharing.exports.lists import lists
from atlas.sharing.exports.naming import Marked, candidates
from atlas.sharing.exports.reading import evidence_in
from atlas.sharing.models import Export

LEAKS, ROWS, SURE = 20, 60, 0.9
COLUMNS = ["child", "reference", "last_seen", "returned", "state"]
NAMES = ("Ashby", "Robin", "Kit", "Sage", "Lee", "Drew", "Morgan", "Quinn")
Leak = Callable[[Document, int, random.Random], str]


def exporters(count: int, dice: random.Random) -> list[Marked]:
    """So many exports of one list, each with a secret of its own."""
    return [Marked(f"EX-{number:05}", "missing_episodes", frozenset({"reported", *COLUMNS}), dice.randbytes(16)) for number in range(count)]


def document(one: Marked, dice: random.Random) -> Document:
    """The export of made-up rows under this secret: about one a day, in no hour twice."""
    by = Post(
        user=User(first_name="Sample", last_name="Person"),
        title="Coordinator",
        team=Team(name="T", agency=Agency(name="Fernleigh Council")),
    )
    at = datetime(2026, 6, 1, 10, tzinfo=LONDON)
    export = Export(
        reference=one.name, mark=one.mark, listed=one.list, columns=COLUMNS, format="csv", period_from=date(2026, 3, 1), period_until=date(2026, 5, 31),
        purpose="missing_response", made_by=by, asked_at=at, until_at=at + timedelta(days=7), outside_name="Sam Outside", outside_organisation="Panel",
    )  # fmt: skip
    return document_of(export, [_row(number, dice) for number in range(ROWS)])


def _row(number: int, dice: random.Random) -> Any:
    reported = datetime(2026, 3, 2, 8, tzinfo=LONDON) + timedelta(hours=30 * number + dice.randint(0, 20), minutes=dice.randint(0, 59))
    is_back = dice.random() < 0.8
    return SimpleNamespace(
        pk=number, child=SimpleNamespace(name=f"{dice.choice(NAMES)} Sample{number:02}", born_on=date(2011, 1, 1)), reference=f"M{dice.randrange(10**6):06}",
        reported=Moment(reported), last_seen=Moment(reported - timedelta(minutes=dice.randint(20, 600))), found=None,
        returned=Moment(reported + timedelta(minutes=dice.randint(60, 4000))) if is_back else None,
        state=EpisodeState.RETURNED if is_back else EpisodeState.MISSING, grade=Grade.MEDIUM,
    )  # fmt: skip


def _cut(document: Document, count: int, dice: random.Random) -> list[list[str]]:
    start = dice.randint(0, len(document.rows) - count)
    return [[text_of(value, document.dates) for value in row] for row in document.rows[start : start + count]]


def typed_again(document: Document, count: int, dice: random.Random) -> str:
    """The sentences of some rows, typed by hand into a message, with a slip in every hundred letters, no capitals, lines as they fall."""
    text = " ".join(row[-2] for row in _cut(document, count, dice)).lower()
    slips = "".join(dice.choice("etaoins") if letter.isalpha() and dice.random() < 0.01 else letter for letter in text)
    return _wrapped(slips, 60)


def cropped(document: Document, count: int, dice: random.Random) -> str:
    """Some rows of the table, whole, without head or foot or reference."""
    return "\n".join("\t".join(row[:-1]) for row in _cut(document, count, dice))


def squeezed(document: Document, count: int, dice: random.Random) -> str:
    """The same with every kind of space made one."""
    return " ".join(cropped(document, count, dice).split())


def columns_moved(document: Document, count: int, dice: random.Random) -> str:
    """Some rows with their columns in another order."""
    rows = _cut(document, count, dice)
    order = list(range(len(rows[0]) - 1))
    dice.shuffle(order)
    return "\n".join("\t".join(row[place] for place in order) for row in rows)


def printed_and_read(document: Document, count: int, dice: random.Random) -> str:
    """A photograph of paper, read by a machine: three letters of a hundred misread, one of a hundred lost, lines as they fall."""
    mistaken = {
        "o": "0",
        "0": "O",
        "l": "1",
        "1": "l",
        "5": "S",
        "i": "l",
        "e": "c",
        "a": "o",
        "m": "rn",
        "h": "b",
        "t": "f",
        "8": "B",
        ".": ",",
        "u": "v",
    }
    text = " ".join(" ".join(row[:-1]) for row in _cut(document, count, dice))
    read = "".join(mistaken.get(letter, letter) if dice.random() < 0.03 else "" if dice.random() < 0.01 else letter for letter in text)
    return _wrapped(read, 90)


def table_alone(document: Document, count: int, dice: random.Random) -> str:
    """The head and some rows of the columns without the sentence: the hardest, since facts themselves are never varied."""
    rows = [list(document.headings), *_cut(document, count, dice)]
    return "\n".join("\t".join(row[:-2]) for row in rows)


def _wrapped(text: str, width: int) -> str:
    lines, line = [], ""
    for word in text.split(" "):
        if len(line) + len(word) > width:
            lines.append(line)
            line = ""
        line += f"{word} "
    return "\n".join([*lines, line])


ATTACKS: tuple[Leak, ...] = (typed_again, cropped, squeezed, columns_moved, printed_and_read, table_alone)


@dataclass
class Drilled:
    """What came of the leaks of one kind and one size: how many were named, and how many put down to somebody else."""

    named: int = 0
    wrong: int = 0
    leaks: int = 0
    unsure: list[float] = field(default_factory=list)


def drilled(attack: Leak, count: int, among: Sequence[Marked], seed: int = 7, leaks: int = LEAKS) -> Drilled:
    """Leak so many rows of so many exports, each chosen among all, and ask whose each was."""
    dice, done = random.Random(f"{seed} {attack.__name__} {count}"), Drilled()
    grammars = [listed.grammar for listed in lists().values()]
    for _ in range(leaks):
        one = dice.choice(among)
        found = candidates(evidence_in(attack(document(one, dice), count, dice), grammars), among)
        done.leaks += 1
        if found and found[0].sure >= SURE:
            done.named += found[0].name == one.name
            done.wrong += found[0].name != one.name
        else:
            done.unsure.append(found[0].sure if found else 0.0)
    return done
