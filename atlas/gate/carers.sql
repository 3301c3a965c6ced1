-- What a carer does on the carers' page: through the link, the code and the proof of any guest (guests.sql), which this file adds to. Made by `manage gate install`.

-- What the page shows: what was given, and what the carer said with what was done about it. While a parent is not to be told yet, nothing of what was done.
CREATE OR REPLACE FUNCTION gate_carer_view(given_proof_hash text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    shown jsonb := gate_guest_view(given_proof_hash);
    r sharing_guestrequest;
    is_quiet boolean;
BEGIN
    IF shown IS NULL OR shown ->> 'asks' IS DISTINCT FROM 'carer' THEN RETURN NULL; END IF;
    SELECT * INTO r FROM sharing_guestrequest g WHERE g.id = (gate_guest_stand()).asked;
    is_quiet := EXISTS (SELECT 1 FROM missing_nottoldyet n WHERE n.child_id = r.child_id AND n.lifted_at IS NULL);
    RETURN shown || jsonb_build_object('said', coalesce((
        SELECT jsonb_agg(jsonb_build_object('kind', w.kind, 'words', w.words, 'sent_at', w.sent_at, 'did', CASE WHEN is_quiet THEN '' ELSE w.did END,
                                            'did_at', CASE WHEN is_quiet THEN NULL ELSE w.did_at END) ORDER BY w.sent_at DESC)
        FROM sharing_carerwords w WHERE w.request_id = r.id), '[]'::jsonb));
END $$;

-- What follows from what somebody without an account said of a child: a clock, a task for whoever works with the child (`of_manager`: for their manager, since
-- it may be about them), by night for emergency duty; `alert_for`: with an alert; and what came at night is taken over in the morning, by name.
-- The authority's own time limit counts, where it has one. Gives when it is due.
CREATE OR REPLACE FUNCTION gate_said_follows(said_child uuid, of_label text, made uuid, entry uuid, named text, asked_by uuid, of_manager boolean, is_night boolean,
                                             alert_for text, given jsonb) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_guest_context();
    held jsonb := given || coalesce(given -> 'of' -> (SELECT c.responsible_authority_id::text FROM children_child c WHERE c.person_id = said_child), '{}');
    due timestamptz := (held ->> 'due_at')::timestamptz;
    clock uuid := gen_random_uuid();
    task uuid := gen_random_uuid();
    owner record;
    lead record;
BEGIN
    SELECT w.post, w.team INTO owner FROM gate_lead(said_child, me.at) w;
    IF of_manager AND owner.post IS NOT NULL THEN
        SELECT coalesce(p.line_manager_id, p.id) AS post, NULL::uuid AS team INTO owner FROM agencies_post p WHERE p.id = owner.post;
    END IF;
    lead := owner;
    IF is_night THEN
        SELECT NULL::uuid AS post, t.id AS team INTO owner FROM agencies_team t JOIN agencies_agency_authorities s ON s.agency_id = t.agency_id
        JOIN children_child c ON c.person_id = said_child AND s.authority_id IN (c.responsible_authority_id, c.host_authority_id)
        WHERE t.purpose = 'emergency_duty' ORDER BY s.authority_id = c.host_authority_id DESC, t.name LIMIT 1;
    END IF;
    IF owner.post IS NULL AND owner.team IS NULL THEN SELECT asked_by AS post, NULL::uuid AS team INTO owner; END IF;
    INSERT INTO clocks_clock (id, version, child_id, authority_id, "limit", limit_version, limit_name, started_by_id, started_at, started_precision,
                              due_at, due_latest_at, why, about_label, about_id, outcome, is_historic, missed_reason, missed_words)
    SELECT clock, 1, said_child, c.responsible_authority_id, held ->> 'limit', held ->> 'limit_version', held ->> 'limit_name', entry, me.at, 'minute',
           due, due, held ->> 'why', of_label, made, 'running', false, '', ''
    FROM children_child c WHERE c.person_id = said_child;
    INSERT INTO tasks_task (id, version, child_id, name, entry_id, clock_id, owner_post_id, owner_team_id, about_label, about_id, due_at, state)
    VALUES (task, 1, said_child, named, entry, clock, owner.post, owner.team, of_label, made, due, 'open');
    IF alert_for IS NOT NULL THEN
        INSERT INTO tasks_alert (id, version, child_id, reason, entry_id, task_id, authority_id, owner_post_id, owner_team_id, raised_at, climbs_at, rung,
                                 about_label, about_id)
        SELECT gen_random_uuid(), 1, said_child, alert_for, entry, task, c.responsible_authority_id, owner.post, owner.team, me.at, me.at, 0, of_label, made
        FROM children_child c WHERE c.person_id = said_child;
    END IF;
    IF is_night AND held ? 'morning' THEN
        INSERT INTO tasks_overnightline (id, version, child_id, authority_id, morning_on, what, noted_at, about_label, about_id, entry_id, owner_post_id,
                                         owner_team_id)
        SELECT gen_random_uuid(), 1, said_child, c.responsible_authority_id, (held ->> 'morning')::date, named, me.at, of_label, made, entry,
               lead.post, lead.team
        FROM children_child c WHERE c.person_id = said_child;
    END IF;
    RETURN due;
END $$;

-- Take what the carer says: a task with a clock for whoever works with the child; out of hours, and where the child is back or in danger, an alert at once,
-- out of hours to emergency duty. The same form sent again is taken once. NULL where it was not taken.
CREATE OR REPLACE FUNCTION gate_carer_say(given_proof_hash text, form_key text, said_kind text, said text, is_night boolean, held jsonb) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_guest_context();
    proved record := gate_guest_proved(given_proof_hash);
    r sharing_guestrequest;
    made uuid := gen_random_uuid();
    entry uuid := gen_random_uuid();
    again uuid;
    named text := CASE said_kind WHEN 'back' THEN 'A carer says that the child is back: ring them'
                                 WHEN 'late' THEN 'A carer says that the child is late: ring them'
                                 ELSE 'A carer asks or says something: answer them' END;
BEGIN
    SELECT * INTO r FROM sharing_guestrequest g WHERE g.id = proved.asked;
    IF proved.why IS NULL AND r.asks <> 'carer' THEN proved.why := 'no carers page'; END IF;
    IF proved.why IS NULL AND (SELECT count(*) FROM sharing_carerwords w WHERE w.request_id = r.id AND w.sent_at > me.at - interval '1 day') >= 20 THEN
        proved.why := 'too many words';
    END IF;
    IF proved.why IS NOT NULL THEN
        PERFORM gate_guest_note('say_as_carer', proved.why, proved.asked, NULL, NULL);
        RETURN NULL;
    END IF;
    SELECT w.id INTO again FROM sharing_carerwords w WHERE w.request_id = r.id AND w.key = form_key AND form_key <> '';
    IF again IS NOT NULL THEN RETURN upper(left(again::text, 8)); END IF;
    INSERT INTO chronology_entry (id, child_id, kind, happened_at, happened_precision, known_at, known_precision, recorded_at, words, about_label, about_id, is_historic)
    VALUES (entry, r.child_id, 'guest_answered', me.at, 'minute', me.at, 'minute', me.at, left(r.guest_name || ', ' || r.organisation, 300),
            'sharing.CarerWords', made, false);
    INSERT INTO sharing_carerwords (id, child_id, request_id, kind, words, sent_at, entry_id, key, did)
    VALUES (made, r.child_id, r.id, said_kind, said, me.at, entry, form_key, '');
    PERFORM gate_said_follows(r.child_id, 'sharing.CarerWords', made, entry, named, r.made_by_id, false, is_night,
                              CASE WHEN is_night OR said_kind IN ('back', 'late') THEN 'carer_said' END, held);
    PERFORM gate_guest_note('say_as_carer', NULL, r.id, NULL, form_key);
    RETURN upper(left(made::text, 8));
END $$;
