"""What the authority that is responsible for a child was asked about an interview, and what it answered."""

from django.db.models import QuerySet

from atlas.missing.models import ReturnInterview
from atlas.sharing.models import GuestAnswer, GuestRequest


def asked_of(interview: ReturnInterview) -> list[GuestRequest]:
    """The requests about an interview, each with its answer, the latest first; row security shows them to whoever may write about it."""
    rows = GuestRequest.objects.filter(about_id=interview.pk, rests_on=GuestRequest.also_reached)
    return list(rows.select_related("answer", "made_by__user").defer("answer__file").order_by("-made_at", "pk"))


def untaken(interview: ReturnInterview, asked: list[GuestRequest]) -> GuestAnswer | None:
    """The latest answer, where nobody has taken it over yet."""
    answered: GuestAnswer | None = next((one.answer for one in asked if one.answered_at is not None), None)
    return answered if answered is not None and answered.pk != interview.reply_taken_id else None


def interviews_across_borders() -> "QuerySet[ReturnInterview]":
    """Interviews with who owes them and who hosts the child."""
    return ReturnInterview.objects.select_related("child", "episode", "responsible_authority", "host_authority", "deliverer")
