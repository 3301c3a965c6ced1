"""Code lists of a missing episode and a return interview. Source: shared/reference/practice.md 3.1, 3.2, 3.8.5 (November 2026).

No national coded list of interview answers was found; these are Atlas's own, built from the prompts in published forms.
"""

from django.db.models import TextChoices


class PoliceStatus(TextChoices):
    """College of Policing authorised professional practice (2017)."""

    MISSING = "MIS", "Missing"
    NOT_MISSING = "NOT", "Not missing: whereabouts known"
    FOUND = "FND", "Found"
    CANCELLED = "CAN", "Report cancelled"


class CouncilStatus(TextChoices):
    """SSDA903 codes M and A, and the status of a child who is away with the carer's knowledge of normal limits."""

    MISSING = "M", "Missing: whereabouts not known"
    AWAY = "A", "Away from placement without authorisation: whereabouts known"
    UNAUTHORISED = "U", "Absent without consent, whereabouts often known"
    NOT_MISSING = "N", "Not missing"


class GradeScheme(TextChoices):
    APP2017 = "APP2017", "College of Policing 2017"
    ACPO2010 = "ACPO2010", "ACPO 2010 (older records)"


class Grade(TextChoices):
    NO_APPARENT_RISK = "NAR", "No apparent risk"
    LOW = "LOW", "Low"
    MEDIUM = "MED", "Medium"
    HIGH = "HIGH", "High"


class RiskFactor(TextChoices):
    UNDER_13 = "under_13", "Under 13"
    MEDICATION = "medication", "Needs medication or treatment"
    SELF_HARM = "self_harm", "Spoke of suicide or self-harm before going"
    INTOXICATED = "intoxicated", "Under the influence of drugs or alcohol when leaving"
    THREAT_TO_OTHER = "threat_to_other", "Threat to another person"
    BAIL = "bail", "Breach of bail"
    DISABILITY = "disability", "Disability or communication need"
    WEATHER = "weather", "Severe weather"
    OUT_OF_CHARACTER = "out_of_character", "Out of character"
    ABUSE = "abuse", "Has been abused"
    EXPLOITATION = "exploitation", "Exploitation known or suspected"
    GIFTS = "gifts", "Unexplained gifts or more use of a phone beforehand"
    LOOKED_AFTER = "looked_after", "Looked after"
    HARMED_BEFORE = "harmed_before", "Harmed while missing before"
    LONGER = "longer", "Away for longer than before"
    PERSON_OF_CONCERN = "person_of_concern", "Last seen with a person of concern"
    ONLINE = "online", "Online contact"
    FORCED_MARRIAGE = "forced_marriage", "Forced marriage or honour-based abuse"
    RADICALISATION = "radicalisation", "Radicalisation"
    DEBT = "debt", "Debt to or threat from a group"
    PREGNANT = "pregnant", "Pregnant"


class ContactKind(TextChoices):
    SIGHTING = "sighting", "Seen by somebody"
    TELEPHONE = "telephone", "Spoke by telephone"
    MESSAGE = "message", "Text or message"
    SOCIAL = "social", "Active on social media"
    CCTV = "cctv", "Seen on CCTV"
    OTHER = "other", "Other"


class SourceGrade(TextChoices):
    """How reliable the source is, as in the 3x5x2 system: reliable, untested, not reliable."""

    RELIABLE = "1", "Reliable"
    UNTESTED = "2", "Untested"
    NOT_RELIABLE = "3", "Not reliable"


class AnswerList(TextChoices):
    """The questions of a return interview whose answers are coded. Each can also be answered: none, or does not want to say."""

    PUSH = "push", "What made you leave?"
    PULL = "pull", "What were you going to?"
    STAYED = "stayed", "Where did you stay?"
    WITH = "with", "Who were you with?"
    HARM = "harm", "Did anyone hurt or scare you?"
    SIGN = "sign", "What else happened?"
    SUBSTANCE = "substance", "Was there alcohol or drugs?"
    TRAVEL = "travel", "How did you get around?"
    DEVICE = "device", "Did you have a phone?"
    HELP = "help", "What should happen now?"


NONE_SAID = "none_said"
DID_NOT_WANT_TO_SAY = "did_not_want_to_say"
FULL_ANSWERS = {NONE_SAID: "None said", DID_NOT_WANT_TO_SAY: "Did not want to say"}  # to any question

ANSWERS: dict[str, dict[str, str]] = {
    "push": {
        "P01": "Conflict with parent or carer", "P02": "Family instability or breakdown", "P03": "Domestic abuse", "P04": "Abuse or neglect",
        "P05": "Parental substance use", "P06": "Problems at school", "P07": "Bullying", "P08": "Loneliness or isolation",
        "P09": "Unhappy where placed", "P10": "Restrictions or sanctions", "P11": "Poor arrangements for seeing family", "P12": "Mental health",
        "P13": "Debt or threat", "P14": "Court or police worry", "P15": "Boredom", "P16": "Fear of someone at home",
        "P17": "Moved or about to be moved", "P99": "Other",
    },
    "pull": {
        "L01": "See friends", "L02": "See family", "L03": "Partner, or an older \"partner\"", "L04": "Party", "L05": "Substances offered",
        "L06": "Money offered", "L07": "An adult encouraging or instructing", "L08": "Online contact", "L09": "Pressure from others",
        "L10": "Area or friends from an earlier home", "L11": "Belonging in a group", "L12": "Food or warmth", "L99": "Other",
    },
    "stayed": {
        "ST01": "Friend's home", "ST02": "Relative", "ST03": "An unknown adult's home", "ST04": "Hotel, B&B or short let",
        "ST05": "A home taken over or used for drugs", "ST06": "Car", "ST07": "Street or park", "ST08": "Public transport", "ST09": "Parent",
        "ST10": "Another placement", "ST11": "Another area, coast or market town", "ST12": "Abroad", "ST99": "Other",
    },
    "with": {
        "W01": "Alone", "W02": "Friends of the same age", "W03": "Older friends", "W04": "Family", "W05": "An adult known to services",
        "W06": "An adult not known", "W07": "A group", "W08": "Another missing child", "W09": "A person of concern", "W99": "Other",
    },
    "harm": {
        "H02": "Threatened", "H03": "Assaulted", "H04": "Sexually assaulted or exploited", "H05": "Given drugs", "H06": "Given alcohol",
        "H07": "Robbed", "H08": "Injured", "H09": "Restrained or moved", "H10": "Filmed, or images taken",
        "H11": "Forced to hold, carry or deal", "H12": "Saw violence", "H13": "Hungry or cold", "H14": "Self-harm", "H99": "Other",
    },
    "sign": {
        "C01": "Money or gifts", "C02": "New phone or SIM", "C03": "Use of vehicles", "C04": "Adults not known", "C05": "Hotels",
        "C06": "Long journeys", "C07": "Older \"partner\"", "C08": "Weapons", "C09": "Drugs", "C10": "Debt", "C11": "Sexual images",
        "C12": "Others recruited", "C13": "Injuries", "C14": "Signs that a home was taken over", "C15": "Fear of a named person",
    },
    "substance": {
        "alcohol": "Alcohol", "cannabis": "Cannabis", "ketamine": "Ketamine", "cocaine": "Cocaine", "mdma": "MDMA", "benzos": "Benzodiazepines",
        "nitrous": "Nitrous oxide", "spice": "Spice", "solvents": "Solvents", "vape": "Nicotine or vape", "other": "Other",
    },
    "travel": {
        "walk": "Walked", "bike": "Bicycle", "bus": "Bus", "train": "Train", "coach": "Coach", "taxi": "Taxi or private hire",
        "car_known": "Car of an adult the child knows", "car_unknown": "Car of an adult not known", "scooter": "E-scooter",
        "friends_car": "Friend's car", "ferry_flight": "Ferry or flight",
    },
    "device": {
        "had": "Had a phone", "not": "Had no phone", "lost": "Phone lost or taken", "wifi": "Wi-fi only", "location_on": "Location sharing on",
        "location_off": "Location sharing off",
    },
    "help": {
        "nothing": "No further action", "social_worker": "Tell the social worker", "police": "Tell the police", "screen": "Exploitation screen",
        "referral": "Referral to the front door", "strategy": "Strategy meeting", "plan": "Change the safety plan", "health": "Health",
        "school": "School", "placement": "Placement", "nrm": "National referral mechanism", "family": "Family work", "mediation": "Mediation",
        "debt": "Help with debt or a group", "mental_health": "Mental health", "sarc": "Sexual assault referral centre", "other": "Other",
    },
}  # fmt: skip


class HowKnown(TextChoices):
    """How a harm came to be known."""

    CHILD = "child", "The child said so"
    INFERRED = "inferred", "Inferred"
    OTHER = "other", "Somebody else said so"


class Mentioned(TextChoices):
    """The answer about places, or about people: an interview is complete with any of them but the last."""

    MENTIONED = "mentioned", "Named below"
    NONE_SAID = "none_said", "None said"
    DID_NOT_WANT_TO_SAY = "did_not_want_to_say", "Did not want to say"
    NOT_ASKED = "not_asked", "Not asked yet"


class Audience(TextChoices):
    """Whom a part of the interview is for. The whole record never goes to everyone."""

    SOCIAL_WORKER = "social_worker", "Social worker"
    POLICE = "police", "Police"
    PARENT = "parent", "Parent or carer"
    RESTRICTED = "restricted", "Kept back: restricted"


class Wish(TextChoices):
    """What the child wished about passing this part on."""

    YES = "yes", "The child agreed"
    NO = "no", "The child asked us not to"
    NOT_ASKED = "not_asked", "Not asked"


class NotOffered(TextChoices):
    """Reasons for not offering an interview; each needs a manager."""

    UNSAFE = "unsafe", "It would have put the child in danger"
    MOVED = "moved", "The duty moved to another authority"
    HOSPITAL = "hospital", "The child was too ill"
    DUPLICATE = "duplicate", "The same episode was recorded twice"
    NOT_MISSING = "not_missing", "The child had not been missing"
    DIED = "died", "The child died"
    OTHER = "other", "Other"


class EndedBecause(TextChoices):
    """Why a missing episode ended without a return."""

    DIED = "died", "The child died"
    MOVED = "moved", "The duty moved to another authority"


class ClosedBecause(TextChoices):
    SHARED = "shared", "Held and passed on"
    SAID_NO = "said_no", "The child said no, and may still change their mind"
    NOT_REACHED = "not_reached", "Not reached after every attempt"
    EIGHTEEN = "eighteen", "The young person is now 18 and did not want it"
    MOVED = "moved", "The duty moved to another authority"
    DIED = "died", "The child died"
    ERROR = "error", "Recorded in error"
    OUTCOME = "outcome", "Held by the responsible authority, which told us what came of it"
    HISTORY = "history", "From before Atlas: what came of it is not recorded here"


class Considered(TextChoices):
    """Did the child consider themself missing? Nearly half in one study did not."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNSURE = "unsure", "Not sure"
    DID_NOT_WANT_TO_SAY = "did_not_want_to_say", "Did not want to say"


class OfferMethod(TextChoices):
    IN_PERSON = "in_person", "In person"
    TELEPHONE = "telephone", "By telephone"
    MESSAGE = "message", "By message"
    LETTER = "letter", "By letter"
    THROUGH_CARER = "through_carer", "Through a carer"


class OfferAnswer(TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No for now"
    THINKING = "thinking", "Not answered yet"


class HowTold(TextChoices):
    """How somebody was told that a child is missing."""

    TELEPHONE = "telephone", "By telephone"
    IN_PERSON = "in_person", "In person"
    MESSAGE = "message", "By message"
    EMAIL = "email", "By e-mail"


class KeptBy(TextChoices):
    """Who keeps a trigger plan current. It moves with the child: the next carer then keeps it (practice.md 3.4)."""

    HOME = "home", "Children's home"
    FOSTER = "foster", "Foster carer"
    SUPPORTED = "supported", "Supported accommodation"
    PARENT = "parent", "Parent or carer at home"
    WORKER = "worker", "Social worker"


class MadeWith(TextChoices):
    """What part the child had in a trigger plan."""

    CHILD = "child", "Made with the child"
    READ = "read", "The child has read it, or heard it read"
    NO = "no", "The child did not want to, and knows of it"
    NOT_YET = "not_yet", "The child has not been asked yet"


class PlanWritten(TextChoices):
    WRITTEN = "written", "Written"
    CHANGED = "changed", "Changed"
    CONFIRMED = "confirmed", "Read, and still right"


class PreventionMode(TextChoices):
    """How the police saw a child on return. By telephone is criticised as poor practice (practice.md 3.7)."""

    IN_PERSON = "in_person", "Face to face"
    TELEPHONE = "telephone", "By telephone"
    THIRD_PARTY = "third_party", "Somebody else saw the child"


class YesNo(TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unknown", "Not known"


class PointAnswer(TextChoices):
    """The answer to one point of a quality check."""

    YES = "yes", "Yes"
    PARTLY = "partly", "Partly"
    NO = "no", "No"
