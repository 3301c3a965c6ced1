"""The kinds of things that happen, in the past tense, with the words the screen uses for each."""

from enum import StrEnum


class Kind(StrEnum):
    """What happened. The value is stored; `words` is what staff read."""

    words: str

    def __new__(cls, value: str, words: str) -> "Kind":
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.words = words
        return kind

    # the child and who works with the child
    REGISTERED = "registered", "First recorded in Atlas"
    BORN = "born", "Born"
    PREGNANCY_ENDED = "pregnancy_ended", "The pregnancy ended without a birth"
    DIED = "died", "Died"
    DEATH_TAKEN_BACK = "death_taken_back", "No longer recorded as having died"
    TRANSFER_STARTED = "transfer_started", "Offered to another authority"
    TRANSFER_ACCEPTED = "transfer_accepted", "Taken over by another authority"
    TRANSFER_REFUSED = "transfer_refused", "Not taken over by another authority"
    TRANSFER_WITHDRAWN = "transfer_withdrawn", "Offer to another authority taken back"
    ALLOCATED = "allocated", "Allocated to a worker"
    ALLOCATION_ENDED = "allocation_ended", "Allocation ended"
    COVERED = "covered", "Covered by another worker"
    CHILD_TOLD = "child_told", "The child was told who works with them now"
    PROMISED = "promised", "Something was promised to the child"
    PROMISE_ENDED = "promise_ended", "What came of a promise to the child"
    STATUS_STARTED = "status_started", "Status started"
    STATUS_ENDED = "status_ended", "Status ended"
    PLACEMENT_STARTED = "placement_started", "Placement started"
    PLACEMENT_ENDED = "placement_ended", "Placement ended"
    CONFERENCE_HELD = "conference_held", "Child protection conference held"
    FACT_VANISHED = "fact_vanished", "No longer in the main case system"
    FACT_BACK = "fact_back", "In the main case system again"
    WRONG_FACT_REPORTED = "wrong_fact_reported", "Said to be wrong in the main case system"
    EXPLOITATION_MARKED = "exploitation_marked", "Concern about exploitation recorded"
    EXPLOITATION_MARK_ENDED = "exploitation_mark_ended", "Concern about exploitation ended"
    CARER_ANSWERED = "carer_answered", "A carer was told what was done"
    # what a team across agencies was asked
    REFERRED_TO_TEAM = "referred_to_team", "Referred to a team with a question"
    REFERRAL_ACCEPTED = "referral_accepted", "A referral was taken on"
    REFERRAL_SENT_BACK = "referral_sent_back", "A referral was sent back"
    ADVICE_GIVEN = "advice_given", "Advice was given"
    ADVICE_DECIDED = "advice_decided", "Decided what to make of the advice"
    # missing
    REPORTED_MISSING = "reported_missing", "Reported missing"
    POLICE_STATUS_CHANGED = "police_status_changed", "Police status changed"
    COUNCIL_STATUS_CHANGED = "council_status_changed", "Council status changed"
    POLICE_GRADED = "police_graded", "Police grade recorded"
    POLICE_GRADE_QUESTIONED = "police_grade_questioned", "Police grade questioned: no apparent risk, despite a concern"
    POLICE_TOLD = "police_told", "Police told"
    CONTACT_OR_SIGHTING = "contact_or_sighting", "Contact or sighting"
    FOUND = "found", "Found"
    RETURNED = "returned", "Returned"
    RETURN_CORRECTED = "return_corrected", "Time of return corrected"
    REPORT_CORRECTED = "report_corrected", "Time of report corrected"
    DIFFERENCE_ANSWERED = "difference_answered", "Difference between police and council records settled"
    PLACED_IN = "placed_in", "Placed here by another authority"
    PLACED_IN_ENDED = "placed_in_ended", "Lives here no longer: placed by another authority"
    EPISODE_WITHDRAWN = "episode_withdrawn", "Missing episode withdrawn"
    STEP_TAKEN = "step_taken", "Step while missing: done"
    PERSON_TOLD = "person_told", "Told that the child is missing"
    NOT_TOLD_YET = "not_told_yet", "Do not tell a parent yet"
    MAY_BE_TOLD = "may_be_told", "The parent may be told"
    PREVENTION_INTERVIEW = "prevention_interview", "Seen by the police on return (prevention interview)"
    MISSING_REPEATEDLY = "missing_repeatedly", "Missing repeatedly: something must be decided"
    REPEAT_DECIDED = "repeat_decided", "Decided what follows from missing repeatedly"
    TRIGGER_PLAN_WRITTEN = "trigger_plan_written", "Trigger plan written"
    TRIGGER_PLAN_CONFIRMED = "trigger_plan_confirmed", "Trigger plan read, and still right"
    # the return interview
    INTERVIEW_ALLOCATED = "interview_allocated", "Return interviewer named"
    INTERVIEW_OFFERED = "interview_offered", "Return interview offered to the child"
    INTERVIEW_OFFERED_VIA_CARER = "interview_offered_via_carer", "Return interview offered through a carer"
    INTERVIEW_ACCEPTED = "interview_accepted", "The child said yes to a return interview"
    SAID_NO_FOR_NOW = "said_no_for_now", "The child said no for now"
    INTERVIEW_BOOKED = "interview_booked", "Return interview arranged"
    NOT_MET = "not_met", "We did not manage to meet"
    NOT_REACHED = "not_reached", "The child was not reached"
    MISSING_AGAIN = "missing_again", "Missing again before we met"
    INTERVIEWED = "interviewed", "Return interview held"
    NOT_OFFERED = "not_offered", "Return interview not offered"
    INTERVIEW_SHARED = "interview_shared", "What the child agreed to was passed on"
    RESPONSIBLE_ASKED = "responsible_asked", "The responsible authority was asked about the return interview"
    RESPONSIBLE_ANSWERED = "responsible_answered", "The responsible authority answered"
    INTERVIEW_CLOSED = "interview_closed", "Return interview closed"
    # sharing
    DISCLOSED = "disclosed", "Shared with a named person"
    DISCLOSURE_WITHDRAWN = "disclosure_withdrawn", "Sharing ended early"
    SHARING_REFUSED = "sharing_refused", "Asked for and not shared"
    GUEST_ASKED = "guest_asked", "Somebody without an account was asked"
    GUEST_ANSWERED = "guest_answered", "Somebody without an account answered"
    GUEST_REQUEST_WITHDRAWN = "guest_request_withdrawn", "Question to somebody without an account withdrawn"
    # work
    CLOCK_MISSED_REASON = "clock_missed_reason", "Reason given for a missed time limit"


WORDS = {kind.value: kind.words for kind in Kind}
