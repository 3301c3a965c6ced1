"""What free words say that must not be missed, and words that might hurt the child who reads them one day. Pure: words in, prompts out.

Both are soft: a form asks once and then lets the words through. Source: practice.md 2.2, which names the first five phrases of WEIGH; the others are
Atlas's own, from the same rule (children do not put themselves at risk; the child may read it), and no list of an authority.
"""

import re
from dataclasses import dataclass

RING = "If a child is in danger now, ring 999."
WHAT_TO_DO = (
    f"It may tell of harm, and typing it here calls nobody. {RING} Record it as harm on the child’s page of exploitation, or ring the front door "
    "today; ask the child no more about it than you must. Then send this again: it is kept as you wrote it."
)


@dataclass(frozen=True)
class Heard:
    """The phrases, as they were typed, that may tell of harm to a child."""

    phrases: tuple[str, ...]

    @property
    def prompt(self) -> str:
        """What to do, in plain words."""
        return f"You wrote {_listed(self.phrases)}. {WHAT_TO_DO}"


@dataclass(frozen=True)
class Weighed:
    """A phrase as it was typed, and other words for it."""

    phrase: str
    instead: str

    @property
    def prompt(self) -> str:
        """The question to the writer."""
        return f"You wrote “{self.phrase}”. Other words: {self.instead}."


def _listed(phrases: tuple[str, ...]) -> str:
    quoted = [f"“{phrase}”" for phrase in phrases]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


# What a child says and what a worker writes; a harmless turn of the same words is left out of each.
_WHO = (
    r"(?:he|she|they|somebody|someone|(?:the|that|this|an?|some) (?:man|men|woman|boys?|lads?|guys?|adults?|older \w+)"
    r"|(?:her|his|my|their|the) (?:boyfriend|girlfriend|partner|friends?|mates?|cousin|uncle|dealer|driver|elders?))"
)
_HARMLESS = (
    r"(?! (?:laugh|smile|happy|feel (?:better|safe|good|welcome)|dinner|tea|lunch|breakfast|a (?:cup|cake|card|drink of)|toast|think))"
)
HARM = (
    rf"{_WHO}(?: has| had| have)? (?:made|forced|makes|forces) (?:me|him|her|them|us){_HARMLESS}",
    r"(?:was|were|been|am|is|being|got) (?:made|forced) to (?!feel (?:welcome|better|safe))\w+",
    r"(?:sexual(?:ly)? )?assault(?:s|ed|ing)?", r"rap(?:e|ed|ing|ist)", r"gang[- ]?rape[d]?", r"molest(?:ed|ing|s)?", r"grope[sd]?|groping",
    r"touch(?:ed|es|ing) (?:me|him|her|them)(?: down there| up|[^.]{0,30}\b(?:private|breast|bottom|bum|chest|legs?|under)\w*)",
    r"(?:had|have|having) sex with (?:him|her|me|them|a man|men|an adult|adults|older \w+)", r"(?:sexual(?:ly)?|physical(?:ly)?) abus(?:e|ed|ing)",
    r"abus(?:ed|es|ing) (?:me|him|her|them)", r"stabb?(?:ed|ing)", r"strangl(?:ed|es|ing)|chok(?:ed|es|ing) (?:me|him|her|them)",
    r"(?:beat|beats|beaten|beating)(?: (?:me|him|her|them))? up|(?:beat|hit|hits|kicked|punched|slapped|burned|burnt) (?:me|him|her|them)\b",
    r"threat(?:en(?:ed|s|ing)?) (?:to|me|him|her|them|with)", r"(?:he|she|they|i)(?:’|')?(?:ll| will| would| am going to|s going to) kill (?:me|him|her|them|my)",
    r"held (?:me|him|her|them) (?:down|there|against)", r"locked (?:me|him|her|them) in", r"(?:nudes?|naked (?:photos?|pictures?|videos?))",
    r"plugg(?:ed|ing)", r"in return for sex|paid (?:me|him|her|them) for sex", r"spiked|drugged (?:me|him|her|them)",
)  # fmt: skip
_HARM = re.compile(rf"(?<![\w-])(?:{'|'.join(HARM)})(?![\w])", re.IGNORECASE)
_NOT_HARM = re.compile(r"(?<!\w)(?:rape(?:seed)?(?= (?:seed|oil|field))|assault course|stabbed in the back)", re.IGNORECASE)

_THEM = r"(?:him|her|them|him or her|them)sel(?:f|ves)"
WEIGH: tuple[tuple[str, str], ...] = (
    (r"life ?style choices?", "say what others do to the child, and what the child needs"),
    (rf"(?:put|puts|putting|place|places|placing) {_THEM} (?:at|in|into) (?:risk|danger|harm’?s way)", "say who, or what, is a danger to the child"),
    (r"promiscu(?:ous|ity)", "say what is known, and who is responsible for it"),
    (r"(?:child )?prostitut(?:e|es|ion|ing)", "the child is sexually exploited, and by whom"),
    (r"boy ?friends?|girl ?friends?", "if this person harms the child, say so: “a man of about 30 who calls himself her partner”"),
    (r"abscond(?:s|ed|er|ers|ing)?", "missing, or away from home, and why"),
    (r"street ?wise", "say what the child has had to learn, and from whom"),
    (r"attention[- ]seeking", "say what the child did, and what they may have needed"),
    (r"sexually active", "for a child under 16, say what is known and whether it was wanted"),
    (r"risky behaviours?", "say what happened, and who made it dangerous"),
    (r"(?:chose|choosing|chooses|chosen) to (?:go|stay|be|associate|return|engage)", "say what drew or made the child do it"),
    (r"(?:refus(?:es|ed|ing)|fail(?:s|ed|ing)|unwilling) to engage|(?:dis|non-)engag(?:ed|ing|ement)", "“we have not found a way to work with the child yet”"),
    (r"hard to reach", "say what we tried, and what we have not tried"),
    (r"manipulative", "say what the child did, and what they needed"),
    (r"(?:drug )?(?:runner|dealer|mule)s?", "the child is made to carry or sell drugs, and by whom"),
    (r"gang (?:member|nominal|affiliat\w+)s?", "say what is known, from whom, and how the child is affected"),
    (r"recruit(?:s|ed|ing|er)? (?:other )?(?:girls|boys|children|peers)", "the child may be made to bring others: say what is known"),
    (r"child porn\w*|kiddie porn", "images of child sexual abuse"),
    (r"young (?:woman|man|women|men)|(?:young )?(?:female|male)s?", "a girl, a boy, a child: everybody under 18 is a child"),
    (r"beyond parental control|out of control", "say what happens, and what helps"),
    (r"no[- ]show|did not attend|DNA’?d", "“we did not manage to meet”"),
)  # fmt: skip
_WEIGH = [(re.compile(rf"(?<![\w-])(?:{phrase})(?![\w-])", re.IGNORECASE), instead) for phrase, instead in WEIGH]


def names_harm(words: str) -> Heard | None:
    """What in these words may tell of harm to a child: each phrase once, as typed, in their order. None where nothing does.

    It finds phrases, not meaning: what it does not find may still tell of harm, and what it finds may be about something else.
    """
    found = dict.fromkeys(" ".join(one[0].split()) for one in _HARM.finditer(_NOT_HARM.sub(" ", words)))
    return Heard(tuple(found)) if found else None


def words_to_weigh(text: str) -> list[Weighed]:
    """Phrases that might hurt the child who reads them, each once, as typed, with other words for it. Empty where there is none."""
    found = [Weighed(" ".join(one[0].split()), instead) for phrase, instead in _WEIGH for one in phrase.finditer(text)]
    return list({weighed.phrase.lower(): weighed for weighed in found}.values())
