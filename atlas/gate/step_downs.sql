-- Child in need plans of two years and more, those near it, and child protection plans that ended: as at any day, for the chair and those who answer for the
-- authority. Made by `manage gate install`, after install.sql.

-- One row a child. `what`: 'long' (24 months or more), 'warning' (21 to 24 months), 'ended' (a child protection plan ended in the six months before and the
-- child is in need, with no first meeting called) or 'nobody' (it is called, and nobody is allocated to the child), for the authorities of the acting post's council. Child in need plans that were opened again within
-- `gap` days count as one. Whose child it is in the eyes of the acting post is row security's to say: the row names nobody but the team.
CREATE OR REPLACE FUNCTION gate_long_plans(on_day date, gap integer)
RETURNS TABLE (what text, child uuid, since date, worker uuid, team uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    shut uuid[];
BEGIN
    IF me.post IS NULL OR me.agency_kind IS DISTINCT FROM 'council' OR NOT me.role = ANY (ARRAY['chair', 'director', 'head_of_service']) THEN RETURN; END IF;
    shut := gate_blocked() || gate_guarded();
    RETURN QUERY
    WITH ours AS (
        SELECT c.person_id AS pk FROM children_child c JOIN people_person p ON p.id = c.person_id
        WHERE c.responsible_authority_id IN (SELECT s.authority_id FROM agencies_agency_authorities s WHERE s.agency_id = me.agency)
          AND p.died_on IS NULL AND NOT c.person_id = ANY (shut)),
    spells AS (
        SELECT s.child_id, s.from_on, s.until_on,
               max(coalesce(s.until_on, 'infinity'::date)) OVER (PARTITION BY s.child_id ORDER BY s.from_on, s.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM statuses_spell s JOIN ours o ON o.pk = s.child_id WHERE s.status = 'child_in_need' AND s.from_on <= on_day),
    islands AS (
        SELECT x.child_id, x.from_on, x.until_on,
               count(*) FILTER (WHERE x.before IS NULL OR x.from_on > x.before + gap) OVER (PARTITION BY x.child_id ORDER BY x.from_on, x.until_on) AS island
        FROM spells x),
    plans AS (
        SELECT i.child_id, min(i.from_on) AS since FROM islands i GROUP BY i.child_id, i.island
        HAVING bool_or(i.until_on IS NULL OR i.until_on > on_day)),
    found AS (
        SELECT CASE WHEN on_day >= (p.since + interval '24 months')::date THEN 'long' ELSE 'warning' END AS what, p.child_id, p.since
        FROM plans p WHERE on_day >= (p.since + interval '21 months')::date
        UNION ALL
        SELECT CASE WHEN e.is_called THEN 'nobody' ELSE 'ended' END, e.child_id, e.until_on
        FROM (SELECT s.child_id, max(s.until_on) AS until_on,
                     bool_and(EXISTS (SELECT 1 FROM meetings_stepdown d WHERE d.child_id = s.child_id AND d.ended_on >= s.until_on - 30
                                      AND (d.decided_at AT TIME ZONE 'Europe/London')::date <= on_day)
                              OR EXISTS (SELECT 1 FROM meetings_meetingitem t JOIN meetings_meeting m ON m.id = t.meeting_id
                                         WHERE t.child_id = s.child_id AND m.kind = 'first_child_in_need_meeting' AND m.state <> 'cancelled'
                                           AND (m.starts_at AT TIME ZONE 'Europe/London')::date >= s.until_on - 30
                                           AND (m.called_at AT TIME ZONE 'Europe/London')::date <= on_day)) AS is_called
              FROM statuses_spell s JOIN plans p ON p.child_id = s.child_id
              WHERE s.status = 'child_protection' AND s.until_on <= on_day AND s.until_on > on_day - 182 GROUP BY s.child_id) e
        WHERE NOT e.is_called OR NOT EXISTS (
            SELECT 1 FROM gate_relationship r WHERE r.child_id = e.child_id AND r.kind = 'allocated' AND (r.from_at AT TIME ZONE 'Europe/London')::date <= on_day
            AND (r.until_at IS NULL OR (r.until_at AT TIME ZONE 'Europe/London')::date > on_day)))
    SELECT f.what, f.child_id, f.since, l.post, coalesce(w.team_id, l.team)
    FROM found f LEFT JOIN LATERAL (SELECT g.post, g.team FROM gate_lead(f.child_id, me.at) g LIMIT 1) l ON true LEFT JOIN agencies_post w ON w.id = l.post;
END $$;

-- Let the chair look into a plan that stands on the list of long plans, or into a step-down that nobody met about: it opens the child's plans and meetings to
-- the chair until the review is over. False where the acting post is no chair of the council, or the child stands on no such list.
CREATE OR REPLACE FUNCTION gate_take_on_review(asked_child uuid, on_day date, gap integer) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF me.role IS DISTINCT FROM 'chair' OR NOT EXISTS (SELECT 1 FROM gate_long_plans(on_day, gap) p WHERE p.child = asked_child) THEN RETURN false; END IF;
    IF EXISTS (SELECT 1 FROM gate_relationship r WHERE r.kind = 'allocated' AND r.child_id = asked_child AND r.holder_post_id = me.post
               AND (r.until_at IS NULL OR r.until_at > me.at)) THEN RETURN false; END IF;
    IF NOT EXISTS (SELECT 1 FROM gate_relationship r WHERE r.kind = 'reviewing' AND r.child_id = asked_child AND r.holder_post_id = me.post
                   AND (r.until_at IS NULL OR r.until_at > me.at)) THEN
        INSERT INTO gate_relationship (id, version, child_id, kind, holder_post_id, from_at, because, source_label, source_id, granted_by_id, ended_because)
        VALUES (gen_random_uuid(), 1, asked_child, 'reviewing', me.post, me.at, 'looks into a long plan', 'meetings.StepDown', NULL, me.post, '');
    END IF;
    RETURN true;
END $$;
