"""The tables of missing episodes and of return interviews."""

from atlas.missing.models.counted import BITS, COUNTS
from atlas.missing.models.episode import (
    ContactOrSighting,
    Episode,
    MissingProfile,
    Photograph,
    PoliceGrade,
    ReturnCorrection,
    StatusChange,
)
from atlas.missing.models.interview import (
    Answer,
    Appointment,
    AssociateMention,
    LocationMention,
    Offer,
    Part,
    ReturnInterview,
)
from atlas.missing.models.trigger import TriggerAction, TriggerPlan, TriggerPlanVersion

__all__ = [
    "BITS",
    "COUNTS",
    "Answer",
    "Appointment",
    "AssociateMention",
    "ContactOrSighting",
    "Episode",
    "LocationMention",
    "MissingProfile",
    "Offer",
    "Part",
    "Photograph",
    "PoliceGrade",
    "ReturnCorrection",
    "ReturnInterview",
    "StatusChange",
    "TriggerAction",
    "TriggerPlan",
    "TriggerPlanVersion",
]
