"""Drafts: what a person has typed and not yet sent, kept for twelve hours for that person alone, page by page.

A draft leaves no act and no look: the person typed it. It is offered again only on a page that the gate has just opened to
the same person, and row security shows it to nobody else. (protection.md section 6, poor network)
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import QueryDict

from atlas.design.edits import is_typed, names_sent, typed_in, words
from atlas.gate.act import child_of, lock
from atlas.gate.models import Act, Draft, Outcome

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from atlas.design.forms import Form
    from atlas.gate.page import PageRequest

LIFE = timedelta(hours=12)
BACK, LATER, THROW_AWAY = "back", "later", "throw_away"


def drafts_of(request: "PageRequest") -> "QuerySet[Draft]":
    """The draft of this person on this page; at most one."""
    page, record = _place(request)
    return Draft.objects.filter(user=request.post.user_id, page=page, record=record)


def _place(request: "PageRequest") -> tuple[str, str]:
    match = request.resolver_match
    assert match is not None
    return match.view_name[:80], "/".join(str(value) for value in match.kwargs.values())[:160]


def keep_draft(request: "PageRequest", form: "Form") -> bool:
    """Keep what was typed; nothing where it has been sent already (a save that was on its way), and where the boxes are as they were."""
    key, typed = request.POST.get("key", "")[:80], typed_in(form, request.POST)
    lock(None, key)
    if key and Act.objects.filter(post=request.post, key=key, outcome__in=[Outcome.DONE, Outcome.PROPOSED]).exists():
        return False
    if not is_typed(form, typed):
        drafts_of(request).delete()
        return False
    page, record = _place(request)
    kept = {"typed": typed, "key": key, "child_id": child_of(request.record), "saved_at": request.at}
    Draft.objects.update_or_create(user_id=request.post.user_id, page=page, record=record, defaults=kept)
    return True


def throw_away(request: "PageRequest") -> None:
    """Delete the draft of this page: it was sent (from here, or under the same key from a part of the page), or is not wanted."""
    page, record = _place(request)
    key = request.POST.get("key")
    same = Q(page=page, record=record) | (Q(key=key) if key else Q())
    Draft.objects.filter(same, user=request.post.user_id).delete()


def offer_draft(request: "PageRequest", form: "Form") -> None:
    """Offer what was typed before to be put back; put it back where the person said so."""
    draft = drafts_of(request).filter(saved_at__gt=request.at - LIFE).first()
    if draft is None:
        return
    typed = QueryDict(mutable=True)
    for name, values in draft.typed.items():
        typed.setlist(name, values)
    typed["key"] = draft.key or form.initial["key"]
    if request.GET.get("draft") == BACK:
        typed.setdefault("base", form.initial.get("base", ""))
        form.put_back(typed)
        return
    form.draft = draft
    draft.shown = _shown(form, typed)  # type: ignore[attr-defined]


def _shown(form: "Form", typed: QueryDict) -> list[tuple[str, str]]:
    """The first few things that were typed, so that the person knows it again."""
    lines = []
    for name, of in form.fields.items():
        values = [value for sent in sorted(names_sent(form, name, typed)) for value in typed.getlist(sent) if value]
        is_boxes = len(names_sent(form, name, typed)) > 1
        if values and not of.widget.is_hidden and (not is_boxes or len(values) > 1):  # how exact a time is says nothing without it
            text = " ".join(values) if is_boxes else "; ".join(words(of, value) for value in values)
            lines.append((str(of.label or name), text[:300]))
    return lines[:6]


def forget_drafts(at: datetime) -> int:
    """Delete the drafts that are older than twelve hours, as tick does. Returns how many."""
    return Draft.objects.filter(saved_at__lt=at - LIFE).delete()[0]
