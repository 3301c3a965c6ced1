"""What Atlas holds about a child, as it may go into an answer: every table about a child that the request opens, every field that says something, in words.

Made from the classes of data protection, so that a table or a field that comes tomorrow is in the answer the day after: what is not in it is named here, with its reason.
Keys, links to other rows, pictures and what Atlas needs to work are never in it, nor (since the request does not open them) intelligence and sealed sets.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from hashlib import sha256
from json import dumps
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import BinaryField, CharField, Field, FileField, JSONField, Model, TextField

from atlas.agencies.models import Post
from atlas.chronology.models import Entry
from atlas.config.classification import privacy_class
from atlas.config.privacy import PERSONAL, SPECIAL
from atlas.design.words import day, when
from atlas.gate.context import Subject
from atlas.gate.models import AboutChild
from atlas.gate.policy import OPENING, Kind
from atlas.people.models import OfPerson

Line = tuple[str, str]

# Tables of the kinds of record that a request opens, which are in no answer: each with its reason.
NOT_IN_IT = {
    "gate.Relationship": "why somebody may open the record: told as who looked, by the privacy officer",
    "gate.Restriction": "who may see the record", "gate.NamedHolder": "who may see the record", "desk.SilentNotice": "who looked: told by the privacy officer",
    "clocks.Clock": "by when something was due, of what is in the answer itself", "tasks.Task": "what was to be done about what is in the answer itself",
    "tasks.Alert": "who was told about what is in the answer itself", "tasks.Notice": "who was told about what is in the answer itself",
    "tasks.OvernightLine": "what the day took over of what is in the answer itself", "copies.Copy": "what is in the answer already, as it was filed elsewhere",
    "linkage.Pair": "about two children", "linkage.PairDecision": "about two children", "network.Together": "about two children",
    "missing.MissingTogether": "about two children", "missing.Photograph": "a picture: it is handed over apart, on paper",
    "missing.TriggerPlanVersion": "what the trigger plan said before: the plan is in the answer", "plans.PlanVersion": "what the lines of the plan say",
    "retention.RetentionDate": "kept by the privacy officer, who adds it", "sealed.SealedLocation": "that something is sealed is not told by the way",
    "connections.Tie": "who a child's brothers, sisters and household are: about them too, and kept elsewhere",
    "subject_access.SubjectAccessRequest": "the request itself", "subject_access.Clarification": "the request itself", "subject_access.AnswerItem": "the request itself",
    "subject_access.Opinion": "the request itself", "subject_access.SubjectAccessAnswer": "the request itself",
}  # fmt: skip
# By which field a record stands in the order of the child's life, before any other.
MOMENTS = (
    "happened_at",
    "reported_at",
    "missing_from",
    "held_at",
    "met_at",
    "offered_at",
    "opened_at",
    "from_on",
    "from_at",
    "recorded_at",
    "made_at",
)
# By whom a record was written, before any other post that it names.
WRITERS = ("recorded_by", "written_by", "made_by", "decided_by", "started_by", "added_by", "given_by", "set_by", "raised_by")
# Fields that hold a name of somebody else, so that the helper knows it wherever it stands.
NAMES_OTHERS = frozenset(
    {
        "nickname",
        "name_words",
        "mother_name",
        "who_words",
        "whom_words",
        "to_whom",
        "owner_words",
        "responder_words",
        "against_words",
        "name",
    }
)
# Of what is kept in parts, a copy of a plan say: what tells how it is built, and what needs no name before it.
UNSAID, NAMELESS = frozenset({"key", "may_answer"}), frozenset({"words", "title", "heading", "blocks", "lines"})
KEY = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


Told = tuple["Field[Any, Any]", str]


@dataclass(frozen=True)
class Held:
    """One record as it may go into an answer: which it is, what it is called, its lines (field, words), who wrote it in
    which agency, and when it was (None: no day known).
    """

    label: str
    pk: UUID
    heading: str
    lines: tuple[Line, ...]
    source: str
    agency: str
    at: datetime | date | None
    others: tuple[str, ...] = ()
    free: frozenset[int] = frozenset()  # the lines that hold words which somebody chose, and not a code, a day or a yes

    @property
    def digest(self) -> str:
        """The hash of what it says: 64 hex digits."""
        return sha256(dumps([self.heading, self.lines, self.source], ensure_ascii=False).encode()).hexdigest()


def tables() -> list[type[Model]]:
    """Every table about a child whose rows a request opens and that is not named above."""
    opened = OPENING[Kind.INFORMATION_RIGHTS].reads
    of_child = [model for model in apps.get_models() if issubclass(model, AboutChild | OfPerson) or model._meta.label == "children.Child"]
    return [model for model in of_child if getattr(model, "record_kind", None) in opened and model._meta.label not in NOT_IN_IT]


def said_fields(model: type[Model]) -> list["Field[Any, Any]"]:
    """The fields of a table that say something of somebody: no key, no link, no picture, nothing that Atlas needs to work, and not how exactly a moment is known."""
    return [field for field in model._meta.concrete_fields if _says(model._meta.label, field)]


def _says(label: str, field: "Field[Any, Any]") -> bool:
    if (
        field.primary_key
        or field.is_relation
        or isinstance(field, BinaryField | FileField)
        or field.name.endswith("_precision")
        or field.name == "key"
    ):
        return False
    return privacy_class(label, field.name, is_link=False) in {PERSONAL, SPECIAL}


def held_about(subject: Subject, child_id: UUID) -> Iterator[Held]:
    """Every record about the child that this subject may read, table by table."""
    told = _told_by(subject, child_id)
    for model in tables():
        writers = _writers(model)
        rows = model._default_manager.of_child(subject, child_id)  # type: ignore[attr-defined]
        people = [f"{writer}__{link}" for writer in writers for link in ("user", "team__agency")]
        fields = said_fields(model)
        for row in (rows.select_related(*people) if people else rows).order_by("pk"):
            if held := _held(row, fields, next((post for writer in writers if (post := getattr(row, writer))), told.get(row.pk))):
                yield held


def _told_by(subject: Subject, child_id: UUID) -> dict[UUID, Post]:
    """Of what names no post itself: who wrote the first entry of the chronology about it."""
    rows = Entry.objects.of_child(subject, child_id).exclude(about_id=None).exclude(recorded_by=None)
    rows = rows.select_related("recorded_by__user", "recorded_by__team__agency").order_by("-recorded_at")
    return {row.about_id: row.recorded_by for row in rows}


def _writers(model: type[Model]) -> list[str]:
    """The columns that name a post, whoever wrote the row first."""
    links = [field.name for field in model._meta.concrete_fields if field.related_model is Post]
    return sorted(links, key=lambda name: WRITERS.index(name) if name in WRITERS else len(WRITERS))


def _held(row: Model, fields: list["Field[Any, Any]"], post: Post | None) -> Held | None:
    at = _at(row, fields)
    told = _not_twice(row, at, [(field, said) for field in fields if (said := _said(row, field))])
    lines = tuple((_called(field), said) for field, said in told)
    if not lines or _only_repeats(row):
        return None
    others = tuple(str(getattr(row, field.name)) for field in fields if field.name in NAMES_OTHERS and row._meta.label != "children.Child")
    source, agency = (f"{post.user.name}, {post.title}", post.team.agency.name) if post else ("", "")
    # The heading stays where an item is left out, so it never says what happened: that is a line, which can be taken out.
    heading = str(row._meta.verbose_name).capitalize()
    return Held(row._meta.label, row.pk, heading, lines, source, agency, at, others, _free(told))


def _not_twice(row: Model, at: datetime | date | None, told: list[Told]) -> list[Told]:
    """The lines of an entry without its moment, which stands beside its heading. All of them where there is nothing else."""
    if not isinstance(row, Entry):
        return told
    return [one for one in told if one[1] != in_words(at)] or told


def _free(told: list[Told]) -> frozenset[int]:
    return frozenset(
        place for place, (field, _) in enumerate(told) if isinstance(field, CharField | TextField | JSONField) and not field.choices
    )


def _only_repeats(row: Model) -> bool:
    """An entry of the chronology that says no more than the record that it is about."""
    return row._meta.label == "chronology.Entry" and bool(getattr(row, "about_id", None)) and not getattr(row, "words", "")


def _called(field: "Field[Any, Any]") -> str:
    return str(field.verbose_name).removesuffix(" words").removeprefix("is ").capitalize()


def _said(row: Model, field: "Field[Any, Any]") -> str:
    value = getattr(row, field.name)
    if value in (None, "", [], {}):
        return ""
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    return in_words(value)


def in_words(value: Any) -> str:
    """What a field says: moments and days as staff write them, lists with semicolons, codes with spaces; without any key of a row, and of what is built of parts
    the words alone, not how it is built.
    """
    match value:
        case bool():
            return "Yes" if value else "No"
        case datetime():
            return when(value)
        case date():
            return day(value)
        case time():
            return f"{value:%H:%M}"
        case dict():
            parts = [(name, in_words(one)) for name, one in value.items() if name not in UNSAID]
            return "; ".join(said if name in NAMELESS else f"{name.replace('_', ' ')}: {said}" for name, said in parts if said)
        case list() | tuple():
            return "; ".join(said for said in map(in_words, value) if said)
        case None:
            return ""
    text = KEY.sub("", str(value)).strip()
    return text.replace("_", " ") if re.fullmatch(r"[a-z0-9_]+", text) else text


def _at(row: Model, fields: list["Field[Any, Any]"]) -> datetime | date | None:
    dated = {field.name: value for field in row._meta.concrete_fields if isinstance(value := getattr(row, field.attname), date)}
    said = [field.name for field in fields if field.name in dated]
    name = next((one for one in MOMENTS if one in dated), said[0] if said else "")
    return dated.get(name)
