"""Who was told that the child is missing; and the decision not to tell a parent yet."""

from datetime import datetime
from typing import TYPE_CHECKING

from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.missing.codes import HowTold
from atlas.missing.models import Episode, NotToldYet, PersonTold
from atlas.missing.rules.telling import PARENT, WHO

if TYPE_CHECKING:
    from atlas.agencies.models import Post

LEAST_REASON = 30


@command(needs=Permission.RECORD_TOLD)
def record_told(
    *, episode: Episode, who: str, name: str, how: HowTold, told_at: datetime | None = None, words: str = "", by: "Post", at: datetime
) -> PersonTold:
    """Record that somebody was told that the child is missing: who, when, how. `who`: a key of WHO.

    Raises Invalid for a time to come, and for a parent while a manager's decision not to tell a parent yet stands.
    """
    when = told_at or at
    if who not in WHO:
        raise Invalid("There is nobody of that name on the list. Open the episode again, and choose from it.")
    if when > at:
        raise Invalid("This time is still to come. Check the date and the time.", "told_at")
    if not name.strip():
        raise Invalid("Write the name of whoever you spoke with, or left word for.", "name")
    if who == PARENT and NotToldYet.objects.filter(episode=episode, lifted_at__isnull=True).exists():
        raise Invalid("A manager has decided that a parent is not told yet. Ask that manager, or the one above, before you ring.")
    told = PersonTold(
        child=episode.child,
        episode=episode,
        who=who,
        name_words=name.strip()[:120],
        how=how,
        told_at=when,
        words=words.strip(),
        recorded_by=by,
    )
    told.save(force_insert=True)
    if who == PARENT and episode.parent_told_at is None:
        episode.parent_told_at = when
        episode.save(update_fields=["parent_told_at"])
    happened(Kind.PERSON_TOLD, child=episode.child, at=Moment(when, Precision.MINUTE), about=episode, words=WHO[who])
    return told


@command(needs=Permission.DO_NOT_TELL_PARENT)
def do_not_tell_parent(*, episode: Episode, whom: str, reason: str, by: "Post", at: datetime) -> NotToldYet:
    """Decide, as a manager, that a parent is not told yet, since that may put the child in more danger. Everybody on the episode sees it.

    Raises Invalid without a reason in full, and where such a decision stands already. The chronology says that it was decided, not why.
    """
    if not whom.strip():
        raise Invalid("Say which parent: one of them, or both.", "whom")
    if len(reason.strip()) < LEAST_REASON:
        raise Invalid(f"Give the reason in full, in at least {LEAST_REASON} characters: what could happen if the parent knew.", "reason")
    if NotToldYet.objects.filter(episode=episode, lifted_at__isnull=True).exists():
        raise Invalid("This is decided already. Lift that decision first, if it is to be another.")
    decision = NotToldYet(
        child=episode.child, episode=episode, whom_words=whom.strip()[:120], reason=reason.strip(), decided_at=at, decided_by=by
    )
    decision.save(force_insert=True)
    happened(Kind.NOT_TOLD_YET, child=episode.child, at=Moment(at, Precision.MINUTE), about=episode)
    return decision


@command(needs=Permission.DO_NOT_TELL_PARENT)
def let_parent_be_told(*, decision: NotToldYet, because: str, by: "Post", at: datetime) -> NotToldYet:
    """Lift the decision not to tell a parent, with why. Raises Invalid where it is lifted already."""
    if decision.lifted_at is not None:
        raise Invalid("This was lifted already. Reload the page.")
    if not because.strip():
        raise Invalid("Say why the parent may be told now.", "because")
    decision.lifted_at, decision.lifted_because, decision.lifted_by = at, because.strip(), by
    decision.save(update_fields=["lifted_at", "lifted_because", "lifted_by"])
    happened(Kind.MAY_BE_TOLD, child=decision.child, at=Moment(at, Precision.MINUTE), about=decision.episode)
    return decision
