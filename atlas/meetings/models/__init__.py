"""A meeting, who is asked to it, what stands on its agenda; and its record: what each agency brought, what was decided, who does what."""

from atlas.meetings.models.challenge import Challenge, ChallengeStep
from atlas.meetings.models.meeting import Invitation, LocalMeetingKind, Meeting, MeetingItem, Panel, PanelMember
from atlas.meetings.models.record import AgencyAction, MeetingContribution, MeetingDecision
from atlas.meetings.models.step_down import StepDown

__all__ = [
    "AgencyAction",
    "Challenge",
    "ChallengeStep",
    "Invitation",
    "LocalMeetingKind",
    "Meeting",
    "MeetingContribution",
    "MeetingDecision",
    "MeetingItem",
    "Panel",
    "PanelMember",
    "StepDown",
]
