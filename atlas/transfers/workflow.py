"""States and steps of a transfer: step, may start from, ends in."""

from django.db.models import TextChoices


class TransferState(TextChoices):
    WAITING = "waiting", "Waiting for an answer"
    ACCEPTED = "accepted", "Accepted"
    REFUSED = "refused", "Not taken over"
    WITHDRAWN = "withdrawn", "Withdrawn"


S = TransferState
TRANSFER_STEPS: dict[str, tuple[frozenset[TransferState], TransferState]] = {
    # step                may start from             ends in
    "accept_transfer": (frozenset({S.WAITING}), S.ACCEPTED),
    "refuse_transfer": (frozenset({S.WAITING}), S.REFUSED),
    "withdraw_transfer": (frozenset({S.WAITING}), S.WITHDRAWN),
}
