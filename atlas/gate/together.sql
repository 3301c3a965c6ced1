-- Which children are missing together: times without a name, and keys of one search, to the job that looks; and what it told, kept for whoever may read of every child of it.
-- Made by `manage gate install`, after profile.sql.

-- The authority, the first and the last day of a search that the acting post asked for and that is being made, once both impact assessments of the network are recorded.
CREATE OR REPLACE FUNCTION gate_searches_together(asked_search uuid) RETURNS TABLE (authority uuid, from_on date, until_on date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    RETURN QUERY
    SELECT s.authority_id, s.from_on, s.until_on FROM network_togethersearch s
    WHERE s.id = asked_search AND s.asked_by_id = me.post AND s.state = 'running' AND me.agency_kind = 'council' AND me.role = 'head_of_service'
      AND s.authority_id IN (SELECT a.authority_id FROM agencies_agency_authorities a WHERE a.agency_id = me.agency)
      AND gate_papers_of(s.authority_id, 'network') = '{}';
END $$;

-- The children of a search by their keys, one key for all records of one child, whose record that stands is kept. One whose existence is hidden is nowhere.
CREATE OR REPLACE FUNCTION gate_together_keys(asked_search uuid, asked_authority uuid) RETURNS TABLE (child uuid, kept uuid, key text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    hidden uuid[] := gate_same(ARRAY(SELECT g.child_id FROM gate_restriction g WHERE g.sensitivity = 'hidden' AND g.from_at <= me.at AND (g.until_at IS NULL OR g.until_at > me.at)));
BEGIN
    RETURN QUERY
    SELECT c.person_id, coalesce(t.stands, c.person_id), encode(sha256(convert_to(asked_search::text || coalesce(t.stands, c.person_id)::text, 'UTF8')), 'hex')
    FROM children_child c LEFT JOIN gate_recorded_twice() t ON t.child = c.person_id
    WHERE asked_authority IN (c.responsible_authority_id, c.host_authority_id) AND NOT c.person_id = ANY (hidden)
      AND EXISTS (SELECT 1 FROM missing_episode e WHERE e.child_id = c.person_id);
END $$;

CREATE OR REPLACE FUNCTION gate_missing_times(asked_search uuid) RETURNS TABLE (kind text, one text, other text, since timestamptz, until timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    run record;
    today date := (me.at AT TIME ZONE 'Europe/London')::date;
    began timestamptz;
    over timestamptz;
BEGIN
    SELECT * INTO run FROM gate_searches_together(asked_search);
    IF run.authority IS NULL THEN RETURN; END IF;
    began := run.from_on::timestamp AT TIME ZONE 'Europe/London';
    over := run.until_on::timestamp AT TIME ZONE 'Europe/London';
    RETURN QUERY
    WITH known AS MATERIALIZED (SELECT * FROM gate_together_keys(asked_search, run.authority))
    SELECT 'episode', k.key, ''::text, e.reported_at, greatest(e.reported_at, least(coalesce(e.returned_at, over), over))
    FROM missing_episode e JOIN known k ON k.child = e.child_id WHERE e.state <> 'withdrawn' AND e.reported_at >= began AND e.reported_at < over
    UNION ALL
    SELECT 'link', a.key, b.key, NULL, NULL FROM network_link l JOIN known a ON a.child = l.child_id JOIN known b ON b.child = l.other_child_id
    WHERE NOT l.is_error AND l.ended_at IS NULL AND l.review_on >= today AND a.key <> b.key;
END $$;

-- Keep what a search told: [{"children": [key, ...], "occasions": n, "expected": x or null, "last_on": day}, ...]. What stood unanswered of earlier searches is no
-- longer current; what somebody answered is not told again, unless it is of more occasions. How many rows were kept.
CREATE OR REPLACE FUNCTION gate_keep_together(asked_search uuid, told jsonb) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    run record;
    many integer;
BEGIN
    SELECT * INTO run FROM gate_searches_together(asked_search);
    IF run.authority IS NULL THEN RETURN 0; END IF;
    UPDATE network_together t SET is_current = false FROM network_togethersearch s
    WHERE s.id = t.search_id AND s.authority_id = run.authority AND t.answer = '' AND t.is_current;
    WITH known AS MATERIALIZED (SELECT DISTINCT k.key, k.kept FROM gate_together_keys(asked_search, run.authority) k),
    said AS (
        SELECT (row ->> 'occasions')::int AS occasions, (row ->> 'expected')::float AS expected, (row ->> 'last_on')::date AS last_on,
               ARRAY(SELECT k.kept FROM known k WHERE row -> 'children' ? k.key ORDER BY k.kept) AS children, jsonb_array_length(row -> 'children') AS many
        FROM jsonb_array_elements(told) row)
    INSERT INTO network_together (id, version, child_id, search_id, children, occasions, expected, last_on, is_current, expires_on, answer, answer_words)
    SELECT gen_random_uuid(), 1, s.children[1], asked_search, s.children, s.occasions, s.expected, s.last_on, true,
           (me.at AT TIME ZONE 'Europe/London')::date + 91, '', ''
    FROM said s WHERE cardinality(s.children) = s.many AND s.many >= 2
      AND NOT EXISTS (SELECT 1 FROM network_together a WHERE a.answer <> '' AND a.children = s.children AND a.occasions >= s.occasions);
    GET DIAGNOSTICS many = ROW_COUNT;
    RETURN many;
END $$;
