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
    "sealed again": (
        "It has been sealed again since two people lifted it, so it stays sealed. If it is still to be lifted, propose it anew.",
        None,
    ),
    "lifted too long ago": ("Two people lifted this more than seven days ago, and it was not put back. Propose it anew.", None),
    "done already": ("This was put back already. You find it with the contact details.", None),
    "too long": (
        "One line is longer than a contact detail may be, so nothing was put back. Seal it anew in shorter lines, and propose it again.",
        None,
    ),
    "not proved": ("Prove again who you are, then open the set.", None),
}
# Of a location, what has a place in the clear, and which kind of contact detail it is; a postcode goes with its address. The rest stays locked.
PUT_BACK = {"address": "address", "telephone": "telephone", "email": "email", "online": "online"}
MOST_DETAIL, MOST_POSTCODE = 400, 8
RING = "A sealed location exists: ring the custodians"
AWAY = "Sealed sets cannot be opened at the moment. Ring the custodians; what is sealed is safe."


def name_of(kind: str) -> str:
    """What a kind of set is called."""
    return SETS[kind][0]


def filled(kind: str, values: Mapping[str, str]) -> dict[str, str]:
    """What was given, field by field, without what is empty and what the set has no place for."""
    return {field: text for field in SETS[kind][1] if (text := values.get(field, "").strip()[:MOST_TEXT])}


class TooLong(ValueError):
    """A line that no contact detail has room for."""


def details(values: Mapping[str, str]) -> list[dict[str, str]]:
    """What of a location has a place in the clear, as contact details: kind, text, postcode. Raises TooLong where a line is no detail.

    What was taken out of the clear line by line, and joined, is taken apart again; a postcode that is not one address's own stands by itself.
    """
    apart = {field: [part.strip() for part in text.split(";") if part.strip()] for field, text in values.items()}
    addresses, postcodes = apart.get("address", []), apart.get("postcode", [])
    paired = len(addresses) == len(postcodes) and all(len(one) <= MOST_POSTCODE for one in postcodes)
    made = [
        {"kind": kind, "text": text, "postcode": postcodes[place] if paired and field == "address" else ""}
        for field, kind in PUT_BACK.items() for place, text in enumerate(apart.get(field, []))
    ]  # fmt: skip
    made += [] if paired else [{"kind": PUT_BACK["address"], "text": one, "postcode": ""} for one in postcodes]
    if any(len(one["text"]) > MOST_DETAIL for one in made):
        raise TooLong
    return made


def merged(sealings: Iterable[tuple[str, Mapping[str, str]]]) -> list[tuple[str, str, str]]:
    """(field, value, which sealing said it) of one set, sealings in their order: a later value takes an earlier one's place."""
    last: dict[str, tuple[str, str]] = {}
    for sealing, values in sealings:
        last.update({field: (text, sealing) for field, text in values.items()})
    return [(field, *said) for field, said in last.items()]
