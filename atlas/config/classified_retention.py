"""The classes of the tables that say how long records are kept. Free text is special, since anybody may write anything in it."""

from atlas.config.privacy import OPERATIONAL, PERSONAL, SPECIAL, PrivacyClass

RETENTION: dict[str, dict[PrivacyClass, str]] = {
    "retention.RetentionClass": {
        PERSONAL: "set_at",
        OPERATIONAL: "group counted_from years years_after_early_death is_law ground source from_on instead_of",
    },
    "retention.RetentionDate": {SPECIAL: "source_words kind on", PERSONAL: "recorded_at"},
    "retention.Hold": {
        SPECIAL: "demand_words reason lifted_because demand matter",
        PERSONAL: "placed_at placed_by lifted_at",
        OPERATIONAL: "period_from period_until review_on",
    },
    "retention.RetentionForecast": {OPERATIONAL: "month counted_on records"},
    "retention.RetentionRun": {
        SPECIAL: "report stopped_because",
        PERSONAL: "selected_by selected_at agreed_by agreed_at",
        OPERATIONAL: "state",
    },
    "retention.DueRecord": {SPECIAL: "ended_because group", PERSONAL: "whose one ended_at", OPERATIONAL: "run due_on state erase_on"},
    "retention.ErasureCertificate": {SPECIAL: "kinds", PERSONAL: "erased_at", OPERATIONAL: "record rows fingerprint"},
    "retention.HoldReview": {SPECIAL: "words", PERSONAL: "reviewed_at", OPERATIONAL: "hold review_on"},
}
