"""What a person should look at before an item is given: the helper marks words that may be about somebody else, or that a ground may keep. Pure; it decides nothing.

It marks too much rather than too little, and says why. What it cannot know: somebody who is described and not named, in words that are not here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices

from atlas.subject_access.rules import Ground
from atlas_analysis.matching.nicknames import FAMILIES

Line = tuple[str, str]  # the name of a field, and what it says


class Why(TextChoices):
    """Why something is marked."""

    NAME = "name", "A name"
    OTHER = "other", "Somebody else"
    REACH = "reach", "A way to reach or find somebody"
    SOURCE = "source", "Who said it, or in confidence"
    LEGAL = "legal", "Legal advice or a court"
    HEALTH = "health", "Health"
    POLICE = "police", "Police work"
    WORKER = "worker", "Something said of a worker"


# The ground that the helper proposes; a person chooses.
PROPOSES = {
    Why.NAME: Ground.OTHER_PERSON, Why.OTHER: Ground.OTHER_PERSON, Why.REACH: Ground.OTHER_PERSON, Why.SOURCE: Ground.SERIOUS_HARM, Why.LEGAL: Ground.PRIVILEGE,
    Why.HEALTH: Ground.HEALTH_HARM, Why.POLICE: Ground.CRIME, Why.WORKER: Ground.OTHER_PERSON,
}  # fmt: skip


@dataclass(frozen=True, order=True)
class Mark:
    """Marked words: in which line (from 0), from which character to which, and why."""

    line: int
    start: int
    end: int
    why: str


@dataclass(frozen=True)
class Known:
    """What is known when a record is read. `own`: the names of the child; `staff`: of those who wrote; `others`: of others whom the record names in a field for it;
    `common`: words that the record also has in small letters, so that a capital at the beginning of a sentence makes no name of them.
    """

    own: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()


WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*")
# Never names by themselves: how a sentence begins, days, months, and the words of the work.
_PLAIN = (
    "a about action actions advised after afternoon again against agreed all allocated also although always an and another any appeared april are "
    "arrived as asked assessment at attendance august away back be because bedroom been before being both bus but by called came camhs can card "
    "cards carer carried case chair child children clear closed clothes completed concern concerns conference confirmed contact contacted could "
    "council court cse dad date days december decision  did discussed discussion do doctor does done door down due during duty each early "
    "either email emergency england english episode even evening ever every everyone family father february few final first following food for "
    "foster found friday fridays from front further given go goes gone good gp had has have he head health help her here his home hospital house "
    "how however i if in information informed initial interview into is it its january july june just kitchen known last late later left legal "
    "let letter like local london looked made main make manager many march may meanwhile meeting member message met midnight missing monday "
    "mondays money more morning most mother much multi-agency mum my needs never new next night no nobody none nor not note notes nothing "
    "november now observed october of off officer often older on once one ongoing only open or other our out outcome over overnight parent "
    "parents park phone place plan please police possible present presented professional reason received record referral refused report reported "
    "requested residential respond return returned review reviewed risk room said same saturday saturdays saw school section see seen september "
    "she shop shops short should since so social some somebody someone something soon spoke staff stated station step still strategy such sunday "
    "sundays supervision support taken taxi team telephone text thanks that the their them then there these they think this those thursday "
    "thursdays to today told tomorrow tonight too town train transport tried tuesday tuesdays under unit unknown until up update updated upset us "
    "very victim visit visited walked wants was we wednesday wednesdays week weekend well went were what when where which while who whole whom "
    "why will window wishes with within without worker would year years yes yesterday yet you young your youth "
)
PLAIN = frozenset(_PLAIN.split())


def _any(*alternatives: str) -> str:
    return rf"\b(?:{'|'.join(alternatives)})\b"


WHOSE = r"(?:(?:her|his|their|the|a|an|another|my|our|someone else[’']s|mum[’']s|mother[’']s|dad[’']s|father[’']s)\s+)?"
WHICH = r"(?:older |younger |elder |little |big |best |new |ex-?|former |half-|step-?|foster |\w+ year old )*"
KIN = (
    "boyfriend|girlfriend|partner|neighbours?|friends?|mates?|uncle|aunt(?:ie|y)?|cousins?|grandmother|grandfather|grandparents?|nan|grandad|gran",
    "stepmother|stepfather|stepdad|stepmum|brothers?|sisters?|siblings?|landlord|lodger|classmates?|pupils?|flatmate|godmother|godfather|niece|nephew",
)
STREETS = "road|street|lane|avenue|close|drive|court|way|gardens|crescent|terrace|place|grove|walk|row|hill|square"
# The first three look at capitals; the others do not.
CASED = (
    r"(?<![\w])(?:\+44\s?|0)\d(?:[\d\s()-]{7,12})\d(?!\w)|[\w.+-]+@[\w-]+\.[\w.]+|@\w{3,}|\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b",
    rf"\b(?:flat \w+,? )?\d+[a-z]? (?:[A-ZÀ-ÞĀ-ſȘȚ][\w’'-]+ ){{1,3}}(?i:{STREETS})\b",
    r"\b[A-Z]{2}\d{2}\s?[A-Z]{3}\b|\b\d{3}[ -]?\d{3}[ -]?\d{4}\b|\b\d{1,2}[/.]\d{1,2}[/.](?:19|20)?\d{2}\b",
)
PATTERNS: tuple[tuple[Why, str], ...] = (
    (
        Why.SOURCE,
        _any(
            r"in (?:strict )?confidence|confidential(?:ly)?|anonymous(?:ly)?|informants?|whistle-?blow\w*|third[- ]party information|wishes to remain|tip-?off",
            r"(?:does|did) not want (?:to be named|it known|\w+ to know)|asked not to be (?:named|identified)|do(?:es)? not (?:tell|share|disclose|let)",
            r"must not (?:know|be told|find out)|not to be (?:shared|disclosed|told)|without \w+ knowing",
        ),
    ),
    (
        Why.LEGAL,
        _any(
            r"solicitors?|barristers?|counsel|lawyers?|legal (?:advice|services|department|team|planning|gateway)|privileged?|litigation|without prejudice",
            r"pre-proceedings|public law outline|care proceedings|family court|court (?:report|order|bundle|statement)s?|judge|cafcass|guardian ad litem",
            r"children[’']s guardian|expert report|section 7 report|injunction",
        ),
    ),
    (
        Why.HEALTH,
        _any(
            r"diagnos\w+|psychiatr\w+|psycholog\w+|therap\w+|medicat\w+|prescri\w+|self-?harm\w*|suicid\w+|overdos\w+|pregnan\w+|miscarr\w+|abortion",
            r"sexual health|sexually transmitted|hiv|hepatitis|chlamydia|paediatric\w*|consultant|mental health|depress\w+|anxiety|bipolar|schizophren\w+",
            r"psychosis|eating disorder|anorexi\w+|section(?:ed)? under|detox|rehab|methadone|blood test|scan results?",
        ),
    ),
    (
        Why.POLICE,
        _any(
            r"intelligence|surveillance|covert\w*|suspects?|under investigation|ongoing (?:investigation|enquir\w+|inquir\w+)|warrants?|operation [A-Z]\w+",
            r"disruption|wiretap|undercover|(?:will|to) be arrested|planned arrest|plan to arrest|charging decision|crown prosecution|cps",
            r"op(?:eration)?al (?:plan|order)",
        ),
    ),
    (
        Why.WORKER,
        _any(
            r"allegations? (?:against|about|concerning)|lado|position of trust|disciplinary|suspended from|grievance|complaint (?:against|about)",
        ),
    ),
    (
        Why.OTHER,
        _any(
            rf"{WHOSE}{WHICH}(?:{'|'.join(KIN)})(?:[’']s)?",
            r"another (?:child|young person|resident|girl|boy|pupil)|other (?:children|young people|residents)",
            r"(?:an?|the|one|two|three|some|unknown|older|young|this|that) (?:\w+ )?"
            r"(?:m[ae]n|wom[ae]n|males?|females?|adults?|guys?|lads?|girls?|boys?|drivers?|strangers?|shopkeeper)",
        ),
    ),
)
_COMPILED = (
    *((Why.REACH, re.compile(text)) for text in CASED),
    *((why, re.compile(text, re.IGNORECASE)) for why, text in PATTERNS),
)


# A name that is no name: whatever somebody is called is what they are called.
KNOWN_AS = re.compile(
    r"(?i:\b(?:known as|goes by|nickname(?:d| is)|street name|calls? (?:him|her|them)sel(?:f|ves)|is called|"
    r"(?:man|woman|boy|girl|person|somebody|someone) called|aka|a\.k\.a\.?)"
    r"\s+(?:the name (?:of )?)?)([“\"]?\w+(?:[ ][A-Z]\w*)*)"
)
# Typed in small letters; those that are words too, and the shortest, are not told from words.
_WORDS_TOO = (
    "mark will grace hope faith rose dawn summer drew chase bill nick frank jean cher sandy melody patience blessing precious destiny"
)
FORENAMES = frozenset(name for name in FAMILIES.split() if len(name) > 3) - frozenset(_WORDS_TOO.split())


def words_of(text: str) -> list[str]:
    """The words of a text, without numbers and signs."""
    return WORD.findall(text)


def common_words(texts: Iterable[str]) -> frozenset[str]:
    """The words that these texts have in small letters."""
    return frozenset(word.casefold() for text in texts for word in words_of(text) if word[0].islower())


def name_words(names: Iterable[str]) -> frozenset[str]:
    """The parts of names that are told from other words: of three letters or more."""
    return frozenset(part.casefold() for name in names for part in words_of(name) if len(part) > 2)


def marks(lines: Sequence[Line], known: Known) -> list[Mark]:
    """Everything in these lines that a person should look at, in order, without one inside another of the same kind."""
    found: set[Mark] = set()
    for number, (_, text) in enumerate(lines):
        found.update(Mark(number, start, end, Why.NAME) for start, end in _names(text, known))
        for why, pattern in _COMPILED:
            found.update(Mark(number, *match.span(), why) for match in pattern.finditer(text))
    return _outermost(found)


def _outermost(found: set[Mark]) -> list[Mark]:
    kept: list[Mark] = []
    for one in sorted(found, key=lambda mark: (mark.line, mark.start, -mark.end)):
        if not any(other.line == one.line and other.start <= one.start and one.end <= other.end and other.why == one.why for other in kept):
            kept.append(one)
    return kept


def _names(text: str, known: Known) -> Iterator[tuple[int, int]]:
    """Where somebody is named who is neither the child nor a worker: runs of words with capitals, known names and common forenames however they are typed, and what
    follows "known as". A name that shares a word with the child's or a worker's is another name all the same.
    """
    run: list[tuple[re.Match[str], bool]] = []
    last = 0
    for match in WORD.finditer(text):
        between = text[last : match.start()]
        is_start = last == 0 or bool(re.search(r"[.!?:;•\n\"“(-]", between))
        last = match.end()
        like = _like_a_name(match.group(), known, is_start=is_start)
        if run and (between.strip() or like is None):
            yield from _span(run)
            run = []
        if like is not None:
            run.append((match, like))
    yield from _span(run)
    yield from (match.span(1) for match in KNOWN_AS.finditer(text) if not _is_plain(match.group(1), known))


def _span(run: list[tuple["re.Match[str]", bool]]) -> Iterator[tuple[int, int]]:
    if any(is_other for _, is_other in run):
        yield run[0][0].start(), run[-1][0].end()


def _is_plain(words: str, known: Known) -> bool:
    return all(one.casefold() in PLAIN | known.own | known.staff for one in words_of(words))


def _like_a_name(word: str, known: Known, *, is_start: bool) -> bool | None:
    """Whether a word is a name of somebody else; False for one of the child's or of a worker's, which another's may begin or end with; None for any other word."""
    small = re.sub(r"[’']s$", "", word.casefold())
    if small in known.others:
        return True
    is_own = small in known.own or small in known.staff
    if word[0].isupper() and is_own:
        return False
    if not word[0].isupper():
        return True if small in FORENAMES and small not in PLAIN and not is_own else None
    if small in PLAIN or (word.isupper() and len(word) <= 5) or (is_start and small in known.common):
        return None
    return True
