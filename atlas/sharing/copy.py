"""A copy of a plan as it was compiled for one recipient: blocks of lines and nothing else. Pure: what is in it is decided by the folder above."""

from dataclasses import asdict, dataclass
from hashlib import sha256
from json import dumps, loads
from typing import Any, Self

from django.db.models import TextChoices


class Audience(TextChoices):
    """For whom a copy is compiled (practice.md 5.2)."""

    CHILD = "child", "The child"
    CARER = "carer", "A parent or carer"
    POLICE = "police", "Police"
    SCHOOL = "school", "School"
    PLACEMENT = "placement", "The home or foster carer"
    PROFESSIONAL = "professional", "A professional"


@dataclass(frozen=True)
class CopyLine:
    """One line as its recipient reads it. `key`: by which it is found again in the plan; `may_answer`: the child may say whether it is right."""

    key: str
    words: str
    may_answer: bool = True


@dataclass(frozen=True)
class CopyBlock:
    """One part of a copy. `key` is the part's name in the plan, for example `safe_people`."""

    key: str
    heading: str
    lines: tuple[CopyLine, ...]


@dataclass(frozen=True)
class CompiledCopy:
    """Everything that one recipient gets of a plan: what is not here was never in it, and nothing is blacked out (protection.md 4.7)."""

    audience: Audience
    title: str
    blocks: tuple[CopyBlock, ...]

    def as_json(self) -> dict[str, Any]:
        """The copy as it is stored, and as page and PDF are made of it."""
        made: dict[str, Any] = loads(dumps(asdict(self)))
        return made

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """The copy that was stored."""
        blocks = (
            CopyBlock(block["key"], block["heading"], tuple(CopyLine(**line) for line in block["lines"])) for block in stored["blocks"]
        )
        return cls(Audience(stored["audience"]), stored["title"], tuple(blocks))

    @property
    def digest(self) -> str:
        """The hash of what was given: 64 hex digits."""
        return sha256(dumps(self.as_json(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def line(self, key: str) -> CopyLine | None:
        """The line of that key, where it is in this copy."""
        return next((line for block in self.blocks for line in block.lines if line.key == key), None)

    def blocks_named(self, names: frozenset[str]) -> list[str]:
        """The headings of those of these parts that hold lines."""
        return [block.heading for block in self.blocks if block.key in names and block.lines]
