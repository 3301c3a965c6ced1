"""Form fields in the GOV.UK style. A form keeps what was typed, says in the user's words what is wrong, and carries its key."""

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, ClassVar, Self, cast

from crispy_forms_gds.fields import DateInputField
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Field, Layout, Size, Submit
from crispy_forms_gds.widgets import DateInputWidget
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.forms.utils import ErrorDict
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from atlas.design.listening import hear, listen
from atlas.design.typed import put_back

_TIME = re.compile(r"^\s*(\d{1,2})[:.h]?(\d{2})\s*$")
_OPENING = (
    '<details class="govuk-details"{}><summary class="govuk-details__summary"><span class="govuk-details__summary-text">{}</span>'
    '</summary><div class="govuk-details__text">'
)
EXACT = [("minute", "To the minute"), ("about", "About then"), ("date", "Only the day"), ("unknown", "Not known")]


@dataclass(frozen=True)
class Typed:
    """A date and time as typed: London wall time without zone, and how exact it is. `local` is None where not known."""

    local: datetime | None
    precision: str


class MomentWidget(DateInputWidget):  # type: ignore[misc]
    """Day, month and year as GOV.UK asks for them, then the time, then how exact it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widgets[0].attrs["inputmode"] = self.widgets[1].attrs["inputmode"] = self.widgets[2].attrs["inputmode"] = "numeric"
        self.widgets += [
            forms.TextInput(attrs={"class": "govuk-input govuk-date-input__input govuk-input--width-4", "label": "Time, 24 hours"}),
            forms.Select(attrs={"class": "govuk-select", "label": "How exact?"}, choices=EXACT),
        ]
        self.widgets_names = [f"_{index}" for index in range(5)]

    def decompress(self, value: Any) -> list[Any]:
        """Back from a typed value to the five boxes."""
        if not isinstance(value, Typed) or value.local is None:
            return [None, None, None, None, "minute"]
        local = value.local
        return [local.day, local.month, local.year, f"{local:%H:%M}" if value.precision != "date" else "", value.precision]


# A small number, as it is typed.
COUNT = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-3"})


class MomentField(DateInputField):  # type: ignore[misc]
    """A date, a time and how exact it is. `build` turns what was typed into the caller's own kind of moment; a ValueError
    that it raises (a time that the clock skips or shows twice) is shown in its own words.
    """

    widget = MomentWidget
    missing = "Enter the day, month and year, or choose “Not known”."  # what is said where it is left empty and must not be

    def __init__(
        self, *, build: Callable[[Typed], Any] = lambda typed: typed, unbuild: Callable[[Any], Any] = lambda value: value, **options: Any
    ) -> None:
        self.build, self.unbuild = build, unbuild
        super().__init__(require_all_fields=False, **options)
        boxes: tuple[forms.Field, ...] = self.fields
        self.fields: tuple[forms.Field, ...] = (
            *boxes,
            forms.CharField(required=False, validators=[RegexValidator(_TIME, "Enter the time with 24 hours, for example 14:05")]),
            forms.ChoiceField(choices=EXACT, required=False),
        )
        for field in self.fields:
            field.required = False
        self.widget.is_required = self.required

    def prepare_value(self, value: Any) -> Any:
        """What the boxes show: what was typed into them, or the caller's own kind of moment."""
        return value if isinstance(value, list) else self.unbuild(value)

    def clean(self, value: Any) -> Any:
        """Read the five boxes. Raises ValidationError, in words that say what to do."""
        day, month, year, clock, exact = (list(value or ()) + [""] * 5)[:5]
        exact = exact or "minute"
        if exact == "unknown" and not any((day, month, year, clock)):
            return self._built(Typed(None, "unknown")) if self.required else None
        if not any((day, month, year, clock)):
            if self.required:
                raise ValidationError(self.missing, code="required")
            return None
        local = self._day(day, month, year)
        match = _TIME.match(str(clock or ""))
        if exact == "date" or (exact == "unknown" and not clock):
            return self._built(Typed(local, "date"))
        if match is None or int(match[1]) > 23 or int(match[2]) > 59:
            raise ValidationError("Enter the time with 24 hours, for example 14:05, or choose “Only the day”.", code="time")
        return self._built(Typed(local.replace(hour=int(match[1]), minute=int(match[2])), exact))

    def _day(self, day: Any, month: Any, year: Any) -> datetime:
        try:
            return datetime(int(year), int(month), int(day))  # noqa: DTZ001  (London wall time; `build` gives it its zone)
        except (TypeError, ValueError):
            raise ValidationError("Enter a real date, for example 2 5 2025.", code="date") from None

    def _built(self, typed: Typed) -> Any:
        try:
            return self.build(typed)
        except ValueError as problem:
            raise ValidationError(str(problem), code="moment") from None


class RadiosField(forms.ChoiceField):
    """One answer of several."""

    widget = forms.RadioSelect


class CheckboxesField(forms.MultipleChoiceField):
    """Any number of answers."""

    widget = forms.CheckboxSelectMultiple


class TextField(forms.CharField):
    """A line of text."""

    def __init__(self, *, width: int = 0, **options: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"class": f"govuk-input--width-{width}"} if width else {}), **options)


class TextAreaField(forms.CharField):
    """Several lines of text."""

    def __init__(self, *, rows: int = 4, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)


class DayField(DateInputField):  # type: ignore[misc]
    """A date without a time."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["required"] = "Enter the day, month and year, for example 27 3 2011."

    def clean(self, value: Any) -> Any:
        """The date; boxes in which nothing but spaces stands are empty. Raises ValidationError, in words."""
        return super().clean([part.strip() if isinstance(part, str) else part for part in value or ()])

    def compress(self, data_list: Sequence[Any]) -> Any:
        """The date. Raises ValidationError, in words."""
        try:
            return super().compress(data_list)
        except ValidationError:
            raise ValidationError("Enter a real date, for example 27 3 2011.", code="date") from None


def new_key() -> str:
    """An idempotency key: what is sent under it is done once."""
    return str(uuid.uuid4())


class Opening(HTML):  # type: ignore[misc]
    """The line behind which fields stand; it is open where something of them is wrong, or was answered."""

    def __init__(self, words: str, names: Sequence[str]) -> None:
        self.words, self.names = words, names

    def render(self, form: forms.Form, *arguments: Any, **options: Any) -> SafeString:
        """The line as it stands now."""
        is_open = any(form[name].errors or form[name].value() not in (None, "", [], form.fields[name].initial) for name in self.names)
        return format_html(_OPENING, " open" if is_open else "", self.words)


class Form(forms.Form):
    """A form of Atlas: built from a request, carrying an idempotency key and the base (what the page showed of the record that it
    edits), shown by one function (`design.jinja.show_form`).

    `edits`: field -> the record's attribute that it changes; it opens with what is there, and `answer` compares what two people
    changed. `is_statement`: it opens empty, since what is typed is said anew. `binds`: it holds for the version that was seen alone.
    `keeps_nothing`: what is typed stands nowhere but on the page until it is sent, in no draft.
    `keeps_on_phone`: filled in on a doorstep, and shows nothing recorded before: typed without signal, it rests on the telephone, encrypted.
    `listens`: the fields of free words in which it asks, once, about what may tell of harm (unless not `hears_harm`) and what might hurt the child
    who reads it; `kept_words` is then each such phrase that the writer kept. `keeps_why`: its command stores them, so the form asks why, too.
    """

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    submit = "Save"
    edits: ClassVar[dict[str, str]] = {}
    is_statement: ClassVar[bool] = False
    binds: ClassVar[bool] = False
    keeps_nothing: ClassVar[bool] = False
    keeps_on_phone: ClassVar[bool] = False
    listens: ClassVar[tuple[str, ...]] = ()
    hears_harm: ClassVar[bool] = True
    keeps_why: ClassVar[bool] = False
    is_warning = False
    is_put_back = False
    aside: ClassVar[tuple[str, ...]] = ()
    aside_words: ClassVar[str] = "More, where it was said"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not self.is_bound:
            self.initial.setdefault("key", new_key())
        self.clashes: list[Any] = []  # what two people changed, for the person to decide
        self.meanwhile: list[str] = []  # what others did to the record since the page was opened
        self.draft: Any = None  # what the person had typed before, offered to be put back
        self.keeps_drafts = False  # `answer` says so: it is what keeps them
        self.kept_words: list[tuple[str, str]] = []
        if self.listens:
            listen(self)
        self.helper = FormHelper()
        self.helper.attrs = {}
        self.helper.label_size = Size.SMALL
        self.helper.legend_size = Size.SMALL
        for name, field in self.fields.items():
            label = str(field.label or name)
            if field.required and str(field.error_messages.get("required", "")).startswith("This field"):
                field.error_messages["required"] = f"{'Answer' if label.endswith('?') else 'Fill in'} “{label}”."
            elif field.required and isinstance(field, DayField):
                field.error_messages["required"] = f"Enter the day, month and year, for example 27 3 2011: “{label}”."
        self.lay_out()

    def lay_out(self) -> None:
        """Lay the fields out, in their order, with the button below. Again where fields came after the form was made."""
        button = Button.warning("submit", self.submit) if self.is_warning else Submit("submit", self.submit)
        self.helper.layout = Layout(*self._rows(), button)

    def _rows(self) -> list[Any]:
        """The fields in order; runs of those set aside stand behind one line that opens them."""
        rows: list[Any] = []
        for is_aside, names in groupby(self.fields, key=lambda name: name in self.aside):
            run = list(names)
            fields = [self._laid_out(name) for name in run]
            rows += [Opening(self.aside_words, run), *fields, HTML("</div></details>")] if is_aside else fields
        return rows

    def _laid_out(self, name: str) -> Any:
        small = isinstance(self.fields[name], CheckboxesField)
        return Field.checkboxes(name, legend_size=Size.SMALL, small=True) if small else name

    @classmethod
    def of(cls, request: HttpRequest, **options: Any) -> Self:
        """The form of this request: filled in where something was sent, empty otherwise."""
        if request.method == "POST":
            request.sent_form = sent = cls(request.POST, request.FILES, **options)  # type: ignore[attr-defined] # what was wrong in it is logged
            return sent
        typed = put_back(request)
        if typed is None:
            return cls(**options)
        form = cls(**options)
        form.put_back(typed)
        return form

    def clean(self) -> dict[str, Any]:
        """What was typed, once the form has listened to it."""
        given = super().clean() or self.cleaned_data
        if self.listens:
            hear(self)
        return given

    def is_valid(self) -> bool:
        """Whether it was sent and holds. What was only put back into it has yet to be sent."""
        return not self.is_put_back and super().is_valid()

    def values_in(self, record: Any) -> dict[str, Any]:
        """What the record holds now of each field that this form edits."""
        if record is None:
            return {name: self.initial.get(name) for name in self.edits}
        return {name: getattr(record, column) for name, column in self.edits.items()}

    def put_back(self, typed: QueryDict) -> None:
        """Show what was typed before, without judging it."""
        self.data, self.is_bound, self.is_put_back = typed, True, True
        self._errors, self.cleaned_data = ErrorDict(), {}

    def let_choose(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """Let a field offer these, where what may be chosen hangs on who asks, or about whom."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def invalid(self, problem: Any) -> None:
        """Show an error of the domain (`message`, `field`) where it belongs; what was typed is kept."""
        field = problem.field if problem.field in self.fields else None
        self.add_error(field, problem.message)


def chosen(form: Form, name: str) -> list[str]:
    """The answers ticked for one question."""
    return cast("list[str]", form.cleaned_data.get(name) or [])
