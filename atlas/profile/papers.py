"""What an analysis reads and says, written down from what runs: the two impact assessments of each, to be read and recorded before the first run.

Law and sources: UK GDPR Article 35 and Equality Act 2010 section 149 (both recalled, not read for this page); practice.md 4.12 (G1 to G10), protection.md 3.4 to 3.6.
"""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Final, TypeAlias

from django.apps import apps
from django.conf import settings
from django.db.models import Field
from django.utils.module_loading import import_string

from atlas.gate.policy import ROLES, Permission
from atlas.network.together import SHUFFLES as SHUFFLES_TOGETHER
from atlas.profile.facts import FACTS
from atlas.profile.models import ImpactAssessment
from atlas.profile.rules import DECIDED_WITHIN, LONGEST_WINDOW, METHOD, PAPERS_STAND, SHUFFLES
from atlas_analysis.rates.shares import MOST_SMALL

About: TypeAlias = ImpactAssessment.About
Kind: TypeAlias = ImpactAssessment.Kind
Paper = Mapping[str, list[str]]
CHARACTERISTICS = ("people.Person.sex", "people.Person.ethnicity", "children.Child.born_on", "statuses.Disability.code")
NETWORK = ("connections.Tie", "connections.PersonOfConcern", "connections.Group", "network.Link", "network.Together")
TIMES = ("missing.Episode.child", "missing.Episode.reported_at", "missing.Episode.returned_at")  # by keys of one search
ARE_FOR = {
    About.PROFILE: "To tell the safeguarding partnership how many children are harmed, who, how and where, what agencies do about it, and whether it helps.",
    About.PLACES: "To tell the partnership at which places more is said to happen than chance explains, so that the place is changed, and to see whether it then falls.",
    About.NETWORK: "To let those who work with a child see who and what the child is tied to, on what grounds, so that harm by others is seen and stopped.",
}
NEVER = (
    "No child is named, scored, ranked or predicted about.",
    "No postcode, school, faith, benefit or family size is read.",
    "Nothing sealed is read, and a child whose existence is hidden is nowhere.",
    "Nothing is opened, closed, given or withheld by it: a person decides, and their reason is written down.",
)


def paper(about: str, kind: str) -> Paper:
    """One impact assessment as it stands now: headings with their lines. The same for the same code."""
    return WRITTEN[Kind(kind)](About(about))


def fingerprint_of(about: str) -> str:
    """Of both papers of an analysis: another as soon as it reads, says or lets somebody do something else."""
    return sha256(json.dumps([paper(about, kind) for kind in Kind], sort_keys=True).encode()).hexdigest()


def _of_protection(about: About) -> Paper:
    return {
        "What it is for": [ARE_FOR[about]],
        "What is read": _reads(about),
        "How": _method(about),
        "Who": _who(about),
        "What it never does": list(NEVER),
        "What protects": [
            f"Counts from 1 to {MOST_SMALL} of children are left unsaid before anything is kept, and so much beside them that nobody can reckon them back.",
            "The rows leave the database without names, numbers, addresses or words, with keys of one run alone, and are kept nowhere.",
            "What is kept is the document. Each look at it is written down, and so is each run, by whom and for which period.",
            "No profile is made of nearly the same days as an earlier one: what differs between two such would tell of few children.",
        ] if about != About.NETWORK else [
            "Each link has its grounds, source, grade, day of review and author; one that nobody looked at again drops out, and is deleted.",
            "Who may not see one end of a link sees no link, and no way that leads through it. Each look is written down.",
        ],
        "What could go wrong": [
            "That what is recorded more of some children than of others reads as if more happened to them: shares not recorded stand beside every figure.",
            "That a figure about a group is used against a child in it: the document says that it is no reason to.",
            "That chance is taken for change: what is told as a change is so at a false discovery rate of 5 in 100.",
        ],
        "How long it stands": [f"It is read again within {PAPERS_STAND.days} days, and at once when what runs changes."],
    }  # fmt: skip


def _of_equality(about: About) -> Paper:
    read = sorted(
        {source for fact in FACTS.values() if fact.about == about for source in fact.fields.values() if source in CHARACTERISTICS}
    )
    return {
        "Which protected characteristics are read": read or ["None."],
        "What is said by them": [
            "Of the children at a level above none, and of those who went missing: how many are in each group, with the share of whom it is not recorded.",
            "Whether a return interview is held in time as often for one ethnic group, and for one sex, as for the others (Fisher’s exact test; false "
                "discovery rate 5 in 100).",
        ] if about == About.PROFILE else ["Nothing is said by group."],
        "What is not read": ["Religion, sexual orientation, gender reassignment, pregnancy and marriage are not held as codes, and are not read."],
        "Who could be worse off": [
            "Children of groups of whom more is recorded; children whose disability nobody asked about; boys, where only signs of sexual exploitation "
                "of girls are sought.",
            "People who live near a place that is looked at. Nothing here may be used to evict a family or to keep one out.",
        ],
        "What is done about it": [
            "The equality view of levels and closures is read each quarter by the head of service.",
            f"A finding that some children fare differently asks for a decision within {DECIDED_WITHIN.days} days.",
        ],
    }  # fmt: skip


WRITTEN: Final[Mapping[Kind, Callable[[About], Paper]]] = {Kind.PROTECTION: _of_protection, Kind.EQUALITY: _of_equality}


def _reads(about: About) -> list[str]:
    if about == About.NETWORK:
        models = [apps.get_model(label) for label in NETWORK]
        return [
            f"{model._meta.label}: {', '.join(f'{one.name} ({_class(model._meta.label, one)})' for one in model._meta.fields)}."
            for model in models
        ] + [f"To tell who is missing together, by keys of one search: {', '.join(f'{source} ({_class_of(source)})' for source in TIMES)}."]
    lines = []
    for fact in FACTS.values():
        if fact.about == about:
            fields = ", ".join(f"{name} (from {source}, {_class_of(source)})" for name, source in fact.fields.items())
            lines.append(f"{fact.of[0].upper()}{fact.of[1:]}: {fields}.")
    return lines


def _class_of(source: str) -> str:
    label, _, name = source.rpartition(".")
    return _class(label, apps.get_model(label)._meta.get_field(name))


def _class(label: str, field: "Field[object, object]") -> str:
    """The privacy class of a column, as the data dictionary has it."""
    return str(import_string(settings.PRIVACY_CLASS)(label, field.name, is_link=field.primary_key or field.is_relation).value)


def _method(about: About) -> list[str]:
    if about == About.NETWORK:
        return [
            "Links as they were written down, as at a day; ways between two along links that whoever asks may read; groups by how closely people are linked.",
            "Missing together: each occasion is moved by whole weeks; a pair is told beyond chance at a false discovery rate of 5 in 100, a group where at most 5 "
            f"of 100 shuffled years have one of as many pairs ({SHUFFLES_TOGETHER} are made).",
        ]
    scanned = (
        [f"Space-time permutation scan, windows of up to {LONGEST_WINDOW} days, {SHUFFLES} shuffles."] if about == About.PLACES else []
    )
    alike = (
        ["How alike two people code a return interview: Krippendorff’s alpha of sets (MASI), with an interval by resampling interviews."]
        if about == About.PROFILE
        else []
    )
    return [
        f"Method {METHOD} of the local profile: counts, shares and rates with intervals, run charts, and tests of change.",
        *alike,
        *scanned,
    ]


def _who(about: About) -> list[str]:
    if about == About.NETWORK:
        asks = ", ".join(role.name.lower() for role in ROLES if Permission.SEARCH_TOGETHER in role.permissions)
        return [
            "Whoever may see the child whose links they are: no role opens a link by itself.",
            f"Asks who is missing together: {asks}, who is shown nobody by it. What is told is read by whoever may see every child of it, and answered by people.",
        ]
    asked = (
        ("Asks for it", Permission.RUN_PROFILE),
        ("Reads it", Permission.VIEW_PROFILE),
        ("Decides on a finding", Permission.DECIDE_FINDING),
    )
    return [f"{name}: {', '.join(role.name.lower() for role in ROLES if may in role.permissions)}." for name, may in asked]
