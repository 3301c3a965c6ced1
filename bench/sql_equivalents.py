"""Changes of the gate's functions that change no answer, each with why."""

INSTANT = "Equal to the microsecond of the server's clock: nobody brings that about."
NO_TEXT = "No text has no nine parts: the next line says nobody."
HAS_TEAM = "The column may not be empty: every post has a team."
NO_POST = "No post is alive under no name: nothing but empty columns comes out too."
NO_MOMENT = "Nobody acts at no moment: nothing holds then, and no row comes out too."
ASKED_BELOW = "A condition below asks for a column of the joined row, and is not true of none."
OTHER_WORDS = "No other list of words holds the name of a kind of agency."
GLASS_ENDS = "What opens a restricted child is a broken glass, and that always ends (the constraint relationship_longest)."
NO_KINDS = "A short cut: no kind of relationship is asked for, so that none is found."
NOBODY_GUARDED = "A short cut: where nobody is guarded, nobody is sifted out."
NOBODY_ON_DUTY = "A short cut: where nothing is held that opens only what is recent, nothing is found, and nothing taken away."
HAS_ALLEGATION = "The column may not be empty: every step is of an allegation."
ONLY_SENT = "Only what was sent names a post (the constraint allegation_sent_is_due)."
BEFORE_FIRST = "What came before the first is none: nothing is joined to none."
SAME_ROW = "The condition asks for what an update does not alter, and has asked it of the same row before."
NOT_APPROVED = "Who may not know of a block may not decide its lifting (the policy of gate_proposal): they have approved nothing."
ALL_LEVELS = "Every clearance that is asked for is one of these: each row is joined."
NARROWS = "It says nothing more than the line below, of the longest grace: it is there so that an index is read."
NO_RECORD = "No record is nobody's: nothing guards it, and nobody is named for it."
NO_WORD = "A row without a word holds nothing."
NO_GUARD = "To stand on a list opens nothing of a child whom nothing guards; where something does, the condition below asks for the list."
# (function, the change in its words) -> why nobody could notice.
EQUIVALENT: dict[tuple[str, str], str] = {
    ("gate_context", "clock_timestamp()) - parts[4]::numeric)[> -> >=]900 THEN RETURN; END IF; p"): INSTANT,
    (
        "gate_context",
        "text; secret gate_secret; BEGIN [IF given IS NULL THEN RETURN; END IF; -> nothing] parts := string_to_array(",
    ): NO_TEXT,
    ("gate_live_post", "ON u.id = p.user_id AND u.is_active [JOIN -> LEFT JOIN]agencies_team t ON t.id = p.te"): HAS_TEAM,
    (
        "gate_me",
        "EGIN context := gate_context(); [IF context.post IS NULL THEN RETURN; END IF; -> nothing] SELECT l.post, context.at",
    ): NO_POST,
    ("gate_kinds_held", "gate_opening o [JOIN -> LEFT JOIN]gate_role_opening ro ON ro.rec"): ASKED_BELOW,
    ("gate_kinds_held", "cord = o.record AND ro.mode = o.mode [JOIN -> LEFT JOIN]gate_role_purpose rp ON rp.rol"): ASKED_BELOW,
    ("gate_kinds_held", "_kind_clearance k ON k.kind = o.kind [JOIN -> LEFT JOIN]generate_series(0, 3) AS held"): ALL_LEVELS,
    ("gate_kinds_now", "ave AND s.until_at[> -> >=]acting_at - (SELECT max(w.afte"): NARROWS,
    ("gate_standing_of", "SELECT a.id, o.other FROM asked a[JOIN -> LEFT JOIN]gate_other_records() o ON o.id"): NO_RECORD,
    ("gate_standing_of", "' || x.sensitivity, NULL FROM of_same a[JOIN -> LEFT JOIN]guards x ON x.child_id = a.sam"): NO_WORD,
    ("gate_standing_of", "LECT a.id, 'a name', NULL FROM of_same a[JOIN -> LEFT JOIN]names n ON n.child_id = a.same"): NO_GUARD,
    ("gate_standing_of", "HERE NOT EXISTS (SELECT 1 FROM of_same b[JOIN -> LEFT JOIN]guards x ON x.child_id = b.sam"): ASKED_BELOW,
    ("gate_line", "SELECT p.id FROM agencies_post p[JOIN -> LEFT JOIN]agencies_post q ON p.line_mana"): ASKED_BELOW,
    (
        "gate_opened_by",
        "EXISTS (SELECT 1 FROM gate_word w WHERE [w.name = 'statutory' AND -> nothing]w.word = its_agency_kind) THEN",
    ): OTHER_WORDS,
    ("gate_opened_by", "AND r.from_at <= acting_at AND ([r.until_at IS NULL OR -> nothing]r.until_at > acting_at))"): GLASS_ENDS,
    ("gate_opened_by", "uuid[]; BEGIN IF kinds = '{}' THEN [RETURN '{}'; -> nothing] END IF; now_held := gate_"): NO_KINDS,
    ("gate_opened_by", "ting_at) u); IF guarded = '{}' THEN [RETURN found; -> nothing] END IF; RETURN ARRAY(SELE"): NOBODY_GUARDED,
    (
        "gate_opened_by",
        "d uuid[]; guarded uuid[]; BEGIN [IF kinds = '{}' THEN RETURN '{}'; END IF; -> nothing] now_held := gate_kinds_no",
    ): NO_KINDS,
    (
        "gate_opened_by",
        "its_team, its_role, acting_at) u); [IF guarded = '{}' THEN RETURN found; END IF; -> nothing] RETURN ARRAY(SELECT child",
    ): NOBODY_GUARDED,
    ("gate_only_recent", "d AND o.is_recent); IF recent = '{}'[OR -> AND](gate_kinds_now(me.post, me.te"): NOBODY_ON_DUTY,
    ("gate_only_recent", "am, me.at, recent)).by_team = '{}' THEN [RETURN '{}'; -> nothing] END IF; kinds := gate_kin"): NOBODY_ON_DUTY,
    ("gate_only_recent", "_kind, me.at); IF found = '{}' THEN [RETURN '{}'; -> nothing] END IF; whole := gate_ope"): NOBODY_ON_DUTY,
    (
        "gate_only_recent",
        "d = wanted_record AND o.is_recent); [IF recent = '{}' OR (gate_kinds_now(me.post, me.team, me.at, recent)).by_team = '{}' "
        "THEN RETURN '{}'; END IF; -> nothing] kinds := gate_kinds(me.ro",
    ): NOBODY_ON_DUTY,
    (
        "gate_only_recent",
        "m, me.role, me.agency_kind, me.at); [IF found = '{}' THEN RETURN '{}'; END IF; -> nothing] whole := gate_opened_by(A",
    ): NOBODY_ON_DUTY,
    ("gate_authorities", "wanted_mode); IF kinds = '{}' THEN [RETURN '{}'; -> nothing] END IF; now_held := gate_"): NO_KINDS,
    (
        "gate_authorities",
        "rance, wanted_record, wanted_mode); [IF kinds = '{}' THEN RETURN '{}'; END IF; -> nothing] now_held := gate_kinds_no",
    ): NO_KINDS,
    ("gate_shut_to", "ild_id END FROM gate_block b[JOIN -> LEFT JOIN]connections_tie t ON t.child_i"): ASKED_BELOW,
    ("gate_standing_of", "_id, r.child_id, r.id AS by FROM asked a[JOIN -> LEFT JOIN]gate_relationship r ON r.child"): ASKED_BELOW,
    ("gate_standing_of", "_id, r.child_id, r.id AS by FROM asked a[JOIN -> LEFT JOIN]children_child c ON c.person_i"): ASKED_BELOW,
    ("gate_standing_of", "en_child c ON c.person_id = a.id [JOIN -> LEFT JOIN]gate_relationship r ON r.autho"): ASKED_BELOW,
    ("gate_standing_of", "SELECT l.id, 'line', l.by FROM live l[JOIN -> LEFT JOIN]agencies_post p ON p.id = l.ho"): ASKED_BELOW,
    ("gate_standing_of", "is ' || x.sensitivity, NULL FROM asked a[JOIN -> LEFT JOIN]gate_restriction x ON x.child_"): ASKED_BELOW,
    ("gate_standing_of", "SELECT a.id, 'a name', NULL FROM asked a[JOIN -> LEFT JOIN]gate_namedholder n ON n.child_"): ASKED_BELOW,
    (
        "gate_standing",
        "record; BEGIN me := gate_me(); [IF me.post IS NULL THEN RETURN; END IF; -> nothing] RETURN QUERY SELECT * FRO",
    ): NO_MOMENT,
    ("gate_is_near", "( SELECT 1 FROM agencies_post p[JOIN -> LEFT JOIN]agencies_post q ON q.team_id ="): ASKED_BELOW,
    ("gate_allegations", "T a.id FROM allegations_allegationstep s[JOIN -> LEFT JOIN]allegations_allegation a ON a."): HAS_ALLEGATION,
    ("gate_allegations", "ON a.id = s.allegation_id WHERE [s.kind = 'sent' AND -> nothing]s.to_post_id = me.post AND (a."): ONLY_SENT,
    ("gate_allegations", "me(); BEGIN IF me.post IS NULL THEN [RETURN '{}'; -> nothing] END IF; RETURN ARRAY("): NO_POST,
    (
        "gate_allegations",
        "E me record := gate_me(); BEGIN [IF me.post IS NULL THEN RETURN '{}'; END IF; -> nothing] RETURN ARRAY( SEL",
    ): NO_POST,
    ("gate_allegation_receivers", "ATERAL gate_live_post(p.id, me.at) l [JOIN -> LEFT JOIN]agencies_agency_authorities s"): ASKED_BELOW,
    ("gate_allegation_receivers", "BY EXISTS (SELECT 1 FROM agencies_post q[JOIN -> LEFT JOIN]agencies_team t ON t.id = q.te"): HAS_TEAM,
    (
        "gate_allegation_receivers",
        "hority_id WHERE p.role = wanted_role[AND l.post IS NOT NULL -> nothing] AND NOT p.is_service AND p.us",
    ): ASKED_BELOW,
    ("gate_decides_allegation", "LECT 1 FROM allegations_allegationstep s[JOIN -> LEFT JOIN]agencies_post p ON p.id = s.to"): ASKED_BELOW,
    ("gate_decides_allegation", "SELECT s.instead_of_id FROM before b[JOIN -> LEFT JOIN]allegations_allegationstep s O"): BEFORE_FIRST,
    ("gate_may_pass_on", "LECT 1 FROM allegations_allegationstep s[JOIN -> LEFT JOIN]allegations_allegation a ON a."): HAS_ALLEGATION,
    ("gate_answers_apart", "( SELECT 1 FROM agencies_post p[JOIN -> LEFT JOIN]agencies_team t ON t.id = p.te"): HAS_TEAM,
    (
        "allegations_allegationstep.tick_insert",
        "ITH CHECK ((SELECT gate_role()) = 'tick'[AND kind = 'sent' -> nothing] AND made_by_id = (SELECT gate",
    ): ONLY_SENT,
    ("gate_block.app_update", "((SELECT gate_hidden_blocks())::uuid[])[AND -> OR]id = ANY ((SELECT gate_approve (2)"): SAME_ROW,
    (
        "gate_block.app_update",
        "USING (user_id <> (SELECT gate_person())[AND NOT id = ANY ((SELECT gate_hidden_blocks())::uuid[]) -> nothing] AND id = ANY ((SELECT gate_ap",
    ): NOT_APPROVED,
    (
        "gate_block.app_update",
        "CHECK (user_id <> (SELECT gate_person())[AND NOT id = ANY ((SELECT gate_hidden_blocks())::uuid[]) -> nothing] AND id = ANY ((SELECT gate_ap",
    ): SAME_ROW,
    (
        "gate_block.app_update",
        "((SELECT gate_hidden_blocks())::uuid[])[AND id = ANY ((SELECT gate_approved('lift_block'))::uuid[]) -> nothing] AND (child_id = ANY ((SELECT (2)",
    ): SAME_ROW,
    ("gate_allegations_waiting", "ion_id, b.due_at FROM line l[JOIN -> LEFT JOIN]allegations_allegationstep b O"): BEFORE_FIRST,
}
