"""What a meeting still needs before its record is closed: pure. A reason is asked for, never a way round."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from atlas.meetings.codes import Attended, Group, Settles
from atlas.meetings.rules.kinds import MeetingKind


@dataclass(frozen=True)
class Heard:
    """One invitation as a quorum counts it: for whom; whether they were there, able to decide; whether they said in writing what they know."""

    group: Group
    attended: Attended
    is_able_to_decide: bool
    has_said: bool

    @property
    def counts(self) -> bool:
        """Somebody who was there and may decide for the agency (real-life.md point 14)."""
        return self.attended in {Attended.WHOLE, Attended.PARTLY} and self.is_able_to_decide


@dataclass(frozen=True)
class Needed:
    """One thing that is still needed, in words, and where on the page it is answered."""

    words: str
    where: str


def absent(kind: MeetingKind, heard: Iterable[Heard]) -> list[Group]:
    """Those of the quorum for whom nobody was there who could decide."""
    there = {one.group for one in heard if one.counts}
    return [group for group in kind.quorum if group not in there]


def still_needed(
    kind: MeetingKind, *, heard: Iterable[Heard], quorum_reason: str, settled: Mapping[str, set[Settles]], is_held: bool
) -> list[Needed]:
    """What is still needed, in the order of the page. `settled`: by what stands on the agenda (in words), what is settled there.
    Source: practice.md 6.3, the hard stops; a reason and what was sent in writing stand for who was absent.
    """
    people = list(heard)
    found = [] if is_held else [Needed("Say that the meeting was held, and when", "held")]
    said = {one.group for one in people if one.has_said}
    unknown = {one.group for one in people if one.attended == Attended.UNKNOWN}  # first say who was there; then whom it lacked
    for group in (one for one in absent(kind, people) if one not in unknown):
        if group not in said:
            found.append(Needed(f"{group.label} was not there: write down what they know, or ask them for it", "people"))
        if not quorum_reason.strip():
            found.append(Needed(f"Say why it was held without {group.label.lower()}", "quorum_reason"))
    if unknown - {Group.FAMILY}:
        found.append(Needed("Say of everybody who was asked whether they were there", "people"))
    if not settled:
        found.append(Needed("Put on the agenda what it is about", "agenda"))
    for what, done in settled.items():
        found += [Needed(f"{what}: {Settles(one).label}", "agenda") for one in kind.settles if one not in done]
    return found
