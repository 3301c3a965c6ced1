-- Odd looks: facts about how a day's looks stand to the worker and to the child, for tick alone. Nobody is scored.
-- Made by `manage gate install`, after install.sql. Source: protection.md section 5 (*Work it*), 4.5, table B (B6).

-- One row for each post, reason and (where the child is the reason, or is shut to some reader of odd looks) child. No name leaves. A row that names no
-- child says of which children its looks are, so that it can be shut, too, to whoever is shut out of one of them later on.
CREATE OR REPLACE FUNCTION gate_odd_looks(since timestamptz, until timestamptz)
RETURNS TABLE (reason text, post uuid, agency uuid, child uuid, look bigint, looks bigint, looked_at timestamptz, children uuid[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    today date := (since AT TIME ZONE 'Europe/London')::date;
    now timestamptz := (gate_me()).at;
BEGIN
    IF gate_role() IS DISTINCT FROM 'tick' THEN RETURN; END IF;
    RETURN QUERY
    WITH apart AS MATERIALIZED (  -- guarded by a list of names, or shut to a privacy officer: their looks are counted with no other child's
        SELECT x.child_id AS id FROM gate_restriction x WHERE x.from_at <= now AND (x.until_at IS NULL OR x.until_at > now)
        UNION
        SELECT unnest(gate_shut_to(q.user_id, now)) FROM (SELECT DISTINCT p.user_id FROM agencies_post p WHERE p.role = 'privacy_officer') q),
    looked AS MATERIALIZED (
        SELECT l.id, l.post_id, l.about_child, l.children, l.through, l.looked_at, l.event, l.terms, p.user_id,
               coalesce((p.ended_at AT TIME ZONE 'Europe/London')::date, p.until_on) AS until_on, lower(u.last_name) AS last_name, t.agency_id
        FROM gate_look l JOIN agencies_post p ON p.id = l.post_id AND NOT p.is_service JOIN agencies_user u ON u.id = p.user_id
        JOIN agencies_team t ON t.id = p.team_id
        WHERE l.looked_at >= since AND l.looked_at < until AND l.page NOT LIKE '%allegation%'),
    opened AS MATERIALIZED (
        SELECT l.*, a.id AS alone FROM looked l LEFT JOIN apart a ON a.id = l.about_child WHERE l.event = 'open' AND l.about_child IS NOT NULL),
    sought AS MATERIALIZED (
        SELECT s.* FROM looked s
        WHERE s.event = 'search' AND NOT EXISTS (SELECT 1 FROM opened o WHERE o.post_id = s.post_id AND o.about_child = ANY (s.children)
                                                 AND o.looked_at >= s.looked_at)),
    -- The four weeks up to the end of the day: what is usual, and who comes back.
    month AS MATERIALIZED (
        SELECT l.post_id, l.about_child, (l.looked_at AT TIME ZONE 'Europe/London')::date AS on_day, bool_or(l.through && '{allocated,line,reviewing}') AS answers
        FROM gate_look l WHERE l.event = 'open' AND l.about_child IS NOT NULL AND l.page NOT LIKE '%allegation%' AND l.looked_at >= since - interval '27 days' AND l.looked_at < until
        GROUP BY 1, 2, 3),
    -- Whoever opened a child that day, does not answer for it, and has written nothing about it: in the week before, and in the four weeks.
    bystander AS MATERIALIZED (
        SELECT m.post_id, m.about_child, count(*) OVER (PARTITION BY m.about_child) AS with_others, days.many AS days, w.last_at
        FROM month m
        JOIN (SELECT e.post_id, e.about_child, count(*) AS many FROM month e GROUP BY 1, 2) days USING (post_id, about_child)
        LEFT JOIN LATERAL (SELECT max(a.acted_at) AS last_at FROM gate_act a WHERE a.child_id = m.about_child AND a.post_id = m.post_id
                           AND a.outcome = 'done' AND a.acted_at >= since - interval '27 days' AND a.acted_at < until + interval '1 day') w ON true
        WHERE m.on_day = today AND NOT m.answers AND (w.last_at IS NULL OR w.last_at < since - interval '7 days')),
    -- Once with every child, and once as it is without those that stand apart.
    busy AS (
        SELECT d.post_id, d.is_whole
        FROM (SELECT m.post_id, m.on_day, w.is_whole, count(*) AS children FROM month m JOIN (VALUES (true), (false)) w (is_whole)
              ON w.is_whole OR m.about_child NOT IN (SELECT a.id FROM apart a) GROUP BY 1, 2, 3) d GROUP BY 1, 2
        HAVING count(*) FILTER (WHERE d.on_day < today) >= 5 AND max(d.children) FILTER (WHERE d.on_day = today)
               >= greatest(15, 3 * percentile_cont(0.5) WITHIN GROUP (ORDER BY d.children) FILTER (WHERE d.on_day < today))),
    -- The home that each worker has declared last: whole addresses are compared by their postcode, which is a street or a part of one.
    home AS (
        SELECT DISTINCT ON (d.user_id) d.user_id, d.postcode, d.telephones FROM connections_declaration d
        WHERE d.declared_at IS NOT NULL AND d.declared_at < until ORDER BY d.user_id, d.declared_at DESC),
    odd AS (
        SELECT 'own_surname' AS why, o.about_child AS whom, o.* FROM opened o
        WHERE o.last_name <> '' AND EXISTS (SELECT 1 FROM people_name n WHERE n.person_id = o.about_child AND lower(n.surname) = o.last_name)
        UNION ALL
        SELECT 'own_street', o.about_child, o.* FROM opened o JOIN home h ON h.user_id = o.user_id
        WHERE EXISTS (SELECT 1 FROM people_contactdetail c
                      WHERE c.person_id = o.about_child AND (c.until_on IS NULL OR c.until_on >= today)
                        AND CASE c.kind WHEN 'address' THEN h.postcode <> '' AND upper(replace(c.postcode, ' ', '')) = h.postcode
                            WHEN 'telephone' THEN regexp_replace(regexp_replace(c.text, '[^0-9]', '', 'g'), '^(00)?440?', '0') = ANY (h.telephones) END)
        UNION ALL
        SELECT 'own_circle', o.about_child, o.* FROM opened o
        WHERE EXISTS (SELECT 1 FROM gate_block b JOIN agencies_post own ON own.id = b.made_by_id AND own.user_id = b.user_id
                      JOIN statuses_family f ON f.child_id = b.child_id JOIN statuses_family g ON g.number = f.number
                      WHERE b.user_id = o.user_id AND g.child_id = o.about_child)
        UNION ALL
        SELECT 'unallocated', o.about_child, o.* FROM opened o WHERE o.through = '{}'
        UNION ALL
        SELECT 'out_of_hours', o.alone, o.* FROM opened o
        WHERE extract(hour FROM o.looked_at AT TIME ZONE 'Europe/London') NOT BETWEEN 7 AND 19 AND gate_is_out_of_hours(o.post_id, o.looked_at)
        UNION ALL
        SELECT 'leaver', o.alone, o.* FROM opened o WHERE today BETWEEN o.until_on - 14 AND o.until_on
        UNION ALL
        SELECT 'many', o.alone, o.* FROM opened o JOIN busy u ON u.post_id = o.post_id AND u.is_whole = (o.alone IS NOT NULL)
        UNION ALL
        SELECT 'returning', o.about_child, o.* FROM opened o JOIN bystander b ON b.post_id = o.post_id AND b.about_child = o.about_child
        WHERE b.days >= 3 AND b.last_at IS NULL
        UNION ALL
        SELECT 'crowd', o.about_child, o.* FROM opened o JOIN bystander b ON b.post_id = o.post_id AND b.about_child = o.about_child
        WHERE b.with_others >= 5
        UNION ALL
        SELECT 'random', o.about_child, o.* FROM opened o, gate_secret s WHERE get_byte(sha256(s.inner_pad || convert_to('sample ' || o.id, 'UTF8')), 0) * 256
               + get_byte(sha256(s.inner_pad || convert_to('sample ' || o.id, 'UTF8')), 1) < 655)
    SELECT why, odd.post_id, odd.agency_id, whom, min(odd.id), count(*), min(odd.looked_at), array_agg(DISTINCT odd.about_child) FROM odd
    -- What is asked about already, or was justified, is not asked again for a quarter; chance draws whom it draws.
    WHERE why IN ('random', 'out_of_hours', 'leaver', 'many') OR NOT EXISTS (
        SELECT 1 FROM audit_oddlook x WHERE x.person_looking = odd.user_id AND x.child_id = odd.whom AND x.reason = odd.why AND x.day < today
        AND x.day >= today - 90 AND x.outcome IN ('', 'justified', 'needs_more'))
    GROUP BY 1, 2, 3, 4
    UNION ALL
    -- An end that became known today: the fortnight before it is looked through once.
    SELECT 'leaver', p.id, t.agency_id, a.id, min(l.id), count(*), min(l.looked_at), array_agg(DISTINCT l.about_child)
    FROM agencies_post p JOIN agencies_team t ON t.id = p.team_id
    JOIN gate_look l ON l.post_id = p.id AND l.event = 'open' AND l.about_child IS NOT NULL AND l.page NOT LIKE '%allegation%'
                     AND l.looked_at >= since - interval '14 days' AND l.looked_at < since
    LEFT JOIN apart a ON a.id = l.about_child
    WHERE coalesce((p.ended_at AT TIME ZONE 'Europe/London')::date, p.until_on) BETWEEN today AND today + 14 AND NOT p.is_service
      AND NOT EXISTS (SELECT 1 FROM audit_oddlook x WHERE x.post_id = p.id AND x.reason = 'leaver')
    GROUP BY p.id, t.agency_id, a.id
    UNION ALL
    -- Ten different searches within any sixty minutes, whatever they found, and no child found by them opened after.
    SELECT 'searches', t.post_id, t.agency_id, NULL, min(t.id), count(*), min(t.looked_at), '{}'::uuid[]
    FROM (SELECT s.*, (SELECT count(DISTINCT (n.children, CASE WHEN n.children = '{}' THEN n.terms END)) FROM sought n
                       WHERE n.post_id = s.post_id AND n.looked_at >= s.looked_at AND n.looked_at < s.looked_at + interval '1 hour') AS different
          FROM sought s) t
    WHERE t.different >= 10 GROUP BY t.post_id, t.agency_id;
END $$;
