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
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
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
CREATE OR REPLACE FUNCTION gate_me(OUT post uuid, OUT at timestamptz, OUT role text, OUT team uuid, OUT person uuid, OUT agency uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT p.id, c.at, p.role, p.team_id, p.user_id, t.agency_id
    FROM gate_context() c
    JOIN agencies_post p ON p.id = c.post
    JOIN agencies_user u ON u.id = p.user_id AND u.is_active
    JOIN agencies_team t ON t.id = p.team_id
    WHERE p.from_on <= (c.at AT TIME ZONE 'UTC')::date AND (p.until_on IS NULL OR p.until_on >= (c.at AT TIME ZONE 'UTC')::date)
$$;

CREATE OR REPLACE FUNCTION gate_post() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$ SELECT post FROM gate_me() $$;
CREATE OR REPLACE FUNCTION gate_role() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$ SELECT role FROM gate_me() $$;
CREATE OR REPLACE FUNCTION gate_person() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$ SELECT person FROM gate_me() $$;

-- The relationships that the acting post holds now: its own, its team's, on its shift, and its line's.
CREATE OR REPLACE FUNCTION gate_reach() RETURNS TABLE (kind text, child uuid, authority uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH me AS MATERIALIZED (SELECT * FROM gate_me()),
    live AS (
        SELECT r.* FROM gate_relationship r, me WHERE r.holder_post_id = me.post AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at)
        UNION ALL
        SELECT r.* FROM gate_relationship r, me WHERE r.holder_team_id = me.team AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at)
    )
    SELECT l.kind, l.child_id, l.authority_id FROM live l, me
    WHERE NOT EXISTS (SELECT 1 FROM gate_grace g WHERE g.kind = l.kind)
       OR EXISTS (SELECT 1 FROM agencies_shift s JOIN gate_grace g ON g.kind = l.kind
                  WHERE s.post_id = me.post AND s.team_id = l.holder_team_id AND NOT s.is_leave
                    AND s.from_at <= me.at + g.before AND s.until_at > me.at - g.after)
    UNION ALL
    SELECT 'line', r.child_id, NULL
    FROM me
    JOIN agencies_post p ON p.line_manager_id = me.post
         OR p.line_manager_id IN (SELECT q.id FROM agencies_post q WHERE q.line_manager_id = me.post)
    JOIN gate_relationship r ON r.holder_post_id = p.id AND r.kind = 'allocated'
    WHERE r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at)
    UNION ALL
    SELECT 'line', r.child_id, NULL
    FROM me
    JOIN gate_relationship r ON r.kind IN ('team_duty', 'front_door') AND r.child_id IS NOT NULL
         AND ((me.role = 'manager' AND r.holder_team_id = me.team)
              OR r.holder_team_id IN (SELECT p.team_id FROM agencies_post p WHERE p.line_manager_id = me.post AND p.role = 'manager'))
    WHERE r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at)
$$;

-- The children whose records of this kind the acting post may read (or write). One array, found once in a statement.
CREATE OR REPLACE FUNCTION gate_children(wanted_record text, wanted_mode text) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(DISTINCT reach.child), '{}')
    FROM gate_reach() reach
    JOIN gate_opening o ON o.kind = reach.kind AND o.record = wanted_record AND o.mode = wanted_mode
    WHERE reach.child IS NOT NULL
      AND EXISTS (SELECT 1 FROM gate_role_opening ro WHERE ro.role = gate_role() AND ro.record = wanted_record AND ro.mode = wanted_mode)
$$;

-- The authorities all of whose children are open so (duties, coordinators, feeds).
CREATE OR REPLACE FUNCTION gate_authorities(wanted_record text, wanted_mode text) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(DISTINCT reach.authority), '{}')
    FROM gate_reach() reach
    JOIN gate_opening o ON o.kind = reach.kind AND o.record = wanted_record AND o.mode = wanted_mode
    WHERE reach.authority IS NOT NULL
      AND EXISTS (SELECT 1 FROM gate_role_opening ro WHERE ro.role = gate_role() AND ro.record = wanted_record AND ro.mode = wanted_mode)
$$;

CREATE OR REPLACE FUNCTION gate_in_authority(wanted_child uuid, authorities uuid[]) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT 1 FROM children_child c WHERE c.person_id = wanted_child
                   AND (c.responsible_authority_id = ANY (authorities) OR c.host_authority_id = ANY (authorities)))
$$;

-- The children from whom the acting person is shut out.
CREATE OR REPLACE FUNCTION gate_blocked() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT coalesce(array_agg(b.child_id), '{}') FROM gate_block b, gate_me() me
    WHERE b.user_id = me.person AND b.from_at <= me.at AND (b.until_at IS NULL OR b.until_at > me.at)
$$;

-- Who looked at this child: all of it for the privacy officer; for the line, its own agency's looks.
CREATE OR REPLACE FUNCTION gate_looks(wanted_child uuid)
RETURNS TABLE (page text, post uuid, through text[], looked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT l.page, l.post_id, l.through, l.looked_at
    FROM gate_me() me, gate_look l
    JOIN agencies_post p ON p.id = l.post_id
    JOIN agencies_team t ON t.id = p.team_id
    WHERE l.children @> ARRAY[wanted_child] AND NOT wanted_child = ANY (gate_blocked())
      AND (gate_in_authority(wanted_child, gate_authorities('audit', 'read'))
           OR (t.agency_id = me.agency AND wanted_child = ANY (gate_children('audit', 'read'))))
    ORDER BY l.looked_at DESC
$$;
