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

-- The kinds of relationship that open records of this kind, for a role: every function below asks for these alone.
CREATE OR REPLACE FUNCTION gate_kinds(acting_role text, wanted_record text, wanted_mode text) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ARRAY(SELECT o.kind FROM gate_opening o JOIN gate_role_opening ro ON ro.record = o.record AND ro.mode = o.mode
                 WHERE ro.role = acting_role AND o.record = wanted_record AND o.mode = wanted_mode);
END $$;

-- Of these kinds, those that hold now when a post holds them itself, and those that hold now when its team does: some hold only
-- around a shift of the post in the team. Asked once for a statement, not once for each relationship.
CREATE OR REPLACE FUNCTION gate_kinds_now(acting_post uuid, its_team uuid, acting_at timestamptz, kinds text[], OUT by_post text[], OUT by_team text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    by_post := ARRAY(SELECT kind FROM unnest(kinds) kind WHERE NOT EXISTS (SELECT 1 FROM gate_grace g WHERE g.kind = kind.kind));
    by_team := by_post || ARRAY(
        SELECT g.kind FROM gate_grace g
        WHERE g.kind = ANY (kinds)
          AND EXISTS (SELECT 1 FROM agencies_shift s WHERE s.post_id = acting_post AND s.team_id = its_team AND NOT s.is_leave
                      AND s.from_at <= acting_at + g.before AND s.until_at > acting_at - g.after));
END $$;

-- The children whose records of this kind the acting post may read (or write) now: by its own relationships, by its team's, and by
-- the line's (the manager of the allocated, up to two levels; the manager of the team that answers). One array for a statement.
CREATE OR REPLACE FUNCTION gate_children(wanted_record text, wanted_mode text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record;
    now_held record;
    kinds text[];
    posts uuid[];
    teams uuid[];
    found uuid[];
BEGIN
    me := gate_me();
    kinds := gate_kinds(me.role, wanted_record, wanted_mode);
    IF kinds = '{}' THEN RETURN '{}'; END IF;
    now_held := gate_kinds_now(me.post, me.team, me.at, kinds);
    found := ARRAY(
        SELECT r.child_id FROM gate_relationship r
        WHERE ((r.holder_post_id = me.post AND r.kind = ANY (now_held.by_post)) OR (r.holder_team_id = me.team AND r.kind = ANY (now_held.by_team)))
          AND r.child_id IS NOT NULL AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at));
    IF NOT 'line' = ANY (kinds) THEN RETURN found; END IF;
    posts := ARRAY(
        SELECT p.id FROM agencies_post p WHERE p.line_manager_id = me.post
        UNION ALL
        SELECT p.id FROM agencies_post p JOIN agencies_post q ON p.line_manager_id = q.id WHERE q.line_manager_id = me.post);
    IF posts <> '{}' THEN
        found := found || ARRAY(
            SELECT r.child_id FROM gate_relationship r
            WHERE r.holder_post_id = ANY (posts) AND r.kind = 'allocated' AND r.child_id IS NOT NULL
              AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at));
    END IF;
    teams := ARRAY(
        SELECT me.team WHERE me.role = 'manager'
        UNION ALL
        SELECT p.team_id FROM agencies_post p WHERE p.line_manager_id = me.post AND p.role = 'manager');
    IF teams <> '{}' THEN
        found := found || ARRAY(
            SELECT r.child_id FROM gate_relationship r
            WHERE r.holder_team_id = ANY (teams) AND r.kind IN ('team_duty', 'front_door') AND r.child_id IS NOT NULL
              AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at));
    END IF;
    RETURN found;
END $$;

-- The authorities all of whose children are open so (duties, coordinators, feeds).
CREATE OR REPLACE FUNCTION gate_authorities(wanted_record text, wanted_mode text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record;
    now_held record;
    kinds text[];
BEGIN
    me := gate_me();
    kinds := gate_kinds(me.role, wanted_record, wanted_mode);
    IF kinds = '{}' THEN RETURN '{}'; END IF;
    now_held := gate_kinds_now(me.post, me.team, me.at, kinds);
    RETURN ARRAY(
        SELECT DISTINCT r.authority_id FROM gate_relationship r
        WHERE ((r.holder_post_id = me.post AND r.kind = ANY (now_held.by_post)) OR (r.holder_team_id = me.team AND r.kind = ANY (now_held.by_team)))
          AND r.authority_id IS NOT NULL AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at));
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

-- A record's version is counted here at every change, whatever the statement says of it.
CREATE OR REPLACE FUNCTION gate_version() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;

-- What was done to this record since a moment, and by which post: for whoever may read records of this kind about the child.
CREATE OR REPLACE FUNCTION gate_changes(wanted_child uuid, wanted_label text, wanted_id text, wanted_record text, since timestamptz)
RETURNS TABLE (command text, post uuid, acted_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT a.command, a.post_id, a.acted_at
    FROM gate_act a
    WHERE a.child_id = wanted_child AND a.outcome = 'done' AND a.acted_at > since AND NOT wanted_child = ANY (gate_blocked())
      AND ((a.about_label = wanted_label AND a.about_id = wanted_id) OR (a.result_label = wanted_label AND a.result_id = wanted_id))
      AND (wanted_child = ANY (gate_children(wanted_record, 'read'))
           OR gate_in_authority(wanted_child, gate_authorities(wanted_record, 'read')))
    ORDER BY a.acted_at DESC LIMIT 10
$$;
