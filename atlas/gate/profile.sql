-- What the local profile counts: rows of facts without a name, a number, an address or a word of anybody's, to the job that makes a profile for the head of service of the
-- council, and only once the impact assessments of what it reads are recorded. Made by `manage gate install`, after install.sql.

-- Of the analysis run that the acting post asked for and that is being made. `child` and `interview` are keys of this run alone, by which rows hang together; a child whose
-- existence is hidden is nowhere, and one who is recorded twice is one child. From twice the period back, so that the period may be compared with the one before it, and mentions of places from a year back.
CREATE OR REPLACE FUNCTION gate_profile(asked_run uuid) RETURNS TABLE (kind text, facts jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    run record;
    since date;
    began timestamptz;
    over timestamptz;
    hidden uuid[];
BEGIN
    SELECT r.authority_id AS authority, r.from_on, r.until_on, r.papers INTO run FROM profile_analysisrun r
    WHERE r.id = asked_run AND r.asked_by_id = me.post AND r.state = 'running';
    IF me.post IS NULL OR me.agency_kind IS DISTINCT FROM 'council' OR me.role IS DISTINCT FROM 'head_of_service' OR run.authority IS NULL
        OR run.authority NOT IN (SELECT s.authority_id FROM agencies_agency_authorities s WHERE s.agency_id = me.agency)
        OR (SELECT count(DISTINCT (i.about, i.kind)) FROM profile_impactassessment i WHERE i.authority_id = run.authority AND i.about IN ('profile', 'places')
            AND i.fingerprint = run.papers ->> i.about AND i.review_on >= (me.at AT TIME ZONE 'Europe/London')::date) < 4
    THEN RETURN; END IF;
    since := run.from_on - (run.until_on - run.from_on);
    began := since::timestamp AT TIME ZONE 'Europe/London';
    over := run.until_on::timestamp AT TIME ZONE 'Europe/London';
    hidden := gate_same(ARRAY(SELECT g.child_id FROM gate_restriction g WHERE g.sensitivity = 'hidden' AND g.from_at <= me.at AND (g.until_at IS NULL OR g.until_at > me.at)));
    RETURN QUERY
    WITH twice AS MATERIALIZED (SELECT t.child AS pk, t.records, t.stands AS one FROM gate_recorded_twice() t),
    judged AS (
        SELECT coalesce(t.one, a.child_id) AS one, a.level, a.is_harm, a.types, a.finished_at
        FROM exploitation_exploitationassessment a LEFT JOIN twice t ON t.pk = a.child_id WHERE a.state = 'finished' AND a.finished_at < over),
    latest AS (SELECT DISTINCT ON (j.one) j.* FROM judged j ORDER BY j.one, j.finished_at DESC),
    earlier AS (SELECT DISTINCT ON (j.one) j.* FROM judged j WHERE j.finished_at < run.from_on::timestamp AT TIME ZONE 'Europe/London'
                ORDER BY j.one, j.finished_at DESC),
    went AS (
        SELECT e.* FROM missing_episode e WHERE e.state <> 'withdrawn' AND e.reported_at >= began AND e.reported_at < over
        AND run.authority IN (e.responsible_authority_id, e.host_authority_id)),
    known AS (
        SELECT c.person_id AS pk, coalesce(t.one, c.person_id) AS one, coalesce(t.records, ARRAY[c.person_id]) AS records,
               encode(sha256(convert_to(asked_run::text || coalesce(t.one, c.person_id)::text, 'UTF8')), 'hex') AS key,
               c.responsible_authority_id = run.authority AS ours, c.host_authority_id = run.authority AS here, EXTRACT(year FROM age(run.until_on, c.born_on))::int AS years
        FROM children_child c LEFT JOIN twice t ON t.pk = c.person_id
        WHERE run.authority IN (c.responsible_authority_id, c.host_authority_id) AND NOT c.person_id = ANY (hidden)
          AND (c.person_id IN (SELECT w.child_id FROM went w) OR coalesce(t.one, c.person_id) IN (SELECT l.one FROM latest l))),
    talks AS (
        SELECT r.*, k.key, encode(sha256(convert_to(asked_run::text || r.id::text, 'UTF8')), 'hex') AS talk FROM missing_returninterview r JOIN known k ON k.pk = r.child_id
        WHERE r.returned_at < over AND r.returned_at >= least(began, (run.until_on - 366)::timestamp AT TIME ZONE 'Europe/London')
          AND run.authority IN (r.responsible_authority_id, r.host_authority_id))
    (SELECT DISTINCT ON (k.one) 'child', jsonb_build_object('child', k.key, 'is_ours', k.ours, 'lives_here', k.here, 'years', k.years, 'sex', p.sex, 'ethnicity', left(p.ethnicity, 1),
        'is_disabled', EXISTS (SELECT 1 FROM statuses_disability d WHERE d.child_id = ANY (k.records) AND d.code <> 'NONE'),
        'is_disability_asked', EXISTS (SELECT 1 FROM statuses_disability d WHERE d.child_id = ANY (k.records)),
        'is_looked_after', EXISTS (SELECT 1 FROM statuses_spell s WHERE s.child_id = ANY (k.records) AND s.status = 'looked_after' AND s.from_on < run.until_on
                                   AND (s.until_on IS NULL OR s.until_on >= run.until_on)),
        'level', l.level, 'was', b.level, 'is_harmed', coalesce(l.is_harm, false), 'types', to_jsonb(l.types),
        'plan_on', (SELECT max((s.decided_at AT TIME ZONE 'Europe/London')::date) FROM plans_safetyplan s WHERE s.child_id = ANY (k.records) AND s.decided_at < over
                    AND (s.closed_at IS NULL OR s.closed_at >= over)))
    FROM known k JOIN people_person p ON p.id = k.pk LEFT JOIN latest l ON l.one = k.one LEFT JOIN earlier b ON b.one = k.one
     ORDER BY k.one, k.pk <> k.one, k.pk)
    UNION ALL
    SELECT 'episode', jsonb_build_object('child', k.key, 'on', (w.reported_at AT TIME ZONE 'Europe/London')::date,
        'hour', CASE WHEN w.reported_precision = 'minute' THEN EXTRACT(hour FROM w.reported_at AT TIME ZONE 'Europe/London')::int END,
        'hours', CASE WHEN w.returned_precision IN ('minute', 'about') THEN round((EXTRACT(epoch FROM w.returned_at - w.reported_at) / 3600)::numeric, 1) END,
        'is_elsewhere', w.responsible_authority_id <> w.host_authority_id, 'grade', w.grade)
    FROM went w JOIN known k ON k.pk = w.child_id
    UNION ALL
    SELECT 'interview', jsonb_build_object('child', t.key, 'interview', t.talk, 'on', (t.returned_at AT TIME ZONE 'Europe/London')::date,
        'held_on', (t.held_at AT TIME ZONE 'Europe/London')::date, 'is_offered', t.first_offered_at IS NOT NULL, 'timeliness', t.timeliness)
    FROM talks t WHERE t.returned_at >= began
    UNION ALL
    SELECT 'answer', jsonb_build_object('interview', t.talk, 'on', (t.held_at AT TIME ZONE 'Europe/London')::date, 'question', a.question, 'code', a.code)
    FROM talks t JOIN missing_answer a ON a.interview_id = t.id WHERE t.held_at >= began AND t.held_at < over AND NOT a.is_withdrawn
    UNION ALL
    SELECT 'reading', jsonb_build_object('interview', t.talk, 'on', (t.held_at AT TIME ZONE 'Europe/London')::date, 'question', q.key, 'code', c.value)
    FROM talks t JOIN missing_secondreading s ON s.interview_id = t.id CROSS JOIN LATERAL jsonb_each(s.codes) q CROSS JOIN LATERAL jsonb_array_elements_text(q.value) c
    WHERE t.held_at >= began AND t.held_at < over AND NOT s.had_seen  -- also one read since
    UNION ALL
    SELECT 'mention', jsonb_build_object('child', t.key, 'interview', t.talk, 'on', (t.held_at AT TIME ZONE 'Europe/London')::date, 'place', m.place_id, 'settled', m.settled)
    FROM talks t JOIN missing_locationmention m ON m.interview_id = t.id WHERE t.held_at < over AND NOT m.is_withdrawn
    UNION ALL
    SELECT 'item', jsonb_build_object('child', k.key, 'kind', i.kind, 'code', i.code)
    FROM exploitation_assessmentitem i JOIN known k ON k.pk = i.child_id WHERE i.added_at < over AND (i.ended_at IS NULL OR i.ended_at >= over)
    UNION ALL
    SELECT 'harm', jsonb_build_object('child', k.key, 'code', h.code, 'certainty', h.certainty)
    FROM exploitation_harm h JOIN known k ON k.pk = h.child_id WHERE h.added_at < over AND (h.ended_at IS NULL OR h.ended_at >= over)
    UNION ALL
    SELECT 'measure', jsonb_build_object('child', k.key, 'kind', m.kind) FROM exploitation_measure m JOIN known k ON k.pk = m.child_id
    WHERE m.started_on < run.until_on AND (m.ends_on IS NULL OR m.ends_on >= run.until_on) AND (m.ended_at IS NULL OR m.ended_at >= over)
    UNION ALL
    SELECT 'nrm_referral', jsonb_build_object('child', k.key, 'on', n.decided_on, 'state', n.state) FROM exploitation_nrmreferral n JOIN known k ON k.pk = n.child_id
    WHERE n.recorded_at < over AND n.recorded_at >= began
    UNION ALL
    SELECT 'programme', jsonb_build_object('child', k.key, 'theme', p.theme, 'on', (p.began_at AT TIME ZONE 'Europe/London')::date, 'outcome', p.outcome)
    FROM directwork_programme p JOIN known k ON k.pk = p.child_id WHERE p.began_at < over AND p.began_at >= began
    UNION ALL
    SELECT 'action', jsonb_build_object('agency', g.kind, 'due_on', a.due_on, 'state', a.state, 'ended_on', (a.ended_at AT TIME ZONE 'Europe/London')::date, 'worked', a.worked)
    FROM meetings_agencyaction a JOIN agencies_agency g ON g.id = a.agency_id JOIN meetings_meetingitem t ON t.id = a.item_id JOIN meetings_meeting m ON m.id = t.meeting_id
    WHERE m.authority_id = run.authority AND a.due_on >= since AND a.due_on < run.until_on AND a.agreed_at < over
    UNION ALL
    SELECT 'person_of_concern', jsonb_build_object('capacity', c.capacity, 'years', EXTRACT(year FROM age(run.until_on, c.born_on))::int,
        'on', (c.added_at AT TIME ZONE 'Europe/London')::date)
    FROM connections_personofconcern c WHERE c.authority_id = run.authority AND c.added_at < over AND c.review_on >= run.until_on - 1
    UNION ALL
    SELECT 'group', jsonb_build_object('kind', g.kind, 'on', (g.added_at AT TIME ZONE 'Europe/London')::date)
    FROM connections_group g WHERE g.authority_id = run.authority AND g.added_at < over AND g.review_on >= run.until_on - 1
    UNION ALL
    SELECT 'place', jsonb_build_object('place', p.id, 'name', p.name, 'type', p.type, 'easting', p.easting, 'northing', p.northing,
        'on', (p.added_at AT TIME ZONE 'Europe/London')::date, 'is_answered_for', p.responsible_id IS NOT NULL)
    FROM places_place p WHERE p.authority_id = run.authority AND p.review_on >= (me.at AT TIME ZONE 'Europe/London')::date;  -- also one written down since
END $$;

-- Papers first, also where nothing is run: which of the two impact assessments of an analysis nobody has recorded, or read again in time, for the authority that is
-- responsible for a child or hosts the child; none where either has both. What runs changes with a new version of the service: the page of papers says so, and a link is
-- not refused for it, since what harms a child must not wait for a release note.
CREATE OR REPLACE FUNCTION gate_papers_of(asked_authority uuid, asked_about text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT ARRAY(SELECT k.kind FROM (VALUES (1, 'protection'), (2, 'equality')) k (place, kind) WHERE NOT EXISTS (
        SELECT 1 FROM profile_impactassessment i WHERE i.authority_id = asked_authority AND i.about = asked_about AND i.kind = k.kind
        AND i.review_on >= ((gate_me()).at AT TIME ZONE 'Europe/London')::date) ORDER BY k.place)
$$;

CREATE OR REPLACE FUNCTION gate_papers_missing(asked_child uuid, asked_about text) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce((
        SELECT gate_papers_of(a.id, asked_about) FROM children_child c JOIN agencies_authority a ON a.id IN (c.responsible_authority_id, c.host_authority_id)
        WHERE c.person_id = asked_child ORDER BY cardinality(gate_papers_of(a.id, asked_about)), a.name LIMIT 1), ARRAY['protection', 'equality'])
$$;
