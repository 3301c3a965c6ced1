"""The algorithmic transparency record: everything in Atlas that reckons or asks by itself, what it reads, what it says, who decides.

Its parts follow the Algorithmic Transparency Recording Standard of GOV.UK (recalled from its guidance, not copied): summary, owner, how it decides,
specification, data, risks. Atlas has no model of a person and no score of a child; what it has is named here, and nothing else may ask (a test holds it).
"""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from atlas.config.papers.proofs import Proof, named


@dataclass(frozen=True)
class Asks:
    """One thing that reckons: the module that does it (its first sentence is the specification), what it reads and says, who decides, and what may go wrong."""

    name: str
    module: str
    reads: str
    says: str
    decides: str
    wrong: str
    proofs: Sequence[Proof]


RECKONED = (
    Asks(
        "What happened asks the safety plan",
        "atlas.flow",
        "the kind of an entry in the chronology, by a published catalogue",
        "a task with a day: is the plan still right, a new version, a strategy discussion",
        "the worker with the child; their manager agrees a version",
        "What nobody writes down asks nothing.",
        ("tests/flow/test_events.py",),
    ),
    Asks(
        "Words to look at before a record is given",
        "atlas.subject_access.marks",
        "what was gathered for a subject access request: words alone, by lists and patterns that stand in the code",
        "marked words, with why: a name, somebody else, a way to reach somebody, a source, legal advice, health, police work, a worker",
        "the information rights officer, item by item; a second person releases",
        "Somebody who is described in other words is not marked: each item is read. bench/RESULTS.md says how much of what was planted it found.",
        ("tests/subject_access/test_marks.py", "bench subject_access"),
    ),
    Asks(
        "Change of pace",
        "atlas.plans.rules.pace",
        "dates of entries about this one child",
        "“a third missing episode in 14 days; none in the 60 before”, with each entry",
        "the worker looks, and says what they make of it",
        "It speaks often of children who go missing often: bench/RESULTS.md says how often on noise.",
        ("bench pace",),
    ),
    Asks(
        "What a plan says and the record does not",
        "atlas.plans.rules.apart",
        "the lines of the plan and what the record holds of the same child",
        "what stands in one and not in the other",
        "the worker",
        "Two words for one thing are taken for two.",
        ("tests/plans/test_apart.py",),
    ),
    Asks(
        "Floors of exploitation",
        "atlas.exploitation.rules.floors",
        "items that a worker cited in an assessment",
        "the lowest level that practice gives to what was cited, with the item",
        "the worker sets the level; a lower one is agreed by a second person",
        "A floor is local practice, and no law: it says so.",
        ("tests/rules/test_exploitation_floors.py", "tests/exploitation/test_agree_lower_level.py"),
    ),
    Asks(
        "Words that are listened to",
        "atlas.exploitation.rules.catalogue",
        "what is typed in a form, for listed words of blame",
        "other words, before the text is saved",
        "whoever writes; the text is kept as it is, with a reason",
        "A list of words knows no meaning.",
        ("tests/exploitation/test_heard.py",),
    ),
    Asks(
        "Recorded twice",
        "atlas.linkage.rules",
        "names, dates of birth, numbers and addresses of two records",
        "the reasons in words, side by side; no figure",
        "a person, for ever undone",
        "Twins and namesakes are asked about in vain; two of one child are not found where nothing agrees.",
        ("tests/linkage/test_pairs.py", "bench twice", "bench linkage"),
    ),
    Asks(
        "Suggested blocks",
        "atlas.connections.finding",
        "surnames, addresses and household of a worker and of a child, as declared and delivered",
        "“may know this family”, to those who answer for both",
        "the line manager",
        "A common surname suggests without cause; a tie that nobody recorded is not seen.",
        ("tests/connections/test_suggestions.py",),
    ),
    Asks(
        "Odd looks",
        "atlas.audit.finding",
        "the record of looks: whose, when, through which relationship, own surname or street",
        "a look to be explained",
        "the privacy officer of the agency",
        "An odd look is no wrong: most have a reason.",
        ("tests/audit/test_odd_reasons.py", "bench misuse"),
    ),
    Asks(
        "Which place a child meant",
        "atlas.missing.rules.mentions",
        "the words of an interview and the places that the partnership has listed",
        "places whose name resembles the words",
        "somebody tells it which place it is",
        "A place of the same name elsewhere.",
        ("tests/rules/test_mentions.py",),
    ),
    Asks(
        "Places with more than chance",
        "atlas_analysis.hotspots.scan",
        "days and places that children named, without the child",
        "a place and its days, with how easily chance makes as much",
        "the head of service decides on the finding within 30 days",
        "Where more is asked, more is told; places that only report are taken out.",
        ("tests/analysis/test_scan.py", "bench null_scan", "bench planted"),
    ),
    Asks(
        "Missing at the same time",
        "atlas.network.together",
        "when children were missing, by keys of one search",
        "pairs and groups beyond chance, to whoever may see every child of them",
        "somebody who knows the children",
        "Beyond chance is not together.",
        ("tests/network/test_together.py", "bench planted_group"),
    ),
    Asks(
        "The local profile",
        "atlas.profile.rules",
        "rows without a name, of all children of the authority",
        "counts of more than five, with intervals, and what changed",
        "the partnership, finding by finding",
        "What is recorded more of some children reads as if more happened to them.",
        ("tests/profile/test_profile.py", "tests/profile/test_attacker.py", "bench profile"),
    ),
    Asks(
        "How alike decisions are",
        "atlas.contacts.rules.consistency",
        "decisions on contacts, without the child",
        "shares with intervals",
        "the head of service",
        "Different children make different decisions right.",
        ("tests/contacts/test_consistency.py",),
    ),
    Asks(
        "What needs a meeting",
        "atlas.meetings.rules.needed",
        "levels, episodes and decisions about this one child",
        "that a meeting is asked for, with the reason",
        "the chair or the manager, with a reason for none",
        "Local rules differ: they are the council's to set.",
        ("tests/rules/test_meeting_needs.py",),
    ),
)

NEVER = (
    "No child is scored, ranked, or predicted about; no colour or percentile stands for a child's future.",
    "Postcode, ethnicity, faith, benefits and size of family are inputs of nothing that asks about a child.",
    "Nothing learns weights from what was done before. The model that sets two records side by side knows names, dates and numbers, and no need or harm.",
    "Nothing is opened, closed, given, withheld or put first without a person, whose reason is written down.",
    "What asks shows the facts it stands on; where a fact is corrected, the question goes.",
)


def algorithms(root: Path) -> str:
    """The record, as Markdown; the specification of each is the first sentence of the module that does it."""
    parts = [
        "# Algorithmic transparency record",
        "After the Algorithmic Transparency Recording Standard of GOV.UK (as recalled). It is answered for by the safeguarding partnership that runs Atlas. Made from "
        "the code by `manage docs`.",
        "## What none of it does",
        "\n".join(f"- {one}" for one in NEVER),
        "## What asks by itself",
    ]
    for one in RECKONED:
        words = (inspect.getdoc(import_module(one.module)) or "").split("\n\n")[0].replace("\n", " ")
        rows = (
            ("How", f"{words} (`{one.module}`)"),
            ("Reads", one.reads),
            ("Says", one.says),
            ("Who decides", one.decides),
            ("What may go wrong", one.wrong),
            ("Held by", named(one.proofs)),
        )
        parts.append(f"### {one.name}\n\n" + "\n".join(f"- **{name}**: {what}" for name, what in rows))
    return "\n\n".join(parts) + "\n"
