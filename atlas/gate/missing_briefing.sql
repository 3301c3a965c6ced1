-- The daily missing briefing: its agenda is who is missing now. Made by `manage gate install`, after meetings.sql.

-- Let the acting post chair a briefing that it called and that has nothing on its agenda yet: every child missing now whose missing episodes are open to it stands
-- there, and opens to it as to the chair. `speaks`: for whom it speaks; `youngest`: born after that day. Returns how many children stand there.
CREATE OR REPLACE FUNCTION gate_begin_briefing(asked_meeting uuid, speaks text, why text, youngest date) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    m meetings_meeting;
    shut uuid[];
    whole uuid[];
    missing uuid[];
    chairs uuid := gen_random_uuid();
BEGIN
    SELECT * INTO m FROM meetings_meeting k WHERE k.id = asked_meeting AND k.called_by_id = me.post AND k.kind = 'missing_briefing' AND k.state = 'called';
    IF m.id IS NULL OR EXISTS (SELECT 1 FROM meetings_meetingitem t WHERE t.meeting_id = m.id)
       OR EXISTS (SELECT 1 FROM meetings_invitation i WHERE i.meeting_id = m.id) THEN RETURN 0; END IF;
    shut := gate_blocked() || gate_guarded();
    whole := gate_authorities('missing', 'read');
    missing := ARRAY(
        SELECT e.child_id FROM missing_episode e JOIN people_person p ON p.id = e.child_id
        WHERE e.state IN ('missing', 'found') AND m.authority_id IN (e.responsible_authority_id, e.host_authority_id)
          AND (p.born_on IS NULL OR p.born_on > youngest) AND p.died_on IS NULL AND NOT e.child_id = ANY (shut)
          AND (e.child_id = ANY (gate_children('missing', 'read')) OR gate_in_authority(e.child_id, whole))
        GROUP BY e.child_id ORDER BY min(e.reported_at), e.child_id);
    IF missing = '{}' THEN RETURN 0; END IF;
    INSERT INTO meetings_invitation (id, version, child_id, meeting_id, part, "group", post_id, words, how, prepared_by, invited_at, invited_by_id, reply,
                                     reply_words, replied_at, view, attended, attended_words, is_able_to_decide, opens_at)
    VALUES (chairs, 1, NULL, m.id, 'chair', speaks, me.post, '', '', '', me.at, me.post, 'comes', '', me.at, '', 'whole', '', true, me.at);
    INSERT INTO gate_relationship (id, version, child_id, kind, holder_post_id, from_at, because, source_label, source_id, granted_by_id, ended_because)
    SELECT gen_random_uuid(), 1, x, 'meeting_member', me.post, me.at, 'asked to a meeting', 'meetings.Invitation', chairs, me.post, '' FROM unnest(missing) x;
    INSERT INTO meetings_meetingitem (id, version, child_id, meeting_id, kind, title, why, number, put_by_id, put_at)
    SELECT gen_random_uuid(), 1, x.child, m.id, 'child', '', why, x.number, me.post, me.at FROM unnest(missing) WITH ORDINALITY x (child, number);
    RETURN cardinality(missing);
END $$;
