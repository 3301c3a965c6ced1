-- Whoever may record that a child is missing, or back, does not always read the return interview that is owed: a duty worker at night, the police.
-- What follows for it is kept in step here; nothing of it is told but which it is.

-- Whether the acting post may write records of this kind about the child.
CREATE OR REPLACE FUNCTION gate_writes(asked_child uuid, of_record text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(NOT asked_child = ANY (gate_blocked()), true)
       AND (coalesce(asked_child = ANY (gate_children(of_record, 'write')), false)
            OR (coalesce(NOT asked_child = ANY (gate_guarded()), true) AND gate_in_authority(asked_child, gate_authorities(of_record, 'write'))))
$$;

-- The worker (or the team) whose child it is at a moment, as `lead` in flow.py finds it: for functions of the gate alone. No row where nobody is.
CREATE OR REPLACE FUNCTION gate_lead(asked_child uuid, moment timestamptz) RETURNS TABLE (post uuid, team uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.holder_post_id, r.holder_team_id FROM gate_relationship r
    WHERE r.child_id = asked_child AND r.from_at <= moment AND (r.until_at IS NULL OR r.until_at > moment) AND r.kind IN ('allocated', 'front_door', 'team_duty')
    ORDER BY r.kind = 'allocated' DESC, r.from_at, r.id LIMIT 1
$$;

-- Whether a child has a safety plan, which of its time limits run already, and what kinds of event somebody answered within 7 days: for functions of the
-- gate alone. The limits are those of flow.py.
CREATE OR REPLACE FUNCTION gate_plan_stands(asked_child uuid) RETURNS TABLE (has_plan boolean, asked text[], known text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT
        EXISTS (SELECT 1 FROM plans_safetyplan p WHERE p.child_id = asked_child AND p.closed_at IS NULL),
        ARRAY(SELECT c."limit"::text FROM clocks_clock c
              WHERE c.child_id = asked_child AND c.outcome = 'running' AND c."limit" IN ('plan_decision', 'plan_today')),
        ARRAY(SELECT DISTINCT a.event::text FROM plans_eventanswered a
              WHERE a.child_id = asked_child AND a.answered_at > (gate_me()).at - interval '7 days')
$$;

-- The same, for whoever writes down what happened, and for tick. Nothing else of a plan is told.
CREATE OR REPLACE FUNCTION gate_plan_asked(asked_child uuid) RETURNS TABLE (has_plan boolean, asked text[], known text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF gate_role() IS DISTINCT FROM 'tick' AND gate_writes(asked_child, 'chronology') IS NOT TRUE THEN RETURN; END IF;
    RETURN QUERY SELECT * FROM gate_plan_stands(asked_child);
END $$;

-- The child is missing again before the interviews still owed were held. Returns which they are, and in what state each was.
CREATE OR REPLACE FUNCTION gate_miss_again(asked_child uuid) RETURNS TABLE (interview uuid, was text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF gate_writes(asked_child, 'missing') IS NOT TRUE THEN RETURN; END IF;
    RETURN QUERY WITH owed AS (
        SELECT r.id, r.state FROM missing_returninterview r WHERE r.child_id = asked_child
          AND r.state IN ('due', 'offered', 'accepted', 'booked', 'not_met', 'missing_again') FOR UPDATE)
    UPDATE missing_returninterview i SET state = 'missing_again' FROM owed WHERE i.id = owed.id RETURNING i.id, owed.state::text;
END $$;

-- The time of the return was corrected, so the interview that is owed is due at another time. False where it has been held: then whether that was in
-- time is judged again by somebody who reads it.
CREATE OR REPLACE FUNCTION gate_move_return(asked_episode uuid, due timestamptz, returned timestamptz, exactly text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    owed record;
BEGIN
    SELECT i.id, i.child_id, i.held_at INTO owed FROM missing_returninterview i WHERE i.episode_id = asked_episode FOR UPDATE;
    IF owed.id IS NULL THEN RETURN true; END IF;
    IF gate_writes(owed.child_id, 'missing') IS NOT TRUE OR owed.held_at IS NOT NULL THEN RETURN false; END IF;
    UPDATE missing_returninterview SET due_at = due, returned_at = coalesce(returned, return_recorded_at), returned_precision = exactly,
        return_team_id = (SELECT p.team_id FROM agencies_post p WHERE p.id = (SELECT gate_post()))
    WHERE id = owed.id;
    RETURN true;
END $$;

-- Who turns 18 within 90 days while a missing episode or a return interview is open, for tick alone: the child, when born, the first record that is
-- open, and the worker or the team whose child it is. When exactly to ask is a rule of the folder (missing/rules/eighteen.py).
CREATE OR REPLACE FUNCTION gate_nearly_eighteen()
RETURNS TABLE (child uuid, born date, label text, record uuid, entry uuid, post uuid, team uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    today date := (me.at AT TIME ZONE 'Europe/London')::date;
BEGIN
    IF me.role IS DISTINCT FROM 'tick' THEN RETURN; END IF;
    RETURN QUERY
    WITH near AS MATERIALIZED (
        SELECT c.person_id AS id, c.born_on FROM children_child c JOIN people_person p ON p.id = c.person_id AND p.died_on IS NULL
        WHERE c.born_on BETWEEN (today - interval '18 years')::date AND (today - interval '18 years')::date + 91),
    still AS (
        SELECT n.id, n.born_on, 'missing.Episode' AS kind, e.id AS open_id, e.entry_id AS begun, e.reported_at AS since
        FROM near n JOIN missing_episode e ON e.child_id = n.id AND e.state IN ('missing', 'found') AND NOT e.is_historic
        UNION ALL
        SELECT n.id, n.born_on, 'missing.ReturnInterview', i.id, e.entry_id, e.reported_at
        FROM near n JOIN missing_returninterview i ON i.child_id = n.id AND i.state NOT IN ('closed', 'not_offered')
        JOIN missing_episode e ON e.id = i.episode_id AND NOT e.is_historic)
    SELECT DISTINCT ON (s.id) s.id, s.born_on, s.kind, s.open_id, s.begun, w.holder_post_id, w.holder_team_id
    FROM still s CROSS JOIN LATERAL (
        SELECT r.holder_post_id, r.holder_team_id FROM gate_relationship r
        WHERE r.child_id = s.id AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at)
          AND r.kind IN ('allocated', 'front_door', 'team_duty', 'missing_response', 'return_interview')
        ORDER BY r.kind = 'allocated' DESC, r.kind IN ('front_door', 'team_duty') DESC, r.from_at, r.id LIMIT 1) w
    ORDER BY s.id, s.since, s.kind;
END $$;

-- Measures that end within a hundred days, by age or as they were set, for tick alone: the child, the measure, its last day, and the worker or the team whose child it
-- is. When exactly to ask is a rule of the folder (exploitation/rules/catalogue.py).
CREATE OR REPLACE FUNCTION gate_measures_ending()
RETURNS TABLE (child uuid, record uuid, kind text, ends_on date, post uuid, team uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    today date := (me.at AT TIME ZONE 'Europe/London')::date;
BEGIN
    IF me.role IS DISTINCT FROM 'tick' THEN RETURN; END IF;
    RETURN QUERY
    SELECT m.child_id, m.id, m.kind::text, m.ends_on, w.post, w.team
    FROM exploitation_measure m JOIN people_person p ON p.id = m.child_id AND p.died_on IS NULL
    CROSS JOIN LATERAL gate_lead(m.child_id, me.at) w
    WHERE m.ended_at IS NULL AND m.ends_on BETWEEN today AND today + 100;
END $$;

-- Of a child who is not born yet there is no missing episode, no return interview and no concern about exploitation, whoever writes it.
CREATE OR REPLACE FUNCTION gate_not_unborn() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM children_child c WHERE c.person_id = NEW.child_id AND c.expected_on IS NOT NULL AND c.born_on IS NULL) THEN
        RAISE EXCEPTION 'this child is not born yet' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- A child who was expected is born, or is not: what was asked about it ends, also where whoever records it (the front door, months later) does not
-- read the work of those who are allocated. `whole`: everything that still asks or climbs, not the question about the birth alone.
CREATE OR REPLACE FUNCTION gate_end_expecting(asked_child uuid, whole boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF gate_writes(asked_child, 'child') IS NOT TRUE THEN RETURN; END IF;
    UPDATE tasks_task SET state = CASE WHEN whole THEN 'not_needed' ELSE 'done' END, ended_at = me.at, ended_by_id = me.post
    WHERE child_id = asked_child AND state = 'open' AND (whole OR about_id = asked_child);
    IF whole THEN
        UPDATE tasks_alert SET acknowledged_at = me.at, acknowledged_by_id = me.post, climbs_at = NULL
        WHERE child_id = asked_child AND acknowledged_at IS NULL;
    END IF;
END $$;
