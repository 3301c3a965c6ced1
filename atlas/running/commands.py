"""What a person decides about a job on the shelf: try it again, or give it up and say why."""

from datetime import datetime
from typing import TYPE_CHECKING

from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.running.models import Shelved
from atlas.running.queue import put_back

if TYPE_CHECKING:
    from atlas.agencies.models import Post

DECIDED = "Somebody has decided about this already. Open the page again."


@command(needs=Permission.TRY_JOB_AGAIN)
def try_job_again(*, shelved: Shelved, by: "Post", at: datetime) -> Shelved:
    """Put a failed job back into its queue, to be done at once. Raises Invalid where somebody has decided already, or the job is no more."""
    _expect_waiting(shelved)
    if not put_back(shelved.job):
        raise Invalid("This is not there any more. Give it up, and ask for what it was to do again.")
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
