"""Forms about connected systems: they check what was typed, and write nothing."""

from typing import Any

from atlas.agencies.models import Agency
from atlas.design.forms import Form, RadiosField, TextAreaField, TextField


class RegisterSystemForm(Form):
    submit = "Ask a second person to approve it"

    agency = RadiosField(label="Which agency's system is it?", choices=[])
    name = TextField(label="What do its users call it?", max_length=80, width=20)
    public_key = TextField(
        label="Its public key", help_text="64 digits, 0 to 9 and a to f (Ed25519). The system keeps the private key, and shows it to nobody.",
        max_length=64, width=30,
    )  # fmt: skip
    hook = TextField(
        label="Where is it told that a record changed?", help_text="An address that begins with https://. Leave it empty if it is not told.",
        max_length=300, required=False,
    )  # fmt: skip
    because = TextAreaField(label="Why? The second person reads this", rows=2)

    def __init__(self, *arguments: Any, agencies: list[Agency], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("agency", [(str(agency.pk), agency.name) for agency in agencies])
        self.agencies = {str(agency.pk): agency for agency in agencies}

    def clean_agency(self) -> Agency:
        """The agency itself."""
        return self.agencies[self.cleaned_data["agency"]]

    def clean_public_key(self) -> str:
        """Without the spaces and colons with which keys are often written."""
        return "".join(self.cleaned_data["public_key"].split()).replace(":", "").lower()


class ConfirmForm(Form):
    """Do it, or go back."""

    def __init__(self, *arguments: Any, submit: str, **options: Any) -> None:
        self.submit = submit
        super().__init__(*arguments, **options)
