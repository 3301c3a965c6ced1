"""States and steps of a copy: step, may start from, ends in. Source: shared/reference/real-life.md, point 1 (receipt states)."""

from django.db.models import TextChoices


class CopyState(TextChoices):
    WAITING = "waiting", "Not sent yet"
    SENT = "sent", "Sent, no receipt yet"
    FILED = "filed", "Filed"
    FAILED = "failed", "Failed"


S = CopyState
NOT_FILED = (S.WAITING, S.SENT, S.FAILED)
COPY_STEPS: dict[str, tuple[frozenset[CopyState], CopyState]] = {
    # step              may start from                              ends in
    "record_sent": (frozenset({S.WAITING}), S.SENT),
    "record_not_sent": (frozenset({S.WAITING}), S.FAILED),
    "record_receipt": (frozenset(NOT_FILED), S.FILED),
    "refuse": (frozenset(NOT_FILED), S.FAILED),
    "send_copy_again": (frozenset({S.SENT, S.FAILED}), S.WAITING),
}
