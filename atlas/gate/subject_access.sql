-- A request for a child's record opens it to one post, by name, and shuts it again. Made by `manage gate install`, after retention.sql.

-- Open the record to whoever is named to answer an accepted request, until then and for at most 90 days. False where the acting post is no privacy officer in whose reach the
-- child is, where the request is not being answered, and where the post named does not answer requests for a council of the child's authority, or is shut out of the child.
CREATE OR REPLACE FUNCTION gate_open_for_request(its_request uuid, until_then timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    asked record;
    today date := (me.at AT TIME ZONE 'Europe/London')::date;
BEGIN
    SELECT r.child_id, r.officer_id, c.responsible_authority_id, c.host_authority_id INTO asked
    FROM subject_access_subjectaccessrequest r JOIN children_child c ON c.person_id = r.child_id
    WHERE r.id = its_request AND r.state IN ('open', 'released');
    IF asked.child_id IS NULL OR me.role IS DISTINCT FROM 'privacy_officer' OR asked.child_id = ANY (gate_blocked() || gate_guarded())
       OR NOT gate_in_authority(asked.child_id, gate_authorities('child', 'read')) THEN RETURN false; END IF;
    IF NOT EXISTS (
        SELECT 1 FROM agencies_post p JOIN agencies_team t ON t.id = p.team_id JOIN agencies_user u ON u.id = p.user_id
        JOIN agencies_agency_authorities s ON s.agency_id = t.agency_id
        WHERE p.id = asked.officer_id AND p.role = 'information_rights' AND p.from_on <= today AND (p.until_on IS NULL OR p.until_on >= today) AND u.is_active
          AND s.authority_id IN (asked.responsible_authority_id, asked.host_authority_id)
          AND NOT asked.child_id = ANY (gate_shut_to(p.user_id, me.at))) THEN RETURN false; END IF;
    UPDATE gate_relationship SET until_at = me.at, ended_because = 'opened anew'
    WHERE kind = 'information_rights' AND source_id = its_request AND (until_at IS NULL OR until_at > me.at);
    INSERT INTO gate_relationship (id, version, child_id, kind, holder_post_id, from_at, until_at, because, source_label, source_id, granted_by_id, ended_because)
    VALUES (gen_random_uuid(), 1, asked.child_id, 'information_rights', asked.officer_id, me.at, least(until_then, me.at + interval '90 days'),
            'answers a subject access request', 'subject_access.SubjectAccessRequest', its_request, me.post, '');
    RETURN true;
END $$;

-- Shut it again, once a request is over.
CREATE OR REPLACE FUNCTION gate_shut_for_request(its_request uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF me.post IS NULL OR NOT EXISTS (SELECT 1 FROM subject_access_subjectaccessrequest r WHERE r.id = its_request AND r.ended_by_id = me.post AND r.ended_at IS NOT NULL) THEN
        RETURN false;
    END IF;
    UPDATE gate_relationship SET until_at = me.at, ended_because = 'the request is over'
    WHERE kind = 'information_rights' AND source_id = its_request AND (until_at IS NULL OR until_at > me.at);
    RETURN true;
END $$;
