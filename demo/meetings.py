"""Meetings about three children of Fernleigh's social worker: one held and sent, with an action that was refused and one that worked; one that goes on now;
one to come. Invented, so that the pages can be seen.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.chronology.moments import LONDON
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.meetings.codes import Answer, Attended, ChallengeAbout, Part, Reply, Settles, Worked
from atlas.meetings.commands.actions import ActionGiven, agree_action, answer_action, end_action, judge_action
from atlas.meetings.commands.calling import Called, call_meeting, hold_meeting
from atlas.meetings.commands.challenging import ChallengeGiven, answer_challenge, climb_challenge, raise_challenge, record_attempt
from atlas.meetings.commands.inviting import Asked, answer_invitation, invite, record_attendance
from atlas.meetings.commands.recording import Decided, Said, close_meeting, contribute, record_meeting_decision
from atlas.meetings.commands.step_down import StepDownGiven, step_down, take_on_review
from atlas.meetings.models import AgencyAction, Invitation, Meeting, MeetingItem
from atlas.meetings.queries.step_downs import LongPlan, long_plans
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
from atlas.statuses.commands.record import Said as OfMain
from atlas.statuses.commands.record import record_status
from atlas.statuses.models import Spell

PEOPLE = ("social.worker", "police.exploitation", "health.nurse", "school.lead", "housing.officer")
WHY = "Away overnight twice in ten days, and back with a telephone that nobody can explain."
KNOWN = {
    "social.worker": (
        "She says a friend of a cousin gave it to her. She is tired, and eats when she is back.",
        "Visits of this and last week",
    ),
    "police.exploitation": ("A car seen near the station on three evenings. No name yet.", "Own patrols, this week"),
    "school.lead": ("Late on Mondays since half-term. Sits with two older pupils from another school.", "Register and form tutor"),
    "housing.officer": ("Neighbours of the flat opposite complain of comings and goings at night.", "Tenancy file, last month"),
    "health.nurse": ("Nothing new is known to us. Last seen in spring.", "Record of the practice"),
}
SETTLED = {
    Settles.DECISION: ("", "Harm outside the home is likely, and the carer cannot keep it away alone."),
    Settles.PLAN: (
        "The plan is read with her this week: Mondays, the station and the flat opposite.",
        "What school and housing know is not in it yet.",
    ),
    Settles.NRM: ("Referred today by the social worker.", "A telephone, lifts and being told where to be."),
    Settles.CHILD_TOLD: (
        "Priya tells her tomorrow after school, with her aunt, what we worry about and what we do.",
        "She asked to be told first.",
    ),
}


def meet(named: dict[str, Post], children: Sequence[Child], now: datetime) -> None:
    """A strategy discussion nine days ago about the first of these children, one about the second that goes on now, and a meeting to come about the third."""
    first = _called(named, children[0], now - timedelta(days=9, hours=2), now - timedelta(days=9))
    _held(named, first, now - timedelta(days=9))
    _settled(named, first, now - timedelta(days=9) + timedelta(minutes=40))
    _agreed(named, first, now - timedelta(days=9) + timedelta(minutes=50), now)
    _challenged(named, first, now)
    if len(children) > 1:
        _held(named, _called(named, children[1], now - timedelta(hours=3), now - timedelta(minutes=20)), now - timedelta(minutes=20))
    if len(children) > 2:
        at = now - timedelta(days=1)
        called = Called(
            SHIPPED_BY_KEY["child_in_need_meeting"],
            now + timedelta(days=3),
            named["chair"],
            75,
            named["minute.taker"],
            "The family centre, room 2",
        )
        meeting = call_meeting(
            child=children[2], called=called, why="To look together at what has helped since the summer.", by=named["social.worker"], at=at
        )
        for username in ("social.worker", "school.lead", "health.nurse"):
            invite(meeting=meeting, asked=Asked(post=named[username]), by=named["chair"], at=at)
        young = Asked(
            Part.CHILD, words="The young person", how="In person, by the social worker", prepared_by="Priya Okonkwo", child=children[2]
        )
        invite(meeting=meeting, asked=young, by=named["chair"], at=at)


def _called(named: dict[str, Post], child: Child, at: datetime, starts: datetime) -> Meeting:
    called = Called(
        SHIPPED_BY_KEY["strategy_discussion"],
        starts,
        named["team.manager"],
        60,
        named["minute.taker"],
        "The civic centre, room 4",
        "Video: ask business support",
    )
    meeting = call_meeting(child=child, called=called, why=WHY, by=named["social.worker"], at=at)
    for username in PEOPLE:
        invite(meeting=meeting, asked=Asked(post=named[username]), by=named["team.manager"], at=at)
    for username, reply in (("police.exploitation", Reply.COMES), ("school.lead", Reply.COMES), ("health.nurse", Reply.INFORMATION)):
        answer_invitation(invitation=_of(meeting, named[username], at), reply=reply, by=named[username], at=at + timedelta(minutes=20))
    item = _item(meeting, named["team.manager"], at)
    for username in ("housing.officer", "health.nurse"):
        words, source = KNOWN[username]
        contribute(item=item, said=Said(words, source), by=named[username], at=at + timedelta(minutes=30))
    return meeting


def _held(named: dict[str, Post], meeting: Meeting, at: datetime) -> None:
    hold_meeting(meeting=meeting, held_at=at, by=named["team.manager"], at=at + timedelta(minutes=1))
    later = at + timedelta(minutes=10)
    for username in (*PEOPLE, "team.manager", "minute.taker"):
        there = Attended.NOT if username == "health.nurse" else Attended.WHOLE
        record_attendance(invitation=_of(meeting, named[username], later), attended=there, by=named["minute.taker"], at=later)
    item = _item(meeting, named["team.manager"], later)
    for username in ("social.worker", "police.exploitation", "school.lead"):
        words, source = KNOWN[username]
        contribute(item=item, said=Said(words, source), by=named[username], at=later)


def _settled(named: dict[str, Post], meeting: Meeting, at: datetime) -> None:
    item = _item(meeting, named["team.manager"], at)
    for point, (words, reason) in SETTLED.items():
        answer = Answer.S47_JOINT if point is Settles.DECISION else ""
        record_meeting_decision(item=item, decided=Decided(point, reason, answer, words), by=named["minute.taker"], at=at)


def _agreed(named: dict[str, Post], meeting: Meeting, at: datetime, now: datetime) -> None:
    item, chair = _item(meeting, named["team.manager"], at), named["team.manager"]
    asked = {
        "housing.officer": ("Visit the flat opposite with the police, and say what can be done about the tenancy.", "Nobody waits there at night.", 5),
        "police.exploitation": ("Patrol the station on Monday evenings for three weeks, and find the keeper of the car.", "The car does not come back.", 7),
        "health.nurse": ("See her at school, and say what she needs.", "She has somebody of health whom she knows.", 6),
        "school.lead": ("Meet her at the gate on Mondays, and ring the carer if she is not there by nine.", "In school on Mondays, or known where she is.", 12),
    }  # fmt: skip
    made = {}
    for username, (words, intended, days) in asked.items():
        day = day_of(at + timedelta(days=days))
        given = ActionGiven(words, intended, "Told to the chair in writing, with dates", day, named[username])
        made[username] = agree_action(item=item, given=given, by=chair, at=at)
    close_meeting(
        meeting=meeting, quorum_reason="The nurse was with another child, and wrote what is known.", by=chair, at=at + timedelta(hours=3)
    )
    no = "The flat is a private let: housing has no power there. Licensing has."
    answer_action(action=made["housing.officer"], takes_on=False, words=no, by=named["housing.officer"], at=at + timedelta(days=1))
    answer_action(action=made["police.exploitation"], takes_on=True, by=named["police.exploitation"], at=at + timedelta(hours=5))
    shown = "Keeper found and spoken with on the second Monday."
    end_action(
        action=made["police.exploitation"], is_done=True, evidence=shown, by=named["police.exploitation"], at=now - timedelta(days=2)
    )
    seen = "The car has not been seen for a week. She says the station is boring now."
    judge_action(
        action=made["police.exploitation"], worked=Worked.PARTLY, words=seen, by=named["social.worker"], at=now - timedelta(days=1)
    )


def _challenged(named: dict[str, Post], meeting: Meeting, now: datetime) -> None:
    """The social worker challenges housing about what it did not take on; the answer does not settle it, and it is with the line managers now."""
    worker, housing, at = named["social.worker"], named["housing.officer"], now - timedelta(days=2)
    item = _item(meeting, worker, at)
    with acting_as(worker, at):
        action = AgencyAction.objects.get(item=item, owner_post=housing)
    given = ChallengeGiven(
        ChallengeAbout.ACTION, housing, "A private let has a landlord, and housing knows the landlord.", "Visit with licensing and the police this week.",
        "Her aunt meets her at the station; the school rings at nine.", action=action,
    )  # fmt: skip
    challenge = raise_challenge(item=item, given=given, by=worker, at=at)
    tried = "Rang twice. He would come if licensing leads."
    record_attempt(challenge=challenge, words=tried, by=worker, at=at + timedelta(hours=4))
    no = "Without licensing we have no ground to enter."
    challenge = answer_challenge(challenge=challenge, words=no, by=housing, at=now - timedelta(days=1))
    why = "Nobody has asked licensing. That is for the two managers to arrange."
    climb_challenge(challenge=challenge, reason=why, by=worker, at=now - timedelta(hours=20))


def _item(meeting: Meeting, by: Post, at: datetime) -> MeetingItem:
    with acting_as(by, at):
        return MeetingItem.objects.select_related("meeting", "child").get(meeting=meeting)


def _of(meeting: Meeting, post: Post, at: datetime) -> Invitation:
    with acting_as(post, at):
        return Invitation.objects.select_related("meeting").get(meeting=meeting, post=post)


SETTLED_FIRST = {
    Settles.DECISION: ("", "What has changed still holds."),
    Settles.FAMILY: (
        "They came for the second half, and chose what was talked about first.",
        "The first part was about another child’s family.",
    ),
    Settles.CONTINGENCY: ("Two missed Mondays, or anybody at the door again: we meet that week.", "That is how it began last time."),
}


def step_down_all(named: dict[str, Post], now: datetime) -> int:
    """Every child whose child protection plan ended in the last six months, and who is a child in need: the step-down, and the first meeting held. Returns how many."""
    chair, taker, done = named["chair"], named["minute.taker"], 0
    _end_plans(now)
    with acting_as(chair, now):
        listed = [one for one in long_plans(day_of(now)) if one.what == "ended"]
    for one in listed:
        at = datetime.combine(one.since, time(10), LONDON) + timedelta(days=1)
        if at > now:
            continue
        if one.worker is None:
            done += _called_by_chair(named, one, at)
            continue
        with acting_as(one.worker, now):
            child = Child.objects.filter(pk=one.child_id).first()
        if child is None:
            continue
        meets = at + timedelta(days=7)
        given = StepDownGiven(
            one.since, "Nobody at the door for five months, and at school. School, nurse and family see the same.", "Two missed Mondays: we meet that week.", chair,
            meets, "It is calmer now.", minute_taker=taker, place="The family centre, room 2",
        )  # fmt: skip
        meeting = step_down(child=child, given=given, by=one.worker, at=at).meeting
        done += 1
        if meets < now:
            _first_meeting(named, meeting, one.worker, meets)
    return done


def _called_by_chair(named: dict[str, Post], listed: LongPlan, at: datetime) -> int:
    """Nobody works with the child: the chair looks into it and calls the first meeting, so that it has its date; the list goes on saying that nobody does."""
    chair = named["chair"]
    child = take_on_review(child_id=listed.child_id, by=chair, at=at)
    called = Called(
        SHIPPED_BY_KEY["first_child_in_need_meeting"], at + timedelta(days=7), chair, 60, named["minute.taker"], "The family centre, room 2"
    )
    call_meeting(child=child, called=called, why="Child protection has ended, and nobody is allocated.", by=chair, at=at)
    return 1


def _end_plans(now: datetime) -> None:
    """What the main system says lately: every third child protection plan of more than nine months has ended, and the child is a child in need."""
    feed = Post.objects.select_related("user", "team__agency").get(user__username="service.feed")
    with acting_as(feed, now):
        old = Spell.objects.filter(status=Spell.Status.CHILD_PROTECTION, until_on=None, from_on__lt=day_of(now - timedelta(days=270)))
        spells = list(old.select_related("child").order_by("from_on", "source_key"))[::3]
    for number, spell in enumerate(spells):
        ended = day_of(now - timedelta(days=20 + 11 * number % 150))
        said = OfMain(
            Spell,
            spell.source_key,
            spell.from_on,
            ended,
            now,
            (("status", spell.status), ("detail", spell.detail)),
            spell.get_status_display(),
        )
        record_status(child=spell.child, said=said, by=feed, at=now - timedelta(hours=8))
        after = OfMain(Spell, f"ssd_cin_plans:D{number}", ended, None, now, (("status", "child_in_need"),), "Child in need")
        record_status(child=spell.child, said=after, by=feed, at=now - timedelta(hours=8))


def _first_meeting(named: dict[str, Post], meeting: Meeting, worker: Post, at: datetime) -> None:
    chair, later = named["chair"], at + timedelta(minutes=50)
    invite(meeting=meeting, asked=Asked(post=worker), by=chair, at=at - timedelta(days=3))
    hold_meeting(meeting=meeting, held_at=at, by=chair, at=at + timedelta(minutes=1))
    for post in (chair, named["minute.taker"], worker):
        record_attendance(invitation=_of(meeting, post, later), attended=Attended.WHOLE, by=chair, at=later)
    item = _item(meeting, chair, later)
    for point, (words, reason) in SETTLED_FIRST.items():
        answer = Answer.PLAN_GOES_ON if point is Settles.DECISION else ""
        record_meeting_decision(item=item, decided=Decided(point, reason, answer, words), by=chair, at=later)
    close_meeting(meeting=meeting, by=chair, at=later + timedelta(hours=1))
