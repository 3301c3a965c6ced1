"""The functions of the gate in the database, by their signatures: who may call which."""

# Called by the service's logins.
FUNCTIONS = (
    "gate_context()", "gate_me()", "gate_post()", "gate_role()", "gate_person()", "gate_agency()", "gate_acting()", "gate_blocked()", "gate_unnamed()",
    "gate_guarded()", "gate_children(text, text)", "gate_authorities(text, text)", "gate_in_authority(uuid, uuid[])", "gate_standing(uuid[])",
    "gate_may_explain(uuid)", "gate_may_explain_post(uuid)", "gate_explain(uuid, timestamp with time zone, uuid)", "gate_looks(uuid)", "gate_is_privacy_only(text, text)",
    "gate_is_out_of_hours(uuid, timestamp with time zone)", "gate_agencies_reviewed()", "gate_may_receive(uuid, uuid)", "gate_may_be_told(uuid[], uuid)",
    "gate_hold(uuid[])", "gate_only_recent(text, text)", "gate_recent_from()", "gate_hangs_open(uuid)",
    "gate_still_told(uuid, uuid, timestamp with time zone)",
    "gate_open(uuid[], text)", "gate_givable(uuid, uuid[], text)",
    "gate_odd_looks(timestamp with time zone, timestamp with time zone)",
    "gate_search_shape()", "gate_named()", "gate_front_doors()", "gate_match(text[], date, text[])", "gate_shut_work()", "gate_alike()",
    "gate_may_propose(text, uuid)", "gate_in_one_line(uuid, uuid, timestamp with time zone)", "gate_approved(text)", "gate_who_answers(uuid)",
    "gate_break_glasses()", "gate_break_glasses_reviewed()", "gate_break_glass(uuid, uuid, text, text, text, timestamp with time zone, timestamp with time zone)",
    "gate_break_glass_handed(uuid)", "gate_break_glass_due()", "gate_break_glass_rates(timestamp with time zone)",
    "gate_version()", "gate_changes(uuid, text, text, text, timestamp with time zone)",
    "gate_guest_may_ask()", "gate_guest_code(text)", "gate_guest_prove(text, text)", "gate_guest_view(text)", "gate_guest_answer(text, text, text, text, bytea, text)",
    "gate_allegations()", "gate_allegation_receivers(uuid, text, uuid)", "gate_may_send(uuid, uuid)", "gate_allegation_shuts(uuid, uuid)",
    "gate_hidden_blocks()", "gate_is_of_allegation(uuid, uuid, uuid)", "gate_may_answer(uuid, text)", "gate_may_pass_on(uuid, uuid, uuid)", "gate_allegations_waiting()",
    "gate_post_owns(uuid)", "gate_leavers()", "gate_nearly_eighteen()", "gate_hand_over(uuid)", "gate_policy_held()", "gate_miss_again(uuid)",
    "gate_move_return(uuid, timestamp with time zone, timestamp with time zone, text)",
    "gate_carer_view(text)", "gate_carer_say(text, text, text, text, boolean, jsonb)",
    "gate_refer(uuid, uuid, text, text, jsonb)", "gate_referral_step(uuid, text, text, text, jsonb)",
)  # fmt: skip
# Called by the functions above alone: what they are told of a post, they believe.
INNER_FUNCTIONS = (
    "gate_is_above(uuid)", "gate_begins()",
    "gate_opens_by(uuid, text[], text, text)", "gate_referral_entry(uuid, uuid, text, text)",
    "gate_referral_next(uuid, uuid, uuid, uuid, uuid, text, jsonb, boolean)", "gate_referral_lead(uuid, uuid)",
    "gate_referral_opens(uuid, uuid, uuid, uuid, timestamp with time zone)",
    "gate_writes_missing(uuid)", "gate_shut_to(uuid, timestamp with time zone)", "gate_folded(text)", "gate_is_of_tests()",
    "gate_opened_by(text[], uuid, uuid, text, text, timestamp with time zone)",
    "gate_may_still(uuid, text, timestamp with time zone, text, uuid)",
    "gate_not_shut(uuid[], uuid, timestamp with time zone)",
    "gate_live_post(uuid, timestamp with time zone)", "gate_kinds(text, text, integer, text, text)",
    "gate_kinds_now(uuid, uuid, timestamp with time zone, text[])", "gate_line(uuid, uuid, text, timestamp with time zone)",
    "gate_standing_of(uuid, uuid, uuid, text, timestamp with time zone, uuid[])",
    "gate_is_near(uuid, uuid, timestamp with time zone)", "gate_answers_apart(uuid)", "gate_decides_allegation(uuid)",
    "gate_still_receives(uuid, uuid, timestamp with time zone)", "gate_tells_of_allegations(uuid)",
    "gate_guest_context()", "gate_guest_asker(uuid, uuid, timestamp with time zone, timestamp with time zone, text)", "gate_guest_stand()", "gate_guest_proved(text)",
    "gate_tray(uuid, timestamp with time zone)", "gate_guest_note(text, text, uuid, uuid, text)", "gate_guest_task(uuid, text, timestamp with time zone)",
    "gate_same_line(uuid, uuid)", "gate_together(text, uuid, uuid)", "gate_tell_break_glass(uuid, uuid, uuid, uuid, uuid, timestamp with time zone)",
)  # fmt: skip
