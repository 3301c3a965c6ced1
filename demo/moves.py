"""Two children who move: one offered to a manager of Stowbridge, who has said yes; one offered to Harwick, which does not work in Atlas."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from atlas.agencies.models import Authority, Post
from atlas.children.models import Child
from atlas.exploitation.codes import ExploitationType
from atlas.exploitation.commands.measures import start_measure
from atlas.exploitation.commands.nrm import refer_to_nrm
from atlas.exploitation.models import NrmReferral
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.gate.models import Relationship
from atlas.gate.policy import Kind
from atlas.missing.models import Episode
from atlas.missing.workflow import OPEN_EPISODE
from atlas.plans.commands.lines import LineGiven, add_line
from atlas.plans.commands.plan import Agreed, Answers, agree_plan, start_plan
from atlas.plans.models import SafetyPlan
from atlas.plans.queries.question import unread
from atlas.sealed.models import SealedLocation
from atlas.sharing.commands.disclosure import Guest
from atlas.transfers.commands.answer import answer_transfer
from atlas.transfers.commands.start import Offer, send_transfer, start_transfer
from atlas.transfers.models import Transfer
from demo.intelligence import READER, children_of

MY_VIEW = "I want to stay with my aunt, and to see my friends on Saturdays."


def move(named: Mapping[str, Post], now: datetime) -> None:
    """The offers, as the team manager made them, and the answer of Stowbridge; nothing where the manager has too few children."""
    stay = {child.pk for child in children_of(named[READER], now)}  # of whom there are other examples
    manager, children = named["team.manager"], [child for child in _movers(named["team.manager"], now) if child.pk not in stay]
    if len(children) < 3:
        return
    accepted, waiting, outside = children[:3]
    _keep_safe(waiting, manager, now)
    there = named["stowbridge.manager"]
    offered_at = now - timedelta(days=3)
    transfers = [
        start_transfer(child=child, to_post=there, offer=_offer(child, why), by=manager, at=at)
        for child, why, at in (
            (accepted, "The family has moved to Stowbridge.", offered_at),
            (waiting, "The child lives with an aunt in Stowbridge now, and wishes to stay.", now - timedelta(days=1)),
        )
    ]
    with acting_as(there, offered_at + timedelta(days=1)):
        transfer = Transfer.objects.get(pk=transfers[0].pk)
    answer_transfer(transfer=transfer, is_accepted=True, lead=there, by=there, at=offered_at + timedelta(days=1))
    asked_at = now - timedelta(hours=5)
    harwick = Authority.objects.create(
        code="XHARW", name="Harwick", staffed_number="020 7946 0800", front_door_number="020 7946 0801", is_partner=False
    )
    guest = Guest("Marta Quill", "Harwick Council, children in care", "07700 900799", manager.user.name, day_of(asked_at))
    send_transfer(
        child=outside, to_authority=harwick, guest=guest, offer=_offer(outside, "The family moves to Harwick this month."), by=manager,
        at=asked_at,
    )  # fmt: skip


def _keep_safe(child: Child, manager: Post, now: datetime) -> None:
    """A plan, a referral that waits and a measure, so that it is seen what a transfer hands over."""
    at = now - timedelta(days=9)
    with acting_as(manager, now):
        worker = Relationship.objects.select_related("holder_post").get(child=child, kind=Kind.ALLOCATED, until_at=None).holder_post
    assert worker is not None
    acting: dict[str, Any] = {"by": worker, "at": at}
    with acting_as(worker, at):
        is_referred = NrmReferral.objects.filter(child=child).exists()
    if not is_referred:
        refer_to_nrm(
            child=child, referred_on=day_of(at), responder=NrmReferral.Responder.SOCIAL_CARE, route=NrmReferral.Route.SINGLE, safe="Stays with the aunt.",
            types=[ExploitationType.CRIMINAL], reference="FE-0207", **acting,
        )  # fmt: skip
    start_measure(
        child=child, kind="hotel", owner="DS Amara Hale, Northmarch Police", against="The Anchor", started_on=day_of(at), **acting
    )
    with acting_as(worker, at):
        plan = SafetyPlan.objects.filter(child=child, closed_at=None).first()
    if plan is None:
        plan = start_plan(child=child, **acting)
        owned: dict[str, Any] = {"whose": "post", "owner_post": worker, "due_on": day_of(now + timedelta(days=20))}
        for given in (
            LineGiven("my_view", MY_VIEW),
            LineGiven("agency", "Meets the bus on Fridays.", evidence="The driver’s log", **owned),
        ):
            add_line(plan=plan, given=given, **acting)
        with acting_as(worker, at):
            entries = [entry.pk for entry in unread(child, plan, at)]
        answers = Answers(entries, "With the child and the aunt, after the referral.", "no", "The police and the school know.")
        agree_plan(plan=plan, answers=answers, agreed=Agreed("agreed", "It is okay."), **acting)


def _offer(child: Child, why: str) -> Offer:
    return Offer(why, "Prefers a text before a visit.", True, True, items=(f"who:{child.pk}",))


def _movers(manager: Post, at: datetime) -> list[Child]:
    """Children in the manager's line who are not missing, whose place is not sealed, and whom nothing guards; by name."""
    with acting_as(manager, at) as subject:
        mine = Relationship.objects.filter(kind=Kind.ALLOCATED, holder_post__line_manager=manager, until_at=None).values_list(
            "child", flat=True
        )
        sealed = SealedLocation.objects.filter(until_at__isnull=True).values_list("child", flat=True)
        missing = Episode.objects.filter(state__in=OPEN_EPISODE).values_list("child", flat=True)
        found = Child.objects.visible_to(subject).filter(pk__in=list(mine)).exclude(pk__in=[*sealed, *missing])
        return [child for child in found.order_by("name", "born_on")[:40] if (age := child.age_on(day_of(at))) is not None and age < 17]
