"""A panel is opened with its terms, its members are named and go, its terms are looked at again, its next meeting is called and everybody is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from atlas.agencies.queries import posts_standing
from atlas.gate.act import Invalid, Refused, command
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.policy import ROLE, Permission
from atlas.gate.rules import Decision
from atlas.meetings.codes import GROUP_OF, LEADING, About, Group, Part
from atlas.meetings.commands.calling import Called, convene
from atlas.meetings.commands.inviting import NOT_CHAIR, Asked, ask
from atlas.meetings.commands.recording import pass_on
from atlas.meetings.models import Meeting, Panel, PanelMember
from atlas.meetings.queries.leading import kind_of, may_be_invited
from atlas.meetings.queries.panels import last_meeting, members_of
from atlas.meetings.rules.kinds import MeetingKind
from atlas.meetings.rules.terms import EVERY_DAYS, REVIEWED_WITHIN, TERMS, missing_terms

if TYPE_CHECKING:
    from atlas.agencies.models import Authority, Post

MOST_TERM = 1000
NAMED_ALREADY = "This person sits on the panel already."


@dataclass(frozen=True)
class PanelOpened:
    """What a panel is: its kind of meeting, its name, how often it meets, and what its terms say point by point (rules/terms.py)."""

    kind: MeetingKind
    name: str
    terms: Mapping[str, str] = field(default_factory=dict)
    every_days: int = 28


@command(needs=Permission.OPEN_PANEL)
def open_panel(*, authority: "Authority", opened: PanelOpened, by: "Post", at: datetime) -> Panel:
    """Let a panel or group be, with its terms of reference, for a year until they are looked at again.

    Raises Invalid for a kind of meeting that is about one child, without a name of its own, with a point of the terms that nobody answered, and for a
    cycle of less than a day or more than a quarter.
    """
    if not by.team.agency.authorities.filter(pk=authority.pk).exists():
        raise Refused("open_panel", acting_subject(), Decision.NO_RELATIONSHIP, authority)
    if opened.kind.about not in {About.PANEL, About.STRATEGIC}:
        raise Invalid("Choose a kind of meeting that is a panel or a group.", "kind")
    name = opened.name.strip()[:120]
    if not name:
        raise Invalid("Give the panel a name.", "name")
    if Panel.objects.filter(name=name).exists():
        raise Invalid("Another panel has this name. Choose one that tells them apart.", "name")
    panel = Panel(authority=authority, kind=opened.kind.key, name=name, opened_by=by, opened_at=at)
    _write(panel, opened.terms, opened.every_days, at)
    panel.save(force_insert=True)
    return panel


@command(needs=Permission.REVIEW_PANEL)
def review_panel(*, panel: Panel, terms: Mapping[str, str], every_days: int, by: "Post", at: datetime) -> Panel:
    """Look at the terms of a panel again, and let them stand, as they are written now, for another year."""
    _write(panel, terms, every_days, at)
    panel.save()
    return panel


def _write(panel: Panel, terms: Mapping[str, str], every_days: int, at: datetime) -> None:
    if left := missing_terms(terms):
        raise Invalid(f"Answer this point of the terms: {left[0].name}", left[0].key)
    if not EVERY_DAYS[0] <= every_days <= EVERY_DAYS[1]:
        raise Invalid("Say after how many days it meets again: between 1 and 92.", "every_days")
    panel.terms = {point.key: terms[point.key].strip()[:MOST_TERM] for point in TERMS}
    panel.every_days = every_days
    panel.review_on = day_of(at) + timedelta(days=REVIEWED_WITHIN)


@dataclass(frozen=True)
class MemberNamed:
    """Who sits on a panel, as what, for whom they speak (as their agency does, if nothing is said), and who comes in their place."""

    post: "Post"
    part: str = Part.MEMBER
    group: str = ""
    deputy: "Post | None" = None


@command(needs=Permission.NAME_PANEL_MEMBER)
def name_panel_member(*, panel: Panel, named: MemberNamed, by: "Post", at: datetime) -> PanelMember:
    """Name somebody who sits on a panel for their agency. What stands on its agendas without a child opens to them, and to nobody for being a deputy alone.

    Raises Invalid for a post that no longer stands or does not go to meetings, is on the panel already, may not chair this kind, and for a deputy of
    another agency.
    """
    _expect_open(panel)
    _check_named(panel, named, at)
    post = named.post
    group = named.group or GROUP_OF.get(post.team.agency.kind, Group.OTHER)  # type: ignore[call-overload]
    member = PanelMember(panel=panel, post=post, group=group, part=named.part, deputy=named.deputy, from_at=at, named_by=by)
    member.save(force_insert=True)
    return member


def _check_named(panel: Panel, named: MemberNamed, at: datetime) -> None:
    post, deputy = named.post, named.deputy
    for one, where in ((post, "post"), (deputy, "deputy")):
        if one is not None and (
            Permission.VIEW_MEETING not in ROLE[one.role].permissions or not posts_standing(day_of(at)).filter(pk=one.pk).exists()
        ):
            raise Invalid("Somebody in this post does not go to meetings. Choose somebody else.", where)
    if PanelMember.objects.filter(panel=panel, post=post, until_at=None).exists():
        raise Invalid(NAMED_ALREADY, "post")
    if deputy is not None and (deputy.pk == post.pk or deputy.team.agency_id != post.team.agency_id):
        raise Invalid("A deputy is somebody else of the same agency.", "deputy")
    if named.part in {Part.CHAIR, Part.DEPUTY_CHAIR} and post.role not in kind_of(panel).chaired_by:
        raise Invalid(NOT_CHAIR, "part")
    if named.part == Part.CHAIR and PanelMember.objects.filter(panel=panel, part=Part.CHAIR, until_at=None).exists():
        raise Invalid("This panel has a chair. End that first, or name a deputy chair.", "part")


@command(needs=Permission.END_PANEL_MEMBER)
def end_panel_member(*, member: PanelMember, by: "Post", at: datetime) -> PanelMember:
    """Let somebody's place on a panel end: what it opened closes to them at once. Meetings to which they were asked are taken back one by one."""
    if member.until_at is not None:
        raise Invalid("This place has ended already.")
    member.until_at = at
    member.save()
    return member


def _expect_open(panel: Panel) -> None:
    if panel.closed_at is not None:
        raise Invalid("This panel is closed.")


@command(needs=Permission.CALL_PANEL_MEETING)
def call_panel_meeting(*, panel: Panel, called: Called, by: "Post", at: datetime) -> Meeting:
    """Call the next meeting of a panel: every member is asked, and in the place of one whose post has ended, their deputy.

    By whoever leads the panel, or names its members. Raises Invalid for a time that is over, a chair who may not chair it, and where another is called
    already that has not been held.
    """
    _expect_open(panel)
    members = members_of(panel, at)
    is_theirs = any(one.post_id == by.pk and one.part in LEADING for one in members)
    if not is_theirs and Permission.NAME_PANEL_MEMBER not in ROLE[by.role].permissions:
        raise Refused("call_panel_meeting", acting_subject(), Decision.NO_RELATIONSHIP, panel)
    if called.starts_at <= at:
        raise Invalid("That time is over. Choose one to come.", "starts_at")
    if Meeting.objects.filter(panel=panel, state=Meeting.State.CALLED, starts_at__gte=at).exists():
        raise Invalid("The next meeting of this panel is called already. Move it, or call it off first.", "starts_at")
    meeting = convene(replace(called, follows=last_meeting(panel, at)), panel.authority, at, panel)
    ask(meeting, Asked(Part.CHAIR, called.chair), at)
    asked = {called.chair.pk}
    if called.minute_taker is not None and called.minute_taker.pk not in asked:
        ask(meeting, Asked(Part.MINUTE_TAKER, called.minute_taker), at)
        asked.add(called.minute_taker.pk)
    for member in members:
        comes = next((one for one in (member.post, member.deputy) if one is not None and may_be_invited(one.pk, [])), None)
        if comes is not None and comes.pk not in asked:
            part = Part.MEMBER if member.part == Part.CHAIR else member.part  # another chairs this one
            ask(meeting, Asked(part, comes, member.group), at)
            asked.add(comes.pk)
    pass_on(panel)
    return meeting
