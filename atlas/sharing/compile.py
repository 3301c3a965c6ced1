"""The one compiler: what a recipient gets is built up from nothing, item by item and field by field, by an allow-list.

It is never the author's own view with parts taken out: a field that no list names cannot leave (protection.md section 4.7).
Contact details, intelligence and places stand in no list.
"""

import json
import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from django.db.models import F, QuerySet, TextField, Value

from atlas.agencies.models import Authority, Post
from atlas.allocation.models import Allocation
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.design.words import day, when
from atlas.gate.act import Invalid
from atlas.gate.context import Subject
from atlas.gate.policy import FINGERPRINT
from atlas.intelligence.models import Product
from atlas.people.models import ContactDetail, Identifier
from atlas.sharing.rules import CONDITIONS, COPY_CONDITION, MARKING
from atlas.statuses.models import LegalStatus, Placement, Spell

MOST_EVENTS = 60
# Kinds of entry whose words say what was seen, and no place where the child is or was.
WORDS_MAY_LEAVE = frozenset({Kind.EXPLOITATION_MARKED, Kind.STATUS_STARTED, Kind.STATUS_ENDED, Kind.CONFERENCE_HELD})
PLACE = "The place is not part of what is shared"
STAYED = "Something that was said is not in this copy: it names somebody else, or where the child is. It stands in Atlas."
GUEST = "Somebody without an account, through a one-time link"

Field = tuple[str, Callable[[Any], str]]


@dataclass(frozen=True)
class Part:
    """A kind of record that may be shared: its rows, the fields that may leave, and where and when each was said.

    `is_free`: a field holds words that somebody wrote.
    """

    key: str
    name: str
    rows: Callable[[Subject, UUID], "QuerySet[Any]"]
    fields: tuple[Field, ...]
    source: Callable[[Any], str]
    as_at: Callable[[Any], datetime | None] = lambda row: None
    is_free: bool = False


@dataclass(frozen=True)
class Item:
    """One record as the recipient gets it: lines of (name, value), its source, and when that was said."""

    kind: str
    lines: tuple[tuple[str, str], ...]
    source: str
    as_at: str


@dataclass(frozen=True)
class CompiledView:
    """Everything that one recipient gets about one child, and nothing else."""

    marking: str
    recipient: str
    purpose: str
    shared_by: str
    compiled_at: str
    until: str
    items: tuple[Item, ...]
    conditions: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The view as it is stored, and as page and PDF are made of it."""
        return json.loads(json.dumps(asdict(self)))


def hash_of(*parts: Any) -> str:
    """The hash of what was shared: 64 hex digits."""
    return sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def view_hash(view: dict[str, Any], recipient: UUID) -> str:
    """The hash of a view with its recipient and the policy that judged it."""
    return hash_of(view, str(recipient), FINGERPRINT)


def _main_system(row: Any) -> str:
    return "Main case system"


def _dates(row: Any) -> str:
    return f"{day(row.from_on)} to {day(row.until_on) if row.until_on else 'now'}"


PARTS: tuple[Part, ...] = (
    Part(
        "who", "Who the child is", lambda subject, child: Child.objects.visible_to(subject).filter(pk=child).select_related("responsible_authority"),
        (("Name", lambda row: row.name), ("Born", lambda row: day(row.born_on)), ("Responsible", lambda row: row.responsible_authority.name)),
        _main_system,
    ),
    Part(
        "number", "Numbers", lambda subject, child: Identifier.objects.visible_to(subject).filter(person=child, until_on=None).order_by("kind", "pk"),
        (("Number", lambda row: row.get_kind_display()), ("Value", lambda row: row.value)), lambda row: row.source or "Atlas",
    ),
    Part(
        "worker", "Who works with the child",
        lambda subject, child: Allocation.objects.visible_to(subject).filter(child=child, until_at=None).select_related("post__user", "post__team")
        .order_by("from_at", "pk"),
        (("Who", lambda row: row.post.user.name), ("Team", lambda row: row.post.team.name), ("As", lambda row: row.get_capacity_display())),
        lambda row: "Main case system" if row.as_at else "Atlas", lambda row: row.as_at,
    ),
    Part(
        "status", "Statuses", lambda subject, child: Spell.objects.visible_to(subject).filter(child=child).order_by("-from_on", "pk"),
        (("Status", lambda row: row.get_status_display()), ("When", _dates)), _main_system, lambda row: row.as_at,
    ),
    Part(
        "legal", "Legal statuses", lambda subject, child: LegalStatus.objects.visible_to(subject).filter(child=child).order_by("-from_on", "pk"),
        (("Legal status", lambda row: row.code), ("When", _dates)), _main_system, lambda row: row.as_at,
    ),
    Part(
        "placement", "Placements", lambda subject, child: Placement.objects.visible_to(subject).filter(child=child).order_by("-from_on", "pk"),
        (("Placement", _dates), ("Where", lambda row: PLACE)), _main_system, lambda row: row.as_at,
    ),
    Part(
        "event", "Chronology",
        lambda subject, child: Entry.objects.visible_to(subject).filter(child=child).select_related("recorded_by__team__agency")
        .order_by("-happened_at", "pk"),
        (("What", lambda row: row.kind_words), ("When", lambda row: when(row.happened)), ("In words", lambda row: _words(row))),
        lambda row: row.recorded_by.team.agency.name if row.recorded_by else GUEST, lambda row: row.recorded_at, is_free=True,
    ),
)  # fmt: skip


def _words(entry: Entry) -> str:
    return entry.words if entry.kind in WORDS_MAY_LEAVE else ""


def offered(subject: Subject, child: UUID, parts: Container[str] | None = None) -> list[tuple[str, str]]:
    """What this subject may choose from, as (key, words): only what the subject may read, and only kinds that may leave; of them, `parts`."""
    chosen = []
    for part in PARTS:
        if parts is not None and part.key not in parts:
            continue
        for row in part.rows(subject, child)[:MOST_EVENTS]:
            chosen.append((f"{part.key}:{row.pk}", f"{part.name}: {', '.join(value for _, value in _lines(part, row))}"))
    return chosen


def items_of(subject: Subject, child: UUID, keys: Iterable[str]) -> tuple[Item, ...]:
    """The chosen records, as a recipient gets them. Raises Invalid where one is not the sharer's to share, or names another child."""
    wanted = list(dict.fromkeys(keys))
    items: list[Item] = []
    for part in PARTS:
        pks = [key.partition(":")[2] for key in wanted if key.partition(":")[0] == part.key]
        rows = list(part.rows(subject, child).filter(pk__in=_ids(pks))) if pks else []
        made = [_item(part, row) for row in rows]
        if part.is_free:
            _names_nobody_else(subject, child, made)
        items += made
    if not items or len(items) != len(wanted):
        raise Invalid("Choose what to share from the list. Something that you chose is not there any more.", "items")
    return tuple(items)


def compiled(
    subject: Subject, child: UUID, keys: Iterable[str], *, recipient: Post, purpose: str, until: datetime
) -> CompiledView:  # fmt: skip
    """The view of one child for one recipient. Raises Invalid as `items_of` does."""
    return CompiledView(
        marking=MARKING, recipient=f"{recipient}, {recipient.team.agency.name}", purpose=purpose,
        shared_by=f"{subject.post}, {subject.post.team.agency.name}", compiled_at=when(subject.at), until=when(until),
        items=items_of(subject, child, keys), conditions=CONDITIONS,
    )  # fmt: skip


def compiled_for_guest(
    subject: Subject,
    child: Child,
    keys: Iterable[str],
    question: str,
    until: datetime,
    *,
    asks: str = "question",
    rings: Authority | None = None,
) -> dict[str, Any]:
    """What somebody without an account is shown, and nothing else: who asks, where to ring back (`rings`; else whoever is responsible), the
    question, and who the child is where that was chosen. Raises Invalid as `items_of` does.
    """
    wanted = list(keys)
    items = items_of(subject, child.pk, wanted) if wanted else ()
    team, rung = subject.post.team, rings or child.responsible_authority
    view = {
        "marking": MARKING, "asked_by": f"{team.agency.name}, {team.name}", "number": rung.front_door_number,
        "number_of": f"{rung.name} front door", "question": question, "items": [asdict(item) for item in items],
        "until": when(until), "asks": asks, **({"any_hour": rung.staffed_number} if asks == "carer" else {}),
    }  # fmt: skip
    return json.loads(json.dumps(view))


@dataclass(frozen=True)
class Sent:
    """What a copy for the council's main case system says beside the record: its title, for whom, the child's number there, as at when; what
    must be told with it, what is never in it, and the words that must not leave, as whoever finished the record saw.
    """

    title: str
    recipient: str
    number: str
    as_at: datetime
    told: tuple[str, ...]
    never: str
    left_out: frozenset[UUID] = frozenset()


Chosen = Iterable[tuple[Part, Iterable[UUID]]]


def written_in(subject: Subject, child: UUID, chosen: Chosen) -> dict[UUID, str]:
    """What somebody wrote of what would go, as far as the subject sees it: each by the part and the row of which it is, so that of one record some
    may stay and some leave.
    """
    return {
        _key(part, row): _text(_item(part, row))
        for part, pks in chosen if part.is_free for row in part.rows(subject, child).filter(pk__in=set(pks))
    }  # fmt: skip


def _key(part: Part, row: Any) -> UUID:
    return uuid5(row.pk, part.key)


def _text(item: Item) -> str:
    return "\n".join(value for _, value in item.lines)


def compiled_for_main_system(
    subject: Subject, child: UUID, chosen: Chosen, sent: Sent
) -> dict[str, Any]:  # fmt: skip
    """What goes into the council's main case system of one record about one child, by the allow-list of each part, and nothing else.

    Words that somebody wrote stay behind, and the copy says so, where they name another child, repeat intelligence, or say where the child can
    be reached: as the subject sees, or as whoever finished the record saw. Raises Invalid where a part is not the subject's to see.
    """
    made: list[tuple[UUID, Item]] = []
    free: dict[UUID, str] = {}
    stays: set[UUID] = set()
    for part, pks in ((PARTS[0], (child,)), *chosen):
        wanted = set(pks)
        rows = list(part.rows(subject, child).filter(pk__in=wanted))
        if len(rows) != len(wanted):
            raise Invalid(
                "A part of the record is not yours to see, so you cannot send or read its copy. Ask whoever works with the child."
            )
        for row in rows:
            key, item = _key(part, row), _item(part, row)
            made.append((key, item))
            if part.is_free and {row.pk, key} & sent.left_out:
                stays.add(key)
            elif part.is_free:
                free[key] = _text(item)
    stays |= must_stay(subject, child, free)
    items = [item for key, item in made if key not in stays]
    who, *others = items
    numbered = Item(who.kind, (*who.lines, *((("Number in the main system", sent.number),) if sent.number else ())), who.source, who.as_at)
    view = {
        "marking": MARKING, "title": sent.title, "recipient": sent.recipient, "shared_by": "Atlas, which is master of this record",
        "compiled_at": when(sent.as_at), "items": [asdict(item) for item in (numbered, *others)],
        "conditions": [*sent.told, *([STAYED] if stays else ()), sent.never, COPY_CONDITION],
    }  # fmt: skip
    return json.loads(json.dumps(view))


def _ids(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise Invalid("Choose what to share from the list.", "items") from None


def _lines(part: Part, row: Any) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, read in part.fields if (value := str(read(row))))


def _item(part: Part, row: Any) -> Item:
    said = part.as_at(row)
    return Item(part.name, _lines(part, row), part.source(row), when(said) if said else "")


def free_words(subject: Subject, child: UUID, text: str, field: str) -> str:
    """What somebody wrote for a recipient, where it may leave. Raises Invalid, at that field, where it names another child, repeats six words
    of intelligence, or says an address, a postcode or a number at which the child can be reached: as far as the writer can see these.
    """
    if _names_another(subject, child, text):
        raise Invalid("This names another child. Write what the recipient needs in another way.", field)
    if _runs(text) & _told(subject, child):
        raise Invalid("This repeats the words of intelligence, which never leaves this way. Ask without it.", field)
    if _says_where(text, _reached(subject, child)):
        raise Invalid("This says where or how the child can be reached. Leave it out.", field)
    return text


def must_stay(subject: Subject, child: UUID, texts: Mapping[UUID, str]) -> set[UUID]:
    """Of what somebody wrote, by what each is known by: what must not leave, as far as this subject can see. As `free_words`, of many texts in the
    same few statements.
    """
    if not texts:
        return set()
    names = _others_named(subject, child, "\n".join(texts.values())).values_list("name", flat=True)
    named, told, reached = [name.casefold() for name in names], _told(subject, child), _reached(subject, child)
    return {
        key for key, text in texts.items()
        if any(name in text.casefold() for name in named) or _runs(text) & told or _says_where(text, reached)
    }  # fmt: skip


def _told(subject: Subject, child: UUID) -> set[tuple[str, ...]]:
    """Every six words running of intelligence about the child."""
    return set[tuple[str, ...]]().union(*(_runs(product.wording) for product in Product.objects.visible_to(subject).filter(child=child)))


def _reached(subject: Subject, child: UUID) -> set[str]:
    """Where and by what number the child can be reached, letters and digits alone."""
    places = {place for one in ContactDetail.objects.visible_to(subject).filter(person=child) for place in (one.text, one.postcode)}
    places |= {one.postcode for one in Placement.objects.visible_to(subject).filter(child=child)}
    return {close for place in places if len(close := _closely(place)) > 4}


def _says_where(text: str, reached: set[str]) -> bool:
    close = _closely(text)
    return any(place in close for place in reached)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[place : place + 6]) for place in range(max(1, len(words) - 5))} if words else set()


def _closely(text: str) -> str:
    return re.sub(r"\W", "", text.casefold())


def _others_named(subject: Subject, child: UUID, text: str) -> "QuerySet[Child]":
    others = Child.objects.visible_to(subject).exclude(pk=child).exclude(name="").annotate(told=Value(text, TextField()))
    return others.filter(told__icontains=F("name"))


def _names_another(subject: Subject, child: UUID, text: str) -> bool:
    return _others_named(subject, child, text).exists()


def _names_nobody_else(subject: Subject, child: UUID, items: list[Item]) -> None:
    """No other child's name leaves: as far as the sharer can see other children, and as their names are written."""
    if _names_another(subject, child, "\n".join(map(_text, items))):
        raise Invalid(
            "One of the things you chose names another child. Leave it out, and write what the recipient needs in another way.", "items"
        )
