"""What follows with time: a contact that nobody has matched to a child is told of, again and to more people, until somebody has. Called by tick.

An alert is about a child, and this is about nobody yet: so people are told of it by its reference alone, as an alert tells them.
"""

from datetime import datetime, timedelta

from django.conf import settings

from atlas.agencies.models import Authority, Post, Team, TeamPurpose
from atlas.agencies.queries import number_of, on_duty, posts_standing
from atlas.clocks.queries import bank_holidays_changed
from atlas.contacts.models import Contact
from atlas.contacts.rules.clocks import MOST_TOLD, TELL_AGAIN_MINUTES
from atlas.design.words import reference_of
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.tasks.jobs import send_email, send_text
from atlas.tasks.rules import morning_of

BATCH = 200
READS = ("child_id", "authority_id", "received_at", "tells_at", "told_times")
SUBJECT = "Atlas: a contact waits at the front door ({reference})"
WORDS = (
    "Somebody is worried about a child and has told the front door. Nobody has looked at it yet. Reference {reference}.\n\nSign in, under Contacts: {address}\n\n"
    "If you cannot, ring {number}. Until somebody has found out about which child it is, the next person is told.\n"
)
TEXT = "Atlas: contact {reference} waits. Sign in, or ring {number}."


def tell_of_contacts(*, by: Post, at: datetime) -> int:
    """Tell whoever is due to be told of each contact that waits: who is on duty, then their managers, then the managers above. Returns how many
    people were told. Tick reads since when it waits, and nothing of what was typed.
    """
    with acting_as(by, at):
        due = Contact.objects.filter(tells_at__lte=at).order_by("tells_at", "pk").only(*READS)
        contacts = list(due.select_for_update(skip_locked=True)[:BATCH])
        authorities = Authority.objects.in_bulk({one.authority_id for one in contacts})
        return sum(_tell(contact, authorities[contact.authority_id], at) for contact in contacts)


def _tell(contact: Contact, authority: Authority, at: datetime) -> int:
    told: list[Post] = []
    times = contact.told_times
    while not told and times < MOST_TOLD:  # where nobody stands, the next are told at once
        told = _whom(authority, times, at)
        times += 1
    again = None if times >= MOST_TOLD else at + timedelta(minutes=TELL_AGAIN_MINUTES[times - 1])
    Contact.objects.filter(pk=contact.pk).update(tells_at=again, told_times=times)
    facts = {"reference": reference_of(contact.pk), "number": authority.staffed_number, "address": settings.ATLAS_ADDRESS}
    for post in told:
        if post.user.email:
            send_email.defer(to=post.user.email, subject=SUBJECT.format(**facts), words=WORDS.format(**facts))
        if number := number_of(post):
            send_text.defer(to=number, words=TEXT.format(**facts))
    return len(told)


def _whom(authority: Authority, times: int, at: datetime) -> list[Post]:
    """First who is on duty: after hours for emergency duty, by day at the front door; then their line managers, then those above."""
    is_night = morning_of(at, bank_holidays_changed()) is not None
    purpose = TeamPurpose.EMERGENCY_DUTY if is_night else TeamPurpose.FRONT_DOOR
    teams = list(Team.objects.filter(agency__authorities=authority, agency__kind="council", purpose=purpose))
    posts = list(on_duty(teams, at)) or list(posts_standing(day_of(at)).filter(team__in=teams))
    for _ in range(times):
        above = {post.line_manager_id for post in posts if post.line_manager_id}
        posts = list(posts_standing(day_of(at)).filter(pk__in=above))
    return posts
