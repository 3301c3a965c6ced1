-- What time asks of safety plans in force, for tick alone: which plan or line, why, and whose it is to answer. No word of a plan is told.
-- `unowned`: whoever does a line has left. `late`: what a line asks is two working days over (the caller says which day that is); it goes to the manager of
-- whoever does it. `quiet`: at level 2 or above, nobody decided anything and nothing began for 30 days. `birthday`: 16, 17, 17½ or 18 within 14 days.
CREATE OR REPLACE FUNCTION gate_plans_asking(late_before date)
RETURNS TABLE (child uuid, why text, label text, record uuid, due date, post uuid, team uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    today date := (me.at AT TIME ZONE 'Europe/London')::date;
BEGIN
    IF me.role IS DISTINCT FROM 'tick' THEN RETURN; END IF;
    RETURN QUERY
    WITH open_plans AS MATERIALIZED (
        SELECT p.id, p.child_id, p.number, p.decided_at, v.level, c.born_on
        FROM plans_safetyplan p JOIN plans_planversion v ON v.plan_id = p.id AND v.number = p.number
        JOIN children_child c ON c.person_id = p.child_id JOIN people_person d ON d.id = p.child_id AND d.died_on IS NULL
        WHERE p.closed_at IS NULL AND p.number > 0),
    in_force AS (
        SELECT l.id, o.child_id, l.owner_post_id, l.due_on, l.status, w.until_on, w.line_manager_id, w.team_id
        FROM open_plans o JOIN plans_planline l ON l.plan_id = o.id AND l.from_number <= o.number AND (l.until_number IS NULL OR l.until_number > o.number)
        LEFT JOIN agencies_post w ON w.id = l.owner_post_id),
    asked AS (
        SELECT f.child_id, 'unowned' AS why, 'plans.PlanLine' AS label, f.id AS record, f.until_on AS due, NULL::uuid AS post, NULL::uuid AS team
        FROM in_force f WHERE f.until_on < today
        UNION ALL
        SELECT f.child_id, 'late', 'plans.PlanLine', f.id, f.due_on, f.line_manager_id, CASE WHEN f.line_manager_id IS NULL THEN f.team_id END
        FROM in_force f WHERE f.status = 'open' AND f.due_on < late_before
        UNION ALL
        SELECT o.child_id, 'quiet', 'plans.SafetyPlan', o.id, (o.decided_at AT TIME ZONE 'Europe/London')::date + 30, NULL, NULL
        FROM open_plans o WHERE o.level >= 2 AND o.decided_at < me.at - interval '30 days'
          AND NOT EXISTS (SELECT 1 FROM chronology_entry e WHERE e.child_id = o.child_id AND e.recorded_at > me.at - interval '30 days')
        UNION ALL
        SELECT o.child_id, 'birthday', 'plans.SafetyPlan', o.id, (o.born_on + b.age)::date, NULL, NULL
        FROM open_plans o CROSS JOIN (VALUES (interval '16 years'), (interval '17 years'), (interval '17 years 6 months'), (interval '18 years')) b (age)
        WHERE (o.born_on + b.age)::date BETWEEN today AND today + 14)
    SELECT a.child_id, a.why, a.label, a.record, a.due, coalesce(a.post, CASE WHEN a.team IS NULL THEN w.post END),
           CASE WHEN a.post IS NULL THEN coalesce(a.team, CASE WHEN w.post IS NULL THEN w.team END) END
    FROM asked a LEFT JOIN LATERAL gate_lead(a.child_id, me.at) w ON true;
END $$;

-- What the safety plans in force of these children ask of somebody that was due before a day and is not done: of which agency, and since when. Called by other
-- functions alone, which say to whom.
CREATE OR REPLACE FUNCTION gate_plan_late(asked uuid[], late_before date) RETURNS TABLE (child uuid, agency uuid, due date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT p.child_id, coalesce(l.agency_id, t.agency_id), l.due_on
    FROM plans_safetyplan p JOIN plans_planline l ON l.plan_id = p.id AND l.from_number <= p.number AND (l.until_number IS NULL OR l.until_number > p.number)
    LEFT JOIN agencies_post w ON w.id = l.owner_post_id LEFT JOIN agencies_team t ON t.id = w.team_id
    WHERE p.child_id = ANY (asked) AND p.closed_at IS NULL AND l.status = 'open' AND l.due_on < late_before
$$;
