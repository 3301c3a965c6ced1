"""What keeps the child safe, as a transfer hands it over: the safety plan, the assessment, the referral that waits, warning notices, and what agencies
agreed to do. In dates and kinds: no level, nobody against whom a measure stands, no line of the plan; whoever takes the child over reads the records themselves.
"""

from typing import TYPE_CHECKING

from atlas.children.models import Child
from atlas.design.words import day, when
from atlas.exploitation.models import Measure, NrmReferral
from atlas.exploitation.queries import current_assessment, unfinished_assessment
from atlas.meetings.models import AgencyAction
from atlas.meetings.queries.actions import OPEN
from atlas.plans.commands.lines import hand_lines_across
from atlas.plans.commands.plan import close_here
from atlas.plans.queries.reading import open_plan
from atlas.tasks.commands import make_task

if TYPE_CHECKING:
    from atlas.transfers.commands.handing import Handing

READ_THE_SAFETY_PLAN = "Read the safety plan with the child: what the council before did is yours now, until you give it on"
TELL_WHO_DECIDES = "Tell whoever decides on the referral to the National Referral Mechanism who works with the child now"
ASK_WHO_ANSWERS = "Read the warning notices and other measures, and agree with the police who answers for each now"
READ_THE_ACTIONS = "Read what agencies agreed to do for the child, and tell each who works with the child now"
R = NrmReferral.State
STAND = (R.WAITING, R.GROUNDS, R.CONCLUSIVE)  # and what was asked to be decided again
OVER = (Measure.Result.NOT_MADE, Measure.Result.LEFT)


def safety_plans(child: Child) -> list[str]:
    """The plan that is open: its version, when it was last said to be true, and by when it is read again."""
    plan = open_plan(child)
    if plan is None:
        return []
    if plan.number == 0 or plan.decided_at is None:
        return [f"Begun {when(plan.began_at)}, and not agreed yet"]
    review = f", to be read again by {day(plan.review_on)}" if plan.review_on else ""
    return [f"Version {plan.number}, last said to be true {when(plan.decided_at)}{review}"]


def hand_safety_plan(handing: "Handing") -> None:
    """What the council before did in it, whoever works with the child does now, and reads it with the child. Where nobody in Atlas does, it ends here."""
    plan = open_plan(handing.child)
    if plan is None:
        return
    plan.child = handing.child
    if handing.lead is None:
        close_here(
            plan=plan,
            because=f"The child moved: {handing.to} is responsible, and the plan goes on there.",
            entry=handing.entry,
            by=handing.by,
        )
        return
    hand_lines_across(child=handing.child, before=handing.transfer.from_authority, to=handing.lead)
    make_task(name=READ_THE_SAFETY_PLAN, entry=handing.entry, about=plan, post=handing.lead)


def assessments(child: Child) -> list[str]:
    """The assessment of exploitation that stands, and one that is being written: when, never what."""
    standing, writing = current_assessment(child), unfinished_assessment(child)
    lines = [f"Finished {when(standing.finished_at)}"] if standing is not None and standing.finished_at else []
    return lines + ([f"{writing.get_state_display().split(':')[0]}, begun {when(writing.opened_at)}"] if writing is not None else [])


def _standing_referrals(child: Child) -> list[NrmReferral]:
    return [one for one in NrmReferral.objects.filter(child=child).order_by("decided_on", "pk") if one.state in STAND or one.is_waiting]


def referrals(child: Child) -> list[str]:
    """Referrals that wait, or were decided for the child."""
    return [
        f"Referred {day(one.decided_on)}{f', reference {one.reference}' if one.reference else ''}. {one.get_state_display()}"
        for one in _standing_referrals(child)
    ]


def hand_referrals(handing: "Handing") -> None:
    """The referral is the child's; whoever waits for the decision is somebody else."""
    for referral in _standing_referrals(handing.child):
        if handing.lead is not None and referral.is_waiting:
            make_task(name=TELL_WHO_DECIDES, entry=handing.entry, about=referral, post=handing.lead)


def measures(child: Child) -> list[str]:
    """The measures that run, by their name in the catalogue; never against whom, or where."""
    running = Measure.objects.filter(child=child, ended_at__isnull=True).exclude(result__in=OVER).order_by("started_on", "pk")
    return [f"{one.row.name}, since {day(one.started_on)}{f' until {day(one.ends_on)}' if one.ends_on else ''}" for one in running]


def hand_measures(handing: "Handing") -> None:
    """Whoever works with the child now asks who answers for each; a notice stands whoever is responsible."""
    if handing.lead is not None and measures(handing.child):
        make_task(name=ASK_WHO_ANSWERS, entry=handing.entry, about=handing.child, post=handing.lead)


def actions(child: Child) -> list[str]:
    """What agencies still have to do, as meetings agreed: which agency, and by when; never what."""
    held = AgencyAction.objects.filter(child=child, state__in=OPEN).select_related("agency").order_by("due_on", "pk")
    return [f"{one.agency.name}, by {day(one.due_on)}" for one in held]


def hand_actions(handing: "Handing") -> None:
    """What an agency promised, it does, whoever is responsible; whoever works with the child now asks what becomes of it."""
    if handing.lead is not None and actions(handing.child):
        make_task(name=READ_THE_ACTIONS, entry=handing.entry, about=handing.child, post=handing.lead)
