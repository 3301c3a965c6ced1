-- Break-glass (protection.md 4.6): a card's child opened in an emergency, loud and for four hours. Read after match.sql.

-- Whether one of these two people is in the other's line, at any height and by any post of theirs.
CREATE OR REPLACE FUNCTION gate_same_line(one uuid, other uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE line AS (
        SELECT p.user_id AS bottom, p.line_manager_id AS post FROM agencies_post p WHERE p.user_id IN (one, other)
        UNION
        SELECT l.bottom, q.line_manager_id FROM line l JOIN agencies_post q ON q.id = l.post)
    SELECT EXISTS (SELECT 1 FROM line l JOIN agencies_post q ON q.id = l.post WHERE q.user_id IN (one, other) AND q.user_id <> l.bottom)
$$;

-- The break-glasses that the acting post may read: one's own; those that one was told of; for privacy officers and guardians those of the own
-- agency's people and of the children of their authorities, restricted ones too. Never of a child from whom the person is shut.
CREATE OR REPLACE FUNCTION gate_break_glasses() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    is_reviewer boolean := EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'reviews' AND w.word = me.role);
    authorities uuid[] := gate_authorities('audit', 'read') || CASE WHEN me.role = 'caldicott_guardian' AND me.agency_kind = 'council'
        THEN ARRAY(SELECT s.authority_id FROM agencies_agency_authorities s WHERE s.agency_id = me.agency) ELSE '{}'::uuid[] END;
    shut uuid[] := gate_blocked();
    guarded uuid[] := gate_guarded();
    hidden uuid[] := ARRAY(SELECT u.child_id FROM gate_unnamed() u WHERE u.sensitivity = 'hidden');
BEGIN
    IF me.post IS NULL THEN RETURN '{}'; END IF;
    RETURN ARRAY(
        SELECT b.id FROM break_glass_breakglass b JOIN agencies_post p ON p.id = b.post_id JOIN children_child c ON c.person_id = b.child_id
        WHERE NOT b.child_id = ANY (shut) AND NOT b.child_id = ANY (hidden)
          AND CASE WHEN p.user_id = me.person THEN NOT b.is_refused
                   ELSE (is_reviewer AND (b.agency_id = me.agency OR c.responsible_authority_id = ANY (authorities)
                                          OR c.host_authority_id = ANY (authorities)))
                        OR (NOT b.child_id = ANY (guarded)
                            AND EXISTS (SELECT 1 FROM break_glass_breakglassnotice n WHERE n.break_glass_id = b.id AND n.to_post_id = me.post)) END);
END $$;

-- Of these, those that the acting post may review: never one's own, never those of one's line, above or below.
CREATE OR REPLACE FUNCTION gate_break_glasses_reviewed() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF NOT EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'reviews' AND w.word = me.role) THEN RETURN '{}'; END IF;
    RETURN ARRAY(SELECT b.id FROM break_glass_breakglass b JOIN agencies_post p ON p.id = b.post_id
                 WHERE b.id = ANY (gate_break_glasses()) AND p.user_id <> me.person AND NOT gate_same_line(p.user_id, me.person));
END $$;

-- Whom a break-glass is told to, of those who may know: the privacy officers of both agencies, the lead team, the person's manager; the guardian
-- where there is no privacy officer. Nobody from whom the child is shut; a privacy officer and a guardian also off the list of a restricted child.
CREATE OR REPLACE FUNCTION gate_tell_break_glass(told uuid, wanted_child uuid, its_person uuid, its_post uuid, its_agency uuid, moment timestamptz)
RETURNS SETOF uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    lead_team uuid;
    lead_agency uuid;
    is_hidden boolean := EXISTS (SELECT 1 FROM gate_restriction x WHERE x.child_id = ANY (gate_same(ARRAY[wanted_child])) AND x.sensitivity = 'hidden'
                                 AND x.from_at <= moment AND (x.until_at IS NULL OR x.until_at > moment));
    officers uuid[];
    others uuid[];
BEGIN
    SELECT t.id, t.agency_id INTO lead_team, lead_agency
    FROM gate_relationship r LEFT JOIN agencies_post q ON q.id = r.holder_post_id JOIN agencies_team t ON t.id = coalesce(r.holder_team_id, q.team_id)
    WHERE r.child_id = wanted_child AND r.kind IN ('allocated', 'front_door', 'team_duty')
      AND r.from_at <= moment AND (r.until_at IS NULL OR r.until_at > moment)
    ORDER BY r.kind <> 'allocated', r.from_at, r.id LIMIT 1;
    WITH asked AS (
        SELECT p.id, p.role FROM agencies_post p JOIN agencies_team t ON t.id = p.team_id
        WHERE p.role IN ('privacy_officer', 'caldicott_guardian') AND t.agency_id IN (its_agency, lead_agency)
        UNION
        SELECT r.holder_post_id, 'privacy_officer' FROM gate_relationship r JOIN children_child c ON c.person_id = wanted_child
        WHERE r.kind = 'privacy' AND r.authority_id IN (c.responsible_authority_id, c.host_authority_id)
          AND r.from_at <= moment AND (r.until_at IS NULL OR r.until_at > moment)),
    live AS (SELECT a.id, a.role FROM asked a, gate_live_post(a.id, moment) l WHERE l.post IS NOT NULL AND l.person <> its_person
             AND NOT wanted_child = ANY (gate_shut_to(l.person, moment)) AND (NOT is_hidden OR a.id = ANY (gate_not_shut(ARRAY[a.id], wanted_child, moment))))
    SELECT coalesce(array_agg(v.id), '{}') INTO officers FROM live v
    WHERE v.role = 'privacy_officer' OR NOT EXISTS (SELECT 1 FROM live w WHERE w.role = 'privacy_officer');
    others := gate_not_shut(ARRAY(
        SELECT l.post FROM agencies_post p, gate_live_post(p.id, moment) l
        WHERE l.post IS NOT NULL AND l.person <> its_person
          AND (p.id = (SELECT q.line_manager_id FROM agencies_post q WHERE q.id = its_post)
               OR p.team_id = lead_team)), wanted_child, moment);
    RETURN QUERY INSERT INTO break_glass_breakglassnotice (id, break_glass_id, to_post_id, told_at)
    SELECT gen_random_uuid(), told, one, moment FROM (SELECT DISTINCT unnest(officers || others)) every (one) RETURNING to_post_id;
END $$;

-- Break the glass. Everything is checked here, since the person may read nothing of the child: first what concerns the person alone, and may be
-- said; then the child, of whom one word is said for all that is not. Gives what came of it, and who is to be told outside Atlas.
CREATE OR REPLACE FUNCTION gate_break_glass(wanted_id uuid, wanted_child uuid, wanted_purpose text, wanted_reason text, wanted_callback text,
                                            review_due timestamptz, guardian_due timestamptz)
RETURNS TABLE (outcome text, recipient uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    proved timestamptz := (gate_context()).proved_at;
    its_team uuid := me.team;
    refused text;
    level text;
BEGIN
    IF me.post IS NULL OR NOT EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'breaks glass' AND w.word = me.role)
       OR NOT EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'statutory' AND w.word = me.agency_kind) THEN
        RETURN QUERY SELECT 'not in role', NULL::uuid; RETURN;
    END IF;
    IF proved IS NULL OR proved > me.at OR me.at - proved > interval '5 minutes' THEN RETURN QUERY SELECT 'not proved', NULL::uuid; RETURN; END IF;
    IF NOT EXISTS (SELECT 1 FROM gate_opening_purpose op WHERE op.kind = 'break_glass' AND op.purpose = wanted_purpose)
       OR NOT EXISTS (SELECT 1 FROM gate_role_purpose rp WHERE rp.role = me.role AND rp.purpose = wanted_purpose) THEN
        RETURN QUERY SELECT 'wrong purpose', NULL::uuid; RETURN;
    END IF;
    IF length(trim(wanted_reason)) < 30 THEN RETURN QUERY SELECT 'short', NULL::uuid; RETURN; END IF;
    IF EXISTS (SELECT 1 FROM break_glass_breakglass b JOIN agencies_post p ON p.id = b.post_id
               WHERE p.user_id = me.person AND lower(b.reason) = lower(trim(wanted_reason))) THEN RETURN QUERY SELECT 'copy', NULL::uuid; RETURN; END IF;
    IF (SELECT count(*) FROM break_glass_breakglass b JOIN agencies_post p ON p.id = b.post_id
        WHERE p.user_id = me.person AND NOT b.is_refused
          AND NOT EXISTS (SELECT 1 FROM break_glass_breakglassreview v WHERE v.break_glass_id = b.id)) > 5 THEN
        RETURN QUERY SELECT 'locked', NULL::uuid; RETURN;
    END IF;
    -- Only from a card: a search of this post within the last twenty minutes has named the child.
    IF NOT EXISTS (SELECT 1 FROM gate_look l WHERE l.children @> ARRAY[wanted_child] AND l.post_id = me.post AND l.event = 'search'
                   AND l.looked_at > me.at - interval '20 minutes' AND l.looked_at <= me.at) THEN
        RETURN QUERY SELECT 'no card', NULL::uuid; RETURN;
    END IF;
    SELECT u.sensitivity INTO level FROM gate_unnamed() u WHERE u.child_id = wanted_child;
    refused := CASE WHEN wanted_child = ANY (gate_blocked()) THEN 'blocked' WHEN level = 'hidden' THEN 'hidden' END;
    INSERT INTO break_glass_breakglass (id, version, child_id, post_id, team_id, agency_id, purpose, reason, callback, opened_at, until_at,
                                        review_due_at, guardian_at, is_refused)
    VALUES (wanted_id, 1, wanted_child, me.post, its_team, me.agency, wanted_purpose, trim(wanted_reason), wanted_callback, me.at,
            CASE WHEN refused IS NULL THEN me.at + interval '4 hours' ELSE me.at END, review_due, guardian_due, refused IS NOT NULL);
    IF refused IS NULL THEN
        INSERT INTO gate_relationship (id, version, child_id, kind, holder_post_id, from_at, until_at, because, source_label, source_id,
                                       granted_by_id, ended_because)
        VALUES (gen_random_uuid(), 1, wanted_child, 'break_glass', me.post, me.at, me.at + interval '4 hours', 'Opened in an emergency',
                'break_glass.BreakGlass', wanted_id, me.post, '');
    END IF;
    RETURN QUERY SELECT coalesce(refused, 'opened'), NULL::uuid
    UNION ALL SELECT coalesce(refused, 'opened'), t FROM gate_tell_break_glass(wanted_id, wanted_child, me.person, me.post, me.agency, me.at) t;
END $$;

-- Say that the notices of a break-glass were handed to the queue: by whoever broke the glass, or by tick.
CREATE OR REPLACE FUNCTION gate_break_glass_handed(wanted uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    UPDATE break_glass_breakglassnotice n SET handed_at = (gate_me()).at FROM break_glass_breakglass b
    WHERE n.break_glass_id = wanted AND n.handed_at IS NULL AND b.id = wanted
      AND (b.post_id = gate_post() OR gate_role() = 'tick')
$$;

-- What time brings, for tick alone: whatever nobody reviewed in time goes to the guardians; then every notice that was not handed on.
CREATE OR REPLACE FUNCTION gate_break_glass_due() RETURNS TABLE (break_glass uuid, recipient uuid, is_late boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF me.role IS DISTINCT FROM 'tick' THEN RETURN; END IF;
    INSERT INTO break_glass_breakglassnotice (id, break_glass_id, to_post_id, told_at)
    SELECT gen_random_uuid(), b.id, g.id, me.at
    FROM break_glass_breakglass b JOIN children_child c ON c.person_id = b.child_id JOIN agencies_post by ON by.id = b.post_id
    JOIN agencies_post g ON g.role = 'caldicott_guardian' JOIN agencies_team t ON t.id = g.team_id
    CROSS JOIN LATERAL gate_live_post(g.id, me.at) l
    WHERE b.guardian_at < me.at AND NOT EXISTS (SELECT 1 FROM break_glass_breakglassreview v WHERE v.break_glass_id = b.id)
      AND l.post IS NOT NULL AND l.person <> by.user_id AND NOT gate_same_line(l.person, by.user_id)
      AND (t.agency_id = b.agency_id OR EXISTS (SELECT 1 FROM agencies_agency_authorities s WHERE s.agency_id = t.agency_id AND l.agency_kind = 'council'
                                                AND s.authority_id IN (c.responsible_authority_id, c.host_authority_id)))
      AND NOT b.child_id = ANY (gate_shut_to(l.person, me.at))
      AND (NOT EXISTS (SELECT 1 FROM gate_restriction x WHERE x.child_id = ANY (gate_same(ARRAY[b.child_id])) AND x.sensitivity = 'hidden'
                       AND x.from_at <= me.at AND (x.until_at IS NULL OR x.until_at > me.at))
           OR g.id = ANY (gate_not_shut(ARRAY[g.id], b.child_id, me.at)))
    ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT n.break_glass_id, n.to_post_id, b.guardian_at < me.at
    FROM break_glass_breakglassnotice n JOIN break_glass_breakglass b ON b.id = n.break_glass_id WHERE n.handed_at IS NULL;
END $$;

-- How often each team broke the glass, by week, beside how often it opened a child; for reviewers: the own agency, and those of their authorities.
CREATE OR REPLACE FUNCTION gate_break_glass_rates(since timestamptz) RETURNS TABLE (team uuid, week date, broken bigint, opened bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    agencies uuid[];
    shut uuid[] := gate_blocked();
BEGIN
    IF NOT EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'reviews' AND w.word = me.role) THEN RETURN; END IF;
    agencies := ARRAY(SELECT DISTINCT s.agency_id FROM agencies_agency_authorities s WHERE s.authority_id = ANY (gate_authorities('audit', 'read')))
                || me.agency;
    RETURN QUERY
    SELECT t.id, d.week, sum(d.broken)::bigint, sum(d.opened)::bigint
    FROM (SELECT b.team_id, date_trunc('week', b.opened_at AT TIME ZONE 'Europe/London')::date AS week, 1 AS broken, 0 AS opened
          FROM break_glass_breakglass b WHERE b.opened_at >= since AND b.opened_at <= me.at AND NOT b.is_refused AND NOT b.child_id = ANY (shut)
          UNION ALL
          SELECT p.team_id, date_trunc('week', l.looked_at AT TIME ZONE 'Europe/London')::date, 0, 1
          FROM gate_look l JOIN agencies_post p ON p.id = l.post_id
          WHERE l.looked_at >= since AND l.looked_at <= me.at AND l.event = 'open' AND NOT l.about_child = ANY (shut)) d
    JOIN agencies_team t ON t.id = d.team_id WHERE t.agency_id = ANY (agencies) GROUP BY t.id, d.week;
END $$;
