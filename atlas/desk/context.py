"""What every page shows: who is signed in, where one can go, and what must not be overlooked."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.break_glass.views import OPENED
from atlas.design.words import when
from atlas.feeds.queries import stale_feed
from atlas.gate.context import current_subject
from atlas.gate.policy import PURPOSE_WORDS, ROLE, Permission
from atlas.gate.readonly import read_only
from atlas.running.queries import troubles
from atlas.tasks.queries import alerts_for

P = Permission
FEW = 6  # so many places stand in one line; beyond, the line holds the first group, and the rest stand under "More"
PLACES = (
    ("Now", (
        (P.VIEW_MY_WORK, "My work", "desk:view_my_work"),
        (P.VIEW_MISSING_NOW, "Missing now", "missing:view_missing_now"),
        (P.VIEW_MISSING_BRIEFING, "Missing briefing", "meetings:view_missing_briefing"),
        (P.FIND_CHILD, "Find a child", "desk:find_child"),
        (P.VIEW_CONTACTS, "Contacts", "contacts:view_contacts"),
        (P.VIEW_MY_CONTACTS, "Worried about a child", "contacts:view_my_contacts"),
        (P.VIEW_NIGHT, "Night", "desk:view_night"),
        (P.VIEW_MORNING, "Morning list", "desk:view_morning"),
    )),
    ("Team", (
        (P.VIEW_TEAM_WORK, "Team's work", "oversight:view_team_work"),
        (P.VIEW_PLANS, "Safety plans", "plans:view_plans"),
        (P.VIEW_MEETINGS, "Meetings", "meetings:view_meetings"),
        (P.VIEW_ACTIONS, "Agency actions", "meetings:view_actions"),
        (P.VIEW_STANDING_LIST, "Standing list", "meetings:view_standing_list"),
        (P.VIEW_STEP_DOWNS, "Step-downs and long plans", "meetings:view_step_downs"),
        (P.VIEW_MEETING_KINDS, "Kinds of meeting", "meetings:view_meeting_kinds"),
        (P.VIEW_CHALLENGES, "Challenges", "meetings:view_challenges"),
        (P.VIEW_PARTNERSHIP, "The partnership", "meetings:view_partnership"),
        (P.VIEW_TRAY, "Tray", "oversight:view_tray"),
        (P.VIEW_REFERRALS, "Asked across agencies", "advice:view_referrals"),
        (P.VIEW_UNALLOCATED, "Unallocated", "allocation:view_unallocated"),
        (P.VIEW_ROTA, "Rota", "oversight:view_rota"),
        (P.VIEW_TIMELINESS, "Timeliness", "oversight:view_timeliness"),
        (P.VIEW_EQUALITY, "Equality", "oversight:view_equality"),
        (P.VIEW_PROFILES, "Local profile", "profile:view_profiles"),
        (P.VIEW_IMPACT_ASSESSMENTS, "Impact assessments", "profile:view_impact_assessments"),
        (P.VIEW_PROPOSALS, "Waiting for a second person", "desk:view_proposals"),
    )),
    ("Across borders and agencies", (
        (P.VIEW_PLACED_IN, "Placed here by others", "missing:view_placed_in"),
        (P.VIEW_MENTIONED_PLACES, "Places that children named", "missing:view_mentioned_places"),
        (P.VIEW_TRANSFERS, "Transfers", "transfers:view_transfers"),
        (P.VIEW_PAIRS, "Recorded twice?", "linkage:view_pairs"),
        (P.VIEW_DIFFERENCES, "Differences with the police", "missing:view_differences"),
        (P.VIEW_ASKS, "Asked of us", "contacts:view_asks"),
        (P.VIEW_THRESHOLDS, "Thresholds", "guidance:view_thresholds"),
        (P.VIEW_FRONT_DOOR_QUESTIONS, "Front-door questions", "desk:view_front_door_questions"),
        (P.VIEW_SHARED, "Shared with me", "sharing:view_shared"),
        (P.VIEW_INTELLIGENCE_DESK, "Intelligence", "intelligence:view_intelligence_desk"),
    )),
    ("Records and files", (
        (P.VIEW_COPIES, "Not filed yet", "copies:view_copies"),
        (P.EXPORT, "Exports", "sharing:view_exports"),
        (P.VIEW_RETURN_CHECKS, "Returns", "returns:view_return_checks"),
        (P.VIEW_FEEDS, "Deliveries", "feeds:view_feeds"),
        (P.VIEW_DATA_QUALITY, "Data quality", "oversight:view_data_quality"),
        (P.VIEW_SEALED_SETS, "Sealed sets", "sealed:view_sealed_sets"),
        (P.VIEW_RETENTION, "How long records are kept", "retention:view_retention"),
        (P.VIEW_SUBJECT_REQUESTS, "Requests for a record", "subject_access:view_subject_requests"),
    )),
    ("Protection", (
        (P.VIEW_ALLEGATION, "Allegations", "allegations:view_allegations"),
        (P.VIEW_SUGGESTIONS, "Conflicts", "connections:view_suggestions"),
        (P.VIEW_BREAK_GLASSES, "Emergencies", "break_glass:view_break_glasses"),
        (P.VIEW_ODD_LOOKS, "Odd looks", "audit:view_odd_looks"),
        (P.VIEW_SHARING_REGISTER, "Sharing register", "oversight:view_sharing_register"),
        (P.VIEW_ACCOUNTS, "Accounts", "accounts:view_accounts"),
        (P.VIEW_RUNNING, "Running Atlas", "running:view_running"),
    )),
)  # fmt: skip


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """The frame of a page. Outside the gate (signing in, errors) it reads nothing."""
    post: Post | None = getattr(request, "post", None)
    signed_in = {"name": request.user.get_full_name() or request.user.get_username(), "post": f"{post.title}, {post.team.name}" if post else "",
                 "who": request.user.pk, "purpose": _purpose(request, post)} if getattr(request, "user", None) and request.user.is_authenticated else None  # fmt: skip
    return {
        "signed_in": signed_in,
        "navigation": _places(request, post) if post else None,
        # My work begins with the alerts themselves.
        "banners": [
            *_demo(),
            *_read_only(),
            *_emergency(request),
            *(_alerts(post) if request.path != reverse("desk:view_my_work") else ()),
            *_running(request, post),
            *_feed(post),
        ],
        "front_door_number": "",
    }


def _places(request: HttpRequest, post: Post) -> dict[str, Any]:
    """Where this post may go: what stands in the line, and what stands under "More", group by group."""
    may = ROLE[post.role].permissions

    def place(label: str, name: str) -> dict[str, Any]:
        return {"label": label, "href": _address(name), "is_here": request.path == _address(name)}

    groups = [(heading, [place(label, name) for permission, label, name in places if permission in may]) for heading, places in PLACES]
    if sum(len(places) for _, places in groups) <= FEW:
        return {"line": [one for _, places in groups for one in places], "more": []}
    more = [(heading, places) for heading, places in groups[1:] if places]
    here = next((one["label"] for _, places in more for one in places if one["is_here"]), "")
    return {"line": groups[0][1], "more": more, "here": here}


@cache
def _address(name: str) -> str:
    return reverse(name)


def _purpose(request: HttpRequest, post: Post | None) -> str:
    """What the person acts for now, where the role may act for something else too."""
    return PURPOSE_WORDS[request.purpose] if post and len(ROLE[post.role].purposes) > 1 else ""  # type: ignore[attr-defined]


def _demo() -> list[dict[str, str]]:
    text = "Fernleigh is a fictional authority: every child, family and worker here is invented."
    return [{"kind": "information", "label": "About this service", "text": text, "href": ""}] if settings.IS_DEMO else []


def _read_only() -> list[dict[str, str]]:
    """That Atlas only shows, since when, and how old it is: known to the process, so that no page asks."""
    stands = read_only()
    return [{"kind": "error", "label": "Read-only", "text": stands.words(), "href": ""}] if stands else []


def _alerts(post: Post | None) -> list[dict[str, str]]:
    subject = current_subject()
    if post is None or subject is None or P.ACKNOWLEDGE_ALERT not in ROLE[post.role].permissions:
        return []
    count = alerts_for(subject)
    if not count:
        return []
    words = "1 alert is waiting for somebody to act on it." if count == 1 else f"{count} alerts are waiting for somebody to act on them."
    return [{"kind": "error", "label": "Alerts", "text": words, "href": reverse("desk:view_my_work")}]


def _emergency(request: HttpRequest) -> list[dict[str, str]]:
    """That this person has a record open in an emergency: known to the session, so that no page asks for it."""
    until = request.session.get(OPENED) if hasattr(request, "session") else None
    if not until or datetime.fromisoformat(until) <= getattr(request, "at", datetime.max.replace(tzinfo=UTC)):
        return []
    words = f"You opened a record in an emergency. It closes {when(datetime.fromisoformat(until))}; others were told that you did."
    return [{"kind": "error", "label": "Emergency", "text": words, "href": ""}]


def _running(request: HttpRequest, post: Post | None) -> list[dict[str, str]]:
    """What does not work beside the pages, told to those who can do something about it."""
    where = _address("running:view_running")
    if post is None or current_subject() is None or P.VIEW_RUNNING not in ROLE[post.role].permissions or request.path == where:
        return []
    return [{"kind": "error", "label": "Running Atlas", "text": text, "href": where} for text in troubles()]


def _feed(post: Post | None) -> list[dict[str, str]]:
    subject = current_subject()
    if post is None or subject is None:
        return []
    stale = stale_feed(subject.at)
    return [{"kind": "warning", "label": "How old this is", "text": stale, "href": ""}] if stale else []
