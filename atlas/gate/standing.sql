-- The director's standing list: every child at the highest level, or with harm occurring, as at any day; what agencies owe for them; and whom the director holds in
-- view by name. Made by `manage gate install`, after install.sql.

-- One row a child of the authorities of the acting director's council: since when the child stands there, missing now, the last strategy discussion held, the last
-- and the next that a director chairs, and until when the acting post holds the child in view. A child whom it holds in view stays until the review, whatever the
-- level. `highest`: the highest level; `strategy`: the kinds that are strategy discussions. It says who no child is: that is row security's to say.
CREATE OR REPLACE FUNCTION gate_standing_list(on_day date, highest integer, strategy text[])
RETURNS TABLE (child uuid, level integer, is_harm boolean, since timestamptz, worker uuid, team uuid, missing_since timestamptz, last_strategy timestamptz,
               last_chaired timestamptz, next_chaired timestamptz, held_because text, held_from timestamptz, held_until timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    shut uuid[];
    over timestamptz;
BEGIN
    IF me.post IS NULL OR me.agency_kind IS DISTINCT FROM 'council' OR me.role IS DISTINCT FROM 'director' THEN RETURN; END IF;
    shut := gate_blocked() || gate_guarded();
    over := least(me.at + interval '1 microsecond', (on_day + 1)::timestamp AT TIME ZONE 'Europe/London');
    RETURN QUERY
    WITH ours AS (
        SELECT c.person_id AS pk FROM children_child c JOIN people_person p ON p.id = c.person_id
        WHERE c.responsible_authority_id IN (SELECT s.authority_id FROM agencies_agency_authorities s WHERE s.agency_id = me.agency)
          AND (p.died_on IS NULL OR p.died_on > on_day) AND NOT c.person_id = ANY (shut)),
    judged AS (
        SELECT a.child_id, a.level::integer AS level, a.is_harm, a.finished_at, (a.level >= highest OR a.is_harm) AS stands,
               row_number() OVER (PARTITION BY a.child_id ORDER BY a.finished_at DESC, a.id) AS back
        FROM exploitation_exploitationassessment a JOIN ours o ON o.pk = a.child_id WHERE a.state = 'finished' AND a.finished_at < over),
    held AS (
        SELECT y.* FROM (
            SELECT DISTINCT ON (r.child_id) r.child_id, r.because, r.from_at, r.until_at, r.ended_because FROM gate_relationship r JOIN ours o ON o.pk = r.child_id
            WHERE r.kind = 'reviewing' AND r.source_label = 'meetings.StandingList' AND r.holder_post_id = me.post AND r.from_at < over
            ORDER BY r.child_id, r.from_at DESC, r.id) y
        WHERE y.until_at > over OR y.ended_because = ''),  -- one that was ended by her is answered
    found AS (
        SELECT j.child_id FROM judged j WHERE j.back = 1 AND j.stands
        UNION
        SELECT h.child_id FROM held h WHERE h.until_at > over),
    met AS (
        SELECT t.child_id, m.held_at, m.starts_at, m.state, m.kind, m.panel_id,
               EXISTS (SELECT 1 FROM meetings_invitation i JOIN agencies_post p ON p.id = i.post_id WHERE i.meeting_id = m.id AND i.part = 'chair'
                       AND i.withdrawn_at IS NULL AND i.attended <> 'not' AND p.role = 'director') AS is_directors
        FROM meetings_meetingitem t JOIN meetings_meeting m ON m.id = t.meeting_id JOIN found f ON f.child_id = t.child_id
        WHERE m.state <> 'cancelled' AND m.called_at < over)
    SELECT f.child_id, j.level, coalesce(j.is_harm, false),
           (SELECT min(k.finished_at) FROM judged k WHERE k.child_id = f.child_id AND k.stands
            AND k.finished_at > coalesce((SELECT max(n.finished_at) FROM judged n WHERE n.child_id = f.child_id AND NOT n.stands), '-infinity')),
           l.post, coalesce(w.team_id, l.team),
           (SELECT max(e.reported_at) FROM missing_episode e WHERE e.child_id = f.child_id AND e.reported_at < over
            AND (e.state IN ('missing', 'found') OR (e.state <> 'withdrawn' AND e.returned_at >= over))),
           (SELECT max(x.held_at) FROM met x WHERE x.child_id = f.child_id AND x.held_at < over AND x.kind = ANY (strategy)),
           (SELECT max(x.held_at) FROM met x WHERE x.child_id = f.child_id AND x.held_at < over AND x.is_directors AND x.panel_id IS NULL),
           (SELECT min(x.starts_at) FROM met x WHERE x.child_id = f.child_id AND x.starts_at >= over AND x.is_directors AND x.panel_id IS NULL),
           h.because::text, h.from_at, h.until_at
    FROM found f LEFT JOIN judged j ON j.child_id = f.child_id AND j.back = 1 LEFT JOIN held h ON h.child_id = f.child_id
         LEFT JOIN LATERAL (SELECT g.post, g.team FROM gate_lead(f.child_id, me.at) g LIMIT 1) l ON true LEFT JOIN agencies_post w ON w.id = l.post;
END $$;

-- What each agency owes now for the children of that list: 'line' (a line of the safety plan that is late), 'action' (what a meeting asked of it and is late),
-- 'challenge' (a challenge that it has not answered in time): how many, and the day of the oldest. Nothing of what they say.
CREATE OR REPLACE FUNCTION gate_standing_owed(on_day date, highest integer)
RETURNS TABLE (child uuid, agency text, what text, many bigint, oldest date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    listed uuid[];
BEGIN
    listed := ARRAY(SELECT s.child FROM gate_standing_list(on_day, highest, '{}') s);
    RETURN QUERY
    WITH late AS (
        SELECT l.child AS child_id, l.agency AS whose, 'line' AS of_what, l.due AS day FROM gate_plan_late(listed, on_day) l
        UNION ALL
        SELECT a.child_id, a.agency_id, 'action', a.due_on FROM meetings_agencyaction a
        WHERE a.child_id = ANY (listed) AND a.state IN ('asked', 'accepted') AND a.due_on < on_day
        UNION ALL
        SELECT c.child_id, c.to_agency_id, 'challenge', (c.due_at AT TIME ZONE 'Europe/London')::date FROM meetings_challenge c
        WHERE c.child_id = ANY (listed) AND c.closed_at IS NULL AND c.answered_at IS NULL AND c.due_at < me.at)
    SELECT x.child_id, g.name::text, x.of_what::text, count(*), min(x.day) FROM late x JOIN agencies_agency g ON g.id = x.whose
    GROUP BY x.child_id, g.id, g.name, x.of_what;
END $$;

-- Hold a child of the list in view, with the reason, until a day on which the director looks at it again: it opens who the child is, the plan and the meetings to
-- her by name. Held in view already, it begins anew. `until` now: it ends. False where the acting post is no director of the council, or the child stands not there.
CREATE OR REPLACE FUNCTION gate_hold_in_view(asked_child uuid, why text, until timestamptz, highest integer) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    ended integer;
BEGIN
    IF me.role IS DISTINCT FROM 'director' OR why = '' OR until > me.at + interval '92 days'
       OR NOT EXISTS (SELECT 1 FROM gate_standing_list((me.at AT TIME ZONE 'Europe/London')::date, highest, '{}') s WHERE s.child = asked_child) THEN
        RETURN false;
    END IF;
    UPDATE gate_relationship r SET until_at = me.at, ended_because = left(CASE WHEN until <= me.at THEN why ELSE 'looked at again' END, 200)
    WHERE r.kind = 'reviewing' AND r.source_label = 'meetings.StandingList' AND r.child_id = asked_child AND r.holder_post_id = me.post AND r.until_at > me.at;
    GET DIAGNOSTICS ended = ROW_COUNT;
    IF until <= me.at THEN RETURN ended > 0; END IF;
    INSERT INTO gate_relationship (id, version, child_id, kind, holder_post_id, from_at, until_at, because, source_label, source_id, granted_by_id, ended_because)
    VALUES (gen_random_uuid(), 1, asked_child, 'reviewing', me.post, me.at, until, left(why, 200), 'meetings.StandingList', NULL, me.post, '');
    RETURN true;
END $$;
