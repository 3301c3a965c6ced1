"""Whoever answers for requests for records is told when the day of one comes near, and while one is late. Not whose record it is, nor who asks."""

from datetime import date, datetime

from django.conf import settings

from atlas.agencies.models import Authority, Post
from atlas.agencies.queries import posts_standing
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.subject_access.queries import ANSWERS, requests_of, waiting
from atlas.tasks.jobs import send_email

TOLD = ("privacy_officer", ANSWERS)
DAYS_BEFORE = (7, 3, 1, 0)
WEEK = 7
SUBJECT = "Atlas: a request for a record is to be answered"
WORDS = (
    "Requests for records that are to be answered within a week: {soon}. That are late: {late}.\n\n"
    "The law gives a month. Whoever has to wait longer is told why, and may complain to the Information Commissioner.\n\n"
    "Sign in and open Requests for a record: {address}\n"
)


def is_told_of(due_on: date, today: date) -> bool:
    """Whether a request is spoken of today: 7, 3 and 1 days before its last day, on it, on the day after, and each week from then."""
    left = (due_on - today).days
    return left in DAYS_BEFORE or (left < 0 and -left % WEEK == 1)


def tell_of_requests(at: datetime) -> int:
    """Tell privacy officers, and whoever answers, of those of their requests of which today is spoken, by one e-mail each. Returns how many were told."""
    told = 0
    for authority in Authority.objects.filter(is_partner=True):
        posts = posts_standing(day_of(at)).filter(role__in=TOLD, team__agency__authorities=authority)
        told += sum(_tell(post, authority, at) for post in posts.select_related("user", "team__agency"))
    return told


def _tell(post: Post, authority: Authority, at: datetime) -> bool:
    """As this post sees its own list: whoever answers is told of the requests that are theirs."""
    today = day_of(at)
    with acting_as(post, at) as subject:
        mine = [one for one in waiting(requests_of(authority, subject), today) if one.due_on and not one.request.is_over]
        if not post.user.email or not any(is_told_of(one.due_on, today) for one in mine if one.due_on):
            return False
        late = sum(one.is_late for one in mine)
        soon = sum(0 <= (one.due_on - today).days <= WEEK for one in mine if one.due_on)
        send_email.defer(to=post.user.email, subject=SUBJECT, words=WORDS.format(soon=soon, late=late, address=settings.ATLAS_ADDRESS))
    return True
