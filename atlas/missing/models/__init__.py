"""The tables of missing episodes and of return interviews."""

from atlas.missing.models.after import PreventionInterview, QualityCheck, RepeatTrigger
from atlas.missing.models.again import SecondReading
from atlas.missing.models.comparison import Comparison, Difference, PoliceReport, ReportCorrection, Stands
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
from atlas.missing.models.placed_in import PlacedInNotice
from atlas.missing.models.steps import NotToldYet, PersonTold, StepTaken
from atlas.missing.models.together import MissingTogether
from atlas.missing.models.trigger import TriggerAction, TriggerPlan, TriggerPlanVersion

__all__ = [
    "BITS",
    "COUNTS",
    "Answer",
    "Appointment",
    "AssociateMention",
    "Comparison",
    "ContactOrSighting",
    "Difference",
    "Episode",
    "LocationMention",
    "MissingProfile",
    "MissingTogether",
    "NotToldYet",
    "Offer",
    "Part",
    "PersonTold",
    "Photograph",
    "PlacedInNotice",
    "PoliceGrade",
    "PoliceReport",
    "PreventionInterview",
    "QualityCheck",
    "RepeatTrigger",
    "ReportCorrection",
    "ReturnCorrection",
    "ReturnInterview",
    "SecondReading",
    "Stands",
    "StatusChange",
    "StepTaken",
    "TriggerAction",
    "TriggerPlan",
    "TriggerPlanVersion",
]
