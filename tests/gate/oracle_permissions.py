"""What each permission needs, and which roles hold it, as a table to be read by a person: the second entry beside the policy.

First drafted from the policy of November 2026, then read line by line against protection.md 4.1, 4.6 to 4.8 and real-life.md points 3, 5
and 22; kept by hand since. It imports nothing of Atlas. `r` reads, `w` writes, `-` about no child; then who, by the letters below; then
through which relationships alone.
"""

LETTERS = {
    "P": "practitioner", "M": "manager", "H": "head_of_service", "F": "front_door", "C": "missing_coordinator", "E": "emergency_duty",
    "R": "return_interviewer", "W": "police_missing", "O": "police_officer", "I": "intelligence_officer", "h": "health", "s": "school",
    "v": "voluntary_worker", "b": "business_support", "d": "data_officer", "p": "privacy_officer", "a": "system_administrator", "f": "feed",
    "g": "caldicott_guardian", "D": "designated_officer", "S": "professional_standards", "u": "housing", "X": "director", "c": "chair", "i": "information_rights",
}  # fmt: skip
TABLE = """
view_child                  r chronology        PMHFCERWOhsvf
find_child                  - -                 PMHFCERWOIhsvpf
view_missing_now            - -                 PMHFCERWOhsvf
view_night                  - -                 MHFCEW
view_morning                - -                 PMHFCE
view_episode                r missing           PMHFCERWOhsvf
view_interview              r interview         PMHCRf
view_my_work                - -                 PMHFCERWOIhsvbdpfgDSuXci
view_team_work              - -                 MHFCERWf
view_handover               - -                 PMHFCERWOhsv
view_timeliness             - -                 MHCf
view_interviewers           - -                 C
view_unallocated            - -                 MHFf
view_looks                  r audit             MHp
view_releasable_looks       r audit             p                   privacy
view_odd_looks              - -                 p
view_feeds                  - -                 df
view_return_checks          - -                 d
view_time_limits            - -                 PMHFCERWOIhsvbdpafgDSuXci
view_front_door_questions   - -                 FE
ask_front_door              - -                 PMHFCERWOhsv
answer_front_door_question  - -                 FE
raise_contact               - -                 PMHFCERWOhsvuXc
view_my_contacts            - -                 PMHFCERWOhsvuXc
view_asks                   - -                 PMHFCERWOhsvuXc
answer_ask                  - -                 PMHFCERWOhsvuXc
view_thresholds             - -                 PMHFCERWOhsvuXc
set_thresholds              - -                 H
view_contacts               - -                 MHFE
view_contact                - -                 PMHFE
rate_contact                - -                 FE
match_contact               - -                 FE
set_aside_contact           - -                 FE
decide_contact              - -                 MHFE
give_second_view            w screening         MHFE
ask_agency                  - -                 MHFE
answer_referrer             - -                 MHFE
view_consistency            - -                 MHF
view_screening              r screening         PMHFE
view_assessment             r screening         PMHFE
start_assessment            w screening         PMH                 allocated line
record_child_seen           w screening         PMH
review_assessment           w screening         PMH                 allocated line
extend_assessment           w screening         MH                  line
authorise_assessment        w screening         MH                  line
register_child              w child             FCEf
register_unborn             - -                 F
correct_child               w child             f
record_contact_detail       w contact           f
record_allocation           w allocation        f                   feed
cover_child                 w allocation        MHFf                feed front_door line
view_promises               r allocation        PMHCER              allocated break_glass emergency_duty feed front_door information_rights inspection line missing_coordinator return_interview team_duty
view_transfers              - -                 MHC
view_transfer               r allocation        PMHC
start_transfer              w allocation        MH                  line
answer_transfer             w child             MH                  transfer
make_promise                w work              PMHER               allocated emergency_duty line return_interview
end_promise                 w work              PMHER               allocated emergency_duty line return_interview
name_trusted_adult          w work              PMHER               allocated emergency_duty line return_interview
end_trusted_adult           w work              PMHER               allocated emergency_duty line return_interview
record_talk_wish            w work              PMHER               allocated emergency_duty line return_interview
tell_child                  w work              PMHER               allocated emergency_duty line return_interview
record_status               w status            f                   feed
record_death                w child             f                   feed
report_wrong_fact           w chronology        PMHFCERWOhsvf       advice allocated emergency_duty feed front_door line return_interview team_duty
report_missing              w missing           PMHFCEWf
record_contact_or_sighting  w missing           PMHFCEWf
record_police_status        w missing           Wf
record_council_status       w missing           PMHFCEf
record_police_grade         w missing           Wf
record_police_reference     w missing           PMHFCEWf
record_found                w missing           PMHFCEWf
record_return               w missing           PMHFCEWf
report_missing_together     - -                 PMHFCEW
record_return_together      - -                 PMHFCEW
record_missing_together     w missing           PMHFCEW
split_missing_together      w missing           PMHFCEW
correct_return              w missing           PMHFCEWf
correct_report              w missing           PMHFCEWf
withdraw_episode            w missing           MHCf
view_plan                   r plan              PMHFEvf
view_plans                  - -                 MH
start_plan                  w plan              PMH
add_line                    w plan              PMH
agree_plan                  w plan              PMH
confirm_plan                w plan              PMH
decide_no_plan              w plan              PMH
close_plan                  w plan              MH                  line
record_event                w chronology        PMHFCERWv           allocated emergency_duty front_door line missing_coordinator missing_response return_interview team_duty
answer_pattern              w plan              PMH
view_meetings               - -                 PMHFCERWOhsvubXc
view_meeting                - -                 PMHFCERWOhsvubXc
view_child_meetings         r meeting           PMHFCERWOhsvubXc
call_meeting                w meeting           PMHFEXc             allocated line team_duty front_door emergency_duty reviewing
move_meeting                - -                 PMHFCEWObXc
cancel_meeting              - -                 PMHFCEWObXc
put_on_agenda               - -                 PMHFCEWObXc
invite                      - -                 PMHFCEWObXc
record_attendance           - -                 PMHFCEWObXc
hold_meeting                - -                 PMHFCEWObXc
record_meeting_decision     - -                 PMHFCEWObXc
agree_action                - -                 PMHFCEWObXc
judge_action                - -                 PMHFCEWObXc
close_meeting               - -                 PMHFCEWObXc
view_challenges             - -                 PMHFCERWOhsvubXc
view_challenge              - -                 PMHFCERWOhsvubXc
raise_challenge             - -                 PMHFCERWOhsvubXc
answer_challenge            - -                 PMHFCERWOhsvubXc
climb_challenge             - -                 PMHFCERWOhsvubXc
close_challenge             - -                 PMHFCERWOhsvubXc
view_meeting_kinds          - -                 HXc
add_meeting_kind            - -                 H
change_meeting_kind         - -                 H
end_meeting_kind            - -                 H
view_missing_briefing       - -                 MHFCW
begin_missing_briefing      - -                 MHFCW
view_standing_list          - -                 X
hold_in_view                - -                 X
take_out_of_view            - -                 X
view_partnership            - -                 MHXc
answer_invitation           - -                 PMHFCERWOhsvubXc
contribute                  - -                 PMHFCERWOhsvubXc
view_actions                - -                 PMHFCERWOhsvubXc
view_action                 - -                 PMHFCERWOhsvubXc
answer_action               - -                 PMHFCERWOhsvubXc
end_action                  - -                 PMHFCERWOhsvubXc
view_step_downs             - -                 HXc
step_down                   w meeting           PMH                 allocated line
take_on_review              - -                 c
view_panels                 - -                 PMHFCERWOhsvubXc
view_panel                  - -                 PMHFCERWOhsvubXc
open_panel                  - -                 HXc
review_panel                - -                 HXc
name_panel_member           - -                 HXc
end_panel_member            - -                 HXc
call_panel_meeting          - -                 PMHFCEWObXc
view_people_of_concern      - -                 MHCWOhsvubXc
record_person_of_concern    - -                 MHCWOXc
view_person_of_concern      - -                 MHCWOhsvubXc
renew_person_of_concern     - -                 MHCWOXc
remove_person_of_concern    - -                 MHCWOXc
record_group                - -                 MHCWOXc
view_group                  - -                 MHCWOhsvubXc
renew_group                 - -                 MHCWOXc
remove_group                - -                 MHCWOXc
view_places                 - -                 MHCWOhsvubXc
record_place                - -                 MHCWOXc
view_place                  - -                 MHCWOhsvubXc
compare_place               - -                 MHCWOhsvubXc
put_place_on_map            - -                 MHCWOXc
renew_place                 - -                 MHCWOXc
remove_place                - -                 MHCWOXc
view_placed_in              - -                 CE
register_placed_in          - -                 C
record_placed_in            w missing           C
end_placed_in               w missing           C
view_differences            - -                 MHCW
record_police_report        w missing           f                   feed
ask_differences             w missing           f                   feed
answer_difference           w missing           MHC
record_comparison           - -                 f
record_pairs                - -                 f
view_pairs                  - -                 MHFC
view_pair                   r status            MHFC                front_door line missing_coordinator
decide_pair                 w work              MHFC                front_door line missing_coordinator
take_back_pair              w work              MHFC                front_door line missing_coordinator
record_joined               w work              MHFCf               feed front_door line missing_coordinator
add_photograph              w missing           PMHFCEWf
start_exploitation_assessment w exploitation    PMH
agree_lower_level           w exploitation      MH                  line
record_harm                 w exploitation      PMH
view_equality               - -                 H
view_sharing_register       - -                 p
view_data_quality           - -                 HCd
view_impact_assessments     - -                 HXp
record_impact_assessment    - -                 p
run_profile                 - -                 H
view_profiles               - -                 MHCWOXc
view_profile                - -                 MHCWOXc
download_profile            - -                 MHCWOXc
decide_finding              - -                 HX
view_retention              - -                 Hp
view_child_retention        r child             p                   privacy
set_retention_class         - -                 Hp
record_retention_date       r child             p                   privacy
place_hold                  - -                 Hp
review_hold                 - -                 Hp
lift_hold                   - -                 Hp
select_due                  - -                 p
set_run_aside               - -                 Hp
restore_record              - -                 Hp
view_subject_requests       - -                 pi
view_subject_request        r child             pi                  information_rights privacy
receive_subject_request     r child             p                   privacy
accept_subject_request      r child             p                   privacy
refuse_subject_request      r child             p                   privacy
ask_clarification           r child             pi                  information_rights privacy
extend_subject_request      r child             p                   privacy
gather_record               w disclosure        i                   information_rights
view_answer_items           w disclosure        i                   information_rights
weigh_item                  w disclosure        i                   information_rights
record_opinion              w disclosure        i                   information_rights
make_subject_answer         w disclosure        i                   information_rights
view_subject_answer         r child             pi                  information_rights privacy
release_subject_answer      r child             pi                  information_rights privacy
download_subject_answer     w disclosure        i                   information_rights
record_handed_over          w disclosure        i                   information_rights
view_exploitation           r exploitation      PMHFEf
view_network                r exploitation      PMH
record_link                 w exploitation      PMH
answer_together             w exploitation      PMH
search_together             - -                 H
refer_to_nrm                w exploitation      PMH
start_measure               w exploitation      PMH
record_concern_for_others   w exploitation      PMH
record_prevention_interview w missing           PMHCEW
decide_repeat               w missing           MHC
view_mentioned_places       - -                 C
settle_mention              w interview         C                   missing_coordinator
view_quality_checks         - -                 C
check_quality               w interview         C                   missing_coordinator
view_second_readings        - -                 C
view_second_reading         r interview         C                   missing_coordinator
read_again                  w interview         C                   missing_coordinator
take_step                   w missing           PMHFCE
record_told                 w missing           PMHFCEW
do_not_tell_parent          w missing           MH
view_trigger_plan           r missing           PMHFCERW
write_trigger_plan          w missing           PMHCE
set_exploitation_marker     w chronology        PMHEf               allocated emergency_duty feed line
allocate_interview          w interview         MHCf                line missing_coordinator
offer_interview             w interview         PMHCRf
book_interview              w interview         PMHCRf
record_not_met              w interview         PMHCRf
record_not_reached          w interview         PMHCRf
record_interview            w interview         PMHCRf
decide_not_offered          w interview         MHCf                line missing_coordinator
share_interview             w interview         PMHCRf
close_interview             w interview         MHCf                feed line missing_coordinator
ask_responsible             w interview         MHC                 line missing_coordinator
view_intelligence           r intelligence      PMHI
view_intelligence_desk      - -                 I
record_intelligence         w intelligence_raw  I                   intelligence_desk
propose_product             w intelligence      I                   intelligence_desk
release_product             w intelligence      I                   intelligence_desk
decline_product             w intelligence      I                   intelligence_desk
review_intelligence         w intelligence      I                   intelligence_desk
withdraw_product            w intelligence      I                   intelligence_desk
acknowledge_alert           w work              PMHFCERWOhsvf       advice allocated emergency_duty feed front_door intelligence_desk line missing_coordinator missing_duty missing_response return_interview team_duty
record_call                 w work              PMHFCERWOhsvf       advice allocated emergency_duty feed front_door intelligence_desk line missing_coordinator missing_duty missing_response return_interview team_duty
accept_overnight            w work              PMHFC               advice allocated emergency_duty feed front_door intelligence_desk line missing_coordinator missing_duty missing_response return_interview team_duty
give_missed_reason          w work              PMHCRf
complete_task               w work              PMHFCERWOhsvf       advice allocated emergency_duty feed front_door intelligence_desk line missing_coordinator missing_duty missing_response return_interview team_duty
reassign_work               w allocation        MH                  line
record_leave                - -                 MH
view_rota                   - -                 PMHFCERW
put_on_shift                - -                 MH
swap_shift                  - -                 MH
take_off_shift              - -                 MH
view_tray                   - -                 MHCR
record_skill                - -                 MH
name_contact_point          - -                 MH
end_leave                   - -                 MH
view_referrals              - -                 PMHFCERWOhsv
view_referral               - -                 PMHFCERWOhsv
view_advice                 r chronology        PMHFCERW
refer_to_team r missing PMHFCERWOhsv allocated emergency_duty front_door known_to line missing_coordinator missing_response return_interview team_duty
accept_referral             w chronology        PMHCRW              advice
send_back_referral          w chronology        PMHCRW              advice
give_advice                 w chronology        PMHCRW              advice
decide_on_advice r missing PMHFCERWOhsv allocated emergency_duty front_door known_to line missing_coordinator missing_response return_interview team_duty
view_disclosures            w disclosure        PMH
view_disclosure             r disclosure        PMHFCERWOhsv
view_shared                 - -                 PMHFCERWOhsv
disclose                    w disclosure        PMH                 allocated line
reshare_disclosure          w disclosure        PMH                 allocated line
withdraw_disclosure         w disclosure        PMH                 allocated line
refuse_to_share             w disclosure        PMH                 allocated line
export                      - -                 MHC
export_many                 - -                 MHCp
view_exports                - -                 PMHFCERWOhsv
download_export             - -                 PMHFCERWOhsv
trace_export                - -                 p
view_sealed_sets            - -                 PMH
view_custodians             r status            PMHFCERWOhsv
seal_set                    w sealed            PMHf
open_sealed_set             r sealed            PMH
lift_seal                   w sealed            PMH
put_back_set                w sealed            PMH
name_custodian              w relationship      MH                  line
ask_guest                   w disclosure        PMH                 allocated line
view_guest_request          w disclosure        PMH                 allocated line
withdraw_guest_request      w disclosure        PMH                 allocated line
give_carer_page             w disclosure        PMH                 allocated line
answer_carer                w work              PMHFCE
view_copies_given           r plan              PMHE
view_copy_given             r plan              PMHE
record_copy_given           w plan              PMH                 allocated line
give_child_page             w disclosure        PMH                 allocated line
withdraw_child_page         w work              PMHE                allocated emergency_duty line
record_child_words          w plan              PMH                 allocated line
answer_child                w work              PMHFCE
view_direct_work            r plan              PMHEv
start_programme             w plan              PMHv
record_session              w plan              PMHv
end_programme               w plan              PMHv
view_you_said               r plan              PMHEv
set_local_limit             - -                 H
change_bank_holiday         - -                 H
receive_delivery            - -                 df
check_return                - -                 d
commit_delivery             - -                 df
undo_delivery               - -                 df
map_code                    - -                 df
decide_match                - -                 df
set_master                  - -                 d
view_copies                 - -                 PMHC
view_copy                   r work              PMHC
send_copy                   w work              f                   feed
send_copy_again             w work              PMHC
record_receipt              w work              PMHCf
set_copy_channel            - -                 d
view_guard                  r guard             PMHFCERWOhsvp
restrict_child              w guard             MHp
hide_child                  w guard             MHp
name_holder                 w guard             MHp
remove_holder               w guard             MHp
lift_restriction            w guard             MHp
view_proposals              - -                 PMHCpai
approve_proposal            - -                 PMHCpai
decline_proposal            - -                 PMHCpai
withdraw_proposal           - -                 PMHCpai
close_odd_look              - -                 p
view_break_glasses          - -                 pg
review_break_glass          - -                 pg
break_glass                 - -                 PMHFEWOh
view_core_record            r child             PMHFEWOh            break_glass
explain                     - -                 p
declare_connection          - -                 PMHFCERWOIhsvbdpgDSuXci
record_worker               - -                 f
view_ties                   r status            PMHf
view_blocks                 r conflict          MHp
block_worker                w conflict          MHp                 line privacy
lift_block                  w conflict          MHp                 line privacy
view_suggestions            - -                 MHp
decide_suggestion           w conflict          MHp                 line privacy
record_tie                  w conflict          MHp                 line privacy
end_tie                     w conflict          MHp                 line privacy
record_allegation           w interview         PMHCR
view_allegations            - -                 PMHCRDS
view_allegation             - -                 HDS
receive_allegation          - -                 HDS
decide_allegation           - -                 HDS
close_allegation            - -                 HDS
view_accounts               - -                 a
open_account                - -                 a
suspend_account             - -                 a
close_account               - -                 a
reset_second_factor         - -                 a
set_council_subject         - -                 a
end_post                    - -                 af
change_clearance            - -                 Ha
give_post                   - -                 Ha
extend_post                 - -                 Ha
change_line                 - -                 Ha
view_systems                - -                 a
view_running                - -                 MHEa
try_job_again               - -                 MHEa
give_up_job                 - -                 MHEa
begin_read_only             - -                 MHEa
end_read_only               - -                 MHEa
enter_looks                 - -                 MHEa
set_pack_key                - -                 a
enter_openings              - -                 a
register_system             - -                 Ha
end_system                  - -                 a
view_system_grants          - -                 PMHFCERWOhsv
let_system_act              - -                 PMHFCERWOhsv
end_system_grant            - -                 PMHFCERWOhsv
"""  # noqa: E501
# What takes two people (4.3 step 8, 4.8), and whom one of the two must be, if anybody.
TWO_PERSONS: "dict[str, set[str]]" = {
    "lift_block": {"privacy_officer"},
    "hide_child": set(),
    "lift_restriction": set(),
    "change_clearance": {"system_administrator"},
    "give_post": {"system_administrator"},
    "extend_post": {"system_administrator"},
    "change_line": {"system_administrator"},
    "register_system": {"system_administrator"},
    "lift_seal": set(),
    "export_many": {"privacy_officer"},
    "set_retention_class": {"privacy_officer"},
    "lift_hold": {"privacy_officer"},
    "set_run_aside": {"privacy_officer"},
    "release_subject_answer": {"privacy_officer"},
}


def _rows() -> "list[tuple[str, str, str, str, frozenset[str]]]":
    rows = []
    for line in TABLE.strip().splitlines():
        name, mode, record, who, *through = line.split()
        rows.append((name, mode, record, who, frozenset(through)))
    return rows


# permission -> (kind of record or None, mode, through which kinds or None)
NEEDS: "dict[str, tuple[str | None, str, frozenset[str] | None]]" = {
    name: (None if record == "-" else record, "write" if mode == "w" else "read", through or None)
    for name, mode, record, _, through in _rows()
}
# role -> its permissions
MAY = {role: frozenset(name for name, _, _, who, _ in _rows() if letter in who) for letter, role in LETTERS.items()} | {"tick": frozenset()}
