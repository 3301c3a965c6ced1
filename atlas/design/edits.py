"""Editing what others may edit too: what the page showed goes with the form, signed, and what both changed is put before the person.

A field that only one of two people changed is theirs; a field that both changed is a clash, and nothing is thrown away
(protection.md section 6, lost updates).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from django.core import signing
from django.core.exceptions import ValidationError
from django.forms import Field, MultipleChoiceField, MultiValueField, PasswordInput
from django.http import QueryDict

from atlas.design.words import day, when

if TYPE_CHECKING:
    from atlas.design.forms import Form

SALT = "atlas.base"
CHOSEN = "chosen-"  # before a field's name: which of three the person chose
THEIRS, BEFORE = "theirs", "before"
Boxes = str | list[str]


@dataclass(frozen=True)
class Base:
    """What a page showed: of which record, in which version, at which moment (ISO 8601), and what stood in the boxes of what it edits.

    `before`: what stood there before somebody else changed it, for the fields that wait for the person's choice.
    """

    record: str
    version: int
    at: str
    values: dict[str, Boxes] = field(default_factory=dict)
    before: dict[str, Boxes] = field(default_factory=dict)

    def signed(self) -> str:
        """The text that the form carries."""
        return signing.dumps([self.record, self.version, self.at, self.values, self.before], salt=SALT, compress=True)

    @classmethod
    def of(cls, text: str) -> "Base | None":
        """Back from the text; None where it is not one that Atlas signed."""
        try:
            return cls(*signing.loads(text, salt=SALT))
        except (signing.BadSignature, TypeError, ValueError):
            return None


@dataclass(frozen=True)
class Clash:
    """One field that two people changed: its label, the three texts, and what stood in its boxes before."""

    name: str
    label: str
    theirs: str
    mine: str
    before: str
    boxes: Boxes

    @property
    def choice(self) -> str:
        """The name under which the choice is sent."""
        return CHOSEN + self.name


def boxes(of: Field, value: Any) -> Boxes:
    """What stands in a field's boxes when it holds a value."""
    if isinstance(of, MultiValueField):
        return ["" if box is None else str(box) for box in cast(Any, of.widget).decompress(of.prepare_value(value))]
    if isinstance(of, MultipleChoiceField):
        return sorted(str(one) for one in value or ())
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def words(of: Field, value: Any) -> str:
    """A value as a person reads it."""
    if value in (None, "", []):
        return "(nothing)"
    labels = {str(key): str(label) for key, label in getattr(of, "choices", ())}
    if isinstance(value, list | tuple):
        return "; ".join(labels.get(str(one), str(one)) for one in value)
    if isinstance(value, datetime) or hasattr(value, "words"):
        return when(value)
    return day(value) if isinstance(value, date) else labels.get(str(value), str(value))


def names_sent(form: "Form", name: str, sent: Iterable[str]) -> list[str]:
    """Under which names what was typed into one field was sent: its own, or one for each of its boxes."""
    is_many = isinstance(form.fields[name], MultiValueField)
    return [one for one in sent if one == name or (is_many and re.fullmatch(rf"{name}_\d+", one))]


def put_in(form: "Form", name: str, value: Boxes) -> None:
    """Let the boxes of a form that was sent hold something else, as if it had been typed."""
    data = cast(QueryDict, form.data).copy()
    if isinstance(form.fields[name], MultiValueField):
        for number, box in enumerate(value):
            data[f"{name}_{number}"] = box
    elif isinstance(value, list):
        data.setlist(name, value)
    else:
        data[name] = value
    form.data = data


def typed_in(form: "Form", sent: "QueryDict") -> dict[str, list[str]]:
    """What was typed, box by box, without what may not be kept; with the base, so that what is put back is still compared with it."""
    names = [one for name, of in form.fields.items() if may_be_kept(of) for one in names_sent(form, name, sent)]
    kept = {name: [str(value) for value in sent.getlist(name)] for name in names}
    return kept | ({"base": [str(sent["base"])]} if sent.get("base") else {})


def may_be_kept(of: Field) -> bool:
    """Whether what is typed into a field may be kept as a draft: never a file, a password, or what is sealed (`autosave` false)."""
    is_secret = isinstance(of.widget, PasswordInput) or of.widget.needs_multipart_form
    return not is_secret and getattr(of, "autosave", True) and not of.widget.is_hidden


def is_typed(form: "Form", typed: Mapping[str, list[str]]) -> bool:
    """Whether anything stands in the boxes that did not stand there when the page was opened."""
    base = Base.of(typed["base"][0]) if typed.get("base") else None
    for name, of in form.fields.items():
        sent = sorted(names_sent(form, name, typed))
        if not sent or of.widget.is_hidden:  # what the page carries, nobody typed
            continue
        is_list = isinstance(of, MultiValueField | MultipleChoiceField)
        stood = base.values.get(name) if base and not form.is_statement else None
        opened = boxes(of, form.get_initial_for_field(of, name)) if stood is None else stood
        held: Boxes = [one for box in sent for one in typed[box]] if is_list else typed[sent[0]][0].replace("\r\n", "\n").strip()
        if (sorted(held) if isinstance(of, MultipleChoiceField) else held) != opened:
            return True
    return False


def clashes(form: "Form", base: Base, held: Mapping[str, Any]) -> list[Clash]:
    """Compare what is there now (`held`, by field) with what the page showed and with what was sent.

    Takes over what only the others changed, and what the person chose of two; gives the fields on which the person must decide.
    """
    found = []
    for name, value in held.items():
        of = form.fields[name]
        now, before, mine = boxes(of, value), base.values.get(name, ""), boxes(of, form.cleaned_data.get(name))
        chosen = form.data.get(CHOSEN + name)
        if name in base.before and now == before:  # the person has seen all three
            if chosen in (THEIRS, BEFORE):
                _take(form, name, now if chosen == THEIRS else base.before[name])
            elif not chosen and mine != now:
                found.append(_clash(form, name, value, base.before[name]))
        elif now != before and mine == before and not form.is_statement:
            _take(form, name, now)
        elif now not in (before, mine):
            found.append(_clash(form, name, value, before))
    return found


def _take(form: "Form", name: str, value: Boxes) -> None:
    put_in(form, name, value)
    form.cleaned_data[name] = _cleaned(form, name)


def _cleaned(form: "Form", name: str) -> Any:
    of = form.fields[name]
    try:
        return of.clean(of.widget.value_from_datadict(form.data, form.files, name))
    except ValidationError:
        return None  # it was empty, where the form asks for something


def _clash(form: "Form", name: str, now: Any, before: Boxes) -> Clash:
    of, typed = form.fields[name], form.data
    mine = words(of, form.cleaned_data.get(name))
    put_in(form, name, before)
    was, form.data = words(of, _cleaned(form, name)), typed
    return Clash(name, str(of.label or name), words(of, now), mine, was, before)
