-- Allegations about people who work with children (real-life.md point 10): who may receive one, and what stays hidden. Read after break_glass.sql.

-- Whether one person is the other, stands in one line with them (at any height), or is in one team with them.
CREATE OR REPLACE FUNCTION gate_is_near(one uuid, other uuid, moment timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    today date := (moment AT TIME ZONE 'Europe/London')::date;
BEGIN
    RETURN one = other OR gate_in_one_line(one, other, moment) OR EXISTS (
        SELECT 1 FROM agencies_post p JOIN agencies_post q ON q.team_id = p.team_id
        WHERE p.user_id = one AND q.user_id = other AND p.from_on <= today AND (p.until_on IS NULL OR p.until_on >= today)
          AND q.from_on <= today AND (q.until_on IS NULL OR q.until_on >= today));
END $$;

-- The allegations that the acting post received: never where the person is near to it by now.
CREATE OR REPLACE FUNCTION gate_allegations() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF me.post IS NULL THEN RETURN '{}'; END IF;
    RETURN ARRAY(
        SELECT DISTINCT a.id FROM allegations_allegationstep s JOIN allegations_allegation a ON a.id = s.allegation_id
        WHERE s.kind = 'sent' AND s.to_post_id = me.post AND (a.accused_id IS NULL OR NOT gate_is_near(a.accused_id, me.person, me.at)));
END $$;

-- The posts of a role that may receive one about this child, in order: of an agency that serves the child's responsible authority (the accused's own
-- agency first: an officer's force), standing, neither near to the person nor the one who acts, and not shut out of the child.
CREATE OR REPLACE FUNCTION gate_allegation_receivers(wanted_child uuid, wanted_role text, its_person uuid) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    today date := (me.at AT TIME ZONE 'Europe/London')::date;
BEGIN
    IF me.post IS NULL OR wanted_role NOT IN ('designated_officer', 'professional_standards', 'head_of_service') THEN RETURN; END IF;
    RETURN QUERY
    SELECT p.id FROM agencies_post p CROSS JOIN LATERAL gate_live_post(p.id, me.at) l
    JOIN agencies_agency_authorities s ON s.agency_id = l.agency
    JOIN children_child c ON c.person_id = wanted_child AND c.responsible_authority_id = s.authority_id
    WHERE p.role = wanted_role AND l.post IS NOT NULL AND NOT p.is_service AND p.user_id <> me.person
      AND (wanted_role <> 'professional_standards' OR l.agency_kind = 'police') AND (wanted_role = 'professional_standards' OR l.agency_kind = 'council')
      AND (its_person IS NULL OR NOT gate_is_near(its_person, p.user_id, me.at)) AND NOT wanted_child = ANY (gate_shut_to(p.user_id, me.at))
    ORDER BY EXISTS (SELECT 1 FROM agencies_post q JOIN agencies_team t ON t.id = q.team_id
                     WHERE q.user_id = its_person AND t.agency_id = l.agency AND q.from_on <= today AND (q.until_on IS NULL OR q.until_on >= today)) DESC,
             EXISTS (SELECT 1 FROM agencies_shift h WHERE h.post_id = p.id AND h.is_leave AND h.from_at <= me.at AND h.until_at > me.at),
             p.from_on, p.id;
END $$;

-- Whether the acting post recorded this allegation, and may send it there (NULL: nobody may receive it).
CREATE OR REPLACE FUNCTION gate_may_send(wanted_allegation uuid, wanted_post uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    acting uuid := gate_post();
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM allegations_allegation a WHERE a.id = wanted_allegation AND a.recorded_by_id = acting
        AND (wanted_post IS NULL OR EXISTS (
            SELECT 1 FROM unnest(ARRAY['designated_officer', 'professional_standards', 'head_of_service']) r
            CROSS JOIN LATERAL gate_allegation_receivers(a.child_id, r, a.accused_id) p WHERE p = wanted_post)));
END $$;

-- Whether a step says whose it is as its allegation does: a row of another child's, or of another recorder's, would be read by others.
CREATE OR REPLACE FUNCTION gate_is_of_allegation(wanted_allegation uuid, its_child uuid, its_recorder uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM allegations_allegation a
                   WHERE a.id = wanted_allegation AND a.child_id = its_child AND a.recorded_by_id = its_recorder);
END $$;

-- Whether the acting post decides an allegation that it received: a designated officer; a head of service in their stead, where no officer had it, or
-- where it came to them because an officer did not receive it, or nobody was there.
CREATE OR REPLACE FUNCTION gate_decides_allegation(wanted_allegation uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF NOT wanted_allegation = ANY (gate_allegations()) THEN RETURN false; END IF;
    IF me.role = 'designated_officer' THEN RETURN true; END IF;
    RETURN me.role = 'head_of_service' AND (
        NOT EXISTS (SELECT 1 FROM allegations_allegationstep s JOIN agencies_post p ON p.id = s.to_post_id
                    WHERE s.allegation_id = wanted_allegation AND p.role = 'designated_officer')
        OR EXISTS (
            WITH RECURSIVE before AS (
                SELECT s.instead_of_id AS id FROM allegations_allegationstep s
                WHERE s.allegation_id = wanted_allegation AND s.to_post_id = me.post
                UNION
                SELECT s.instead_of_id FROM before b JOIN allegations_allegationstep s ON s.id = b.id)
            SELECT 1 FROM before b JOIN allegations_allegationstep s ON s.id = b.id LEFT JOIN agencies_post p ON p.id = s.to_post_id
            WHERE s.to_post_id IS NULL OR p.role = 'designated_officer'));
END $$;

-- Whether the acting post may answer: receive what was sent to it; and, once it has, decide or close it where it decides, in that order, until it is closed.
CREATE OR REPLACE FUNCTION gate_may_answer(wanted_allegation uuid, wanted_kind text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    acting uuid := gate_post();
BEGIN
    IF wanted_kind = 'received' THEN RETURN wanted_allegation = ANY (gate_allegations()); END IF;
    RETURN wanted_kind IN ('decided', 'closed') AND gate_decides_allegation(wanted_allegation)
       AND EXISTS (SELECT 1 FROM allegations_allegationstep s
                   WHERE s.allegation_id = wanted_allegation AND s.kind = 'received' AND s.made_by_id = acting)
       AND NOT EXISTS (SELECT 1 FROM allegations_allegationstep s WHERE s.allegation_id = wanted_allegation AND s.kind = 'closed')
       AND (wanted_kind = 'decided'
            OR EXISTS (SELECT 1 FROM allegations_allegationstep s WHERE s.allegation_id = wanted_allegation AND s.kind = 'decided'));
END $$;

-- Whether what was sent to a post is still in good hands: the post stands, receives such things, and is not near the person by now.
CREATE OR REPLACE FUNCTION gate_still_receives(asked_post uuid, wanted_allegation uuid, moment timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    l record := gate_live_post(asked_post, moment);
BEGIN
    RETURN coalesce(l.role IN ('designated_officer', 'professional_standards', 'head_of_service'), false) AND NOT EXISTS (
        SELECT 1 FROM allegations_allegation a
        WHERE a.id = wanted_allegation AND a.accused_id IS NOT NULL AND gate_is_near(a.accused_id, l.person, moment));
END $$;

-- What tick passes on. Of each allegation that is not closed, the last of every line of sendings, in which nobody who is still there received it: once it
-- is late; at once, where it went to nobody, or its receiver is there no more. So what was received is not lost with the post of its receiver, and
-- what was passed on climbs no further once whoever had it first receives it after all.
CREATE OR REPLACE FUNCTION gate_allegations_waiting() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF me.role IS DISTINCT FROM 'tick' THEN RETURN '{}'; END IF;
    RETURN ARRAY(
        WITH RECURSIVE line AS (
            SELECT s.id AS last, s.id, s.instead_of_id, s.to_post_id, s.allegation_id, s.due_at FROM allegations_allegationstep s
            WHERE s.kind = 'sent' AND NOT EXISTS (
                SELECT 1 FROM allegations_allegationstep n
                WHERE n.instead_of_id = s.id OR (n.allegation_id = s.allegation_id AND n.kind = 'closed'))
            UNION
            SELECT l.last, b.id, b.instead_of_id, b.to_post_id, b.allegation_id, b.due_at
            FROM line l JOIN allegations_allegationstep b ON b.id = l.instead_of_id)
        SELECT t.id FROM line t
        WHERE t.id = t.last AND (t.due_at < me.at OR NOT gate_still_receives(t.to_post_id, t.allegation_id, me.at))
          AND NOT EXISTS (
            SELECT 1 FROM line l JOIN allegations_allegationstep r
                ON r.allegation_id = l.allegation_id AND r.kind = 'received' AND r.made_by_id = l.to_post_id
            WHERE l.last = t.last AND gate_still_receives(l.to_post_id, l.allegation_id, me.at)));
END $$;

-- Whether tick may send this allegation there, instead of that sending of the same allegation, which waits for it: to somebody who may receive it.
CREATE OR REPLACE FUNCTION gate_may_pass_on(wanted_allegation uuid, wanted_post uuid, instead_of uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM allegations_allegationstep s JOIN allegations_allegation a ON a.id = s.allegation_id
        CROSS JOIN unnest(ARRAY['designated_officer', 'professional_standards', 'head_of_service']) r
        CROSS JOIN LATERAL gate_allegation_receivers(a.child_id, r, a.accused_id) p
        WHERE s.id = instead_of AND s.id = ANY (gate_allegations_waiting()) AND s.allegation_id = wanted_allegation AND p = wanted_post);
END $$;

-- Whether an allegation that the acting post recorded must shut this person out of this child: none of its kind does so yet.
CREATE OR REPLACE FUNCTION gate_allegation_shuts(wanted_child uuid, its_person uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    RETURN EXISTS (SELECT 1 FROM allegations_allegation a WHERE a.child_id = wanted_child AND a.accused_id = its_person AND a.recorded_by_id = me.post)
       AND NOT EXISTS (SELECT 1 FROM gate_block b WHERE b.child_id = wanted_child AND b.user_id = its_person AND b.source = 'allegation'
                       AND (b.until_at IS NULL OR b.until_at > me.at));
END $$;

-- Whether what concerns an allegation about this person may reach the acting post beyond its receivers: a privacy officer who is not near, nor of the
-- person's agency, unless that is the council, whose own privacy officer answers for its workers.
CREATE OR REPLACE FUNCTION gate_answers_apart(its_person uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    RETURN coalesce(me.role = 'privacy_officer' AND NOT gate_is_near(its_person, me.person, me.at) AND (me.agency_kind = 'council' OR NOT EXISTS (
        SELECT 1 FROM agencies_post p JOIN agencies_team t ON t.id = p.team_id WHERE p.user_id = its_person AND t.agency_id = me.agency)), false);
END $$;

-- Whether the acting privacy officer may be told why that post may do something, or not: never about oneself or somebody near, nor (but for the council's)
-- about one's own agency. Where a block stands on an allegation the answer would tell of it; so nobody of whom it could be told is explained, said or not.
CREATE OR REPLACE FUNCTION gate_may_explain_post(asked_post uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM agencies_post p WHERE p.id = asked_post AND gate_answers_apart(p.user_id));
END $$;

-- The blocks that stand on an allegation and that the acting post may not know of.
CREATE OR REPLACE FUNCTION gate_hidden_blocks() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ARRAY(SELECT b.id FROM gate_block b WHERE b.source = 'allegation' AND NOT gate_answers_apart(b.user_id));
END $$;

-- Whether a look at, or an act on, an allegation about this child may be told of: to a privacy officer who answers apart from everybody alleged.
CREATE OR REPLACE FUNCTION gate_tells_of_allegations(wanted_child uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN gate_role() = 'privacy_officer' AND NOT EXISTS (
        SELECT 1 FROM allegations_allegation a WHERE a.child_id = wanted_child AND a.accused_id IS NOT NULL AND NOT gate_answers_apart(a.accused_id));
END $$;
