"""The classes of the tables of people of concern, groups and places; the others are in classification.py."""

from atlas.config.privacy import OPERATIONAL, PERSONAL, SPECIAL, PrivacyClass

_PERSONAL = "source information added_by added_at reviewed_by reviewed_at"
_OPERATIONAL = "authority agency regime review_on expires_on"
_SPECIAL = "why purpose_words source_words name"
GROUNDS: dict[str, dict[PrivacyClass, str]] = {
    "connections.Group": {SPECIAL: f"{_SPECIAL} harm_words", PERSONAL: f"{_PERSONAL} kind", OPERATIONAL: _OPERATIONAL},
    "connections.PersonOfConcern": {
        SPECIAL: f"{_SPECIAL} other_names adult_words capacity",
        PERSONAL: f"{_PERSONAL} born_on",
        OPERATIONAL: _OPERATIONAL,
    },
    "network.Link": {
        SPECIAL: "why purpose_words source_words other_child person kind capacity other_capacity is_concern_too concern_words drawn_in drawn_in_words ended_words",
        PERSONAL: f"{_PERSONAL} confidence first_seen_on last_seen_on ended_at is_error",
        OPERATIONAL: "regime review_on expires_on instead_of group place",
    },
    "network.Together": {
        SPECIAL: "children occasions expected answer answer_words",
        PERSONAL: "last_on answered_at answered_by",
        OPERATIONAL: "search is_current expires_on",
    },
    "network.TogetherSearch": {
        SPECIAL: "failed_words parameters",
        PERSONAL: "asked_at",
        OPERATIONAL: "from_on until_on state progress input_fingerprint finished_at",
    },
    "places.Place": {
        SPECIAL: f"{_SPECIAL} exact named_as easting northing controlled_by_words",
        PERSONAL: f"{_PERSONAL} type",
        OPERATIONAL: f"{_OPERATIONAL} responsible",
    },
}
