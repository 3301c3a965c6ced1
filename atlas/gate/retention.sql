-- How long records are kept: facts by which it is reckoned, and what holds them. Run after linkage.sql, on whose functions it stands.

-- Who may ask for an authority: whoever keeps its records in order there, and tick.
CREATE OR REPLACE FUNCTION gate_keeps(wanted_authority uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    RETURN coalesce(me.role = 'tick' OR (me.role IN ('privacy_officer', 'head_of_service') AND EXISTS (
        SELECT 1 FROM agencies_agency_authorities s WHERE s.agency_id = me.agency AND s.authority_id = wanted_authority)), false);
END $$;

-- The children whose records are set aside: there for nobody (ADR 52).
CREATE OR REPLACE FUNCTION gate_set_aside() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ARRAY(SELECT d.whose FROM retention_duerecord d WHERE d.state = 'set_aside');
END $$;

-- The children of an authority whom a hold that stands keeps, with the holds; a record that is of a held child is held too. Where a hold says less, it holds more.
CREATE OR REPLACE FUNCTION gate_held(wanted_authority uuid) RETURNS TABLE (child uuid, hold uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY
    WITH stands AS (SELECT h.* FROM retention_hold h WHERE h.authority_id = wanted_authority AND h.lifted_at IS NULL),
    about AS (
        SELECT 'exploitation' AS matter, a.child_id FROM exploitation_exploitationassessment a UNION SELECT 'exploitation', a.child_id FROM exploitation_harm a
        UNION SELECT 'exploitation', a.child_id FROM exploitation_nrmreferral a UNION SELECT 'exploitation', a.child_id FROM exploitation_measure a
        UNION SELECT 'exploitation', a.child_id FROM chronology_entry a WHERE a.about_label LIKE 'exploitation.%'
        UNION SELECT 'exploitation', a.child_id FROM network_link a UNION SELECT 'exploitation', a.other_child_id FROM network_link a WHERE a.other_child_id IS NOT NULL
        UNION SELECT 'missing', a.child_id FROM missing_episode a UNION SELECT 'missing', a.child_id FROM missing_returninterview a
        UNION SELECT 'looked_after', a.child_id FROM statuses_spell a WHERE a.status = 'looked_after'
        UNION SELECT 'protection', a.child_id FROM statuses_spell a WHERE a.status = 'child_protection'
        UNION SELECT 'allegation', a.child_id FROM allegations_allegation a UNION SELECT 'intelligence', a.child_id FROM intelligence_product a
        UNION SELECT 'meeting', a.child_id FROM meetings_meetingitem a WHERE a.child_id IS NOT NULL),
    worked AS ( -- which agency wrote something, or worked with the child, from when until when
        SELECT e.child_id, t.agency_id, coalesce(e.happened_at, e.recorded_at) AS from_at, e.recorded_at AS until_at
        FROM chronology_entry e LEFT JOIN agencies_post p ON p.id = e.recorded_by_id LEFT JOIN agencies_team t ON t.id = p.team_id
        WHERE EXISTS (SELECT 1 FROM stands s WHERE s.agency_id IS NOT NULL OR s.period_from IS NOT NULL OR s.period_until IS NOT NULL)
        UNION ALL
        SELECT r.child_id, t.agency_id, r.from_at, coalesce(r.until_at, 'infinity') FROM gate_relationship r LEFT JOIN agencies_post p ON p.id = r.holder_post_id
        JOIN agencies_team t ON t.id = coalesce(r.holder_team_id, p.team_id) WHERE r.child_id IS NOT NULL
          AND EXISTS (SELECT 1 FROM stands s WHERE s.agency_id IS NOT NULL OR s.period_from IS NOT NULL OR s.period_until IS NOT NULL)),
    held AS (
        SELECT c.person_id AS id, s.id AS by FROM stands s JOIN children_child c
            ON s.child_id = c.person_id OR (s.child_id IS NULL AND s.authority_id IN (c.responsible_authority_id, c.host_authority_id)
               AND (s.matter = '' OR EXISTS (SELECT 1 FROM about a WHERE a.matter = s.matter AND a.child_id = c.person_id))
               AND ((s.agency_id IS NULL AND s.period_from IS NULL AND s.period_until IS NULL) OR EXISTS (
                   SELECT 1 FROM worked w WHERE w.child_id = c.person_id AND (s.agency_id IS NULL OR w.agency_id = s.agency_id)
                     AND (s.period_from IS NULL OR w.until_at >= s.period_from) AND (s.period_until IS NULL OR w.from_at < s.period_until + 1)))))
    SELECT h.id, h.by FROM held h UNION SELECT o.other, h.by FROM held h JOIN gate_other_records() o ON o.id = h.id;
END $$;

-- What is known of the children for whom an authority is responsible (or of one), as far as it says how long their records are kept: dates and codes, and no word of
-- anybody's. A child who is recorded more than once is one: `one` is the same for each of the records.
CREATE OR REPLACE FUNCTION gate_retention_facts(wanted_authority uuid, wanted_child uuid)
RETURNS TABLE (child uuid, one uuid, born_on date, died_on date, is_open boolean, groups text[], days jsonb, ends jsonb, held_by uuid[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    today date := (me.at AT TIME ZONE 'Europe/London')::date;
    -- Of one child, a person is not told by the way whether something was said of somebody who works with children, or the police supplied intelligence; what erases is.
    shy boolean := wanted_child IS NOT NULL AND me.role <> 'tick';
BEGIN
    IF NOT gate_keeps(wanted_authority) THEN RETURN; END IF;
    RETURN QUERY
    WITH twice AS MATERIALIZED (SELECT o.id, o.other FROM gate_other_records() o),
    mine AS MATERIALIZED (
        SELECT c.person_id AS id, least(c.person_id::text, min(t.other::text))::uuid AS one FROM children_child c LEFT JOIN twice t ON t.id = c.person_id
        WHERE c.responsible_authority_id = wanted_authority AND (wanted_child IS NULL OR c.person_id = wanted_child) GROUP BY c.person_id),
    member AS MATERIALIZED (SELECT m.one, m.id FROM mine m UNION SELECT m.one, t.other FROM mine m JOIN twice t ON t.id = m.id),
    born AS (
        SELECT m.one, CASE WHEN count(c.born_on) = count(*) AND count(DISTINCT c.born_on) = 1 THEN min(c.born_on) END AS born_on,
               CASE WHEN count(DISTINCT p.died_on) = 1 THEN max(p.died_on) END AS died_on
        FROM member m JOIN children_child c ON c.person_id = m.id JOIN people_person p ON p.id = m.id GROUP BY m.one),
    spells AS (
        SELECT m.one, bool_or(s.until_on IS NULL OR s.until_on >= today) AS is_open,
               bool_or(s.status = 'looked_after') AS care, bool_or(s.status = 'child_protection') AS protection,
               bool_or(s.status IN ('child_in_need', 'assessment', 'section_47')) AS need,
               max(s.until_on) FILTER (WHERE s.status = 'looked_after') AS care_ended, max(s.until_on) FILTER (WHERE s.status = 'child_protection') AS protection_ended,
               max(s.until_on) FILTER (WHERE s.status IN ('child_in_need', 'assessment', 'section_47')) AS need_ended, max(s.until_on) AS ended
        FROM member m JOIN statuses_spell s ON s.child_id = m.id GROUP BY m.one),
    placed AS (
        SELECT m.one, bool_or(p.kind ~ '^A[3-6]') AS adopts, max(p.until_on) AS ended, bool_or(p.until_on IS NULL OR p.until_on >= today) AS is_open
        FROM member m JOIN statuses_placement p ON p.child_id = m.id GROUP BY m.one),
    legal AS (SELECT m.one, max(l.until_on) AS ended, bool_or(l.until_on IS NULL OR l.until_on >= today) AS is_open
              FROM member m JOIN statuses_legalstatus l ON l.child_id = m.id GROUP BY m.one),
    ordered AS (
        SELECT m.one, (array_agg(d."on" ORDER BY d.recorded_at DESC, d.id) FILTER (WHERE d.kind = 'adoption_order'))[1] AS adopted_on,
               max(d."on") FILTER (WHERE d.kind = 'last_contact') AS contact_on
        FROM member m JOIN retention_retentiondate d ON d.child_id = m.id GROUP BY m.one),
    said AS (
        SELECT m.one, max((s.made_at AT TIME ZONE 'Europe/London')::date) AS ended, bool_or(NOT EXISTS (
               SELECT 1 FROM allegations_allegationstep c WHERE c.allegation_id = a.id AND c.kind = 'closed')) AS is_open
        FROM member m JOIN allegations_allegation a ON a.child_id = m.id LEFT JOIN allegations_allegationstep s ON s.allegation_id = a.id WHERE NOT shy GROUP BY m.one),
    supplied AS (SELECT m.one, max(p.review_on) AS review_on FROM member m JOIN intelligence_product p ON p.child_id = m.id WHERE NOT shy GROUP BY m.one),
    told AS (SELECT m.one, max((greatest(e.happened_at, e.known_at, e.recorded_at) AT TIME ZONE 'Europe/London')::date) AS contact_on
             FROM member m JOIN chronology_entry e ON e.child_id = m.id GROUP BY m.one),
    waiting AS MATERIALIZED ( -- a delivered row that may be of the child, and waits for somebody to say so
        SELECT DISTINCT c.id::uuid AS id FROM feeds_row w CROSS JOIN LATERAL jsonb_array_elements_text(w.values -> '_candidates') c (id)
        WHERE w.state = 'waiting_match' AND jsonb_typeof(w.values -> '_candidates') = 'array'),
    running AS (
        SELECT DISTINCT m.one FROM member m WHERE m.id IN (SELECT w.id FROM waiting w) OR EXISTS (SELECT 1 FROM tasks_task t WHERE t.child_id = m.id AND t.ended_at IS NULL)
            OR EXISTS (SELECT 1 FROM missing_episode e WHERE e.child_id = m.id AND e.state IN ('missing', 'found'))
            OR EXISTS (SELECT 1 FROM sharing_guestrequest g WHERE g.child_id = m.id AND g.ended_at IS NULL AND g.expires_at > me.at)
            OR EXISTS (SELECT 1 FROM subject_access_subjectaccessrequest q WHERE q.child_id = m.id AND q.ended_at IS NULL)
            OR EXISTS (SELECT 1 FROM gate_relationship r WHERE r.child_id = m.id AND r.kind NOT IN ('team_duty', 'front_door', 'known_to', 'custodian', 'feed')
                       AND (r.until_at IS NULL OR r.until_at > me.at))),
    holding AS (SELECT h.child AS id, array_agg(h.hold ORDER BY h.hold) AS by FROM gate_held(wanted_authority) h
        WHERE NOT shy OR h.hold NOT IN (SELECT o.id FROM retention_hold o WHERE o.matter IN ('allegation', 'intelligence')) GROUP BY h.child)
    SELECT i.id, i.one, b.born_on, b.died_on,
           coalesce(s.is_open, false) OR coalesce(p.is_open, false) OR coalesce(l.is_open, false) OR coalesce(a.is_open, false) OR r.one IS NOT NULL,
           ARRAY[CASE WHEN coalesce(s.care, false) OR p.one IS NOT NULL OR l.one IS NOT NULL THEN 'looked_after' WHEN s.protection THEN 'child_protection'
                      WHEN s.need THEN 'child_in_need' ELSE 'known' END]
           || CASE WHEN coalesce(p.adopts, false) OR o.adopted_on IS NOT NULL THEN ARRAY['adopted'] ELSE '{}' END
           || CASE WHEN a.one IS NOT NULL THEN ARRAY['allegation'] ELSE '{}' END || CASE WHEN u.one IS NOT NULL THEN ARRAY['intelligence'] ELSE '{}' END,
           jsonb_strip_nulls(jsonb_build_object('order', o.adopted_on, 'last_contact', greatest(t.contact_on, s.ended, p.ended, l.ended, o.contact_on), 'review', u.review_on)),
           jsonb_strip_nulls(jsonb_build_object('looked_after', greatest(s.care_ended, p.ended, l.ended), 'child_protection', s.protection_ended,
               'child_in_need', s.need_ended, 'allegation', a.ended, 'known', greatest(t.contact_on, s.ended))),
           coalesce(h.by, '{}')
    FROM mine i JOIN born b ON b.one = i.one LEFT JOIN spells s ON s.one = i.one LEFT JOIN placed p ON p.one = i.one LEFT JOIN legal l ON l.one = i.one
    LEFT JOIN ordered o ON o.one = i.one LEFT JOIN said a ON a.one = i.one LEFT JOIN supplied u ON u.one = i.one LEFT JOIN told t ON t.one = i.one
    LEFT JOIN running r ON r.one = i.one LEFT JOIN holding h ON h.id = i.id;
END $$;
