"""The classes of the tables of the safety plan, of its copies, and of direct work; the others are in classification.py."""

from atlas.config.privacy import OPERATIONAL, PERSONAL, SPECIAL, PrivacyClass

PLANS: dict[str, dict[PrivacyClass, str]] = {
    "directwork.Programme": {
        SPECIAL: "aim line_words theme tool tool_words speaks speaks_words outcome outcome_words outcome_child_words",
        PERSONAL: "planned worker began_at began_by ended_at ended_by plan",
        OPERATIONAL: "line_key",
    },
    "directwork.DirectWorkSession": {
        SPECIAL: "place planned done took_words took_part_words learned plan_changes next_words not_met_words interpreter",
        PERSONAL: "met happened_at advocate recorded_at programme",
        OPERATIONAL: "number",
    },
    "plans.SafetyPlan": {
        SPECIAL: "closed_because opens_again told_words",
        PERSONAL: "began_at began_by began_because decided_at review_on closed_at",
        OPERATIONAL: "number",
    },
    "plans.PlanVersion": {
        SPECIAL: "because child_words no_view_because level is_harmed",
        PERSONAL: "begun_at agreed_at agreed_by with_child",
        OPERATIONAL: "number assessment_id",
    },
    "plans.PlanLine": {
        SPECIAL: "words risk_words owner_words evidence failed_words status_words ended_because",
        PERSONAL: "section whose due_on telephone checked_at failed_at status status_at ended_at added_at because",
        OPERATIONAL: "key risk_label risk_id left_out_of on_child_copy from_number until_number replaces",
    },
    "plans.PlanDecision": {SPECIAL: "reason also", PERSONAL: "kind strategy decided_at", OPERATIONAL: "number changed seconds"},
    "plans.EventAnswered": {SPECIAL: "event", PERSONAL: "answered_at", OPERATIONAL: "decision"},
    "plans.PatternAnswer": {SPECIAL: "pattern reason", PERSONAL: "cited quiet_until answered_at"},
    "sharing.CopyGiven": {
        SPECIAL: "title copy safe_reason who_else_can_open",
        PERSONAL: "audience how to_whom given_at is_safe_to_hold request about_label about_id made_by",
        OPERATIONAL: "digest",
    },
    "sharing.ChildWords": {
        SPECIAL: "line_words words did",
        PERSONAL: "line kind sent_at answer_by written_by is_acted_on did_at did_by copy_given",
        OPERATIONAL: "key",
    },
}
