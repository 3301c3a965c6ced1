"""The code lists of meetings."""

from django.db import models

from atlas.agencies.models import AgencyKind


class About(models.TextChoices):
    """What a kind of meeting is about."""

    CHILD = "child", "One child, or brothers and sisters"
    PANEL = "panel", "Children, people of concern, groups, places and themes"
    STRATEGIC = "strategic", "Places, themes and what is missing: no child by name"
    BRIEFING = "briefing", "Every child who is missing now"


class Group(models.TextChoices):
    """For whom somebody speaks, as a quorum counts it."""

    SOCIAL_WORK = "social_work", "Social work"
    POLICE = "police", "Police"
    HEALTH = "health", "Health"
    EDUCATION = "education", "Education"
    HOUSING = "housing", "Housing"
    YOUTH_JUSTICE = "youth_justice", "Youth justice"
    VOLUNTARY = "voluntary", "Voluntary sector"
    OTHER = "other", "Another agency"
    FAMILY = "family", "The child, the family and who is with them"


GROUP_OF = {
    AgencyKind.COUNCIL: Group.SOCIAL_WORK, AgencyKind.POLICE: Group.POLICE, AgencyKind.HEALTH: Group.HEALTH, AgencyKind.SCHOOL: Group.EDUCATION,
    AgencyKind.HOUSING: Group.HOUSING, AgencyKind.VOLUNTARY: Group.VOLUNTARY,
}  # fmt: skip


class Part(models.TextChoices):
    """As what somebody is asked to come (real-life.md point 9)."""

    CHAIR = "chair", "Chair"
    DEPUTY_CHAIR = "deputy_chair", "Deputy chair"
    MINUTE_TAKER = "minute_taker", "Minute-taker"
    MEMBER = "member", "For an agency"
    CHILD = "child", "The child"
    PARENT = "parent", "Parent or carer"
    ADVOCATE = "advocate", "Advocate"
    INTERPRETER = "interpreter", "Interpreter"
    HOME = "home", "Foster carer or home"
    GUEST = "guest", "Somebody without an account"


LEADING = (Part.CHAIR, Part.DEPUTY_CHAIR, Part.MINUTE_TAKER)
OF_FAMILY = (Part.CHILD, Part.PARENT, Part.ADVOCATE, Part.INTERPRETER, Part.HOME)


class Reply(models.TextChoices):
    """What somebody says to an invitation."""

    NONE = "", "No answer yet"
    COMES = "comes", "Comes"
    DEPUTY = "deputy", "Sends a deputy"
    INFORMATION = "information", "Sends what is known, and does not come"
    CANNOT = "cannot", "Cannot come"


class Attended(models.TextChoices):
    """Who was there."""

    UNKNOWN = "", "Not recorded yet"
    WHOLE = "whole", "There"
    PARTLY = "partly", "There for a part of it"
    NOT = "not", "Not there"


class Audience(models.TextChoices):
    """Whose copy of the record holds a contribution."""

    EVERYONE = "everyone", "Everyone, the family too"
    PROFESSIONALS = "professionals", "Those who work with the child"
    NAMED = "named", "My own agency and those that I name"


class ItemKind(models.TextChoices):
    """What stands on an agenda. A child is a child first, whatever else is said of the child (real-life.md point 8)."""

    CHILD = "child", "A child"
    PERSON = "person", "A person of concern"
    GROUP = "group", "A group"
    PLACE = "place", "A place"
    THEME = "theme", "A theme"


class Settles(models.TextChoices):
    """What a meeting must have settled before its record is closed (practice.md 6.3)."""

    DECISION = "decision", "What is decided"
    PLAN = "plan", "What follows for the safety plan"
    NRM = "nrm", "National Referral Mechanism: referred or not, and why"
    CHILD_TOLD = "child_told", "Who tells the child and the family, what and when"
    FAMILY = "family", "Why the family is not there, or not for all of it"
    CONTINGENCY = "contingency", "What is done if it does not hold"


class ActionState(models.TextChoices):
    """Where an agency action stands. A refusal is an answer."""

    ASKED = "asked", "Asked"
    ACCEPTED = "accepted", "Taken on"
    REFUSED = "refused", "Not taken on"
    DONE = "done", "Done"
    NOT_DONE = "not_done", "Not done"


class Worked(models.TextChoices):
    """Whether an action had the effect that was intended."""

    UNKNOWN = "", "Not looked at yet"
    YES = "yes", "It worked"
    PARTLY = "partly", "It worked in part"
    NO = "no", "It did not work"
    TOO_SOON = "too_soon", "Too soon to say"


class Answer(models.TextChoices):
    """What a meeting may decide. A strategy discussion: practice.md 6.4; a panel: 4.7.3."""

    S47_JOINT = "s47_joint", "Section 47 enquiry, social work and police together"
    S47_SINGLE = "s47_single", "Section 47 enquiry, social work alone"
    NO_S47_CIN = "no_s47_cin", "No section 47 enquiry: help as a child in need"
    NO_S47_EARLY_HELP = "no_s47_early_help", "No section 47 enquiry: early help"
    NO_FURTHER = "no_further", "Nothing further now"
    CP_CONFERENCE = "cp_conference", "Child protection conference"
    ROTH_CONFERENCE = "roth_conference", "Conference about harm outside the home"
    LAC_PLAN = "lac_plan", "Within the care plan"
    CONTEXT_PLAN = "context_plan", "A plan for the place or the group"
    POLICE_ONLY = "police_only", "Police alone"
    TRANSFER_AREA = "transfer_area", "To another area"
    ADOPT = "adopt", "Taken on by the panel"
    KEEP = "keep", "Stays on the panel’s list"
    STEP_UP = "step_up", "To a strategy discussion"
    STEP_DOWN = "step_down", "Less is needed now"
    DISRUPT = "disrupt", "A plan to disrupt"
    ORDER = "order", "Apply for an order"
    REFER = "refer", "Refer"
    ASSESS = "assess", "Assess"
    ACTION = "action", "Agencies act"
    INSPECT = "inspect", "Inspect or visit"
    MONITOR = "monitor", "Watch and come back to it"
    WORK = "work", "Work on it"
    COMMISSION = "commission", "Commission something new"
    TRAIN = "train", "Train"
    REPORT = "report", "Report upward"
    PASS_ON = "pass_on", "Pass on to another panel or group"
    CLOSE = "close", "Closed here"
    PLAN_GOES_ON = "plan_goes_on", "The plan goes on"
    PLAN_CHANGES = "plan_changes", "The plan changes"
    PLAN_ENDS = "plan_ends", "The plan ends"
    AGREED = "agreed", "Agreed"
    NOT_AGREED = "not_agreed", "Not agreed"


class ChallengeAbout(models.TextChoices):
    """About what one agency challenges another (practice.md 6.5)."""

    ABSENT = "absent", "Nobody came who could decide"
    NOT_GIVEN = "not_given", "What was asked for was not given"
    ACTION = "action", "An agency action that was not taken on, or not done"
    DECISION = "decision", "A decision that we see otherwise"
    OTHER = "other", "Something else"


class StepKind(models.TextChoices):
    """What was done of a challenge."""

    RAISED = "raised", "Raised"
    ATTEMPT = "attempt", "Tried"
    ANSWERED = "answered", "Answered"
    CLIMBED = "climbed", "To the next stage"
    URGENT = "urgent", "Urgent: to the heads of service at once"
    SETTLED = "settled", "Settled"
    DISSENT = "dissent", "Ended, the dissent kept"


class Evidence(models.TextChoices):
    """What shows that a panel may ask less of agencies for a child: evidence, not time (practice.md 4.7.4)."""

    NO_SIGN = "no_sign", "No sign of harm for three months"
    PLAN_DONE = "plan_done", "What the safety plan asked for is done"
    AGREED = "agreed", "The child and the carers agree"
    EDUCATION = "education", "School, training or work is in place"
    NETWORK = "network", "The people around the child are confirmed"
    NEXT_CONTACT = "next_contact", "It is named who meets the child next, and when"
    WAY_BACK = "way_back", "It is agreed what brings the child back to the panel"


class ClosedAs(models.TextChoices):
    """Why a panel lets a child go (practice.md 4.7.4). To take the child on again is one item on the next agenda."""

    SAFE_PLAN_HOLDING = "safe_plan_holding", "The safety plan holds"
    AGE_18_TRANSITION = "age_18_transition", "18, and handed over"
    MOVED_TRANSFERRED = "moved_transferred", "Moved, and taken over there"
    NO_EVIDENCE_FOUND = "no_evidence_found", "Nothing was found"
    DIED = "died", "The child died"
