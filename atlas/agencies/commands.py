"""Teams, workers and the end of a post, as the main case system or an administrator records them."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connections

from atlas.agencies.models import Agency, Post, Team, User
from atlas.agencies.queries import owned_by
from atlas.gate.act import Invalid, command
from atlas.gate.days import day_of
from atlas.gate.policy import Permission


@command(needs=Permission.RECORD_WORKER)
def record_team(*, agency: Agency, reference: str, name: str, by: Post, at: datetime) -> Team:
    """Record a team by its id in the main system; one that is there under the same name takes the id."""
    teams = Team.objects.filter(agency=agency)
    team = teams.filter(reference=reference).first() or teams.filter(name=name).first() or Team(agency=agency, name=name)
    team.reference = reference
    team.save()
    return team


@command(needs=Permission.RECORD_WORKER)
def record_worker(*, team: Team, reference: str, name: str, title: str, from_on: date, by: Post, at: datetime) -> Post:
    """Record a worker by the id in the main system, with an account that cannot sign in until an administrator opens it.

    One who is there already is left as they are.
    """
    held = Post.objects.filter(reference=reference).first()
    if held is not None:
        return held
    forename, _, surname = name.partition(" ")
    user = User(username=f"main.{reference}"[:150], first_name=forename[:150], last_name=surname[:150])
    user.set_unusable_password()
    user.save(force_insert=True)
    post = Post(user=user, team=team, title=title[:100] or "Social worker", role="practitioner", from_on=from_on, reference=reference)
    post.save(force_insert=True)
    return post


@command(needs=Permission.END_POST)
def end_post(*, post: Post, last_on: date | None, by: Post, at: datetime) -> Post:
    """Let a post end: now (`last_on` None), or with a day, its last, from the next day on.

    An end now is an unplanned one, and so is a day that is over: the very next statement under the post sees nothing, a session that holds
    no other post ends at its next request, and everything the post owns goes to its manager's tray at once. A day to come is a planned end, and
    waits until nothing is owned by the post any more; the main system's word on it is taken as it is, and tick hands over when the day is over.
    Raises Invalid for one's own post, for one that has ended, for a day before the post began or after its last, and for a planned end of a post
    that owns something. Source: protection.md 4.8 (post end = access end).
    """
    if post.user_id == by.user_id:
        raise Invalid("You cannot end a post of your own. Ask another administrator.")
    today = day_of(at)
    if last_on is None:
        if post.until_on is not None and post.until_on < today:
            raise Invalid("The post has ended already.")
        post.until_on, post.ended_at = today - timedelta(days=1), at
    else:
        _may_end(post, last_on, today, by)
        post.until_on = last_on
    post.save(update_fields=["until_on", "ended_at"])
    if post.until_on < today:
        hand_over(post.pk)
    return post


def _may_end(post: Post, last_on: date, today: date, by: Post) -> None:
    if post.until_on is not None and last_on > post.until_on:
        raise Invalid("The post ends before that day. To let it go on longer takes two people: extend it.", "last_on")
    if last_on < post.from_on:
        raise Invalid("The post had not begun on that day. Give a later day, or end it now.", "last_on")
    if last_on >= today and by.role != "feed" and (held := owned_by(post)):
        raise Invalid(
            f"This post still owns {held}. Ask the manager to give it to others first, on the page Handover. "
            "If the person has left already, end the post now: it all goes to the manager.",
            "last_on",
        )


def hand_over(post_id: UUID) -> int:
    """Put everything that an ended post owns on its manager's tray, as an effect of the command that runs now. Returns about how many
    children. The database does it (`gate_hand_over`), since whoever ends a post sees no child.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_hand_over(%s)", [post_id])
        return int(cursor.fetchone()[0])
