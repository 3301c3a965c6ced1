"""Forms of deliveries."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from atlas.design.forms import Form, MomentField, RadiosField, Typed
from atlas.design.scanning import ScannedFileField
from atlas.feeds.commands.delivery import SSD
from atlas.feeds.police import forces
from atlas.feeds.rules import System

LAYOUTS = [(SSD, "Main case system (Standard Safeguarding Dataset)")]


def written_at(typed: Typed) -> datetime:
    """When a file was written, in London time. Raises ValueError, in words, where the time is not given."""
    if typed.local is None or typed.precision == "date":
        raise ValueError("Give the time as well: which of two files of one day is newer hangs on it.")
    return timezone.make_aware(typed.local)


class ReceiveForm(Form):
    submit = "Read it and show what it would do"

    layout = RadiosField(label="Who sent it?", choices=[])
    is_historic = RadiosField(
        label="Is it live or historic?", choices=[("live", "Live: start clocks and tell people"), ("historic", "Historic: older records, nobody is told")],
        initial="live",
    )  # fmt: skip
    is_partial = RadiosField(
        label="Does it hold all the children?", help_text="Only of the main case system: a force sends what happened",
        choices=[("whole", "All: what it no longer holds is asked about"), ("part", "This is part of the children only")], initial="whole",
    )  # fmt: skip
    as_at = MomentField(
        label="When was it written?", help_text="Leave it empty for a file that was written just now", required=False, build=written_at
    )
    file = ScannedFileField(label="The file", help_text="CSV, .xlsx, or a zip of CSV files; at most 50 MB")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("layout", [*LAYOUTS, *((force.layout, force.name) for force in forces().values())])


class MapCodeForm(Form):
    edits = {"meaning": "meaning"}

    submit = "That is what it means"

    meaning = RadiosField(label="What does it mean?", choices=[])

    def __init__(self, *arguments: Any, meanings: list[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("meaning", [(meaning, meaning) for meaning in meanings])


class MasterForm(Form):
    edits = {"system": "system"}

    submit = "Save"

    system = RadiosField(label="Which system is master?", choices=System.choices)


class DecideMatchForm(Form):
    submit = "That is the child"

    child_id = RadiosField(label="Who is this row about?", choices=[])

    def __init__(self, *arguments: Any, children: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("child_id", [*children, ("new", "None of these: a child who is not yet recorded")])


class ConfirmForm(Form):
    """Nothing to fill in: one tap."""

    submit = "Yes"
