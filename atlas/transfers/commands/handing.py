"""What a transfer hands over: one entry for each kind of thing that may be open about a child. Whoever builds another kind adds it here.

Each kind says what is open, in words that name nobody and no place, and takes it to the authority that is responsible from then on.
Everything happens inside the one transaction in which the transfer is accepted, by whoever then works with the child or stands above them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from atlas.agencies.models import Authority
from atlas.allocation.commands import front_door
from atlas.allocation.models import Promise, TrustedAdult
from atlas.children.models import Child
from atlas.chronology.models import Entry
from atlas.clocks.commands import stop_all_clocks
from atlas.clocks.models import Clock
from atlas.copies.commands.owing import hand_copies
from atlas.copies.models import Copy
from atlas.copies.queries import newest
from atlas.copies.workflow import NOT_FILED
from atlas.design.words import plural, when
from atlas.missing.commands.moving import end_here, hand_placed_in, move_episode, move_interview
from atlas.missing.models import Episode, ReturnInterview, TriggerPlan
from atlas.missing.workflow import BEFORE_MEETING, OPEN_EPISODE
from atlas.sealed.queries import is_location_sealed
from atlas.tasks.commands import end_all_work, make_task
from atlas.tasks.models import Alert, OvernightLine, Task
from atlas.transfers.commands import safety
from atlas.transfers.models import Transfer

if TYPE_CHECKING:
    from atlas.agencies.models import Post

READ_THE_PLAN = "Read the trigger plan with the child, and say who keeps it now"
NAME_CUSTODIANS = "Let custodians of your authority be named for what is sealed about the child"


@dataclass(frozen=True)
class Handing:
    """One transfer at the moment in which it is accepted. `lead`: who works with the child from then on; None outside Atlas."""

    transfer: Transfer
    child: Child
    lead: "Post | None"
    entry: Entry
    by: "Post"
    at: datetime

    @property
    def to(self) -> Authority:
        """The authority that is responsible from now on."""
        return self.transfer.to_authority

    @property
    def leaves_atlas(self) -> bool:
        """Whether nobody in Atlas answers for the child any more: it goes outside, and the child does not go on living here."""
        return self.lead is None and not self.transfer.stays_here


@dataclass(frozen=True)
class Handed:
    """A kind of thing that a transfer hands over. `is_open`: what of it is open, each in a line; `hand`: take it over."""

    key: str
    name: str
    is_open: Callable[[Child], list[str]]
    hand: Callable[[Handing], None]


def _episodes(child: Child) -> list[str]:
    found = Episode.objects.filter(child=child, state__in=OPEN_EPISODE).order_by("reported_at", "pk")
    return [f"{one.get_state_display()}: reported missing {when(one.reported)}, our reference {one.reference}" for one in found]


def _hand_episodes(handing: Handing) -> None:
    for episode in Episode.objects.filter(child=handing.child, state__in=OPEN_EPISODE).select_related("child"):
        if handing.leaves_atlas:
            end_here(episode, handing.at)
        else:
            move_episode(episode, handing.to, handing.transfer.host_after, handing.at)


def _interviews(child: Child) -> list[str]:
    owed = ReturnInterview.objects.filter(child=child, state__in=BEFORE_MEETING).select_related("episode").order_by("due_at", "pk")
    due = {one.pk: f", by {when(one.due_at)}" if one.due_at else "" for one in owed}
    return [f"Return interview, {one.get_state_display().lower()}{due[one.pk]}, of {one.episode.reference}" for one in owed]


def _hand_interviews(handing: Handing) -> None:
    for interview in ReturnInterview.objects.filter(child=handing.child, state__in=BEFORE_MEETING).select_related("episode", "child"):
        move_interview(interview, handing.to, handing.transfer.host_after, handing.at, leaves_atlas=handing.leaves_atlas)


def _plans(child: Child) -> list[str]:
    plan = TriggerPlan.objects.filter(child=child).first()
    return [f"Trigger plan, last confirmed {when(plan.confirmed_at)}"] if plan is not None else []


def _hand_plan(handing: Handing) -> None:
    plan = TriggerPlan.objects.filter(child=handing.child).first()
    if plan is not None and handing.lead is not None:
        make_task(name=READ_THE_PLAN, entry=handing.entry, about=plan, post=handing.lead)


def _tasks(child: Child) -> list[str]:
    open_now = Task.objects.filter(child=child, state=Task.State.OPEN).order_by("due_at", "pk")
    return [f"{one.name}{f', by {when(one.due_at)}' if one.due_at else ''}" for one in open_now]


def _hand_work(handing: Handing) -> None:
    """The clocks go on as they were judged; the tasks and alerts that the authority before held go to whoever works with the child now."""
    if handing.leaves_atlas:
        stop_all_clocks(entry=handing.entry)
        end_all_work(child_id=handing.child.pk, at=handing.at)
        return
    Clock.objects.filter(child=handing.child, outcome=Clock.Outcome.RUNNING).update(authority=handing.to)
    Alert.objects.filter(child=handing.child, acknowledged_at__isnull=True).update(authority=handing.to)
    OvernightLine.objects.filter(child=handing.child, accepted_at__isnull=True).update(authority=handing.to)
    if handing.lead is None:
        return
    before = handing.transfer.from_authority_id
    theirs = Q(owner_post__team__agency__authorities=before, owner_post__team__agency__kind="council")
    theirs |= Q(owner_team__agency__authorities=before, owner_team__agency__kind="council")
    held = Task.objects.filter(theirs, child=handing.child, state=Task.State.OPEN).exclude(name=READ_THE_PLAN)
    Task.objects.filter(pk__in=list(held.values_list("pk", flat=True))).update(owner_post=handing.lead, owner_team=None)
    alerts = list(Alert.objects.filter(theirs, child=handing.child, acknowledged_at__isnull=True).values_list("pk", flat=True))
    # The new ladder begins at its first rung.
    Alert.objects.filter(pk__in=alerts).update(owner_post=handing.lead, owner_team=None, rung=0, climbs_at=handing.at)
    OvernightLine.objects.filter(child=handing.child, accepted_at__isnull=True).update(owner_post=handing.lead, owner_team=None)


def _promises(child: Child) -> list[str]:
    promised = Promise.objects.filter(child=child, ended_at__isnull=True).count()
    trusted = TrustedAdult.objects.filter(child=child, ended_at__isnull=True).count()
    lines = [f"{plural(promised, 'promise')} to the child that somebody must keep"] if promised else []
    return lines + ([f"{plural(trusted, 'grown-up')} whom the child trusts"] if trusted else [])


def _stays_with_child(handing: Handing) -> None:
    """It is the child's, and is read by whoever works with the child next."""


def _sealed(child: Child) -> list[str]:
    return ["A place that is sealed: its custodians stay until others are named in their place"] if is_location_sealed(child.pk) else []


def _hand_sealed(handing: Handing) -> None:
    """Whoever works with the child may open it, with a second factor and a reason; the custodians before stay until others are named."""
    if handing.lead is not None and is_location_sealed(handing.child.pk):
        make_task(name=NAME_CUSTODIANS, entry=handing.entry, about=handing.child, post=handing.lead)


def _placed_in(child: Child) -> list[str]:
    return []


def _hand_placed_in(handing: Handing) -> None:
    hand_placed_in(handing.child, handing.by, handing.at)


def _copies(child: Child) -> list[str]:
    many = newest(Copy.objects.filter(child=child, state__in=NOT_FILED)).count()
    return [f"{plural(many, 'finished record')} not filed in the main system yet"] if many else []


def _hand_copies(handing: Handing) -> None:
    """What the main system before would never be sent any more. Where the child goes on living there, its feed goes on reading the child."""
    if handing.transfer.host_after_id == handing.transfer.from_authority_id:
        return
    many = hand_copies(child=handing.child, to=handing.to, at=handing.at)
    if many:
        team = None if handing.lead else front_door(handing.child, handing.transfer.from_authority)
        name = f"{plural(many, 'record')} not filed before the child moved: file by hand, or ask there"
        make_task(name=name, entry=handing.entry, about=handing.transfer, post=handing.lead, team=team, due_at=None)


# In this order: what moves first decides whose the tasks are.
HANDED_OVER: tuple[Handed, ...] = (
    Handed("work", "What is still to be done", _tasks, _hand_work),
    Handed("missing_episode", "Missing now", _episodes, _hand_episodes),
    Handed("return_interview", "Return interviews owed", _interviews, _hand_interviews),
    Handed("trigger_plan", "Trigger plan", _plans, _hand_plan),
    Handed("safety_plan", "Safety plan", safety.safety_plans, safety.hand_safety_plan),
    Handed("exploitation_assessment", "Assessment of exploitation", safety.assessments, _stays_with_child),
    Handed("nrm_referral", "Referral to the National Referral Mechanism", safety.referrals, safety.hand_referrals),
    Handed("measure", "Warning notices and other measures", safety.measures, safety.hand_measures),
    Handed("agency_action", "What agencies agreed to do", safety.actions, safety.hand_actions),
    Handed("promise", "What was said to the child", _promises, _stays_with_child),
    Handed("sealed_set", "What is sealed", _sealed, _hand_sealed),
    Handed("copy", "Not filed in the main system", _copies, _hand_copies),
    Handed("placed_in", "Placed-in register", _placed_in, _hand_placed_in),
)


def what_is_open(child: Child) -> list[tuple[str, list[str]]]:
    """What would be handed over now, kind by kind, as far as whoever acts may read it; a kind of which nothing is open is absent."""
    return [(kind.name, lines) for kind in HANDED_OVER if (lines := kind.is_open(child))]


def hand_over(handing: Handing) -> None:
    """Hand everything over."""
    for kind in HANDED_OVER:
        kind.hand(handing)
