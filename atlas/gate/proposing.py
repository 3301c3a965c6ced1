"""What takes two people, between the first and the second: a verb's call kept as ids and plain values, and bound to what it was about."""

import inspect
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from hashlib import sha256
from importlib import import_module
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model

from atlas.gate.context import Subject
from atlas.gate.models import Proposal
from atlas.gate.policy import PROPOSAL_LIFE, TWO_PERSONS, Permission

MOST_BECAUSE = 500


@dataclass(frozen=True)
class Proposed:
    """How a verb that takes two people is put before the second. Each is called with what the verb is called with.

    `words`: what will change, in one sentence. `check`: raises Invalid where it cannot be; asked of the first person when it is proposed and
    of the second when it is done, each as `by`. `first`, `second`: the same, of the first person alone, and of the second alone.
    """

    words: Callable[..., str]
    check: Callable[..., None] | None = None
    first: Callable[..., None] | None = None
    second: Callable[..., None] | None = None


@dataclass(frozen=True)
class Verb:
    """A verb that takes two people."""

    name: str
    run: Callable[..., Any]
    first: str
    needs: Permission
    proposed: Proposed


VERBS: dict[str, Verb] = {}
_approved: ContextVar[Proposal | None] = ContextVar("atlas_approved", default=None)


@contextmanager
def approving(proposal: Proposal) -> Iterator[None]:
    """While the verb of an approved proposal runs, let it know whose it is."""
    before = _approved.set(proposal)
    try:
        yield
    finally:
        _approved.reset(before)


def approved_now() -> Proposal:
    """The proposal whose verb runs now. Raises LookupError where none does: such a verb runs for two people alone."""
    proposal = _approved.get()
    if proposal is None:
        raise LookupError("It takes two people: nothing was approved.")
    return proposal


class Gone(LookupError):
    """What a proposal is about is not there any more, or is shut to whoever asks."""


def note_verb(run: Callable[..., Any], needs: Permission, proposed: Proposed | None) -> tuple[str, bool]:
    """A verb's first parameter, and whether it takes a key. What takes two people is remembered, for whoever approves it.

    Raises TypeError where such a verb cannot be put before a second person.
    """
    parameters = inspect.signature(run).parameters
    first = next(iter(parameters))
    if needs in TWO_PERSONS:
        if proposed is None or "because" not in parameters:
            raise TypeError(f"{run.__name__} takes two people: give the command `proposed`, and the verb a parameter `because`.")
        VERBS[run.__name__] = Verb(run.__name__, run, first, needs, proposed)
    return first, "key" in parameters


def proposal_of(verb: Verb, subject: Subject, given: Mapping[str, Any], child_id: UUID | None) -> Proposal:
    """The proposal, not yet saved, of calling this verb with these arguments."""
    about, arguments = given.get(verb.first), {name: _plain(value) for name, value in given.items()}
    is_named = isinstance(about, Model) and isinstance(about.pk, UUID)
    return Proposal(
        child_id=child_id, permission=verb.needs, command=verb.name, arguments=arguments, content=_content(verb.name, arguments, given),
        about_label=about._meta.label if isinstance(about, Model) else "", about_id=about.pk if isinstance(about, Model) and is_named else None,
        because=str(given["because"]).strip()[:MOST_BECAUSE], purpose=subject.purpose, proposed_by=subject.post, proposed_at=subject.at,
        expires_at=subject.at + PROPOSAL_LIFE,
    )  # fmt: skip


def verb_of(proposal: Proposal) -> Verb:
    """The verb that a proposal would run."""
    return VERBS[proposal.command]


def arguments_of(proposal: Proposal) -> dict[str, Any]:
    """What the verb is called with, its records fetched as whoever acts now may see them. Raises Gone where one is not shown."""
    return {name: _restored(value) for name, value in proposal.arguments.items()}


def is_unchanged(proposal: Proposal, given: Mapping[str, Any]) -> bool:
    """Whether the proposal, and every record that it is about, is as it was when it was proposed."""
    return proposal.content == _content(proposal.command, proposal.arguments, given)


def _content(name: str, arguments: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """The hash of a call: command, arguments, and each record among them as it stands."""
    records = {key: _state(value) for key, value in given.items() if isinstance(value, Model)}
    return sha256(json.dumps([name, arguments, records], sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _state(record: Model) -> str:
    """A record's version; where it has none, the hash of its columns, but for those (`moves_by_itself`) that change from day to day."""
    version = getattr(record, "version", None)
    if version is not None:
        return f"version {version}"
    aside = getattr(record, "moves_by_itself", ())
    values = [(field.name, field.value_to_string(record)) for field in record._meta.concrete_fields if field.name not in aside]
    return sha256(repr(values).encode()).hexdigest()


def _plain(value: object) -> Any:
    """A value as JSON holds it: a record by its id, a dataclass of ours by its fields. Raises TypeError for anything else."""
    if isinstance(value, Model):
        return {"record": value._meta.label, "id": str(value.pk)}
    if isinstance(value, Enum):
        return _plain(value.value)
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, UUID):
        return {"uuid": str(value)}
    if isinstance(value, tuple | list | set | frozenset):
        # A set in any order is the same set.
        held = [_plain(one) for one in value]
        return {"several": type(value).__name__, "of": sorted(held, key=str) if isinstance(value, set | frozenset) else held}
    if is_dataclass(value) and not isinstance(value, type) and type(value).__module__.startswith("atlas."):
        kind = type(value)
        return {
            "made": f"{kind.__module__}:{kind.__qualname__}",
            "with": {one.name: _plain(getattr(value, one.name)) for one in fields(value)},
        }
    raise TypeError(f"{type(value).__name__} cannot be kept in a proposal: give ids, dates, plain values, or a dataclass of them.")


SEVERAL: dict[str, Callable[[list[Any]], Any]] = {"tuple": tuple, "list": list, "set": set, "frozenset": frozenset}


READ: dict[str, Callable[[str], Any]] = {"moment": datetime.fromisoformat, "day": date.fromisoformat, "uuid": UUID}


def _restored(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "record" in value:
        found = apps.get_model(value["record"])._default_manager.filter(pk=value["id"]).first()
        if found is None:
            raise Gone(value["record"])
        return found
    if "several" in value:
        return SEVERAL[value["several"]]([_restored(one) for one in value["of"]])
    if "made" in value:
        return _made(value["made"], {name: _restored(one) for name, one in value["with"].items()})
    kind, text = next(iter(value.items()))
    return READ[kind](text)


def _made(where: str, held: dict[str, Any]) -> object:
    module, _, name = where.partition(":")
    kind: Any = getattr(import_module(module), name) if module.startswith("atlas.") else None
    if not isinstance(kind, type) or not is_dataclass(kind):
        raise TypeError(f"{where} is no dataclass of ours.")
    return kind(**held)
