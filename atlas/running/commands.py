"""What a person decides about a job on the shelf (try it again, or give it up and say why), and whether records are changed at all."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from atlas.gate.act import Invalid, command
from atlas.gate.aside import Altered
from atlas.gate.policy import Permission
from atlas.running.looks import enter_each
from atlas.running.models import EnteredLooks, ReadOnlySpell, Shelved
from atlas.running.queue import put_back

if TYPE_CHECKING:
    from atlas.agencies.models import Post

DECIDED = "Somebody has decided about this already. Open the page again."


@command(needs=Permission.TRY_JOB_AGAIN)
def try_job_again(*, shelved: Shelved, by: "Post", at: datetime) -> Shelved:
    """Put a failed job back into its queue, to be done at once. Raises Invalid where somebody has decided already, the job is no more, or its like waits."""
    _expect_waiting(shelved)
    if not put_back(shelved.job):
        raise Invalid(
            "This is not there any more, or the same waits to be done already. Give it up; if nothing comes of it, ask for what it was to do again."
        )
    return _decide(shelved, Shelved.State.AGAIN, "", by, at)


@command(needs=Permission.GIVE_UP_JOB)
def give_up_job(*, shelved: Shelved, because: Shelved.Because, by: "Post", at: datetime) -> Shelved:
    """Leave a failed job undone, with the reason. Raises Invalid where somebody has decided already."""
    _expect_waiting(shelved)
    return _decide(shelved, Shelved.State.GIVEN_UP, Shelved.Because(because), by, at)


def _expect_waiting(shelved: Shelved) -> None:
    if shelved.state == Shelved.State.TRYING:
        raise Invalid("Atlas still tries this by itself. Ring whom it was for; then nothing more needs to be done here.")
    if shelved.state != Shelved.State.WAITING:
        raise Invalid(DECIDED)


def _decide(shelved: Shelved, state: Shelved.State, because: str, by: "Post", at: datetime) -> Shelved:
    shelved.state, shelved.because, shelved.decided_by, shelved.decided_at = state, because, by, at
    if not Shelved.objects.filter(pk=shelved.pk, state=Shelved.State.WAITING).update(
        state=state, because=because, decided_by=by, decided_at=at
    ):
        raise Invalid(DECIDED)
    return shelved


@command(needs=Permission.BEGIN_READ_ONLY)
def begin_read_only(*, because: str, by: "Post", at: datetime) -> ReadOnlySpell:
    """Let nobody change a record from now on; looks are written as ever. Raises Invalid where that stands already."""
    if ReadOnlySpell.objects.filter(ended_at__isnull=True).exists():
        raise Invalid("Atlas only shows already.")
    return ReadOnlySpell.objects.create(because=because, since_at=at, begun_by=by)


@command(needs=Permission.END_READ_ONLY)
def end_read_only(*, by: "Post", at: datetime) -> ReadOnlySpell:
    """Let records be changed again. Raises Invalid where they are."""
    spell = ReadOnlySpell.objects.filter(ended_at__isnull=True).first()
    if spell is None:
        raise Invalid("Records are changed and shown already.")
    spell.ended_at, spell.ended_by = at, by
    ReadOnlySpell.objects.filter(pk=spell.pk, ended_at__isnull=True).update(ended_at=at, ended_by=by)
    return spell


@command(needs=Permission.ENTER_LOOKS)
def enter_looks(*, path: Path, by: "Post", at: datetime) -> EnteredLooks:
    """Enter a file of looks that were kept aside, all of it or nothing; the same file again changes nothing. Raises Invalid where it is not as it was written."""
    digest = sha256(path.read_bytes()).hexdigest()
    if entered := EnteredLooks.objects.filter(digest=digest).first():
        return entered
    try:
        rows = enter_each(path)
    except Altered as problem:
        raise Invalid(str(problem)) from problem
    return EnteredLooks.objects.create(digest=digest, rows=rows, entered_by=by, entered_at=at)
