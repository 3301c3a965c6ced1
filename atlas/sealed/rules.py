"""Which sets there are, what stands in each, how long one stays open, and what a reason must be. Pure.

Source: shared/reference/protection.md 4.2 (S3: the sets and their fields; fifteen minutes), 4.6 (a reason of 30 characters).
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

WINDOW = timedelta(minutes=15)
LEAST_REASON = 30
MOST_TEXT = 1000

LOCATION = "location"
# kind -> (what it is called, its fields with what each is called)
SETS: dict[str, tuple[str, dict[str, str]]] = {
    LOCATION: (
        "Location",
        {
            "address": "Address", "postcode": "Postcode", "telephone": "Telephone", "email": "E-mail", "online": "Online account", "school": "School or college",
            "gp": "GP or clinic", "placement": "Placement", "carers": "Names of the carers", "vehicle": "Vehicle", "map_point": "Place on a map",
            "next_appointment": "Where the next appointment is",
            "earlier_address": "Where the child lived before",
        },
    ),
    "new_identity": ("New identity", {"name": "New name", "born_on": "Date of birth in use", "documents": "Numbers and documents"}),
    "adopter": ("Adopters", {"name": "Names", "address": "Address", "telephone": "Telephone"}),
    "refuge": ("Refuge", {"name": "Name of the refuge", "address": "Address", "telephone": "Telephone"}),
    "source": ("Source", {"name": "Who said it", "telephone": "How the person is reached", "known_as": "Known as"}),
    "sexual_health": ("Sexual health", {"clinic": "Clinic", "words": "What is known"}),
    "whistle_blower": ("Whistle-blower", {"name": "Who said it", "telephone": "How the person is reached"}),
}  # fmt: skip

# What the unsealer answers, where it opens nothing: code -> what the person is told, and at which field. What is not here is *not found*.
SAID: dict[str, tuple[str, str | None]] = {
    "no reason": (f"Say why you must see this now, in at least {LEAST_REASON} characters.", "reason"),
    "another is open": ("You have another sealed set open. Close it first: only one is open at a time.", None),
    "too many": ("You have opened sealed sets twelve times within an hour. Wait, or let another custodian open this one.", None),
    "not proved": ("Prove again who you are, then open the set.", None),
}
RING = "A sealed location exists: ring the custodians"
AWAY = "Sealed sets cannot be opened at the moment. Ring the custodians; what is sealed is safe."


def name_of(kind: str) -> str:
    """What a kind of set is called."""
    return SETS[kind][0]


def filled(kind: str, values: Mapping[str, str]) -> dict[str, str]:
    """What was given, field by field, without what is empty and what the set has no place for."""
    return {field: text for field in SETS[kind][1] if (text := values.get(field, "").strip()[:MOST_TEXT])}


def merged(sealings: Iterable[tuple[str, Mapping[str, str]]]) -> list[tuple[str, str, str]]:
    """(field, value, which sealing said it) of one set, sealings in their order: a later value takes an earlier one's place."""
    last: dict[str, tuple[str, str]] = {}
    for sealing, values in sealings:
        last.update({field: (text, sealing) for field, text in values.items()})
    return [(field, *said) for field, said in last.items()]
