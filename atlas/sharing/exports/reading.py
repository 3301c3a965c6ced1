"""What a leaked text says of the choices by which it was worded: read with patience for lost lines, spaces, columns and letters. Pure."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache

from atlas.chronology.moments import MONTHS
from atlas.sharing.exports.wording import CLOSING, OPENING, TABLE_DATES, WEEKDAYS, Saying, week_of

MOST_TEXT = 400_000  # of a leak that is read; more adds nothing
DIGITS = str.maketrans({"o": "0", "q": "0", "l": "1", "i": "1", "|": "1", "s": "5", "b": "8", "z": "2", "g": "9"})
NEAR = 14  # letters between a clause and its date
ERRORS_PER = 6  # one wrong letter in so many is forgiven


@dataclass(frozen=True)
class Choice:
    """One choice that the text shows: of which list and column (empty: of every export), the place, how many ways there are, which was taken."""

    list: str
    column: str
    slot: str
    ways: int
    taken: int


@dataclass(frozen=True)
class Placed:
    """A row that stands below these others of its week."""

    anchor: str
    above: tuple[str, ...]


@dataclass
class Evidence:
    """All that a text shows. `orders`: several readings of the order of rows, of which one at most is right."""

    choices: list[Choice] = field(default_factory=list)
    orders: list[list[Placed]] = field(default_factory=list)


@dataclass(frozen=True)
class Grammar:
    """The sayings of one exportable list: what dates a row, and the other columns."""

    name: str
    anchor: Saying
    others: tuple[Saying, ...]

    @property
    def sayings(self) -> tuple[Saying, ...]:
        """Every column, what dates the row first."""
        return (self.anchor, *self.others)


@dataclass(frozen=True)
class Dated:
    """A date in the text: from where to where, what it is, and how it is said inside a sentence (None: not known)."""

    start: int
    end: int
    canonical: str
    way: int | None
    ways: int


@dataclass(frozen=True)
class Said:
    """A clause in a sentence: which way, and from where to where."""

    saying: Saying
    way: int
    start: int
    end: int


def evidence_in(text: str, grammars: Sequence[Grammar]) -> Evidence:
    """Everything that a leaked text shows about who it was made for."""
    lines = [line for line in map(flat, text[:MOST_TEXT].splitlines()) if line]
    whole, found = " ".join(lines), Evidence()
    for name, sentences in (("opening", OPENING), ("closing", CLOSING)):
        for place, ways in enumerate(sentences):
            if (taken := best_way(ways, whole)) is not None:
                found.choices.append(Choice("", "", f"{name} {place}", len(ways), taken))
    anchors: list[str] = []
    for grammar in grammars:
        for sentence in re.split(r"(?<=[a-z0-9)])[.!] ?(?=$|[^a-z0-9.]|[a-z][^.]{2,60}:)", whole):
            anchors += _read_sentence(grammar, sentence, found)
        _read_codes(grammar, whole, found)
        _read_headings(grammar, lines, found)
    _read_dates(lines, found)
    found.orders = [order_of(anchors)] if anchors else [order_of(column) for column in _columns_of_dates(lines)]
    found.choices = _undisputed(found.choices)
    return found


def _undisputed(choices: list[Choice]) -> list[Choice]:
    """Each choice once; where a text shows two at one place, one is misread, and nobody can say which."""
    places: dict[tuple[str, str], set[Choice]] = {}
    for choice in choices:
        places.setdefault((choice.list, choice.slot), set()).add(choice)
    return [choice for choice in dict.fromkeys(choices) if len(places[choice.list, choice.slot]) == 1]


def flat(line: str) -> str:
    """A line in small letters, with plain quotes and single spaces."""
    plain = unicodedata.normalize("NFKC", line).replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    return " ".join(plain.lower().split())


def _read_sentence(grammar: Grammar, sentence: str, found: Evidence) -> list[str]:
    """The choices of one sentence; gives the date of its row, if it has one and no more."""
    said = [one for saying in grammar.sayings for one in _clauses(saying, sentence)]
    if not said:
        return []
    dates = {one: _date_after(sentence, one.end) for one in said}
    anchors = {dated.canonical for one, dated in dates.items() if one.saying is grammar.anchor and dated}
    anchor = anchors.pop() if len(anchors) == 1 else None
    for one in said:
        dated = dates[one]
        own = dated.canonical if dated else anchor if one.saying.codes or one.saying is not grammar.anchor else None
        if own is not None:
            found.choices.append(Choice(grammar.name, one.saying.key, f"clause {one.saying.key} {own}", len(one.saying.clauses), one.way))
        if dated and dated.way is not None:
            found.choices.append(Choice(grammar.name, one.saying.key, f"date {one.saying.key} {dated.canonical}", dated.ways, dated.way))
    if anchor is None:
        return []
    starts = [one.start for one in said if one.saying is not grammar.anchor]
    place = next(one.start for one in said if one.saying is grammar.anchor)
    if starts and (place < min(starts) or place > max(starts)):
        found.choices.append(Choice(grammar.name, grammar.anchor.key, f"first {anchor}", 2, 0 if place < min(starts) else 1))
    return [anchor]


def _clauses(saying: Saying, sentence: str) -> list[Said]:
    """The clauses of one column in a sentence: as they are written, or else the one that is nearest to it."""
    phrases = [flat(way.partition("{}")[0]) for way in saying.clauses]
    exact = [Said(saying, way, place, place + len(phrase)) for way, phrase in enumerate(phrases) for place in _places(phrase, sentence)]
    if exact or not phrases:
        return exact
    tried = sorted((*nearest(phrase, sentence), way) for way, phrase in enumerate(phrases))
    errors, end, way = tried[0]
    if errors > len(phrases[way]) // ERRORS_PER or (len(tried) > 1 and tried[1][0] == errors):
        return []
    return [Said(saying, way, max(0, end - len(phrases[way])), end)]


def _places(phrase: str, text: str) -> Iterator[int]:
    place = text.find(phrase)
    while place >= 0:
        if not text[place - 1 : place].isalnum():
            yield place
        place = text.find(phrase, place + 1)


def nearest(phrase: str, text: str) -> tuple[int, int]:
    """(wrong letters, end) of the stretch of the text that is nearest to a phrase (Sellers's algorithm)."""
    threes = _threes(phrase)
    if len(threes & _threes(text)) * 3 < len(threes):
        return len(phrase), 0
    above = list(range(len(phrase) + 1))
    best, where = above[-1], 0
    for place, letter in enumerate(text, 1):
        row = [0]
        for index, wanted in enumerate(phrase, 1):
            row.append(min(above[index - 1] + (letter != wanted), above[index] + 1, row[-1] + 1))
        above = row
        if above[-1] < best:
            best, where = above[-1], place
    return best, where


@lru_cache(maxsize=4096)
def _threes(text: str) -> frozenset[str]:
    """Every three letters that stand together."""
    return frozenset(text[place : place + 3] for place in range(len(text) - 2))


def best_way(ways: Sequence[str], text: str) -> int | None:
    """Which of these whole sentences the text holds; None where none is near."""
    plain = [flat(way) for way in ways]
    for taken, way in enumerate(plain):
        if way in text:
            return taken
    words = set(text.split())
    near = [way for way in plain if len(words & set(way.split())) >= 0.6 * len(set(way.split()))]
    tried = sorted((nearest(way, text[: MOST_TEXT // 10])[0], plain.index(way)) for way in near)
    return tried[0][1] if tried and tried[0][0] <= len(plain[tried[0][1]]) // ERRORS_PER else None


# Dates. A misread digit is put right where a number must stand.
_TOKEN = re.compile(r"\S+")


@cache
def _month(word: str) -> int | None:
    """The number of a month that is written out or short, with a wrong letter or two in a long one."""
    for number, name in enumerate(map(str.lower, MONTHS), 1):
        if word in (name, name[:3]) or (len(name) > 4 and abs(len(word) - len(name)) < 2 and _apart(word, name) <= len(name) // 4):
            return number
    return None


def _apart(one: str, other: str) -> int:
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for index, wanted in enumerate(other, 1):
            now.append(min(above[index - 1] + (letter != wanted), above[index] + 1, now[-1] + 1))
        above = now
    return above[-1]


def _number(word: str) -> int | None:
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)$", "", word.strip(".,;:()\"'")).translate(DIGITS)
    return int(plain) if plain.isdecimal() and len(plain) <= 4 else None


def _clock(word: str) -> str | None:
    found = re.fullmatch(r"(\d{1,2})[:;.](\d\d)", word.strip(".,;()\"'").translate(DIGITS))
    return f"{int(found[1]):02}:{found[2]}" if found and int(found[1]) < 24 and int(found[2]) < 60 else None


def dates_in(text: str) -> list[Dated]:
    """Every date in a text in which the month is written out or short, with the time beside it."""
    tokens = [(match.start(), match.end(), match.group()) for match in _TOKEN.finditer(text)]
    words = [token[2] for token in tokens]
    found = []
    for place, word in enumerate(words):
        month = _month(word.strip(".,;()\"'"))
        of = 1 if place and words[place - 1] == "of" else 0
        day = _number(words[place - 1 - of]) if month and place > of else None
        year = _number(words[place + 1]) if day and place + 1 < len(words) else None
        if month is None or day is None or year is None or not (1900 <= year <= 2100 and 1 <= day <= 31):
            continue
        try:
            written = date(year, month, day).isoformat()
        except ValueError:
            continue
        found.append(_with_clock(tokens, words, place, of, written))
    return found


def _with_clock(tokens: list[tuple[int, int, str]], words: list[str], place: int, of: int, written: str) -> Dated:
    first, last = place - 1 - of, place + 1
    before = words[max(0, first - 3) : first]
    weekday = bool(before) and min(_apart(before[-1], name.lower()) for name in WEEKDAYS) <= 1
    after = [word for word in words[last + 1 : last + 4] if word not in ("about",)]
    if of:
        return Dated(tokens[first][0], tokens[last][1], written, 2, 3)
    if len(before) >= 2 and before[-1] == "on" and (clock := _clock(before[-2])):
        return Dated(tokens[first - 2][0], tokens[last][1], f"{written}T{clock}", 2, 4)
    if len(after) >= 2 and after[0] == "at" and (clock := _clock(after[1])):
        return Dated(tokens[first][0], tokens[last][1], f"{written}T{clock}", 3 if weekday else 0, 4)
    if after and (clock := _clock(after[0])):
        return Dated(tokens[first][0], tokens[last][1], f"{written}T{clock}", None if weekday else 1, 4)
    return Dated(tokens[first][0], tokens[last][1], written, 1 if weekday else 0, 3)


def _date_after(sentence: str, place: int) -> Dated | None:
    """The date that a clause says: the first that begins shortly after it."""
    near = [one for one in dates_in(sentence[place : place + 60]) if one.start <= NEAR + 10]
    return near[0] if near else None


# Tables: one way of writing dates throughout, headings, codes, and the order of rows.
_IN_TABLE = (
    re.compile(r"(?<![\d/-])(?P<d>\d{1,2}) (?P<mon>[a-z]{4,9}) (?P<y>\d{4})(?: (?P<t>\d\d:\d\d))?"),
    re.compile(r"(?<![\d/-])(?P<d>\d\d) (?P<mon>[a-z]{3}) (?P<y>\d{4})(?: (?P<t>\d\d:\d\d))?"),
    re.compile(r"(?<![\d/-])(?P<d>\d\d)/(?P<m>\d\d)/(?P<y>\d{4})(?: (?P<t>\d\d:\d\d))?"),
    re.compile(r"(?<![\d/-])(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)(?: (?P<t>\d\d:\d\d))?"),
)
_SPOKEN = re.compile(r"(on|at|the|of|,|:|;|[a-z]+day)\s*$")


def _cells(line: str) -> list[tuple[int, int, str]]:
    """(place, way, date) of every date in a line that stands as a cell does, not inside a sentence."""
    found = []
    for way, pattern in enumerate(_IN_TABLE):
        for match in pattern.finditer(line):
            month = _month(match["mon"]) if way < 2 else int(match["m"])
            spoken = way < 2 and _SPOKEN.search(line[: match.start()]) and not line[: match.start()].endswith((",", '"'))
            if month is None or spoken or not _is_day(int(match["y"]), month, int(match["d"])):
                continue
            if way < 2 and (way == 1) != (len(match["mon"]) == 3 and len(match["d"]) == 2):
                continue
            written = f"{match['y']}-{month:02}-{int(match['d']):02}"
            found.append((match.start(), way, written + (f"T{match['t']}" if match["t"] else "")))
    return sorted(found)


def _is_day(year: int, month: int, day: int) -> bool:
    return 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _read_dates(lines: list[str], found: Evidence) -> None:
    counts = [0] * len(TABLE_DATES)
    for line in lines:
        for _, way, written in _cells(line):
            # In May the short and the long name are one, so that only the day's leading zero could tell them apart.
            if way > 1 or written[5:7] != "05":
                counts[way] += 1
    most = max(counts)
    if most >= 2 and most >= 0.8 * sum(counts):
        found.choices.append(Choice("", "", "dates", len(counts), counts.index(most)))


def _columns_of_dates(lines: list[str]) -> list[list[str]]:
    """For a table without sentences: each column of dates, from the top down."""
    rows = [[written for _, _, written in _cells(line)] for line in lines]
    return [[row[place] for row in rows if len(row) > place] for place in range(min(6, max(map(len, rows), default=0)))]


def order_of(anchors: Sequence[str]) -> list[Placed]:
    """Below which others of its week each row stands."""
    weeks: dict[str, list[str]] = {}
    placed = []
    for anchor in dict.fromkeys(anchors):
        week = weeks.setdefault(week_of(anchor), [])
        if week:
            placed.append(Placed(anchor, tuple(week)))
        week.append(anchor)
    return placed


def _read_codes(grammar: Grammar, text: str, found: Evidence) -> None:
    """The words for codes, the same throughout an export: counted wherever they stand."""
    for saying in grammar.sayings:
        for code, ways in (saying.codes or {}).items():
            counts = [len(re.findall(rf"(?<!\w){re.escape(flat(way))}(?!\w)", text)) for way in ways]
            most = max(counts)
            if most and most >= 0.8 * sum(counts):
                found.choices.append(Choice(grammar.name, saying.key, f"code {saying.key} {code}", len(ways), counts.index(most)))


def _read_headings(grammar: Grammar, lines: list[str], found: Evidence) -> None:
    """A line with the headings of two columns or more is the head of the table."""
    for line in lines[:200]:
        if ":" in line[:30]:
            continue
        told = {saying: ways for saying in grammar.sayings if (ways := _headed(saying, line))}
        if len(told) >= 2:
            for saying, way in told.items():
                found.choices.append(Choice(grammar.name, saying.key, f"heading {saying.key}", len(saying.headings), way - 1))


def _headed(saying: Saying, line: str) -> int:
    """Which way (from 1) a column is headed in a line, the longest that is there; 0: none, or two that are no part of each other."""
    there = [way for way, words in enumerate(map(flat, saying.headings)) if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", line)]
    longest = max(there, key=lambda way: len(saying.headings[way]), default=-1)
    return longest + 1 if all(flat(saying.headings[way]) in flat(saying.headings[longest]) for way in there) else 0
