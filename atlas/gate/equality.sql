-- The numbers behind the equality view of levels of exploitation: counted, by one characteristic at a time, without a row about any child. For the head of
-- service of the council, of the children for whom it is responsible. Made by `manage gate install`, after install.sql.
CREATE OR REPLACE FUNCTION gate_equality(from_at timestamptz, until_at timestamptz)
RETURNS TABLE (attribute text, called text, level smallint, is_harm boolean, is_closed boolean, many bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    day date := (until_at AT TIME ZONE 'Europe/London')::date;
BEGIN
    IF me.post IS NULL OR me.agency_kind IS DISTINCT FROM 'council' OR me.role IS DISTINCT FROM 'head_of_service' THEN RETURN; END IF;
    RETURN QUERY
    WITH latest AS (
        SELECT DISTINCT ON (a.child_id) a.child_id, a.level, a.is_harm, a.level = 0 AND b.level > 0 AND a.finished_at >= from_at AS closed
        FROM exploitation_exploitationassessment a LEFT JOIN exploitation_exploitationassessment b ON b.id = a.previous_id
        WHERE a.state = 'finished' AND a.finished_at < until_at ORDER BY a.child_id, a.finished_at DESC),
    known AS (
        SELECT l.level, l.is_harm, coalesce(l.closed, false) AS closed, p.sex, left(p.ethnicity, 1) AS ethnic,
               EXTRACT(year FROM age(day, c.born_on))::int AS years,
               EXISTS (SELECT 1 FROM statuses_disability d WHERE d.child_id = l.child_id AND d.code <> 'NONE') AS disabled,
               EXISTS (SELECT 1 FROM statuses_spell s WHERE s.child_id = l.child_id AND s.status = 'looked_after' AND s.from_on <= day
                       AND (s.until_on IS NULL OR s.until_on > day)) AS cared
        FROM latest l JOIN children_child c ON c.person_id = l.child_id JOIN people_person p ON p.id = l.child_id
        WHERE p.died_on IS NULL AND c.responsible_authority_id IN (
            SELECT s.authority_id FROM agencies_agency_authorities s WHERE s.agency_id = me.agency))
    SELECT v.attribute, v.called, k.level::smallint, k.is_harm, k.closed, count(*)
    FROM known k CROSS JOIN LATERAL (VALUES
        ('sex', CASE k.sex WHEN 'F' THEN 'Girls' WHEN 'M' THEN 'Boys' ELSE 'Not recorded' END),
        ('ethnicity', CASE k.ethnic WHEN 'A' THEN 'Asian' WHEN 'B' THEN 'Black' WHEN 'M' THEN 'Mixed' WHEN 'W' THEN 'White' WHEN 'C' THEN 'Other'
                      WHEN 'O' THEN 'Other' ELSE 'Not recorded' END),
        ('age', CASE WHEN k.years IS NULL THEN 'Not recorded' WHEN k.years < 12 THEN 'Under 12' WHEN k.years < 14 THEN '12 and 13'
                WHEN k.years < 16 THEN '14 and 15' ELSE '16 and over' END),
        ('disability', CASE WHEN k.disabled THEN 'Disability recorded' ELSE 'None recorded' END),
        ('care', CASE WHEN k.cared THEN 'Looked after' ELSE 'Not looked after' END)) AS v(attribute, called)
    GROUP BY 1, 2, 3, 4, 5;
END $$;
