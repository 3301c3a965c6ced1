-- The gate in the database: made from atlas/gate/policy.py by `manage gate install`, again after every migration.
-- Functions belong to atlas_gate, who cannot sign in; row security lets that role read the five tables they stand on.

CREATE TABLE IF NOT EXISTS gate_secret (inner_pad bytea NOT NULL, outer_pad bytea NOT NULL);
CREATE TABLE IF NOT EXISTS gate_opening (kind text NOT NULL, scope text NOT NULL, record text NOT NULL, mode text NOT NULL,
                                         PRIMARY KEY (kind, record, mode));
CREATE TABLE IF NOT EXISTS gate_grace (kind text PRIMARY KEY, before interval NOT NULL, after interval NOT NULL);
CREATE TABLE IF NOT EXISTS gate_role_opening (role text NOT NULL, record text NOT NULL, mode text NOT NULL,
                                              PRIMARY KEY (role, record, mode));
CREATE TABLE IF NOT EXISTS gate_installed (fingerprint text NOT NULL);

-- Who acts, as the service signed it (HMAC-SHA-256 of the text before the last point). Anything else is nobody.
CREATE OR REPLACE FUNCTION gate_context(OUT post uuid, OUT at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    given text := nullif(current_setting('atlas.context', true), '');
    parts text[];
    body text;
    secret gate_secret;
BEGIN
    IF given IS NULL THEN RETURN; END IF;
    parts := string_to_array(given, '.');
    IF array_length(parts, 1) IS DISTINCT FROM 7 OR parts[1] <> '1' THEN RETURN; END IF;
    body := array_to_string(parts[1:6], '.');
    SELECT * INTO secret FROM gate_secret;
    IF encode(sha256(secret.outer_pad || sha256(secret.inner_pad || convert_to(body, 'UTF8'))), 'hex') <> parts[7] THEN RETURN; END IF;
    IF parts[5] <> pg_backend_pid()::text THEN RETURN; END IF;
    IF abs(extract(epoch FROM clock_timestamp()) - parts[4]::numeric) > 900 THEN RETURN; END IF;
    post := parts[2]::uuid;
    at := to_timestamp(parts[3]::numeric / 1000000);
END $$;

-- The acting post, only while the post and the account stand at the moment of acting.
-- Written in PL/pgSQL, here and below, because it keeps its plans: each runs several times in every statement on a gated table.
CREATE OR REPLACE FUNCTION gate_me(OUT post uuid, OUT at timestamptz, OUT role text, OUT team uuid, OUT person uuid, OUT agency uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    context record;
BEGIN
    context := gate_context();
    IF context.post IS NULL THEN RETURN; END IF;
    SELECT p.id, context.at, p.role, p.team_id, p.user_id, t.agency_id INTO post, at, role, team, person, agency
    FROM agencies_post p
    JOIN agencies_user u ON u.id = p.user_id AND u.is_active
    JOIN agencies_team t ON t.id = p.team_id
    WHERE p.id = context.post AND p.from_on <= (context.at AT TIME ZONE 'UTC')::date
      AND (p.until_on IS NULL OR p.until_on >= (context.at AT TIME ZONE 'UTC')::date);
END $$;

CREATE OR REPLACE FUNCTION gate_post() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN RETURN (gate_me()).post; END $$;
CREATE OR REPLACE FUNCTION gate_role() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN RETURN (gate_me()).role; END $$;
CREATE OR REPLACE FUNCTION gate_person() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN RETURN (gate_me()).person; END $$;

-- The kinds of relationship that hold only around a shift; and those of them that do not hold now for a post in a team.
-- Asked once for a statement, not once for each relationship.
CREATE OR REPLACE FUNCTION gate_needs_shift() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ARRAY(SELECT g.kind FROM gate_grace g);
END $$;
CREATE OR REPLACE FUNCTION gate_off_shift(acting_post uuid, its_team uuid, acting_at timestamptz) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ARRAY(SELECT g.kind FROM gate_grace g
                 WHERE NOT EXISTS (SELECT 1 FROM agencies_shift s
                                   WHERE s.post_id = acting_post AND s.team_id = its_team AND NOT s.is_leave
                                     AND s.from_at <= acting_at + g.before AND s.until_at > acting_at - g.after));
END $$;

-- The relationships that the acting post holds now: its own, its team's, on its shift, and its line's.
CREATE OR REPLACE FUNCTION gate_reach() RETURNS TABLE (kind text, child uuid, authority uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record;
    needs_shift text[];
    off_shift text[];
BEGIN
    me := gate_me();
    IF me.post IS NULL THEN RETURN; END IF;
    needs_shift := gate_needs_shift();
    off_shift := gate_off_shift(me.post, me.team, me.at);
    RETURN QUERY
    SELECT r.kind::text, r.child_id, r.authority_id FROM gate_relationship r
    WHERE ((r.holder_post_id = me.post AND r.kind <> ALL (needs_shift)) OR (r.holder_team_id = me.team AND r.kind <> ALL (off_shift)))
      AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at);
    RETURN QUERY
    SELECT 'line'::text, r.child_id, NULL::uuid
    FROM gate_relationship r
    WHERE r.kind = 'allocated' AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at)
      AND r.holder_post_id = ANY (ARRAY(
          SELECT p.id FROM agencies_post p WHERE p.line_manager_id = me.post
          UNION ALL
          SELECT p.id FROM agencies_post p JOIN agencies_post q ON p.line_manager_id = q.id WHERE q.line_manager_id = me.post));
    RETURN QUERY
    SELECT 'line'::text, r.child_id, NULL::uuid
    FROM gate_relationship r
    WHERE r.kind IN ('team_duty', 'front_door') AND r.child_id IS NOT NULL
      AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at)
      AND r.holder_team_id = ANY (ARRAY(
          SELECT me.team WHERE me.role = 'manager'
          UNION ALL
          SELECT p.team_id FROM agencies_post p WHERE p.line_manager_id = me.post AND p.role = 'manager'));
END $$;

-- The children whose records of this kind the acting post may read (or write). One array, found once in a statement.
CREATE OR REPLACE FUNCTION gate_children(wanted_record text, wanted_mode text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM gate_role_opening ro WHERE ro.role = gate_role() AND ro.record = wanted_record AND ro.mode = wanted_mode) THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(
        SELECT DISTINCT reach.child FROM gate_reach() reach
        JOIN gate_opening o ON o.kind = reach.kind AND o.record = wanted_record AND o.mode = wanted_mode
        WHERE reach.child IS NOT NULL);
END $$;

-- The authorities all of whose children are open so (duties, coordinators, feeds).
CREATE OR REPLACE FUNCTION gate_authorities(wanted_record text, wanted_mode text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record;
    needs_shift text[];
    off_shift text[];
BEGIN
    me := gate_me();
    IF me.post IS NULL OR NOT EXISTS (
        SELECT 1 FROM gate_role_opening ro WHERE ro.role = me.role AND ro.record = wanted_record AND ro.mode = wanted_mode) THEN
        RETURN '{}';
    END IF;
    needs_shift := gate_needs_shift();
    off_shift := gate_off_shift(me.post, me.team, me.at);
    RETURN ARRAY(
        SELECT DISTINCT r.authority_id FROM gate_relationship r
        JOIN gate_opening o ON o.kind = r.kind AND o.record = wanted_record AND o.mode = wanted_mode
        WHERE r.authority_id IS NOT NULL
          AND ((r.holder_post_id = me.post AND r.kind <> ALL (needs_shift)) OR (r.holder_team_id = me.team AND r.kind <> ALL (off_shift)))
          AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at));
END $$;

CREATE OR REPLACE FUNCTION gate_in_authority(wanted_child uuid, authorities uuid[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM children_child c WHERE c.person_id = wanted_child
                   AND (c.responsible_authority_id = ANY (authorities) OR c.host_authority_id = ANY (authorities)));
END $$;

-- The children from whom the acting person is shut out.
CREATE OR REPLACE FUNCTION gate_blocked() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record;
BEGIN
    me := gate_me();
    RETURN ARRAY(SELECT b.child_id FROM gate_block b
                 WHERE b.user_id = me.person AND b.from_at <= me.at AND (b.until_at IS NULL OR b.until_at > me.at));
END $$;

-- Who looked at this child: all of it for the privacy officer; for the line, its own agency's looks.
CREATE OR REPLACE FUNCTION gate_looks(wanted_child uuid)
RETURNS TABLE (page text, post uuid, through text[], looked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.page, l.post_id, l.through, l.looked_at
    FROM gate_me() me, gate_look l
    JOIN agencies_post p ON p.id = l.post_id
    JOIN agencies_team t ON t.id = p.team_id
    WHERE l.children @> ARRAY[wanted_child] AND NOT wanted_child = ANY (gate_blocked())
      AND (gate_in_authority(wanted_child, gate_authorities('audit', 'read'))
           OR (t.agency_id = me.agency AND wanted_child = ANY (gate_children('audit', 'read'))))
    ORDER BY l.looked_at DESC
$$;
