-- What a child does on their own page: through the link, the code and the proof of any guest (guests.sql), which this file adds to. Made by `manage gate install`.

-- What the page shows: what was given, and what became of what the child sent from their phone. The child's own words are not shown again: the phone may be in
-- other hands (real-life.md 7); nor are lines of an earlier page, which may have been left out since. Each look keeps the page open for five more minutes, and no longer.
CREATE OR REPLACE FUNCTION gate_child_view(given_proof_hash text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_guest_context();
    shown jsonb := gate_guest_view(given_proof_hash);
    r sharing_guestrequest;
BEGIN
    IF shown IS NULL OR shown ->> 'asks' IS DISTINCT FROM 'child' THEN RETURN NULL; END IF;
    SELECT * INTO r FROM sharing_guestrequest g WHERE g.id = (gate_guest_stand()).asked;
    UPDATE sharing_guestrequest SET proof_until = me.at + interval '5 minutes' WHERE id = r.id;
    RETURN shown || jsonb_build_object('said', coalesce((
        SELECT jsonb_agg(jsonb_build_object('line', CASE WHEN c.request_id = r.id THEN w.line END, 'line_words', CASE WHEN c.request_id = r.id THEN w.line_words ELSE '' END, 'kind', w.kind, 'sent_at', w.sent_at,
                                            'answer_by', w.answer_by, 'has_words', w.words <> '', 'did', w.did, 'is_acted_on', w.is_acted_on, 'did_at', w.did_at)
                         ORDER BY w.sent_at DESC)
        FROM sharing_childwords w JOIN sharing_copygiven c ON c.id = w.copy_given_id
        WHERE w.child_id = r.child_id AND w.written_by_id IS NULL), '[]'::jsonb));
END $$;

-- Take what the child says, of one line or of the whole. A yes alone is only kept; anything else is a task with a clock for whoever works with the child (a
-- complaint, and "this is wrong about me": for their manager), and out of hours an alert to emergency duty, once a night. That the plan does not help asks the
-- safety plan itself (EV-49 in flow.py). The same form sent again is taken once. NULL where it was not taken.
CREATE OR REPLACE FUNCTION gate_child_say(given_proof_hash text, form_key text, about_line text, said_kind text, said text, is_night boolean, held jsonb) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_guest_context();
    proved record := gate_guest_proved(given_proof_hash);
    r sharing_guestrequest;
    of_copy uuid;
    of_line jsonb;
    made uuid := gen_random_uuid();
    entry uuid := gen_random_uuid();
    again uuid;
    due timestamptz;
    is_first boolean;
    asks_plan boolean := said_kind IN ('does_not_help', 'complaint');
    by_date boolean := said_kind IN ('wrong_about_me', 'complaint');
    named text := CASE said_kind WHEN 'right' THEN 'A child says something about their plan: answer them' WHEN 'words' THEN 'A child says something about their plan: answer them'
                                 WHEN 'not_right' THEN 'A child says that a line of their plan is not right: answer them'
                                 WHEN 'does_not_help' THEN 'A child says that the plan does not help: answer them'
                                 WHEN 'wrong_about_me' THEN 'A child says that something about them is wrong: answer them'
                                 WHEN 'complaint' THEN 'A child complains: answer them' END;
BEGIN
    SELECT * INTO r FROM sharing_guestrequest g WHERE g.id = proved.asked;
    SELECT c.id INTO of_copy FROM sharing_copygiven c WHERE c.request_id = r.id;
    SELECT l INTO of_line FROM jsonb_array_elements(r.view -> 'blocks') b, jsonb_array_elements(b -> 'lines') l WHERE l ->> 'key' = about_line LIMIT 1;
    IF proved.why IS NULL AND (r.asks <> 'child' OR of_copy IS NULL) THEN proved.why := 'no page of a child'; END IF;
    IF proved.why IS NULL AND (named IS NULL OR (about_line <> '' AND (of_line ->> 'may_answer')::boolean IS NOT TRUE)) THEN proved.why := 'no such line'; END IF;
    IF proved.why IS NULL AND (SELECT count(*) FROM sharing_childwords w WHERE w.copy_given_id = of_copy AND w.sent_at > me.at - interval '1 day') >= 100 THEN
        proved.why := 'too many words';
    END IF;
    IF proved.why IS NOT NULL THEN
        PERFORM gate_guest_note('say_as_child', proved.why, proved.asked, NULL, NULL);
        RETURN NULL;
    END IF;
    UPDATE sharing_guestrequest SET proof_until = me.at + interval '5 minutes' WHERE id = r.id;
    SELECT w.id INTO again FROM sharing_childwords w WHERE w.copy_given_id = of_copy AND w.key = form_key AND form_key <> '';
    IF again IS NOT NULL THEN RETURN upper(left(again::text, 8)); END IF;
    INSERT INTO chronology_entry (id, child_id, kind, happened_at, happened_precision, known_at, known_precision, recorded_at, words, about_label, about_id,
                                  is_historic, event)
    VALUES (entry, r.child_id, CASE WHEN asks_plan THEN 'plan_does_not_help' ELSE 'child_said' END, me.at, 'minute', me.at, 'minute', me.at, '',
            'sharing.ChildWords', made, false, CASE WHEN asks_plan THEN 'EV-49' ELSE '' END);
    IF said_kind <> 'right' OR said <> '' THEN
        is_first := NOT EXISTS (SELECT 1 FROM tasks_alert a WHERE a.child_id = r.child_id AND a.reason = 'child_said' AND a.acknowledged_at IS NULL);
        due := gate_said_follows(r.child_id, 'sharing.ChildWords', made, entry, named, r.made_by_id, by_date, is_night,
                                 CASE WHEN is_night AND is_first THEN 'child_said' END, held);
    END IF;
    INSERT INTO sharing_childwords (id, child_id, copy_given_id, line, line_words, kind, words, sent_at, answer_by, entry_id, key, did)
    VALUES (made, r.child_id, of_copy, about_line, left(coalesce(of_line ->> 'words', ''), 500), said_kind, said, me.at, due, entry, form_key, '');
    IF asks_plan THEN PERFORM gate_ask_plan(r.child_id, entry, held -> 'plan'); END IF;
    PERFORM gate_guest_note('say_as_child', NULL, r.id, NULL, form_key);
    RETURN upper(left(made::text, 8));
END $$;

-- Put the question to the safety plan, as flow.py does for what a post writes down: where there is a plan, and no question that is as urgent waits already.
CREATE OR REPLACE FUNCTION gate_ask_plan(asked_child uuid, of_entry uuid, held jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_guest_context();
    stands record;
    clock uuid := gen_random_uuid();
BEGIN
    SELECT * INTO stands FROM gate_plan_stands(asked_child);
    IF held IS NULL OR stands.has_plan IS NOT TRUE OR 'plan_today' = ANY (stands.asked) OR held ->> 'limit' = ANY (stands.asked) THEN RETURN; END IF;
    held := held || coalesce(held -> 'of' -> (SELECT c.responsible_authority_id::text FROM children_child c WHERE c.person_id = asked_child), '{}');
    INSERT INTO clocks_clock (id, version, child_id, authority_id, "limit", limit_version, limit_name, started_by_id, started_at, started_precision,
                              due_at, due_latest_at, why, about_label, about_id, outcome, is_historic, missed_reason, missed_words)
    SELECT clock, 1, asked_child, c.responsible_authority_id, held ->> 'limit', held ->> 'limit_version', held ->> 'limit_name', of_entry, me.at, 'minute',
           (held ->> 'due_at')::timestamptz, (held ->> 'due_at')::timestamptz, held ->> 'why', 'chronology.Entry', of_entry, 'running', false, '', ''
    FROM children_child c WHERE c.person_id = asked_child;
    INSERT INTO tasks_task (id, version, child_id, name, entry_id, clock_id, owner_post_id, owner_team_id, about_label, about_id, due_at, state)
    SELECT gen_random_uuid(), 1, asked_child, held ->> 'limit_name', of_entry, clock, x.post, x.team, 'chronology.Entry', of_entry,
           (held ->> 'due_at')::timestamptz, 'open'
    FROM gate_lead(asked_child, me.at) x;
END $$;

-- Shut a child's page: for whoever works with the child, also emergency duty, who reads nothing else of what was given (the phone is taken at night, too). Whether it
-- was open.
CREATE OR REPLACE FUNCTION gate_shut_child_page(asked_copy uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    moment timestamptz := (gate_me()).at;
    c sharing_copygiven;
BEGIN
    SELECT * INTO c FROM sharing_copygiven g WHERE g.id = asked_copy;
    IF c.id IS NULL OR gate_writes(c.child_id, 'work') IS NOT TRUE THEN RETURN false; END IF;
    UPDATE sharing_guestrequest SET ended_at = moment WHERE id = c.request_id AND asks = 'child' AND ended_at IS NULL AND expires_at > moment;
    RETURN FOUND;
END $$;
