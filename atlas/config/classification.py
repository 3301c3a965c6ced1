"""What every column holds, in the eyes of data protection: one class for each field of each table of Atlas, named here by hand.

The classes follow the UK GDPR (Article 4: personal data; Article 9: special categories; Article 10: criminal offences; the articles
are recalled, not read for this page). Free text about a child is special, since anybody may write about health, sexual life or
an offence in it. The guard in tests/guards fails for a field that is named nowhere, twice, or is not there any more;
`docs/data-dictionary.md` is made from it. The tables of Django, of sign-in and of jobs are not here: they are not ours.
"""

from atlas.config.classified_asked_for import ASKED_FOR
from atlas.config.classified_grounds import GROUNDS
from atlas.config.classified_meetings import MEETINGS
from atlas.config.classified_plans import PLANS
from atlas.config.classified_profile import PROFILE
from atlas.config.classified_retention import RETENTION
from atlas.config.privacy import OPERATIONAL, PERSONAL, PUBLIC, SPECIAL, PrivacyClass

# Keys, and links to other rows, of any table: what stands behind a link is classified in its own table. Only these names, and
# only where the column is a key or a link; a table may still class a link higher by naming it below.
LINKS = (
    "id child person episode interview entry row delivery clock task alert corrects held_with started_by stopped_by authority "
    "authorities responsible_authority host_authority agency team user groups user_permissions post line_manager deputy holder_post "
    "holder_team granted_by made_by named_by recorded_by received_by carried_by decided_by owner_post owner_team ended_by acknowledged_by "
    "to_post interviewer deliverer issued_by held_by not_offered_by offered_by with_post added_by set_by changed_by return_team accepted_by "
    "closed_by answered_by reviewed_by break_glass confirmed_by written_by plan registered_by system grant lifted_by checked_by "
    "asked_by opened_by previous lower_by judged_by assessment added_in ended_in kept_by entered_by owner_agency referral measure"
)

CLASSES: dict[str, dict[PrivacyClass, str]] = {
    "gate.Relationship": {
        PERSONAL: "kind from_at until_at because ended_because",
        OPERATIONAL: "source_label source_id",
    },
    # That somebody knows a family, or that a child asked not to be seen by somebody, is in the link itself.
    "gate.Block": {SPECIAL: "because lifted_because", PERSONAL: "child user source from_at until_at told_at"},
    "gate.Restriction": {SPECIAL: "because ended_because", PERSONAL: "child sensitivity from_at until_at"},
    "gate.NamedHolder": {SPECIAL: "because ended_because", PERSONAL: "child from_at until_at"},
    "gate.Proposal": {
        SPECIAL: "arguments because decided_because",
        PERSONAL: "child permission command purpose proposed_by proposed_at expires_at state decided_at",
        OPERATIONAL: "about_label about_id content decided_tx",
    },
    "gate.Act": {
        PERSONAL: "event command outcome decision child_id signed_in guest acted_at relationships purpose device network proposed_by",
        OPERATIONAL: "tx session request on_behalf about_label about_id result_label result_id key content written_at policy rows",
    },
    # What was typed may be about anything in a child's life; that somebody typed at a page about a child is personal.
    "gate.Draft": {SPECIAL: "typed", PERSONAL: "page record saved_at", OPERATIONAL: "key"},
    "gate.Look": {
        PERSONAL: "event page about_child children through relationships terms decision purpose looked_at device network",
        OPERATIONAL: "tx session request on_behalf written_at policy",
    },
    "running.Beat": {OPERATIONAL: "name beat_at"},
    "running.JobFailure": {OPERATIONAL: "job kind failed_at"},
    "packs.PackKey": {OPERATIONAL: "public set_at ended_at"},
    "packs.Pack": {OPERATIONAL: "key made_at held digest"},
    "packs.PackOpening": {PERSONAL: "by_words because opened_at", OPERATIONAL: "pack entered_at"},
    "running.ReadOnlySpell": {PERSONAL: "because since_at ended_at begun_by"},
    "running.EnteredLooks": {OPERATIONAL: "digest rows entered_at"},
    "running.Shelved": {
        PERSONAL: "because decided_at",
        OPERATIONAL: "job task queue since_at tries kind told for_post state shelved_at",
    },
    "audit.Seal": {OPERATIONAL: "number low_tx high_tx rows root previous sealed_at key signature"},
    "audit.OddLook": {
        SPECIAL: "words",
        PERSONAL: "reason person_looking looks looked_at children outcome",
        OPERATIONAL: "day look found_at due_on closed_at",
    },
    # That a child is guarded, and that somebody looked for this child, is in the link itself.
    "desk.SilentNotice": {PERSONAL: "child searched_at"},
    "desk.FrontDoorQuestion": {SPECIAL: "words", PERSONAL: "name born_on number asked_at outcome", OPERATIONAL: "answered_at"},
    "guidance.ThresholdDocument": {PUBLIC: "title edition owner valid_from review_on levels", OPERATIONAL: "set_at"},
    "contacts.Contact": {
        SPECIAL: "concern words said is_safe parents_told level_given set_aside_words who_words reach_words where_words born_words",
        PERSONAL: "source raised_by received_at name state rating set_aside matched_by matched_at rated_by rated_at",
        OPERATIONAL: "together decide_by rated_due_at closed_at tells_at told_times form_key",
    },
    "contacts.ContactDecision": {
        SPECIAL: "level_given level outcome criteria rationale options proportionate dissent",
        PERSONAL: "decided_at",
        OPERATIONAL: "contact document",
    },
    "contacts.SecondView": {SPECIAL: "agrees level reasons", PERSONAL: "given_by given_at", OPERATIONAL: "decision"},
    "contacts.ContactAnswer": {SPECIAL: "words because", PERSONAL: "how not_answered answered_at", OPERATIONAL: "contact"},
    "contacts.AgencyAsk": {
        SPECIAL: "question reply about_words",
        PERSONAL: "to_team asked_by asked_at knows replied_by replied_at",
        OPERATIONAL: "contact due_at",
    },
    "contacts.Assessment": {
        SPECIAL: "seen_words review_words factors analysis outcome",
        PERSONAL: "referred_at started_at seen_at seen_alone reviewed_at authorised_by authorised_at",
        OPERATIONAL: "contact",
    },
    "contacts.AssessmentExtension": {SPECIAL: "reason", PERSONAL: "until_on extended_by extended_at", OPERATIONAL: "assessment"},
    "break_glass.BreakGlass": {
        SPECIAL: "reason",
        PERSONAL: "child purpose callback opened_at until_at is_refused",
        OPERATIONAL: "review_due_at guardian_at",
    },
    "break_glass.BreakGlassNotice": {PERSONAL: "told_at", OPERATIONAL: "handed_at"},
    "break_glass.BreakGlassReview": {SPECIAL: "words", PERSONAL: "outcome reviewed_at"},
    # That something was said of somebody is in the link itself.
    "allegations.Allegation": {
        SPECIAL: "words accused_name works_for",
        PERSONAL: "child accused works_as child_name child_born_on recorded_by recorded_at",
    },
    "allegations.AllegationStep": {
        SPECIAL: "words answer",
        PERSONAL: "child allegation kind to_post made_by made_at recorded_by",
        OPERATIONAL: "due_at instead_of meets_on",
    },
    "audit.LooksChecked": {OPERATIONAL: "day odd checked_at"},
    "agencies.Authority": {PUBLIC: "code name front_door_number is_partner", OPERATIONAL: "staffed_number"},
    "agencies.Agency": {PUBLIC: "name kind agreement agreement_until"},
    "agencies.Team": {PUBLIC: "name purpose", OPERATIONAL: "telephone email reference district"},
    "agencies.User": {
        PERSONAL: "username first_name last_name email telephone last_login date_joined opened_at suspended_at suspended_because closed_at "
        "council_subject odd_sign_in_at",
        OPERATIONAL: "password is_superuser is_staff is_active session_epoch",
    },
    "agencies.Post": {
        PERSONAL: "title role from_on until_on ended_at reference clearance vetting_reference vetted_until",
        OPERATIONAL: "is_service",
    },
    "accounts.Enrolment": {OPERATIONAL: "code_hash issued_at expires_at used_at"},
    "accounts.SignIn": {PERSONAL: "tried_at way came device network is_odd"},
    "systems.ConnectedSystem": {OPERATIONAL: "name public_key hook registered_at ended_at"},
    "systems.SystemGrant": {PERSONAL: "purpose from_at until_at", OPERATIONAL: "session_epoch"},
    "systems.SystemCall": {OPERATIONAL: "number called_at"},
    "agencies.Skill": {PERSONAL: "kind words until_on recorded_at"},
    "agencies.ContactPoint": {PERSONAL: "deputy named_at"},
    "agencies.Shift": {PERSONAL: "from_at until_at is_leave covered_by"},
    "people.Person": {SPECIAL: "ethnicity language communication", PERSONAL: "sex born_on died_on"},
    "people.Name": {PERSONAL: "forename surname key from_on until_on", OPERATIONAL: "is_in_use source"},
    "people.Identifier": {PERSONAL: "kind system value from_on until_on", OPERATIONAL: "source"},
    "people.ContactDetail": {PERSONAL: "kind text postcode from_on until_on", OPERATIONAL: "source reference"},
    "children.Child": {SPECIAL: "expected_on pregnancy_ended_on", PERSONAL: "name born_on mother_name"},
    # That a set of some kinds exists says something of the child's health, or that somebody spoke. What is in one stands in no table of Django's.
    "sealed.SealedSet": {SPECIAL: "kind", PERSONAL: "sealed_at sealed_by lifted_at"},
    "sealed.SealedLocation": {PERSONAL: "since until_at"},
    "sealed.SealLift": {SPECIAL: "sealing because", PERSONAL: "is_put_back proposed_by lifted_by lifted_at done_at"},
    # What a worker says of their own home; what it has in common with a child may say something of either's life.
    "connections.Declaration": {PERSONAL: "asked_at due_on declared_at surnames house street postcode telephones schools"},
    "connections.Suggestion": {SPECIAL: "words", PERSONAL: "child reason found_at outcome closed_at"},
    "connections.Tie": {PERSONAL: "tied kind grade source from_at until_at review_on is_error", OPERATIONAL: "source_key"},
    "feeds.Delivery": {
        PERSONAL: "file_name",
        OPERATIONAL: "source layout is_historic digest state reason received_at as_at committed_at rows_read is_partial asked_for asked_at asked_job not_done",
    },
    # A row holds what the partner sent, as it was sent.
    "feeds.Row": {
        SPECIAL: "values reason",
        PERSONAL: "child_id source_key",
        OPERATIONAL: "table number meaning state result_label result_id",
    },
    "copies.Copy": {
        SPECIAL: "reason",
        PERSONAL: "kind about_label about_id left_out reference",
        OPERATIONAL: "state channel owed_at due_at screened_at sent_at digest tries filed_at rung climbs_at",
    },
    "copies.CopyChannel": {OPERATIONAL: "channel decided_at"},
    # That two records may be of one child is in the links; the reasons say of names and dates only how far they agree.
    "linkage.Pair": {
        SPECIAL: "because settles reasons",
        PERSONAL: "child other_child found_at found_from state ask_again_on stands decided_at",
    },
    "linkage.PairDecision": {SPECIAL: "because settles", PERSONAL: "child other_child outcome stands decided_at", OPERATIONAL: "pair"},
    "linkage.PairSearch": {OPERATIONAL: "day searched_at records compared asked"},
    "feeds.Master": {PUBLIC: "record system", OPERATIONAL: "decided_at"},
    "feeds.CodeMapping": {PERSONAL: "code", OPERATIONAL: "source list_name meaning first_seen_at decided_at"},
    "chronology.Entry": {
        SPECIAL: "kind words event",
        PERSONAL: "happened_at happened_precision known_at known_precision",
        OPERATIONAL: "recorded_at about_label about_id is_historic",
    },
    "clocks.Clock": {
        SPECIAL: "missed_words",
        PERSONAL: "limit limit_name why started_at started_precision due_at due_latest_at stopped_at outcome missed_reason",
        OPERATIONAL: "limit_version about_label about_id is_historic overdue_noticed_at",
    },
    "clocks.LocalLimit": {PUBLIC: "limit count unit source valid_from valid_until", OPERATIONAL: "set_at"},
    "clocks.BankHolidayChange": {PUBLIC: "day is_holiday name source", OPERATIONAL: "changed_at"},
    "tasks.Task": {PERSONAL: "name due_at state ended_at", OPERATIONAL: "about_label about_id"},
    "tasks.Alert": {PERSONAL: "reason raised_at acknowledged_at", OPERATIONAL: "about_label about_id rung climbs_at"},
    "allocation.Promise": {SPECIAL: "words outcome_words", PERSONAL: "made_at outcome ended_at"},
    "allocation.TalkWish": {SPECIAL: "words", PERSONAL: "sex language said_at"},
    "allocation.TrustedAdult": {PERSONAL: "name who said_at ended_at"},
    "sharing.CarerWords": {SPECIAL: "words did", PERSONAL: "kind sent_at did_at did_by request", OPERATIONAL: "key"},
    "advice.Referral": {
        SPECIAL: "question answer outcome_words asked_words",
        PERSONAL: "wants asked_at asked_by state adviser accepted_at answered_at outcome decided_at ended_at",
    },
    "tasks.OvernightLine": {PERSONAL: "morning_on what noted_at accepted_at", OPERATIONAL: "about_label about_id climbed_at"},
    "tasks.Notice": {PERSONAL: "to_words told_at answer", OPERATIONAL: "rung channel reference"},
    "allocation.Allocation": {PERSONAL: "capacity from_at until_at change_reason", OPERATIONAL: "source_key as_at"},
    "allocation.ResponsibleTeam": {PERSONAL: "from_at until_at is_front_door"},
    # Why a child is in need, protected or looked after is in the status itself; a legal status may be a court's.
    "statuses.Spell": {SPECIAL: "status detail", PERSONAL: "from_on until_on", OPERATIONAL: "source_key as_at"},
    "statuses.Placement": {
        SPECIAL: "kind",
        PERSONAL: "provider postcode is_out_of_area from_on until_on",
        OPERATIONAL: "source_key as_at",
    },
    "statuses.LegalStatus": {SPECIAL: "code", PERSONAL: "from_on until_on", OPERATIONAL: "source_key as_at"},
    "statuses.Conference": {SPECIAL: "kind is_for_plan", PERSONAL: "due_on held_on", OPERATIONAL: "source_key as_at"},
    "statuses.Disability": {SPECIAL: "code", OPERATIONAL: "source_key as_at"},
    "statuses.Family": {PERSONAL: "number", OPERATIONAL: "source_key as_at"},
    "intelligence.Raw": {
        SPECIAL: "wording source_reference conditions",
        PERSONAL: "reference source information handling known_on",
        OPERATIONAL: "author old_source old_information old_handling review_on regime recorded_at",
    },
    "intelligence.Product": {
        SPECIAL: "wording conditions capacity fact_or_opinion month checklist ended_because",
        PERSONAL: "source information handling named_agencies",
        OPERATIONAL: "raw author edition state review_on regime proposed_by proposed_at released_by released_at ended_by ended_at",
    },
    # What was shared, with whom and why: the version itself, frozen.
    "sharing.Disclosure": {
        SPECIAL: "asked_words reason family_reason selection view",
        PERSONAL: "outcome purpose ground is_family_told is_agreed recipient made_at until_at",
        OPERATIONAL: "digest content_digest policy repeats",
    },
    # What left, for whom and why; the file itself holds what the list's columns hold, locked.
    "sharing.Export": {
        SPECIAL: "reason",
        PERSONAL: "outside_name outside_organisation recipient purpose asked_at until_at delivered_at children_counted",
        OPERATIONAL: "mark reference listed columns format period_from period_until state rows digest policy most_children approval",
    },
    "returns.ReturnCheck": {
        SPECIAL: "content questions tables counts skipped",
        OPERATIONAL: "year findings_counted secret checked_at until_at",
    },
    "sharing.ExportFile": {SPECIAL: "content", PERSONAL: "children recipient", OPERATIONAL: "export record secret until_at"},
    # What somebody without an account was asked, and what they answered. The number is that of a professional, checked by a worker.
    "sharing.GuestRequest": {
        SPECIAL: "reason family_reason view",
        PERSONAL: "guest_name organisation number checked_by checked_on purpose ground is_family_told is_agreed made_at expires_at ended_at opened_at answered_at",
        OPERATIONAL: "digest policy token_hash code_hash code_until code_sent_at codes_sent wrong_tries proof_hash proof_until asks rests_on about_label "
        "about_id",
    },
    "sharing.GuestAnswer": {SPECIAL: "words file", PERSONAL: "kind answered_at", OPERATIONAL: "request file_kind key rests_on"},
    # What keeps a child safe, and of whom.
    "missing.MissingProfile": {SPECIAL: "exploitation_marked_at exploitation_words health places people"},
    "missing.Episode": {
        SPECIAL: "found_words returned_to last_seen_place worry tried intended clothing taken risk_factors risk_words grade "
        "strategy_decision strategy_reason",
        PERSONAL: "state last_seen_at last_seen_precision noticed_at expected_back_at reported_at reported_precision police_recorded_at "
        "council_told_at council_told_precision parent_told_at ended_at ended_because found_at found_precision returned_at returned_precision "
        "first_returned_at first_returned_precision police_reference police_force police_status council_status reporter_name "
        "reporter_role reporter_contact",
        OPERATIONAL: "reference return_recorded_at source_key is_historic",
    },
    "missing.ReturnCorrection": {SPECIAL: "reason", PERSONAL: "from_at from_precision to_at to_precision", OPERATIONAL: "corrected_at"},
    "missing.PoliceReport": {
        SPECIAL: "grade",
        PERSONAL: "force_reference reported_at reported_precision returned_at returned_precision status",
        OPERATIONAL: "force source_key as_at received_at is_undone",
    },
    "missing.Difference": {
        SPECIAL: "reason police_says council_says",
        PERSONAL: "differs police_at police_precision council_at council_precision state stands",
        OPERATIONAL: "police_report found_at settled_at",
    },
    "missing.ReportCorrection": {SPECIAL: "reason", PERSONAL: "from_at from_precision to_at to_precision", OPERATIONAL: "corrected_at"},
    "missing.PlacedInNotice": {
        SPECIAL: "risk_told ended_reason",
        PERSONAL: "placed_on is_emergency heard_from notified_on home_name home_telephone worker_name worker_telephone out_of_hours_telephone ended_on",
    },
    "transfers.Transfer": {
        SPECIAL: "reason view answer_words to_words",
        PERSONAL: "state from_authority to_authority host_after numbers started_at answered_at lead",
    },
    "missing.Comparison": {OPERATIONAL: "day compared_at episodes agreed asked"},
    "missing.StatusChange": {SPECIAL: "reason", PERSONAL: "by_agency from_status to_status changed_at"},
    "missing.PoliceGrade": {SPECIAL: "grade reasons named_reason", PERSONAL: "graded_at grader review_at", OPERATIONAL: "scheme"},
    "missing.ContactOrSighting": {
        SPECIAL: "place words",
        PERSONAL: "kind happened_at happened_precision source source_grade",
    },
    # A picture can show ethnicity, religion and health.
    "missing.Photograph": {SPECIAL: "image", PERSONAL: "taken_on", OPERATIONAL: "width height added_at"},
    "missing.ReturnInterview": {
        SPECIAL: "held_where advocate_answer how_child_communicates interpreter considered_missing before_words during_words after_words "
        "help_words professional_view places_answer people_answer refused_words not_offered_because not_offered_reason "
        "closed_because closed_reason",
        PERSONAL: "state due_at returned_at returned_precision first_offered_at accepted_at held_at held_precision cares_for_child "
        "works_in_placement independence timeliness timeliness_at_first shared_timeliness explained_at seen_alone "
        "advocate_offered_at shared_at closed_at counted offer_minutes told_minutes reply",
        OPERATIONAL: "return_recorded_at draft_saved_at reply_taken",
    },
    "missing.PreventionInterview": {
        SPECIAL: "sexual_harm advice_words clothing_kept injury_words where_words said_words referral_words next_time_words held_by_words",
        PERSONAL: "held_at held_precision mode seen_alone crime_reference",
    },
    "missing.RepeatTrigger": {SPECIAL: "decision_words", PERSONAL: "rule episodes fired_at decided_at"},
    "missing.QualityCheck": {
        SPECIAL: "checked_words",
        PERSONAL: "causes harm places_people wishes follow_up",
        OPERATIONAL: "drawn_at drawn_words checked_at",
    },
    "missing.SecondReading": {SPECIAL: "codes", PERSONAL: "had_seen", OPERATIONAL: "recorded_at"},
    "missing.MissingTogether": {SPECIAL: "because ended_because", PERSONAL: "other_child other_episode made_at ended_at"},
    "missing.StepTaken": {SPECIAL: "words", PERSONAL: "step step_name taken_at"},
    "missing.PersonTold": {SPECIAL: "name_words words", PERSONAL: "who how told_at"},
    "missing.NotToldYet": {SPECIAL: "whom_words reason lifted_because", PERSONAL: "decided_at lifted_at"},
    "missing.TriggerPlan": {
        SPECIAL: "keeper_words known_as_words looks_words communication_words health_words worry_words telephone_words online_words "
        "transport_words people_words places_words safe_people_words safe_places_words reach_words return_words made_with",
        PERSONAL: "kept_by",
        OPERATIONAL: "confirmed_at",
    },
    "missing.TriggerAction": {SPECIAL: "trigger_words actor_words action_words within_minutes", PERSONAL: "place is_withdrawn"},
    "missing.TriggerPlanVersion": {SPECIAL: "content", PERSONAL: "changed", OPERATIONAL: "number why written_at"},
    "missing.Offer": {SPECIAL: "words", PERSONAL: "offered_at offered_precision to_child via method answer"},
    "missing.Appointment": {SPECIAL: "place words", PERSONAL: "meets_at came"},
    "missing.Answer": {SPECIAL: "question code how_known is_withdrawn"},
    "missing.LocationMention": {SPECIAL: "words kind area is_withdrawn settled place", OPERATIONAL: "settled_at settled_by"},
    "missing.AssociateMention": {SPECIAL: "words nickname age_words how_met online is_withdrawn"},
    "missing.Part": {
        SPECIAL: "audience words wish is_shared reason passed_to",
        PERSONAL: "child_told_at passed_on_at",
    },
    # That a child is exploited is special by itself: often sexual life, or an offence.
    "exploitation.ExploitationAssessment": {
        SPECIAL: "types details sexual_models radicalisation honour_based peer_sexual asked_words child_said child_words parent_said parent_words "
        "why_now_words hypothesis_words mind_words level is_harm level_words agreed_words prompts lower_words",
        PERSONAL: "kind state opened_at judged_at finished_at replaced_at lower_at",
    },
    "exploitation.Contribution": {SPECIAL: "who_words words", PERSONAL: "given_at"},
    "exploitation.Dissent": {SPECIAL: "who_words words", PERSONAL: "said_at"},
    "exploitation.LocalScore": {SPECIAL: "answers_words score_words band_words band_level differs_words", PERSONAL: "scheme entered_at"},
    "exploitation.AssessmentItem": {
        SPECIAL: "kind code words source_words grade first_seen_on last_seen_on ended_words",
        PERSONAL: "added_at ended_at",
        OPERATIONAL: "about_label about_id",
    },
    "exploitation.Harm": {
        SPECIAL: "code certainty words action_words source_words grade first_seen_on last_seen_on ended_words",
        PERSONAL: "added_at ended_at",
        OPERATIONAL: "about_label about_id",
    },
    "exploitation.NrmReferral": {
        SPECIAL: "state responder responder_words route types safe_words told_words reason reconsider_words",
        PERSONAL: "decided_on reference reconsider_on settled_at recorded_at",
    },
    "exploitation.NrmDecision": {SPECIAL: "stage is_positive words is_again", PERSONAL: "decided_on recorded_at"},
    "exploitation.Measure": {
        SPECIAL: "kind against_words owner_words result result_words basis grounds_words authority_from issued_by_words served_words",
        PERSONAL: "started_on ends_on served_on reviewed_on recorded_at ended_at",
    },
    "exploitation.MeasureBreach": {SPECIAL: "words", PERSONAL: "happened_on recorded_at"},
    "exploitation.ConcernForOthers": {
        SPECIAL: "words source_words grade made_words nrm_words youth_justice_words other_words ended_words",
        PERSONAL: "seen_on review_on recorded_at ended_at",
    },
    "exploitation.KeptWord": {SPECIAL: "phrase reason", PERSONAL: "kept_at", OPERATIONAL: "about_label about_id"},
    **GROUNDS,
    **MEETINGS,
    **PLANS,
    **PROFILE,
    **RETENTION,
    **ASKED_FOR,
}

# Tables with personal fields that are not about a child, and so not behind the gate: each with its reason.
NOT_ABOUT_A_CHILD = {
    "agencies.User": "staff: colleagues must know each other's names and telephone numbers; no child is named",
    "agencies.Post": "staff: who holds which post, so that an act or a look can be laid at somebody's door",
    "accounts.SignIn": "staff: when and from what device somebody signed in; read by administrators, who see no child",
    "agencies.Skill": "staff: what they are trained in and which languages they speak, so that a child meets somebody who can",
    "agencies.ContactPoint": "staff: whom one asks in an agency, and who stands in",
    "packs.PackOpening": "staff: who opened an emergency pack, and when; which children it held, the look says",
    "running.ReadOnlySpell": "staff: who let nobody change a record, when and why",
    "running.Shelved": "staff: which message did not leave, whom it was for, who decided about it; no child is named",
    "agencies.Shift": "staff: the rota; that somebody is on leave is here, why is not",
    "systems.SystemGrant": "staff: through which system of their agency somebody acts, and for what purpose; no child is named",
    "feeds.Delivery": "a partner names its file, and should name no child in it; read on the pages of those who keep deliveries in order",
    "feeds.CodeMapping": "what stood in a column of codes, where a partner may have typed words; read on the same pages",
}


def privacy_class(label: str, name: str, *, is_link: bool) -> PrivacyClass:
    """The class of one field (`label`: its table, as "missing.Episode"). Raises ValueError where nobody has named it, or twice."""
    found = [of for of, names in CLASSES.get(label, {}).items() if name in names.split()]
    if not found and name == "version" and label in CLASSES:
        return OPERATIONAL  # counted by the database, in every table that may be altered
    if not found and is_link and name in LINKS.split() and label in CLASSES:
        return OPERATIONAL
    if len(found) != 1:
        named = " and ".join(found) or "in no class"
        raise ValueError(f"{label}.{name} is named {named}. Name it once in atlas/config/classification.py.")
    return found[0]
