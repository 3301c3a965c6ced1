"""The classes of the tables of profiles: about no child, and protected before they are kept. Free text is special, since anybody may write anything in it."""

from atlas.config.privacy import OPERATIONAL, PERSONAL, SPECIAL, PrivacyClass

PROFILE: dict[str, dict[PrivacyClass, str]] = {
    "profile.ImpactAssessment": {SPECIAL: "content judged_words", PERSONAL: "recorded_at", OPERATIONAL: "about kind fingerprint review_on"},
    "profile.AnalysisRun": {
        SPECIAL: "papers parameters content tells_of failed_words",
        PERSONAL: "asked_at",
        OPERATIONAL: "from_on until_on state progress input_fingerprint finished_at",
    },
    "profile.Finding": {
        SPECIAL: "words action_words measure_words reason",
        PERSONAL: "decided_at owner",
        OPERATIONAL: "run section key found_at due_on decision measured_on",
    },
}
