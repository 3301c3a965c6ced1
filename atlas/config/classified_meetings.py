"""The classes of the tables of meetings; the others are in classification.py."""

from atlas.config.privacy import OPERATIONAL, PERSONAL, PUBLIC, SPECIAL, PrivacyClass

MEETINGS: dict[str, dict[PrivacyClass, str]] = {
    "meetings.LocalMeetingKind": {
        PUBLIC: "authority key name about chaired_by quorum answers settles is_independent with_family record_within until_age",
        OPERATIONAL: "set_by set_at ended_at",
    },
    "meetings.Panel": {SPECIAL: "terms", PUBLIC: "authority kind name every_days review_on", OPERATIONAL: "opened_by opened_at closed_at"},
    "meetings.PanelMember": {OPERATIONAL: "panel post group part deputy from_at until_at named_by"},
    "meetings.Meeting": {
        SPECIAL: "cancelled_because quorum_reason",
        OPERATIONAL: "authority kind kind_name panel follows starts_at until_at place joining by_telephone state called_at called_by held_at "
        "closed_at closed_by",
    },
    "meetings.MeetingItem": {
        SPECIAL: "title why",
        PERSONAL: "put_by put_at ended_at",
        OPERATIONAL: "meeting kind number person group place came_from",
    },
    "meetings.Invitation": {
        SPECIAL: "words view attended_words reply_words",
        PERSONAL: "part post how prepared_by invited_at invited_by reply replied_at attended is_able_to_decide",
        OPERATIONAL: "meeting group stands_in_for opens_at closes_at withdrawn_at",
    },
    "meetings.MeetingContribution": {
        SPECIAL: "words source_words",
        PERSONAL: "written_by written_at",
        OPERATIONAL: "meeting item agency invitation audience agencies in_room is_new",
    },
    "meetings.MeetingDecision": {
        SPECIAL: "answer words reason dissent evidence closed_as",
        PERSONAL: "decided_by decided_at",
        OPERATIONAL: "meeting item settles dissent_by replaces passed_to",
    },
    "meetings.StepDown": {
        SPECIAL: "evidence child_view no_view_because contingency",
        PERSONAL: "ended_on decided_at decided_by",
        OPERATIONAL: "meeting",
    },
    "meetings.AgencyAction": {
        SPECIAL: "about owner_words words intended evidence_wanted answer_words evidence worked worked_words",
        PERSONAL: "owner_post due_on state agreed_at agreed_by answered_at ended_at worked_at worked_by",
        OPERATIONAL: "meeting item agency chased_at chased_times",
    },
    "meetings.Challenge": {
        SPECIAL: "title words asked interim is_unsafe",
        PERSONAL: "raised_by raised_at put_to put_from answered_at closed_at",
        OPERATIONAL: "meeting authority item action about by_agency to_agency stage due_at told_at is_settled",
    },
    "meetings.ChallengeStep": {SPECIAL: "words", PERSONAL: "put_to put_from made_by made_at", OPERATIONAL: "challenge kind stage"},
}
