"""Work that the service does on behalf of somebody: for which post, for what that post acted, and through which job.

The decision is that post's, judged afresh at the moment of each command: a right that was lost since then is lost for the job too.
Source: shared/reference/protection.md sections 3.1 (ASVS 8.3.3) and 4.8 (background job).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from atlas.gate.policy import Purpose


@dataclass(frozen=True)
class Behalf:
    """On whose behalf: the post that caused the work, what it acted for then, and the idempotency key of that moment."""

    post: UUID
    purpose: Purpose
    key: str

    def as_arguments(self) -> dict[str, str]:
        """What a job carries of it: ids and words of the policy, nothing about a child."""
        return {"post": str(self.post), "purpose": self.purpose.value, "key": self.key}

    @classmethod
    def of_arguments(cls, post: str, purpose: str, key: str) -> Self:
        """The same, as a job takes it up."""
        return cls(UUID(post), Purpose(purpose), key)


_working: ContextVar[tuple[Behalf, str] | None] = ContextVar("atlas_behalf", default=None)


@contextmanager
def on_behalf(behalf: Behalf, job: str) -> Iterator[None]:
    """Inside, whatever that post does is done for its purpose, and acts and looks say by which job of the service."""
    reset = _working.set((behalf, job))
    try:
        yield
    finally:
        _working.reset(reset)


def job_now() -> str | None:
    """The job through which the service works for somebody now; None where people act themselves."""
    working = _working.get()
    return working[1] if working else None


def purpose_now(post: UUID) -> Purpose | None:
    """What that post acts for, where the service works on its behalf now."""
    working = _working.get()
    return working[0].purpose if working and working[0].post == post else None
