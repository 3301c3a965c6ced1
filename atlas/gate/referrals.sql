-- A child is referred to a team across agencies, and the question is answered. Whoever asks may read no chronology (a school, a nurse), and whoever is
-- asked may read no task and no clock: so what follows is written here, and nothing else of the child opens by it. Made by `manage gate install`.

-- Which of its kinds of relationship, for its role and purpose, open this child to the acting post now; none where it is shut out.
CREATE OR REPLACE FUNCTION gate_opens_by(asked_child uuid, of_kinds text[], record text, mode text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    kinds text[] := ARRAY(SELECT kind FROM unnest(gate_kinds(me.role, me.purpose, me.clearance, record, mode)) kind WHERE kind = ANY (of_kinds));
BEGIN
    IF me.post IS NULL OR asked_child = ANY (gate_blocked()) THEN RETURN false; END IF;
    RETURN asked_child = ANY (gate_opened_by(kinds, me.post, me.team, me.role, me.agency_kind, me.at))
        OR (NOT asked_child = ANY (gate_guarded()) AND EXISTS (
            SELECT 1 FROM children_child c JOIN gate_relationship r ON r.authority_id IN (c.responsible_authority_id, c.host_authority_id)
            CROSS JOIN gate_kinds_now(me.post, me.team, me.at, kinds) n
            WHERE c.person_id = asked_child AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at)
              AND ((r.holder_post_id = me.post AND r.kind = ANY (n.by_post)) OR (r.holder_team_id = me.team AND r.kind = ANY (n.by_team)))));
END $$;

-- One line of the chronology about a referral, in the acting post's name.
CREATE OR REPLACE FUNCTION gate_referral_entry(of_child uuid, referral uuid, what text, said text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    entry uuid := gen_random_uuid();
BEGIN
    INSERT INTO chronology_entry (id, child_id, kind, happened_at, happened_precision, known_at, known_precision, recorded_at, recorded_by_id, words,
                                  about_label, about_id, is_historic)
    VALUES (entry, of_child, what, me.at, 'minute', me.at, 'minute', me.at, me.post, left(said, 300), 'advice.Referral', referral, false);
    RETURN entry;
END $$;

-- Something to do about a referral, under a clock where there is one; what was to be done before is done, and its clock stops.
CREATE OR REPLACE FUNCTION gate_referral_next(of_child uuid, referral uuid, entry uuid, to_post uuid, to_team uuid, named text, held jsonb, is_answer boolean)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    clock uuid := CASE WHEN held ? 'limit' THEN gen_random_uuid() END;
    due timestamptz := (held ->> 'due_at')::timestamptz;
BEGIN
    UPDATE clocks_clock c SET stopped_by_id = entry, stopped_at = me.at,
        outcome = CASE WHEN NOT is_answer THEN 'stopped' WHEN me.at <= c.due_at THEN 'in_time' ELSE 'late' END
    WHERE c.about_id = referral AND c.outcome = 'running';
    UPDATE tasks_task t SET state = 'done', ended_at = me.at, ended_by_id = me.post WHERE t.about_id = referral AND t.state = 'open';
    UPDATE tasks_alert a SET acknowledged_at = me.at, acknowledged_by_id = me.post, climbs_at = NULL
    WHERE a.about_id = referral AND a.acknowledged_at IS NULL;
    IF named = '' THEN RETURN; END IF;
    IF clock IS NOT NULL THEN
        INSERT INTO clocks_clock (id, version, child_id, authority_id, "limit", limit_version, limit_name, started_by_id, started_at, started_precision,
                                  due_at, due_latest_at, why, about_label, about_id, outcome, is_historic, missed_reason, missed_words)
        SELECT clock, 1, of_child, c.responsible_authority_id, held ->> 'limit', held ->> 'limit_version', held ->> 'limit_name', entry, me.at, 'minute',
               due, due, held ->> 'why', 'advice.Referral', referral, 'running', false, '', ''
        FROM children_child c WHERE c.person_id = of_child;
    END IF;
    INSERT INTO tasks_task (id, version, child_id, name, entry_id, clock_id, owner_post_id, owner_team_id, about_label, about_id, due_at, state)
    VALUES (gen_random_uuid(), 1, of_child, named, entry, clock, to_post, to_team, 'advice.Referral', referral, due, 'open');
END $$;

-- Open the child to the team that is asked, or to the adviser; what the referral opened before ends.
CREATE OR REPLACE FUNCTION gate_referral_opens(of_child uuid, referral uuid, to_post uuid, to_team uuid, ends timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    UPDATE gate_relationship r SET until_at = greatest(r.from_at, me.at), ended_because = 'the referral went on'
    WHERE r.source_id = referral AND r.kind = 'advice' AND (r.until_at IS NULL OR r.until_at > me.at);
    IF to_post IS NULL AND to_team IS NULL THEN RETURN; END IF;
    INSERT INTO gate_relationship (id, version, child_id, kind, holder_post_id, holder_team_id, from_at, until_at, because, source_label, source_id,
                                   granted_by_id, ended_because)
    VALUES (gen_random_uuid(), 1, of_child, 'advice', to_post, to_team, me.at, ends, 'asked for advice', 'advice.Referral', referral, me.post, '');
END $$;

-- Refer a child to a team that serves one of the child's authorities. NULL where the acting post may not, the team is none of those, or nobody of it
-- may be told of the child.
CREATE OR REPLACE FUNCTION gate_refer(asked_child uuid, asked_team uuid, asked_wants text, asked_question text, held jsonb) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    referral uuid := gen_random_uuid();
    entry uuid;
    team record;
BEGIN
    IF gate_opens_by(asked_child, ARRAY['allocated', 'line', 'team_duty', 'front_door', 'missing_response', 'return_interview', 'missing_coordinator',
                                        'emergency_duty', 'known_to'], 'missing', 'read') IS NOT TRUE THEN RETURN NULL; END IF;
    SELECT t.id, t.name, a.name AS agency INTO team FROM agencies_team t JOIN agencies_agency a ON a.id = t.agency_id
    WHERE t.id = asked_team AND t.purpose IN ('missing', 'return_interviews') AND EXISTS (
        SELECT 1 FROM agencies_agency_authorities s JOIN children_child c
            ON c.person_id = asked_child AND s.authority_id IN (c.responsible_authority_id, c.host_authority_id)
        WHERE s.agency_id = t.agency_id);
    -- Somebody of it must be able to open the child: neither shut out, nor left off a list of names.
    IF team.id IS NULL OR gate_not_shut(ARRAY(SELECT p.id FROM agencies_post p CROSS JOIN gate_live_post(p.id, me.at) l
                                              WHERE p.team_id = asked_team AND l.post IS NOT NULL), asked_child, me.at) = '{}' THEN RETURN NULL; END IF;
    INSERT INTO advice_referral (id, version, child_id, team_id, wants, question, asked_at, asked_by_id, asked_words, state, answer, outcome, outcome_words)
    VALUES (referral, 1, asked_child, asked_team, asked_wants, asked_question, me.at, me.post, '', 'asked', '', '', '');
    entry := gate_referral_entry(asked_child, referral, 'referred_to_team', team.name || ', ' || team.agency);
    PERFORM gate_referral_opens(asked_child, referral, NULL, asked_team, NULL);
    PERFORM gate_referral_next(asked_child, referral, entry, NULL, asked_team, 'A child was referred to the team', held, false);
    RETURN referral;
END $$;

-- Who works with a child, to whom an answer goes: whoever asked, while the child is allocated to them; else the longest allocated; else the team that answers.
CREATE OR REPLACE FUNCTION gate_referral_lead(of_child uuid, asker uuid, OUT post uuid, OUT team uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    SELECT r.holder_post_id, r.holder_team_id INTO post, team FROM gate_relationship r
    WHERE r.child_id = of_child AND r.kind IN ('allocated', 'front_door', 'team_duty') AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at)
    ORDER BY r.holder_post_id IS NOT DISTINCT FROM asker DESC, r.kind = 'allocated' DESC, r.from_at, r.id LIMIT 1;
    IF post IS NULL AND team IS NULL THEN post := asker; END IF;
END $$;

-- Take a referral one step on: accept, send_back, answer (its adviser alone), decide (whoever works with the child). False where the step is not this post's.
CREATE OR REPLACE FUNCTION gate_referral_step(asked_referral uuid, step text, said text, coded text, held jsonb) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    r advice_referral;
    entry uuid;
    lead record;
    works boolean;
BEGIN
    SELECT * INTO r FROM advice_referral a WHERE a.id = asked_referral FOR UPDATE;
    IF r.id IS NULL OR me.post IS NULL THEN RETURN false; END IF;
    IF step = 'decide' THEN
        IF r.state <> 'answered' THEN RETURN false; END IF;
        works := gate_opens_by(r.child_id, ARRAY['allocated', 'line', 'team_duty', 'front_door', 'emergency_duty', 'return_interview'], 'chronology', 'write');
        -- Whoever asked says what they made of it, as long as they may ask about the child; whoever works with the child then reads it.
        IF works IS NOT TRUE AND (r.asked_by_id <> me.post OR r.adviser_id = me.post OR gate_opens_by(
            r.child_id, ARRAY['missing_response', 'missing_coordinator', 'known_to'], 'missing', 'read') IS NOT TRUE) THEN RETURN false; END IF;
        UPDATE advice_referral SET state = 'decided', outcome = coded, outcome_words = said, decided_by_id = me.post, decided_at = me.at, ended_at = me.at
        WHERE id = r.id;
        entry := gate_referral_entry(r.child_id, r.id, 'advice_decided', said);
        lead := gate_referral_lead(r.child_id, me.post);
        IF works IS TRUE OR lead.post = me.post THEN
            PERFORM gate_referral_next(r.child_id, r.id, entry, NULL, NULL, '', '{}', true);
        ELSE
            PERFORM gate_referral_next(r.child_id, r.id, entry, lead.post, lead.team, 'Whoever asked says what they make of the advice: read it', '{}', true);
        END IF;
        RETURN true;
    END IF;
    IF gate_opens_by(r.child_id, ARRAY['advice'], 'chronology', 'write') IS NOT TRUE OR me.team <> r.team_id THEN RETURN false; END IF;
    IF step = 'accept' AND r.state = 'asked' THEN
        UPDATE advice_referral SET state = 'accepted', adviser_id = me.post, accepted_at = me.at WHERE id = r.id;
        entry := gate_referral_entry(r.child_id, r.id, 'referral_accepted', said);
        PERFORM gate_referral_opens(r.child_id, r.id, me.post, NULL, NULL);
        PERFORM gate_referral_next(r.child_id, r.id, entry, me.post, NULL, 'Answer what was asked of you', held, true);
    ELSIF step = 'send_back' AND (r.state = 'asked' OR (r.state = 'accepted' AND r.adviser_id = me.post)) THEN
        UPDATE advice_referral SET state = 'sent_back', answer = said, answered_at = me.at, ended_at = me.at WHERE id = r.id;
        entry := gate_referral_entry(r.child_id, r.id, 'referral_sent_back', said);
        lead := gate_referral_lead(r.child_id, r.asked_by_id);
        PERFORM gate_referral_opens(r.child_id, r.id, NULL, NULL, NULL);
        PERFORM gate_referral_next(r.child_id, r.id, entry, lead.post, lead.team, 'A referral was sent back to you: read why', '{}', true);
    ELSIF step = 'answer' AND r.state = 'accepted' AND r.adviser_id = me.post THEN
        UPDATE advice_referral SET state = 'answered', answer = said, answered_at = me.at WHERE id = r.id;
        entry := gate_referral_entry(r.child_id, r.id, 'advice_given', '');
        lead := gate_referral_lead(r.child_id, r.asked_by_id);
        PERFORM gate_referral_opens(r.child_id, r.id, me.post, NULL, me.at + interval '7 days');
        PERFORM gate_referral_next(r.child_id, r.id, entry, lead.post, lead.team, 'Advice was given: say what you make of it', held, true);
    ELSE
        RETURN false;
    END IF;
    RETURN true;
END $$;

-- Write down advice that the acting post gave by telephone, about a child with whom it works, or whom it answers for. NULL where it does not.
CREATE OR REPLACE FUNCTION gate_record_advice(asked_child uuid, who_rang text, spoke_at timestamptz, asked_question text, said text, held jsonb) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    referral uuid := gen_random_uuid();
    entry uuid;
    lead record;
BEGIN
    IF spoke_at > me.at OR gate_opens_by(asked_child, ARRAY['allocated', 'line', 'team_duty', 'front_door', 'missing_response', 'return_interview',
        'missing_coordinator', 'emergency_duty'], 'missing', 'read') IS NOT TRUE THEN RETURN NULL; END IF;
    INSERT INTO advice_referral (id, version, child_id, team_id, wants, question, asked_at, asked_by_id, asked_words, state, adviser_id, accepted_at, answer,
                                 answered_at, outcome, outcome_words)
    VALUES (referral, 1, asked_child, me.team, 'advice', asked_question, spoke_at, me.post, who_rang, 'answered', me.post, spoke_at, said, spoke_at, '', '');
    entry := gate_referral_entry(asked_child, referral, 'advice_given', who_rang);
    lead := gate_referral_lead(asked_child, me.post);
    PERFORM gate_referral_next(asked_child, referral, entry, lead.post, lead.team,
                               'Advice was given by telephone: say what you make of it', held, true);
    RETURN referral;
END $$;
