"""The classes of requests for a child's record: that somebody asked is personal; what was gathered, weighed and given is whatever the record is."""

from atlas.config.privacy import OPERATIONAL, PERSONAL, SPECIAL, PrivacyClass

ASKED_FOR: dict[str, dict[PrivacyClass, str]] = {
    "subject_access.SubjectAccessRequest": {
        SPECIAL: "words identity_words right_words child_understands child_agrees safe_words refused_words ended_words extended_because",
        PERSONAL: "asks name received_on received_at proof_asked_on proved_on how accepted_at officer extended_at refused_because ended_at",
        OPERATIONAL: "gathered_at state",
    },
    "subject_access.Clarification": {SPECIAL: "words answer", PERSONAL: "asked_on asked_at answered_on", OPERATIONAL: "request"},
    "subject_access.AnswerItem": {
        SPECIAL: "lines marks cuts ground because heading",
        PERSONAL: "source agency happened outcome is_quiet decided_at",
        OPERATIONAL: "request number label source_id digest is_gone",
    },
    "subject_access.Opinion": {SPECIAL: "words who_words", PERSONAL: "asked given_on recorded_at", OPERATIONAL: "request"},
    "subject_access.SubjectAccessAnswer": {
        SPECIAL: "view removals",
        PERSONAL: "made_at released_by released_at",
        OPERATIONAL: "request number digest",
    },
}
