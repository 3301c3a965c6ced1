-- Searching: what may be said of children whom the searcher may not see (protection.md 4.5). Read after install.sql.

-- The shape of the acting post's searches (policy.Shape): by role, purpose and kind of agency, never by what is typed or found.
CREATE OR REPLACE FUNCTION gate_search_shape() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF NOT EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'finds' AND w.word = me.role)
       OR NOT EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'card for' AND w.word = me.purpose)
       OR NOT EXISTS (SELECT 1 FROM gate_role_purpose rp WHERE rp.role = me.role AND rp.purpose = me.purpose) THEN RETURN 'own'; END IF;
    IF me.agency_kind = 'council' AND EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'screens' AND w.word = me.role)
       AND (NOT EXISTS (SELECT 1 FROM gate_grace g WHERE g.kind = me.role)
            OR (gate_kinds_now(me.post, me.team, me.at, ARRAY[me.role])).by_team <> '{}') THEN RETURN 'screen'; END IF;
    IF EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'statutory' AND w.word = me.agency_kind) THEN RETURN 'card'; END IF;
    RETURN 'ask';
END $$;

-- The children on whose lists of names the acting post (or its team) stands.
CREATE OR REPLACE FUNCTION gate_named() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    RETURN ARRAY(SELECT n.child_id FROM gate_namedholder n
                 WHERE (n.holder_post_id = me.post OR n.holder_team_id = me.team)
                   AND n.from_at <= me.at AND (n.until_at IS NULL OR n.until_at > me.at));
END $$;

-- The authorities at whose front door the acting post answers.
CREATE OR REPLACE FUNCTION gate_front_doors() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF me.agency_kind IS DISTINCT FROM 'council' OR NOT EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'screens' AND w.word = me.role) THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(SELECT s.authority_id FROM agencies_agency_authorities s WHERE s.agency_id = me.agency);
END $$;

-- The match cards of one search: exact matches (of a folded name, a date of birth, a number) among the children whom the searcher may not
-- see. A hidden child and one from whom the person is shut give the answer of no match, and the same work is done for each: the same
-- look-ups by the same indexes, and one silent notice, which names nobody where no guarded child was met. What is refused for the
-- searcher's sake, or for want of a second identifier, is refused before anything is looked up.
CREATE OR REPLACE FUNCTION gate_match(wanted_keys text[], wanted_born date, wanted_numbers text[])
RETURNS TABLE (found uuid, is_protected boolean, called text, born date, council text, statuses text[], lead text, team text, telephone text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    shape text := gate_search_shape();
    given integer := (wanted_keys <> '{}')::integer + (wanted_born IS NOT NULL)::integer + (wanted_numbers <> '{}')::integer;
    today date := (me.at AT TIME ZONE 'Europe/London')::date;
    by_key uuid[];
    by_number uuid[];
    matched uuid[];
    hidden uuid[];
    restricted uuid[];
    shut uuid[];
    related uuid[];
    authorities uuid[];
BEGIN
    IF me.post IS NULL OR shape = 'own' OR given < (CASE WHEN shape = 'screen' THEN 1 ELSE 2 END) THEN RETURN; END IF;
    by_key := ARRAY(SELECT n.person_id FROM people_name n WHERE n.key = ANY (wanted_keys));
    -- Of two identifiers one is the full date of birth or the NHS number; other numbers do not stand in for it.
    by_number := ARRAY(SELECT i.person_id FROM people_identifier i
                       WHERE i.value = ANY (wanted_numbers) AND (shape = 'screen' OR wanted_born IS NOT NULL OR i.kind = 'nhs'));
    matched := ARRAY(SELECT c.person_id FROM children_child c
                     WHERE c.person_id = ANY (by_key || by_number)
                       AND (wanted_keys = '{}' OR c.person_id = ANY (by_key)) AND (wanted_numbers = '{}' OR c.person_id = ANY (by_number))
                       AND (wanted_born IS NULL OR c.born_on = wanted_born));
    SELECT coalesce(array_agg(u.child_id) FILTER (WHERE u.sensitivity = 'hidden'), '{}'),
           coalesce(array_agg(u.child_id) FILTER (WHERE u.sensitivity = 'restricted'), '{}')
    INTO hidden, restricted FROM gate_unnamed() u WHERE u.child_id = ANY (matched);
    shut := gate_blocked();
    related := gate_children('child', 'read');
    authorities := gate_authorities('child', 'read');
    INSERT INTO desk_silentnotice (id, version, child_id, post_id, searched_at)
    SELECT gen_random_uuid(), 1, met.child, me.post, me.at
    FROM (SELECT unnest(hidden || restricted) UNION ALL SELECT NULL WHERE hidden || restricted = '{}') met (child);
    IF shape = 'ask' THEN RETURN; END IF;
    RETURN QUERY
    SELECT c.person_id, p.hides, CASE WHEN NOT p.hides THEN c.name::text END, CASE WHEN NOT p.hides THEN c.born_on END,
           CASE WHEN NOT p.hides THEN a.name::text END,
           CASE WHEN NOT p.hides THEN ARRAY(SELECT DISTINCT s.status::text FROM statuses_spell s WHERE s.child_id = c.person_id
                                            AND s.from_on <= today AND (s.until_on IS NULL OR s.until_on >= today) ORDER BY 1) END,
           CASE WHEN NOT p.hides THEN l.worker END, coalesce(l.team, a.name || ': front door'),
           coalesce(l.telephone, a.front_door_number::text)
    FROM children_child c JOIN agencies_authority a ON a.id = c.responsible_authority_id
    CROSS JOIN LATERAL (SELECT shape = 'card' OR c.person_id = ANY (restricted) AS hides) p
    LEFT JOIN LATERAL (
        SELECT trim(u.first_name || ' ' || u.last_name) AS worker, t.name::text AS team, nullif(t.telephone::text, '') AS telephone
        FROM gate_relationship r LEFT JOIN agencies_post q ON q.id = r.holder_post_id LEFT JOIN agencies_user u ON u.id = q.user_id
        JOIN agencies_team t ON t.id = coalesce(r.holder_team_id, q.team_id)
        WHERE r.child_id = c.person_id AND r.kind IN ('allocated', 'front_door', 'team_duty')
          AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at)
        ORDER BY r.kind <> 'allocated', r.from_at, r.id LIMIT 1) l ON true
    WHERE c.person_id = ANY (matched) AND NOT c.person_id = ANY (hidden) AND NOT c.person_id = ANY (shut) AND NOT c.person_id = ANY (related)
      AND ((c.responsible_authority_id = ANY (authorities) OR c.host_authority_id = ANY (authorities)) IS NOT TRUE OR c.person_id = ANY (restricted))
    ORDER BY c.person_id LIMIT 20;
END $$;
