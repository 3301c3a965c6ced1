"""What follows with time in meetings: what an agency said it would do and has not done is told to the line manager of whoever it is for, then to whoever
chairs the meeting; it opens the next meeting by itself. Called by tick, which reads by when and whose, and nothing of what is to be done.

Source: practice.md 5.3 (LP-8), as it holds for what agencies agreed.
"""

from datetime import datetime

from django.conf import settings

from atlas.agencies.models import Post
from atlas.agencies.queries import posts_standing
from atlas.chronology.moments import day_words
from atlas.clocks.queries import bank_holidays_changed
from atlas.design.words import reference_of
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.meetings.codes import Part
from atlas.meetings.commands.challenging import climb
from atlas.meetings.mail import tell
from atlas.meetings.models import AgencyAction, Challenge, Invitation
from atlas.meetings.queries.actions import OPEN
from atlas.meetings.rules.challenge import next_stage
from atlas.meetings.rules.clocks import CHASED_AFTER, times_late

BATCH = 200
READS = ("child_id", "meeting_id", "owner_post_id", "agreed_by_id", "due_on", "chased_times")
SUBJECT = "Atlas: what an agency was asked to do is late ({reference})"
LINE = "Somebody who reports to you was asked by a meeting to do something by {due}. It is not done."
CHAIR = "A meeting that you chair asked an agency to do something by {due}. It is five working days late; its managers were told. It opens the next meeting."
READS_OF_CHALLENGE = ("child_id", "authority_id", "stage", "due_at", "is_unsafe", "raised_by_id", "put_from_id")
NOT_ANSWERED = "Not answered in time."
LAST_SUBJECT = "Atlas: a challenge between agencies was not answered ({reference})"
LAST = "A challenge that you raised was not answered at the last stage. Say whether the dissent is kept, and what keeps the child safe."
WORDS = "{what}\n\nSign in, under Agency actions or Meetings: {address}\n"


def chase_actions(*, by: Post, at: datetime) -> int:
    """Tell whoever is due to be told of each agency action that is late. Where nobody stands, the next is told at once. Returns how many were told."""
    today, changes = day_of(at), bank_holidays_changed()
    with acting_as(by, at):
        late = AgencyAction.objects.filter(state__in=OPEN, due_on__lt=today, chased_times__lt=len(CHASED_AFTER)).order_by("due_on", "pk")
        actions = list(late.only(*READS).select_for_update(skip_locked=True)[:BATCH])
        due = [(action, times_late(action.due_on, today, changes)) for action in actions]
        return sum(_chase(action, times, at) for action, times in due if times > action.chased_times)


def _chase(action: AgencyAction, due: int, at: datetime) -> int:
    told: Post | None = None
    times = action.chased_times
    while times < len(CHASED_AFTER) and (times < due or told is None):
        told = (_above(action, at) if times == 0 else _chair(action, at)) or told
        times += 1
        what = (LINE if times == 1 else CHAIR).format(due=day_words(action.due_on))
        tell(told, SUBJECT.format(reference=reference_of(action.meeting_id)), WORDS.format(what=what, address=settings.ATLAS_ADDRESS))
    AgencyAction.objects.filter(pk=action.pk).update(chased_at=at, chased_times=times)
    return int(told is not None)


def _above(action: AgencyAction, at: datetime) -> Post | None:
    """The line manager of whoever it is for; nobody, where they have no account."""
    standing = posts_standing(day_of(at))
    owner = Post.objects.filter(pk=action.owner_post_id).first() if action.owner_post_id else None
    return standing.filter(pk=owner.line_manager_id).select_related("user").first() if owner and owner.line_manager_id else None


def _chair(action: AgencyAction, at: datetime) -> Post | None:
    """Whoever chairs the meeting; whoever asked for the action, where that post no longer stands."""
    chairs = Invitation.objects.filter(meeting=action.meeting_id, part=Part.CHAIR, withdrawn_at=None).values_list("post_id", flat=True)
    standing = posts_standing(day_of(at)).select_related("user")
    return standing.filter(pk__in=list(chairs)).first() or standing.filter(pk=action.agreed_by_id).first()


def climb_challenges(*, by: Post, at: datetime) -> int:
    """Let each challenge that was not answered in time go to the next stage, and tell the next pair; of one at the last stage, whoever raised it is told.
    Returns how many were due. Tick reads by when and at which stage, and nothing of what is challenged.
    """
    with acting_as(by, at):
        due = (
            Challenge.objects.filter(closed_at=None, answered_at=None, told_at=None, due_at__lte=at)
            .order_by("due_at", "pk")
            .only(*READS_OF_CHALLENGE)
        )
        challenges = list(due.select_for_update(skip_locked=True)[:BATCH])
        for challenge in challenges:
            stage = next_stage(challenge.stage, is_urgent=False)
            if stage is not None:
                climb(challenge, stage, NOT_ANSWERED, at)
            else:
                Challenge.objects.filter(pk=challenge.pk).update(told_at=at)
                _tell_last(challenge, at)
    return len(challenges)


def _tell_last(challenge: Challenge, at: datetime) -> None:
    standing = posts_standing(day_of(at)).select_related("user")
    for post in standing.filter(pk__in={challenge.raised_by_id, challenge.put_from_id}):
        tell(post, LAST_SUBJECT.format(reference=reference_of(challenge.pk)), WORDS.format(what=LAST, address=settings.ATLAS_ADDRESS))
