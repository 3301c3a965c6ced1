-- The numbers behind the sharing register: how often something left this agency, to whom, on which ground, for what; without a row about any child. For the agency's privacy
-- officer alone. Made by `manage gate install`, after install.sql.
CREATE OR REPLACE FUNCTION gate_sharing_register(since timestamptz, over timestamptz)
RETURNS TABLE (way text, recipient text, ground text, purpose text, many bigint, refused bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF me.post IS NULL OR me.role IS DISTINCT FROM 'privacy_officer' THEN RETURN; END IF;
    RETURN QUERY
    WITH ours AS MATERIALIZED (SELECT p.id FROM agencies_post p JOIN agencies_team t ON t.id = p.team_id WHERE t.agency_id = me.agency),
    theirs AS (SELECT p.id, a.name FROM agencies_post p JOIN agencies_team t ON t.id = p.team_id JOIN agencies_agency a ON a.id = t.agency_id)
    SELECT 'disclosure', coalesce(r.name, 'Nobody')::text, d.ground::text, d.purpose::text, count(*) FILTER (WHERE d.recipient_id IS NOT NULL), count(*) FILTER (WHERE d.recipient_id IS NULL)
    FROM sharing_disclosure d LEFT JOIN theirs r ON r.id = d.recipient_id
    WHERE d.made_by_id IN (SELECT o.id FROM ours o) AND d.made_at >= since AND d.made_at < over GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT 'copy', g.audience::text, '', '', count(*), 0::bigint FROM sharing_copygiven g
    WHERE g.made_by_id IN (SELECT o.id FROM ours o) AND g.given_at >= since AND g.given_at < over GROUP BY 1, 2
    UNION ALL
    SELECT 'guest', q.asks::text, q.ground::text, q.purpose::text, count(*), 0::bigint FROM sharing_guestrequest q
    WHERE q.made_by_id IN (SELECT o.id FROM ours o) AND q.made_at >= since AND q.made_at < over GROUP BY 1, 2, 3, 4
    UNION ALL
    SELECT 'export', coalesce(r.name, 'Somebody outside')::text, '', e.purpose::text, count(*), 0::bigint FROM sharing_export e LEFT JOIN theirs r ON r.id = e.recipient_id
    WHERE e.agency_id = me.agency AND e.asked_at >= since AND e.asked_at < over AND e.delivered_at IS NOT NULL GROUP BY 1, 2, 4
    UNION ALL
    SELECT 'asked', r.asks::text, '', 'subject_access', count(*) FILTER (WHERE r.state = 'handed_over'), count(*) FILTER (WHERE r.state = 'refused')
    FROM subject_access_subjectaccessrequest r
    WHERE r.received_by_id IN (SELECT o.id FROM ours o) AND r.ended_at >= since AND r.ended_at < over GROUP BY 1, 2
    UNION ALL
    SELECT 'filed', a.name::text, '', '', count(*), 0::bigint FROM copies_copy c JOIN agencies_authority a ON a.id = c.authority_id
    WHERE c.sent_at >= since AND c.sent_at < over AND c.authority_id IN (SELECT s.authority_id FROM agencies_agency_authorities s WHERE s.agency_id = me.agency)
      AND me.agency_kind = 'council' GROUP BY 1, 2;
END $$;
