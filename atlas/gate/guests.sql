-- What somebody without an account may do: through these functions alone, each under the link that the service signed for this transaction.
-- A guest is no post: nothing here sets or reads the context of one. What is refused answers as if there were nothing (NULL, false); the record
-- of acts holds why. Made by `manage gate install`, after install.sql. Source: real-life.md point 19; protection.md 3.1, 4.8.

-- Under which link a guest acts, when, and through which door; as the service signed it.
CREATE OR REPLACE FUNCTION gate_guest_context(OUT link text, OUT at timestamptz, OUT session text, OUT request text, OUT device text, OUT network text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    given text := nullif(current_setting('atlas.guest', true), '');
    parts text[];
    body text;
    secret gate_secret;
BEGIN
    IF given IS NULL THEN RETURN; END IF;
    parts := string_to_array(given, '|');
    IF array_length(parts, 1) IS DISTINCT FROM 11 OR parts[1] <> 'guest-1' THEN RETURN; END IF;
    body := array_to_string(parts[1:10], '|');
    SELECT * INTO secret FROM gate_secret;
    IF encode(sha256(secret.outer_pad || sha256(secret.inner_pad || convert_to(body, 'UTF8'))), 'hex') <> parts[11] THEN RETURN; END IF;
    IF parts[5] <> pg_backend_pid()::text THEN RETURN; END IF;
    IF abs(extract(epoch FROM clock_timestamp()) - parts[4]::numeric) > 900 THEN RETURN; END IF;
    link := parts[2];
    at := to_timestamp(parts[3]::numeric / 1000000);
    session := parts[7];
    request := parts[8];
    device := parts[9];
    network := parts[10];
END $$;

-- Whether the post that asked still stands, is not shut out of the child, and still answers for it; and nothing was closed round the child since.
CREATE OR REPLACE FUNCTION gate_guest_asker(asked_by uuid, wanted_child uuid, asked_at timestamptz, moment timestamptz, rests text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    asker record := gate_live_post(asked_by, moment);
BEGIN
    IF asker.post IS NULL THEN RETURN 'the asker is gone'; END IF;
    IF EXISTS (SELECT 1 FROM people_person d WHERE d.id = wanted_child AND d.died_on IS NOT NULL)
       OR EXISTS (SELECT 1 FROM children_child n WHERE n.person_id = wanted_child AND n.pregnancy_ended_on IS NOT NULL) THEN RETURN 'nothing is asked any more'; END IF;
    IF NOT asked_by = ANY (gate_not_shut(ARRAY[asked_by], wanted_child, moment)) THEN RETURN 'the asker is shut out'; END IF;
    IF EXISTS (SELECT 1 FROM gate_restriction x WHERE x.child_id = ANY (gate_same(ARRAY[wanted_child])) AND x.from_at <= moment AND (x.until_at IS NULL OR x.until_at > moment)
               AND (x.sensitivity = 'hidden' OR x.from_at >= asked_at)) THEN RETURN 'the child is guarded'; END IF;
    IF NOT EXISTS (SELECT 1 FROM gate_standing_of(asked_by, asker.team, asker.person, asker.role, moment, ARRAY[wanted_child]) s
                   JOIN gate_opening o ON o.kind = s.holds AND o.record = rests AND o.mode = 'write')
        THEN RETURN 'the asker left the child'; END IF;
    RETURN NULL;
END $$;

-- The request of this link, locked; and why it does not hold, NULL where it does. The same is asked of every link, there or not.
CREATE OR REPLACE FUNCTION gate_guest_stand(OUT asked uuid, OUT why text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_guest_context();
    r sharing_guestrequest;
    refused bigint;
BEGIN
    SELECT count(*) INTO refused FROM gate_act a
    WHERE a.event = 'guest' AND a.network = me.network AND a.outcome = 'refused' AND a.acted_at > me.at - interval '15 minutes' AND a.acted_at <= me.at;
    SELECT * INTO r FROM sharing_guestrequest g WHERE g.token_hash = me.link FOR UPDATE;
    asked := r.id;
    why := CASE
        WHEN me.link IS NULL THEN 'not signed'
        WHEN refused >= 30 THEN 'too many wrong tries from there'
        WHEN r.id IS NULL THEN 'unknown link'
        WHEN r.answered_at IS NOT NULL THEN 'answered already'
        WHEN r.ended_at IS NOT NULL THEN 'ended'
        WHEN r.expires_at <= me.at THEN 'out of date'
        -- What was given about a child ends on the day of the 18th birthday, also where that became known only since (29 February: 1 March).
        WHEN r.asks IN ('carer', 'question') AND EXISTS (
            SELECT 1 FROM people_person p, LATERAL (SELECT (CASE WHEN to_char(p.born_on, 'MMDD') = '0229' THEN p.born_on + 1 ELSE p.born_on END
                                                            + interval '18 years')::date AS on_day) a
            WHERE p.id = r.child_id AND r.made_at < (a.on_day::timestamp AT TIME ZONE 'Europe/London')
              AND me.at >= (a.on_day::timestamp AT TIME ZONE 'Europe/London')) THEN 'the child is 18'
        ELSE gate_guest_asker(r.made_by_id, r.child_id, r.made_at, me.at, r.rests_on) END;
END $$;

-- Write down what a guest did, or could not and why.
CREATE OR REPLACE FUNCTION gate_guest_note(what text, why text, asked uuid, made uuid, form_key text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_guest_context();
BEGIN
    IF me.at IS NULL THEN RETURN; END IF;
    INSERT INTO gate_act (id, tx, event, written_at, session, request, device, network, policy, command, outcome, decision, guest, child_id,
                          about_label, about_id, result_label, result_id, key, content, acted_at, rows)
    SELECT 0, 0, 'guest', me.at, me.session, me.request, me.device, me.network, i.fingerprint, what, CASE WHEN why IS NULL THEN 'done' ELSE 'refused' END,
           coalesce(why, 'allowed'), asked, (SELECT g.child_id FROM sharing_guestrequest g WHERE g.id = asked),
           CASE WHEN asked IS NULL THEN '' ELSE 'sharing.GuestRequest' END, coalesce(asked::text, ''),
           CASE WHEN made IS NULL THEN '' ELSE 'sharing.GuestAnswer' END, coalesce(made::text, ''), nullif(form_key, ''), '', me.at, 1
    FROM gate_installed i;
END $$;

-- Whether a code may be asked for at all: not too often from one network, whatever the link. It is the same for every link.
CREATE OR REPLACE FUNCTION gate_guest_may_ask() RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_guest_context();
    asked bigint;
BEGIN
    SELECT count(*) INTO asked FROM gate_act a
    WHERE a.event = 'guest' AND a.network = me.network AND a.command = 'ask_code' AND a.acted_at > me.at - interval '15 minutes' AND a.acted_at <= me.at;
    PERFORM gate_guest_note('ask_code', CASE WHEN asked >= 60 THEN 'too many from there' END, NULL, NULL, NULL);
    RETURN asked < 60 AND me.at IS NOT NULL;
END $$;

-- Keep the hash of a new code, and give the number that it goes to; NULL where none is to be sent. The newest code alone holds.
CREATE OR REPLACE FUNCTION gate_guest_code(new_code_hash text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_guest_context();
    stand record := gate_guest_stand();
    why text := stand.why;
    r sharing_guestrequest;
    goes_to text;
BEGIN
    IF why IS NULL THEN
        SELECT * INTO r FROM sharing_guestrequest g WHERE g.id = stand.asked;
        why := CASE WHEN r.codes_sent >= CASE WHEN r.asks IN ('carer', 'child') THEN 60 ELSE 5 END THEN 'too many codes' WHEN r.code_sent_at > me.at - interval '1 minute' THEN 'too soon' END;
    END IF;
    IF why IS NULL THEN
        UPDATE sharing_guestrequest SET code_hash = new_code_hash, code_until = me.at + interval '10 minutes', code_sent_at = me.at,
                                        codes_sent = codes_sent + 1 WHERE id = r.id;
        goes_to := r.number;
    END IF;
    PERFORM gate_guest_note('send_guest_code', why, stand.asked, NULL, NULL);
    RETURN goes_to;
END $$;

-- Give the asker something to do about the request.
CREATE OR REPLACE FUNCTION gate_guest_task(asked uuid, words text, moment timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO tasks_task (id, version, child_id, name, entry_id, owner_post_id, about_label, about_id, due_at, state)
    SELECT gen_random_uuid(), 1, g.child_id, words, g.entry_id, g.made_by_id, coalesce(nullif(g.about_label, ''), 'sharing.GuestRequest'), coalesce(g.about_id, g.id), moment + interval '1 day', 'open'
    FROM sharing_guestrequest g WHERE g.id = asked;
END $$;

-- Prove the code: once. The fifth wrong one shuts the link, and the asker is told.
CREATE OR REPLACE FUNCTION gate_guest_prove(given_code_hash text, new_proof_hash text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_guest_context();
    stand record := gate_guest_stand();
    why text := stand.why;
    r sharing_guestrequest;
BEGIN
    IF why IS NULL THEN
        SELECT * INTO r FROM sharing_guestrequest g WHERE g.id = stand.asked;
        IF r.code_hash = '' OR r.code_until <= me.at OR r.code_hash <> given_code_hash THEN
            why := CASE WHEN r.wrong_tries >= 4 THEN 'wrong code: link shut' WHEN r.code_hash = given_code_hash THEN 'code out of date' ELSE 'wrong code' END;
            UPDATE sharing_guestrequest SET wrong_tries = wrong_tries + 1, ended_at = CASE WHEN wrong_tries >= 4 THEN me.at END WHERE id = r.id;
            IF r.wrong_tries >= 4 THEN PERFORM gate_guest_task(r.id, CASE WHEN r.asks = 'child' THEN 'The child''s page is shut: five wrong codes. See the child'
                                                               ELSE 'Your question is shut: five wrong codes. Ring the person' END, me.at); END IF;
        ELSE
            UPDATE sharing_guestrequest SET code_hash = '', code_until = NULL, proof_hash = new_proof_hash,
                                            -- A child's page is shut five minutes after it was last used (child_page.sql moves this on).
                                            proof_until = me.at + CASE WHEN r.asks = 'child' THEN interval '5 minutes' ELSE interval '30 minutes' END
            WHERE id = r.id;
        END IF;
    END IF;
    PERFORM gate_guest_note('prove_guest', why, stand.asked, NULL, NULL);
    RETURN why IS NULL;
END $$;

-- The request of this link, where the proof is this link's own and holds.
CREATE OR REPLACE FUNCTION gate_guest_proved(given_proof_hash text, OUT asked uuid, OUT why text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_guest_context();
    stand record := gate_guest_stand();
BEGIN
    asked := stand.asked;
    why := coalesce(stand.why, (SELECT CASE WHEN g.proof_hash = '' OR g.proof_hash <> given_proof_hash THEN 'not proved'
                                            WHEN g.proof_until <= me.at THEN 'proof out of date' END
                                FROM sharing_guestrequest g WHERE g.id = stand.asked));
END $$;

-- What the guest is shown: the frozen view and nothing else.
CREATE OR REPLACE FUNCTION gate_guest_view(given_proof_hash text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_guest_context();
    proved record := gate_guest_proved(given_proof_hash);
    shown jsonb;
BEGIN
    IF proved.why IS NULL THEN
        UPDATE sharing_guestrequest SET opened_at = coalesce(opened_at, me.at) WHERE id = proved.asked RETURNING view INTO shown;
    END IF;
    PERFORM gate_guest_note('open_guest_request', proved.why, proved.asked, NULL, NULL);
    RETURN shown;
END $$;

-- Take the answer: once. It stands in the chronology, and the asker has a task. The same form sent again gets the same reference; any other, none.
CREATE OR REPLACE FUNCTION gate_guest_answer(given_proof_hash text, form_key text, answer_kind text, answer_words text, answer_file bytea, answer_file_kind text)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_guest_context();
    proved record := gate_guest_proved(given_proof_hash);
    r sharing_guestrequest;
    answer uuid := gen_random_uuid();
    entry uuid := gen_random_uuid();
BEGIN
    SELECT * INTO r FROM sharing_guestrequest g WHERE g.id = proved.asked;
    IF proved.why = 'answered already' AND r.proof_hash = given_proof_hash AND form_key <> '' THEN
        SELECT a.id INTO answer FROM sharing_guestanswer a WHERE a.request_id = r.id AND a.key = form_key;
        IF answer IS NOT NULL THEN RETURN upper(left(answer::text, 8)); END IF;
    END IF;
    IF proved.why IS NULL AND answer_kind <> ALL (CASE r.asks WHEN 'whether' THEN ARRAY['accepted', 'refused', 'ring_back'] WHEN 'transfer' THEN ARRAY['accepted', 'refused', 'ring_back']
                                                  WHEN 'outcome' THEN ARRAY['outcome', 'file', 'ring_back'] WHEN 'carer' THEN ARRAY[]::text[] WHEN 'child' THEN ARRAY[]::text[]
                                                  ELSE ARRAY['words', 'file', 'ring_back'] END) THEN
        proved.why := 'no answer to this';
    END IF;
    IF proved.why IS NOT NULL THEN
        PERFORM gate_guest_note('answer_guest', proved.why, proved.asked, NULL, NULL);
        RETURN NULL;
    END IF;
    INSERT INTO chronology_entry (id, child_id, kind, happened_at, happened_precision, known_at, known_precision, recorded_at, words, about_label, about_id, is_historic)
    VALUES (entry, r.child_id, 'guest_answered', me.at, 'minute', me.at, 'minute', me.at, left(r.guest_name || ', ' || r.organisation, 300),
            'sharing.GuestRequest', r.id, false);
    INSERT INTO sharing_guestanswer (id, child_id, rests_on, request_id, kind, words, file, file_kind, answered_at, entry_id, key)
    VALUES (answer, r.child_id, r.rests_on, r.id, answer_kind, answer_words, answer_file, answer_file_kind, me.at, entry, form_key);
    UPDATE sharing_guestrequest SET answered_at = me.at WHERE id = r.id;
    UPDATE tasks_task SET state = 'done', ended_at = me.at WHERE about_id = r.id AND state = 'open';
    PERFORM gate_guest_task(r.id, CASE WHEN answer_kind = 'ring_back' THEN 'Somebody whom you asked wants to be rung back' ELSE 'Your question was answered: read it' END, me.at);
    PERFORM gate_guest_note('answer_guest', NULL, r.id, answer, form_key);
    RETURN upper(left(answer::text, 8));
END $$;
