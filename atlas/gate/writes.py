"""What a form sends, before a command is called: compared with what is there by now, so that no change of another is lost."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.apps import apps
from django.db import connections
from django.db.models import Model
from django.http import Http404

from atlas.design.edits import Base, boxes, clashes, put_in
from atlas.design.words import when
from atlas.gate.act import CHANGED, child_of, lock, write_act
from atlas.gate.models import Act, Outcome
from atlas.gate.rules import Decision

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from atlas.design.forms import Form
    from atlas.gate.page import PageRequest

Edited = Callable[[], Model | None]
NOT_CONTENT = {"csrfmiddlewaretoken", "key", "base", "submit"}


def content_of(request: "PageRequest") -> str:
    """The hash of what was sent, in any order of its boxes: tells a repeat from something else under the same key."""
    typed = [(name, request.POST.getlist(name)) for name in sorted(request.POST) if name not in NOT_CONTENT]
    files = []
    for name, file in cast("list[tuple[str, UploadedFile[Any]]]", sorted(request.FILES.items())):
        files.append((name, sha256(b"".join(file.chunks())).hexdigest()))
        file.seek(0)
    return sha256(repr((request.path, typed, files)).encode()).hexdigest()


def is_repeat(request: "PageRequest") -> bool:
    """Whether something was done under this form's key already: the command answers it, whatever has changed since."""
    key = request.POST.get("key")
    return bool(key) and Act.objects.filter(post=request.post, key=key, outcome__in=[Outcome.DONE, Outcome.PROPOSED]).exists()


def edited_now(request: "PageRequest", edits: Edited | None) -> Model | None:
    """The record that a form edits, as it stands now. Nobody else's act on the child comes between this and the command."""
    about = request.record
    child_id = child_of(about)
    lock(child_id, None if child_id else request.path)
    if edits is not None:
        return edits()
    if about is None:
        return None
    found = type(about)._default_manager.filter(pk=about.pk).first()
    if found is None:
        raise Http404
    return found


def carry_base(request: "PageRequest", form: "Form", record: Model | None) -> None:
    """Let the form carry what its page shows of the record that it edits, and open with it."""
    held = form.values_in(record)
    if not form.is_statement:
        for name, value in held.items():
            form.initial.setdefault(name, value)
    form.initial["base"] = _base(request, form, record, held).signed()


def _base(request: "PageRequest", form: "Form", record: Model | None, held: dict[str, Any]) -> Base:
    values = {name: boxes(form.fields[name], value) for name, value in held.items()}
    return Base(_name(request, record), getattr(record, "version", 0), request.at.isoformat(), values)


def _name(request: "PageRequest", record: Model | None) -> str:
    """Of which record: one that is not there yet is known by its page."""
    return (
        f"{record._meta.label}:{record.pk}"
        if request.record is not None and record is not None and record == request.record
        else request.path
    )


def compare(request: "PageRequest", form: "Form", edits: Edited | None) -> bool:
    """Whether what was sent can be saved; where not, the form says why, shows what others did, and carries the new base.

    Also takes over, into the form, what only others changed.
    """
    text = request.POST.get("base")
    if not text or is_repeat(request):
        return True
    base, record = Base.of(text), edited_now(request, edits)
    if base is None or base.record != _name(request, record):
        return _stale(request, form, record, CHANGED)
    held = form.values_in(record)
    form.clashes = clashes(form, base, held)
    tell_meanwhile(request, form, base, record)
    if form.clashes:
        count = len(form.clashes)
        said = "One answer was" if count == 1 else f"{count} answers were"
        return _stale(request, form, record, f"{said} changed by somebody else while you were typing. Choose which is right.")
    if form.binds and getattr(record, "version", base.version) != base.version:
        return _stale(request, form, record, CHANGED)
    return True


def _stale(request: "PageRequest", form: "Form", record: Model | None, sentence: str) -> bool:
    """Say so, keep what was typed, note the refusal with its code, and let the next sending be compared with what is there now."""
    match = request.resolver_match
    assert match is not None
    write_act(match.url_name or "", request.subject, Outcome.REFUSED, Decision.CHANGED_SINCE, record or request.record)
    form.add_error(None, sentence)
    carry_new_base(request, form, record)
    return False


def carry_new_base(request: "PageRequest", form: "Form", record: Model | None) -> None:
    """Let a form that was sent carry what is there now."""
    base = _base(request, form, record, form.values_in(record))
    base.before.update({one.name: one.boxes for one in form.clashes})
    put_in(form, "base", base.signed())


def tell_meanwhile(request: "PageRequest", form: "Form", base: Base | None, record: Model | None) -> None:
    """Say what others did to the record since the page was opened, as far as the reader may know who it was."""
    if base is None or record is None or getattr(record, "version", base.version) == base.version:
        return
    done = _changes(record, datetime.fromisoformat(base.at))
    form.meanwhile = [f"{what}: {who}, {when(at)}" for what, who, at in done] or ["Somebody changed this record."]


def _changes(record: Model, since: datetime) -> list[tuple[str, str, datetime]]:
    return [(name.replace("_", " ").capitalize(), who, at) for name, who, at in done_to(record, since)]


def done_to(record: Model, since: datetime) -> list[tuple[str, str, datetime]]:
    """(command, by whom, when) of what was done to a record since then, latest first, at most ten; empty for a record about no child."""
    child_id, kind = child_of(record), getattr(record, "record_kind", None)
    if child_id is None or kind is None:
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT command, post, acted_at FROM gate_changes(%s::uuid, %s, %s, %s, %s)",
            [child_id, record._meta.label, str(record.pk), str(kind), since],
        )
        rows = cursor.fetchall()
    posts = apps.get_model("agencies.Post")._default_manager.select_related("user", "team").in_bulk({post for _, post, _ in rows})
    return [(str(name), _who(posts, cast(UUID, post)), at) for name, post, at in rows]


def _who(posts: dict[Any, Any], post: UUID) -> str:
    found = posts.get(post)
    return f"{found.user.name}, {found.title}" if found else "somebody else"
