"""A form listens to free words before they are sent: it asks once, and lets the words through when they are sent again."""

from typing import TYPE_CHECKING

from django import forms
from django.http import QueryDict

from atlas.design.heard import names_harm, words_to_weigh

if TYPE_CHECKING:
    from atlas.design.forms import Form

ASKED, WHY = "asked_about", "why_kept"
BETWEEN = "|"


def listen(form: "Form") -> None:
    """Let the form carry what the person was asked about already, and where they were and it is kept, a box for why the words stay."""
    form.fields[ASKED] = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)
    if form.keeps_why and form.data.get(ASKED):
        _ask_why(form)


def _ask_why(form: "Form") -> None:
    form.fields[WHY] = forms.CharField(
        label="If you keep words that you were asked about: why?", required=False, max_length=300, widget=forms.TextInput,
        help_text="For example: they are the child’s own words. You may leave it empty.",
    )  # fmt: skip


def hear(form: "Form") -> None:
    """Ask about each phrase that may tell of harm, or might hurt, once; keep in `form.kept_words` those that the writer was asked about and left."""
    asked = {phrase for phrase in str(form.cleaned_data.pop(ASKED, "") or "").split(BETWEEN) if phrase}
    why, now = str(form.cleaned_data.pop(WHY, "") or "").strip(), set[str]()
    for name in form.listens:
        words = str(form.cleaned_data.get(name) or "")
        told = names_harm(words) if form.hears_harm else None
        weighed = words_to_weigh(words)
        form.kept_words += [(one.phrase, why) for one in weighed if one.phrase.lower() in asked]
        phrases = {phrase.lower() for phrase in told.phrases} if told else set()
        if told and phrases - asked:
            form.add_error(name, told.prompt)
        for one in weighed:
            if one.phrase.lower() not in asked:
                form.add_error(name, f"{one.prompt} Change it, or send it again as it is{' and say why' if form.keeps_why else ''}.")
        now |= phrases | {one.phrase.lower() for one in weighed}
    if now - asked:
        typed = QueryDict(mutable=True)
        typed.update(form.data)
        typed[ASKED] = BETWEEN.join(sorted(asked | now))
        form.data = typed
        if form.keeps_why:
            _ask_why(form)
            form.lay_out()
