-- The gate in the database: made from atlas/gate/policy.py by `manage gate install`, again after every migration.
-- Functions belong to atlas_gate, who cannot sign in; row security lets that role read the five tables they stand on.

CREATE TABLE IF NOT EXISTS gate_secret (inner_pad bytea NOT NULL, outer_pad bytea NOT NULL);
CREATE TABLE IF NOT EXISTS gate_opening (kind text NOT NULL, scope text NOT NULL, record text NOT NULL, mode text NOT NULL,
                                         is_recent boolean NOT NULL DEFAULT false, PRIMARY KEY (kind, record, mode));
-- Of this, only what is open or recent: how long something is recent.
CREATE TABLE IF NOT EXISTS gate_recent (lasts interval NOT NULL);
CREATE TABLE IF NOT EXISTS gate_grace (kind text PRIMARY KEY, before interval NOT NULL, after interval NOT NULL);
CREATE TABLE IF NOT EXISTS gate_role_opening (role text NOT NULL, record text NOT NULL, mode text NOT NULL,
                                              PRIMARY KEY (role, record, mode));
CREATE TABLE IF NOT EXISTS gate_opening_purpose (kind text NOT NULL, purpose text NOT NULL, PRIMARY KEY (kind, purpose));
CREATE TABLE IF NOT EXISTS gate_role_purpose (role text NOT NULL, purpose text NOT NULL, PRIMARY KEY (role, purpose));
CREATE TABLE IF NOT EXISTS gate_clearance (record text PRIMARY KEY, clearance smallint NOT NULL);
CREATE TABLE IF NOT EXISTS gate_kind_clearance (kind text PRIMARY KEY, clearance smallint NOT NULL);
-- What the six above come to: by which kinds a role, for a purpose and with a clearance, opens a record. Every statement asks it several times, so it is reckoned once.
CREATE TABLE IF NOT EXISTS gate_kinds_held (role text NOT NULL, purpose text NOT NULL, clearance smallint NOT NULL, record text NOT NULL, mode text NOT NULL,
                                            kinds text[] NOT NULL, PRIMARY KEY (record, mode, role, purpose, clearance));
CREATE TABLE IF NOT EXISTS gate_word (name text NOT NULL, word text NOT NULL, PRIMARY KEY (name, word));
-- For each act that takes two people: the roles that may do it, and what it writes or reads about a child ('' where no child is asked about).
CREATE TABLE IF NOT EXISTS gate_two_persons (permission text NOT NULL, role text NOT NULL, record text NOT NULL, mode text NOT NULL,
                                             PRIMARY KEY (permission, role));
CREATE TABLE IF NOT EXISTS gate_installed (fingerprint text NOT NULL, stands text NOT NULL DEFAULT '');

-- Whether this is a database of tests or of a benchmark. Its name says so: nobody changes that by a row, nor while anybody is connected.
CREATE OR REPLACE FUNCTION gate_is_of_tests() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN RETURN current_database() ~ '^(test|bench)_'; END $$;

-- The policy as the rows of these tables hold it, all but the key: kept at the end of the install, compared at every start. Tests may be told one
-- word more, that posts are set up; `is_set_up`: it stands where it must not.
CREATE OR REPLACE FUNCTION gate_policy_held(OUT held text, OUT is_set_up boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    SELECT encode(sha256(convert_to(string_agg(line, E'\n' ORDER BY line COLLATE "C"), 'UTF8')), 'hex') INTO held FROM (
        SELECT 'opening ' || o::text AS line FROM gate_opening o
        UNION ALL SELECT format('recent %s', extract(epoch FROM n.lasts)) FROM gate_recent n
        UNION ALL SELECT format('grace %s %s %s', g.kind, extract(epoch FROM g.before), extract(epoch FROM g.after)) FROM gate_grace g
        UNION ALL SELECT 'role opens ' || r::text FROM gate_role_opening r
        UNION ALL SELECT 'opening for ' || p::text FROM gate_opening_purpose p
        UNION ALL SELECT 'role for ' || q::text FROM gate_role_purpose q
        UNION ALL SELECT 'clearance ' || c::text FROM gate_clearance c
        UNION ALL SELECT 'clearance of kind ' || k::text FROM gate_kind_clearance k
        UNION ALL SELECT 'kinds held ' || h::text FROM gate_kinds_held h
        UNION ALL SELECT 'word ' || w::text FROM gate_word w WHERE w.name <> 'posts are set up' OR NOT gate_is_of_tests()
        UNION ALL SELECT 'two ' || t::text FROM gate_two_persons t) lines;
    is_set_up := NOT gate_is_of_tests() AND EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'posts are set up');
END $$;

-- Who acts, as the service signed it (HMAC-SHA-256 of the text before the last point). Anything else is nobody.
CREATE OR REPLACE FUNCTION gate_context(OUT post uuid, OUT at timestamptz, OUT purpose text, OUT proved_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    given text := nullif(current_setting('atlas.context', true), '');
    parts text[];
    body text;
    secret gate_secret;
BEGIN
    IF given IS NULL THEN RETURN; END IF;
    parts := string_to_array(given, '.');
    IF array_length(parts, 1) IS DISTINCT FROM 9 OR parts[1] <> '2' THEN RETURN; END IF;
    body := array_to_string(parts[1:8], '.');
    SELECT * INTO secret FROM gate_secret;
    IF encode(sha256(secret.outer_pad || sha256(secret.inner_pad || convert_to(body, 'UTF8'))), 'hex') <> parts[9] THEN RETURN; END IF;
    IF parts[5] <> pg_backend_pid()::text THEN RETURN; END IF;
    IF abs(extract(epoch FROM clock_timestamp()) - parts[4]::numeric) > 900 THEN RETURN; END IF;
    post := parts[2]::uuid;
    at := to_timestamp(parts[3]::numeric / 1000000);
    purpose := parts[7];
    proved_at := CASE WHEN parts[8] <> '0' THEN to_timestamp(parts[8]::numeric / 1000000) END;
END $$;

-- The post that the signed context names, whether or not it still stands: under it alone may acts be written.
CREATE OR REPLACE FUNCTION gate_acting() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN RETURN (gate_context()).post; END $$;

-- A post, only while the post, the account and the agency's agreement stand at the moment of acting. A clearance lasts as long as the vetting.
-- Written in PL/pgSQL, here and below, because it keeps its plans: each runs several times in every statement on a gated table.
CREATE OR REPLACE FUNCTION gate_live_post(asked_post uuid, acting_at timestamptz, OUT post uuid, OUT role text, OUT team uuid, OUT person uuid,
                                          OUT agency uuid, OUT agency_kind text, OUT clearance smallint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    today date := (acting_at AT TIME ZONE 'Europe/London')::date;
BEGIN
    SELECT p.id, p.role, p.team_id, p.user_id, t.agency_id, a.kind,
           CASE WHEN p.clearance >= 2 AND (p.vetted_until IS NULL OR p.vetted_until < today) THEN 1 ELSE p.clearance END
    INTO post, role, team, person, agency, agency_kind, clearance
    FROM agencies_post p
    JOIN agencies_user u ON u.id = p.user_id AND u.is_active
    JOIN agencies_team t ON t.id = p.team_id
    JOIN agencies_agency a ON a.id = t.agency_id AND (a.agreement_until IS NULL OR a.agreement_until >= today)
    WHERE p.id = asked_post AND p.from_on <= today AND (p.until_on IS NULL OR p.until_on >= today);
END $$;

-- The acting post, with its moment and its purpose.
CREATE OR REPLACE FUNCTION gate_me(OUT post uuid, OUT at timestamptz, OUT purpose text, OUT role text, OUT team uuid, OUT person uuid, OUT agency uuid,
                                   OUT agency_kind text, OUT clearance smallint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    context record;
BEGIN
    context := gate_context();
    IF context.post IS NULL THEN RETURN; END IF;
    SELECT l.post, context.at, context.purpose, l.role, l.team, l.person, l.agency, l.agency_kind, l.clearance
    INTO post, at, purpose, role, team, person, agency, agency_kind, clearance
    FROM gate_live_post(context.post, context.at) l;
END $$;

CREATE OR REPLACE FUNCTION gate_post() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN RETURN (gate_me()).post; END $$;
CREATE OR REPLACE FUNCTION gate_role() RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN RETURN (gate_me()).role; END $$;
CREATE OR REPLACE FUNCTION gate_person() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN RETURN (gate_me()).person; END $$;

CREATE OR REPLACE FUNCTION gate_agency() RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$ BEGIN RETURN (gate_me()).agency; END $$;

-- The kinds of relationship that open records of this kind, for a role, a purpose and a clearance: every function below asks for these alone.
CREATE OR REPLACE FUNCTION gate_kinds(acting_role text, acting_purpose text, held_clearance integer, wanted_record text, wanted_mode text) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found text[];
BEGIN
    SELECT h.kinds INTO found FROM gate_kinds_held h
    WHERE h.record = wanted_record AND h.mode = wanted_mode AND h.role = acting_role AND h.purpose = acting_purpose AND h.clearance = held_clearance;
    RETURN coalesce(found, '{}');
END $$;

-- Each record of a child who is recorded more than once, as people have said, with each other record of that child: for functions of the gate alone.
CREATE OR REPLACE FUNCTION gate_other_records() RETURNS TABLE (id uuid, other uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE said (id, other) AS MATERIALIZED (
        SELECT p.child_id, p.other_child_id FROM linkage_pair p WHERE p.state = 'same'
        UNION ALL SELECT p.other_child_id, p.child_id FROM linkage_pair p WHERE p.state = 'same'),
    reached (id, other) AS (
        SELECT s.id, s.other FROM said s
        UNION SELECT r.id, s.other FROM reached r JOIN said s ON s.id = r.other)
    SELECT r.id, r.other FROM reached r WHERE r.id <> r.other
$$;

-- These children with every other record of theirs.
CREATE OR REPLACE FUNCTION gate_same(children uuid[]) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF children = '{}' OR NOT EXISTS (SELECT 1 FROM linkage_pair p WHERE p.state = 'same') THEN RETURN children; END IF;
    RETURN ARRAY(SELECT unnest(children) UNION SELECT o.other FROM gate_other_records() o WHERE o.id = ANY (children));
END $$;

-- The restricted and hidden children on whose lists of names a post (or its team) does not stand. Service posts carry and do not show.
CREATE OR REPLACE FUNCTION gate_unnamed_to(acting_post uuid, its_team uuid, its_role text, acting_at timestamptz) RETURNS TABLE (child_id uuid, sensitivity text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'service' AND w.word = its_role) THEN RETURN; END IF;
    RETURN QUERY
    WITH unnamed AS (
        SELECT x.child_id AS id, x.sensitivity::text AS level FROM gate_restriction x
        WHERE x.from_at <= acting_at AND (x.until_at IS NULL OR x.until_at > acting_at)
          AND NOT EXISTS (SELECT 1 FROM gate_namedholder n
                          WHERE n.child_id = x.child_id AND (n.holder_post_id = acting_post OR n.holder_team_id = its_team)
                            AND n.from_at <= acting_at AND (n.until_at IS NULL OR n.until_at > acting_at)))
    SELECT w.id, min(w.level) FROM (
        SELECT u.id, u.level FROM unnamed u
        UNION ALL -- what guards one record of a child guards every other
        SELECT o.other, u.level FROM unnamed u JOIN gate_other_records() o ON o.id = u.id) w
    GROUP BY w.id;
END $$;

-- The same for the acting post.
CREATE OR REPLACE FUNCTION gate_unnamed() RETURNS TABLE (child_id uuid, sensitivity text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    RETURN QUERY SELECT * FROM gate_unnamed_to(me.post, me.team, me.role, me.at);
END $$;
CREATE OR REPLACE FUNCTION gate_guarded() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    RETURN ARRAY(SELECT u.child_id FROM gate_unnamed_to(me.post, me.team, me.role, me.at) u);
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
                      AND s.until_at > acting_at - (SELECT max(w.after) FROM gate_grace w) -- says nothing more: so no shift of other years is read
                      AND s.from_at <= acting_at + g.before AND s.until_at > acting_at - g.after));
END $$;

-- The children of the line: of the posts below, up to two levels, and of the teams that the post (or a manager below it) answers for.
CREATE OR REPLACE FUNCTION gate_line(acting_post uuid, its_team uuid, acting_role text, acting_at timestamptz) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    posts uuid[];
    teams uuid[];
    found uuid[] := '{}';
BEGIN
    posts := ARRAY(
        SELECT p.id FROM agencies_post p WHERE p.line_manager_id = acting_post
        UNION ALL
        SELECT p.id FROM agencies_post p JOIN agencies_post q ON p.line_manager_id = q.id WHERE q.line_manager_id = acting_post);
    IF posts <> '{}' THEN
        found := found || ARRAY(
            SELECT r.child_id FROM gate_relationship r
            WHERE r.holder_post_id = ANY (posts) AND r.kind = 'allocated' AND r.child_id IS NOT NULL
              AND r.from_at <= acting_at AND (r.until_at IS NULL OR r.until_at > acting_at));
    END IF;
    teams := ARRAY(
        SELECT its_team WHERE acting_role = 'manager'
        UNION ALL
        SELECT p.team_id FROM agencies_post p WHERE p.line_manager_id = acting_post AND p.role = 'manager');
    IF teams <> '{}' THEN
        found := found || ARRAY(
            SELECT r.child_id FROM gate_relationship r
            WHERE r.holder_team_id = ANY (teams) AND r.kind IN ('team_duty', 'front_door') AND r.child_id IS NOT NULL
              AND r.from_at <= acting_at AND (r.until_at IS NULL OR r.until_at > acting_at));
    END IF;
    RETURN found;
END $$;

-- The children whom these kinds of relationship open to a post now: its own, its team's, and the line's (the manager of the allocated, up to
-- two levels; the manager of the team that answers).
CREATE OR REPLACE FUNCTION gate_opened_by(kinds text[], acting_post uuid, its_team uuid, its_role text, its_agency_kind text, acting_at timestamptz)
RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    now_held record;
    found uuid[];
    guarded uuid[];
BEGIN
    IF kinds = '{}' THEN RETURN '{}'; END IF;
    now_held := gate_kinds_now(acting_post, its_team, acting_at, kinds);
    found := ARRAY(
        SELECT r.child_id FROM gate_relationship r
        WHERE ((r.holder_post_id = acting_post AND r.kind = ANY (now_held.by_post)) OR (r.holder_team_id = its_team AND r.kind = ANY (now_held.by_team)))
          AND r.child_id IS NOT NULL AND r.from_at <= acting_at AND (r.until_at IS NULL OR r.until_at > acting_at));
    IF 'line' = ANY (kinds) THEN found := found || gate_line(acting_post, its_team, its_role, acting_at); END IF;
    guarded := ARRAY(SELECT u.child_id FROM gate_unnamed_to(acting_post, its_team, its_role, acting_at) u);
    IF guarded = '{}' THEN RETURN found; END IF;
    RETURN ARRAY(SELECT child FROM unnest(found) child WHERE NOT child = ANY (guarded)) || CASE
        WHEN EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'statutory' AND w.word = its_agency_kind) THEN ARRAY(
            SELECT r.child_id FROM gate_relationship r
            JOIN gate_unnamed_to(acting_post, its_team, its_role, acting_at) u ON u.child_id = r.child_id AND u.sensitivity = 'restricted'
            JOIN gate_word w ON w.name = 'opens restricted' AND w.word = r.kind
            WHERE ((r.holder_post_id = acting_post AND r.kind = ANY (now_held.by_post)) OR (r.holder_team_id = its_team AND r.kind = ANY (now_held.by_team)))
              AND r.from_at <= acting_at AND (r.until_at IS NULL OR r.until_at > acting_at))
        ELSE '{}'::uuid[] END;
END $$;

-- The children whose records of this kind the acting post may read (or write) now. One array for a statement.
CREATE OR REPLACE FUNCTION gate_children(wanted_record text, wanted_mode text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record;
BEGIN
    me := gate_me();
    RETURN gate_opened_by(gate_kinds(me.role, me.purpose, me.clearance, wanted_record, wanted_mode), me.post, me.team, me.role, me.agency_kind, me.at);
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
    kinds := gate_kinds(me.role, me.purpose, me.clearance, wanted_record, wanted_mode);
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

-- Of the children whose records of this kind are open, those of whom only what is open or recent is: no other relationship opens them whole.
-- Empty at once for whoever holds no such relationship now, which is nearly everybody.
CREATE OR REPLACE FUNCTION gate_only_recent(wanted_record text, wanted_mode text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record;
    recent text[];
    kinds text[];
    found uuid[];
    whole uuid[];
    authorities uuid[];
BEGIN
    me := gate_me();
    recent := ARRAY(SELECT o.kind FROM gate_opening o WHERE o.record = wanted_record AND o.is_recent);
    IF recent = '{}' OR (gate_kinds_now(me.post, me.team, me.at, recent)).by_team = '{}' THEN RETURN '{}'; END IF;
    kinds := gate_kinds(me.role, me.purpose, me.clearance, wanted_record, wanted_mode);
    found := gate_opened_by(ARRAY(SELECT kind FROM unnest(kinds) kind WHERE kind = ANY (recent)), me.post, me.team, me.role, me.agency_kind, me.at);
    IF found = '{}' THEN RETURN '{}'; END IF;
    whole := gate_opened_by(ARRAY(SELECT kind FROM unnest(kinds) kind WHERE NOT kind = ANY (recent)), me.post, me.team, me.role, me.agency_kind, me.at);
    authorities := gate_authorities(wanted_record, wanted_mode);
    RETURN ARRAY(SELECT DISTINCT child FROM unnest(found) child
                 WHERE NOT child = ANY (whole) AND NOT gate_in_authority(child, authorities));
END $$;

-- Since when something is recent, at the moment of acting.
CREATE OR REPLACE FUNCTION gate_recent_from() RETURNS timestamptz
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (gate_me()).at - (SELECT r.lasts FROM gate_recent r);
END $$;

-- Whether something that is still open hangs on this entry or this alert: then it is not old. Asked of the old rows alone, one by one.
CREATE OR REPLACE FUNCTION gate_hangs_open(record uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM tasks_task t WHERE t.entry_id = record AND t.ended_at IS NULL)
           OR EXISTS (SELECT 1 FROM tasks_alert a WHERE a.id = record AND a.acknowledged_at IS NULL);
END $$;

-- The children from whom a person is shut out: those that are set aside; those of the person's blocks, and whoever is tied to them (brothers and sisters, household).
-- A tie counts from the moment it begins; one that ends, or lapses, while a block stands goes on counting for that block: only what was
-- written in error never was.
CREATE OR REPLACE FUNCTION gate_shut_to(its_person uuid, moment timestamptz) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    shut uuid[];
    aside uuid[];
BEGIN
    -- Three questions in place of one: nearly nobody has a block, and nearly never is a record set aside.
    shut := ARRAY(SELECT DISTINCT b.child_id FROM gate_block b
                  WHERE b.user_id = its_person AND b.from_at <= moment AND (b.until_at IS NULL OR b.until_at > moment));
    IF shut <> '{}' THEN
        shut := ARRAY(
            SELECT unnest(shut)
            UNION
            SELECT CASE WHEN t.child_id = b.child_id THEN t.tied_id ELSE t.child_id END
            FROM gate_block b JOIN connections_tie t ON t.child_id = b.child_id OR t.tied_id = b.child_id
            WHERE b.user_id = its_person AND b.from_at <= moment AND (b.until_at IS NULL OR b.until_at > moment)
              AND NOT t.is_error AND t.from_at <= moment AND (t.until_at IS NULL OR t.until_at > b.from_at)
              AND (t.review_on IS NULL OR t.review_on >= (b.from_at AT TIME ZONE 'Europe/London')::date));
    END IF;
    -- A record that is set aside is there for nobody: only a delivery still finds it, and what it brings keeps the record after all (ADR 52).
    aside := ARRAY(SELECT d.whose FROM retention_duerecord d WHERE d.state = 'set_aside');
    IF aside <> '{}' AND NOT EXISTS (SELECT 1 FROM agencies_post p WHERE p.user_id = its_person AND p.is_service) THEN
        shut := ARRAY(SELECT unnest(shut) UNION SELECT unnest(aside));
    END IF;
    RETURN gate_same(shut);
END $$;

-- The children from whom the acting person is shut out.
CREATE OR REPLACE FUNCTION gate_blocked() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record;
BEGIN
    me := gate_me();
    RETURN gate_shut_to(me.person, me.at);
END $$;

-- A text folded as names are (people/rules.py), as far as an address needs it: letters and numbers, apart.
CREATE OR REPLACE FUNCTION gate_folded(words text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$ SELECT ' ' || regexp_replace(lower(words), '[^[:alnum:]]+', ' ', 'g') || ' ' $$;

-- What workers' own homes and children have in common, for tick alone: who, which child, and why; no address and no number leaves.
CREATE OR REPLACE FUNCTION gate_alike() RETURNS TABLE (person uuid, child uuid, reason text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    today date := (me.at AT TIME ZONE 'Europe/London')::date;
BEGIN
    IF me.role IS DISTINCT FROM 'tick' THEN RETURN; END IF;
    RETURN QUERY
    WITH home AS MATERIALIZED (
        SELECT DISTINCT ON (d.user_id) d.user_id, d.house, d.street, d.postcode, d.telephones, d.schools,
               d.surnames || ARRAY[lower(u.last_name)]::varchar[] AS surnames
        FROM connections_declaration d JOIN agencies_user u ON u.id = d.user_id AND u.is_active
        WHERE d.declared_at IS NOT NULL AND d.declared_at <= me.at ORDER BY d.user_id, d.declared_at DESC),
    lives AS MATERIALIZED (
        SELECT a.person_id, upper(replace(a.postcode, ' ', '')) AS postcode, gate_folded(a.text) AS words FROM people_contactdetail a
        WHERE a.kind = 'address' AND a.postcode <> '' AND (a.until_on IS NULL OR a.until_on >= today)),
    alike AS (
        SELECT h.user_id, l.person_id, 'household' AS why FROM home h JOIN lives l ON l.postcode = h.postcode
        WHERE h.house <> '' AND h.street <> '' AND strpos(l.words, ' ' || h.house || ' ') > 0 AND strpos(l.words, ' ' || h.street || ' ') > 0
        UNION
        SELECT h.user_id, l.person_id, 'street' FROM home h JOIN lives l ON l.postcode = h.postcode
        JOIN people_name n ON n.person_id = l.person_id AND n.surname <> '' AND lower(n.surname) = ANY (h.surnames)
        UNION
        SELECT h.user_id, p.person_id, 'telephone' FROM home h CROSS JOIN LATERAL unnest(h.telephones) number
        JOIN people_contactdetail p ON p.kind = 'telephone'
             AND regexp_replace(regexp_replace(p.text, '[^0-9]', '', 'g'), '^(00)?440?', '0') = number::text
        WHERE p.until_on IS NULL OR p.until_on >= today
        UNION
        SELECT h.user_id, r.child_id, 'school' FROM home h JOIN agencies_team t ON t.agency_id = ANY (h.schools)
        JOIN gate_relationship r ON r.kind = 'known_to' AND r.child_id IS NOT NULL AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at)
             AND (r.holder_team_id = t.id OR r.holder_post_id IN (SELECT p.id FROM agencies_post p WHERE p.team_id = t.id)))
    SELECT a.user_id, a.person_id, a.why FROM alike a JOIN children_child c ON c.person_id = a.person_id
    WHERE NOT EXISTS (SELECT 1 FROM connections_suggestion s WHERE s.user_id = a.user_id AND s.child_id = a.person_id AND s.reason = a.why)
      AND NOT a.person_id = ANY (gate_shut_to(a.user_id, me.at));
END $$;

-- What lies with somebody who is shut out of its child, for tick alone: open tasks and alerts, and the work that nobody has been asked to take.
CREATE OR REPLACE FUNCTION gate_shut_work() RETURNS TABLE (what text, record uuid, child uuid, post uuid, kind text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF me.role IS DISTINCT FROM 'tick' THEN RETURN; END IF;
    RETURN QUERY
    WITH shut AS MATERIALIZED (
        SELECT p.id AS holder, c.id AS child
        FROM (SELECT DISTINCT b.user_id FROM gate_block b WHERE b.from_at <= me.at AND (b.until_at IS NULL OR b.until_at > me.at)) u
        CROSS JOIN LATERAL unnest(gate_shut_to(u.user_id, me.at)) c (id) JOIN agencies_post p ON p.user_id = u.user_id AND NOT p.is_service)
    SELECT 'task', t.id, t.child_id, t.owner_post_id, '' FROM shut s JOIN tasks_task t ON t.owner_post_id = s.holder AND t.child_id = s.child
    WHERE t.state = 'open'
    UNION ALL
    SELECT 'alert', a.id, a.child_id, a.owner_post_id, '' FROM shut s JOIN tasks_alert a ON a.owner_post_id = s.holder AND a.child_id = s.child
    WHERE a.acknowledged_at IS NULL
    UNION ALL
    SELECT 'relationship', r.id, r.child_id, r.holder_post_id, r.kind::text
    FROM shut s JOIN gate_relationship r ON r.holder_post_id = s.holder AND r.child_id = s.child
    WHERE r.kind IN ('allocated', 'return_interview') AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at)
      AND NOT EXISTS (SELECT 1 FROM tasks_task t WHERE t.about_id = r.id);
END $$;

-- How a post stands towards these children: every live kind of relationship, 'a block', how the child is guarded, and whether the post is named.
-- Also about children whose rows the post may not read: the evaluator, and whoever explains it, must know why.
CREATE OR REPLACE FUNCTION gate_standing_of(asked_post uuid, its_team uuid, its_person uuid, its_role text, acting_at timestamptz, children uuid[])
RETURNS TABLE (child uuid, holds text, by uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    shut uuid[] := gate_shut_to(its_person, acting_at);
BEGIN
    RETURN QUERY
    WITH asked AS (SELECT unnest(children) AS id),
    live AS (
        SELECT a.id, r.kind, r.holder_post_id, r.holder_team_id, r.child_id, r.id AS by FROM asked a JOIN gate_relationship r ON r.child_id = a.id
        WHERE r.from_at <= acting_at AND (r.until_at IS NULL OR r.until_at > acting_at)
        UNION ALL
        SELECT a.id, r.kind, r.holder_post_id, r.holder_team_id, r.child_id, r.id AS by FROM asked a JOIN children_child c ON c.person_id = a.id
        JOIN gate_relationship r ON r.authority_id IN (c.responsible_authority_id, c.host_authority_id)
        WHERE r.from_at <= acting_at AND (r.until_at IS NULL OR r.until_at > acting_at)
    ),
    now_held AS (SELECT * FROM gate_kinds_now(asked_post, its_team, acting_at, ARRAY(SELECT DISTINCT l.kind::text FROM live l))),
    -- What guards one record of a child guards every other: one must stand on each list.
    of_same AS (
        SELECT a.id, a.id AS same_id FROM asked a
        UNION
        SELECT a.id, o.other FROM asked a JOIN gate_other_records() o ON o.id = a.id),
    guards AS (SELECT DISTINCT x.child_id, x.sensitivity FROM gate_restriction x WHERE x.child_id IN (SELECT same_id FROM of_same)
               AND x.from_at <= acting_at AND (x.until_at IS NULL OR x.until_at > acting_at)),
    names AS (SELECT DISTINCT n.child_id FROM gate_namedholder n WHERE n.child_id IN (SELECT same_id FROM of_same)
              AND (n.holder_post_id = asked_post OR n.holder_team_id = its_team)
              AND n.from_at <= acting_at AND (n.until_at IS NULL OR n.until_at > acting_at))
    SELECT l.id, l.kind::text, l.by FROM live l, now_held n
    WHERE (l.holder_post_id = asked_post AND l.kind = ANY (n.by_post)) OR (l.holder_team_id = its_team AND l.kind = ANY (n.by_team))
    UNION
    SELECT l.id, 'line', l.by FROM live l JOIN agencies_post p ON p.id = l.holder_post_id LEFT JOIN agencies_post q ON q.id = p.line_manager_id
    WHERE l.kind = 'allocated' AND (p.line_manager_id = asked_post OR q.line_manager_id = asked_post)
    UNION
    SELECT l.id, 'line', l.by FROM live l
    WHERE l.kind IN ('team_duty', 'front_door') AND l.child_id IS NOT NULL
      AND ((its_role = 'manager' AND l.holder_team_id = its_team)
           OR l.holder_team_id IN (SELECT p.team_id FROM agencies_post p WHERE p.line_manager_id = asked_post AND p.role = 'manager'))
    UNION
    SELECT a.id, 'a block', NULL FROM asked a WHERE a.id = ANY (shut)
    UNION
    SELECT a.id, 'is ' || x.sensitivity, NULL FROM of_same a JOIN guards x ON x.child_id = a.same_id
    UNION
    SELECT a.id, 'a name', NULL FROM of_same a JOIN names n ON n.child_id = a.same_id
    WHERE NOT EXISTS (SELECT 1 FROM of_same b JOIN guards x ON x.child_id = b.same_id
                      WHERE b.id = a.id AND NOT x.child_id IN (SELECT m.child_id FROM names m));
END $$;

CREATE OR REPLACE FUNCTION gate_standing(children uuid[]) RETURNS TABLE (child uuid, holds text, by uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record;
BEGIN
    me := gate_me();
    IF me.post IS NULL THEN RETURN; END IF;
    RETURN QUERY SELECT * FROM gate_standing_of(me.post, me.team, me.person, me.role, me.at, children);
END $$;

-- Hold what a write stands on until its transaction ends: the acting post, and these relationships. Whoever ends one of them meanwhile waits; where one
-- has ended since it was read, false. The post comes first, as for whoever ends a post, so that the two never wait for each other.
CREATE OR REPLACE FUNCTION gate_hold(relationships uuid[]) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    held integer;
BEGIN
    PERFORM 1 FROM agencies_post p WHERE p.id = me.post AND (p.until_on IS NULL OR p.until_on >= (me.at AT TIME ZONE 'Europe/London')::date) FOR SHARE;
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM 1 FROM gate_relationship r WHERE r.id = ANY (relationships) AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at)
    ORDER BY r.id FOR SHARE;
    GET DIAGNOSTICS held = ROW_COUNT;
    RETURN held = cardinality(relationships);
END $$;

-- Whether the acting post may be told why others may or may not: the privacy officer of the child's authority, to whom the child is not shut.
CREATE OR REPLACE FUNCTION gate_may_explain(wanted_child uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN coalesce(NOT wanted_child = ANY (gate_blocked()) AND NOT wanted_child = ANY (gate_guarded())
                    AND gate_in_authority(wanted_child, gate_authorities('audit', 'read')), false);
END $$;

-- The same about another post, for the privacy officer of the child's authority alone.
CREATE OR REPLACE FUNCTION gate_explain(asked_post uuid, asked_at timestamptz, wanted_child uuid) RETURNS TABLE (child uuid, holds text, by uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    other record;
BEGIN
    IF NOT (gate_may_explain(wanted_child) AND gate_may_explain_post(asked_post)) THEN RETURN; END IF;
    SELECT p.team_id, p.user_id, p.role INTO other FROM agencies_post p WHERE p.id = asked_post;
    RETURN QUERY SELECT * FROM gate_standing_of(asked_post, other.team_id, other.user_id, other.role, asked_at, ARRAY[wanted_child]);
END $$;

-- Of these posts, those from whom the child is not shut: no conflict, and a place on the list of names where there is one.
CREATE OR REPLACE FUNCTION gate_not_shut(posts uuid[], wanted_child uuid, moment timestamptz) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    guarding uuid[] := ARRAY(SELECT DISTINCT x.child_id FROM gate_restriction x WHERE x.child_id = ANY (gate_same(ARRAY[wanted_child]))
                             AND x.from_at <= moment AND (x.until_at IS NULL OR x.until_at > moment));
BEGIN
    RETURN ARRAY(
        SELECT p.id FROM agencies_post p
        WHERE p.id = ANY (posts)
          AND NOT wanted_child = ANY (gate_shut_to(p.user_id, moment))
          AND NOT EXISTS (SELECT 1 FROM unnest(guarding) g (id) WHERE NOT EXISTS (
              SELECT 1 FROM gate_namedholder n WHERE n.child_id = g.id AND (n.holder_post_id = p.id OR n.holder_team_id = p.team_id)
              AND n.from_at <= moment AND (n.until_at IS NULL OR n.until_at > moment))));
END $$;

-- The same, of posts that are to be told that something waits: for tick, and for whoever may raise an alert about the child.
CREATE OR REPLACE FUNCTION gate_may_be_told(posts uuid[], wanted_child uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF NOT (me.role = 'tick' OR wanted_child = ANY (gate_children('work', 'write'))
            OR gate_in_authority(wanted_child, gate_authorities('work', 'write'))) THEN RETURN '{}'; END IF;
    RETURN gate_not_shut(posts, wanted_child, me.at);
END $$;

-- In which authority a child lives, for whoever is to be told of an alert: for tick, which reads no child, and for whoever may write work about the
-- child. An authority is all that leaves.
CREATE OR REPLACE FUNCTION gate_lives_in(wanted_child uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF gate_role() IS DISTINCT FROM 'tick' AND gate_writes(wanted_child, 'work') IS NOT TRUE THEN RETURN NULL; END IF;
    RETURN (SELECT c.host_authority_id FROM children_child c WHERE c.person_id = wanted_child);
END $$;

-- Whether what waits in the queue for a post may still reach it: an alert, unless the child is shut to the post by now; a break-glass, unless a
-- conflict shuts the person out. Asked by the job that carries it, when it does, with the moment; what is not there is for nobody.
CREATE OR REPLACE FUNCTION gate_still_told(told uuid, asked_post uuid, moment timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- Of a child who has died nobody is told anything any more, also of what was on its way.
    RETURN EXISTS (SELECT 1 FROM tasks_alert a WHERE a.id = told AND NOT EXISTS (SELECT 1 FROM people_person d WHERE d.id = a.child_id AND d.died_on IS NOT NULL)
                   AND NOT EXISTS (SELECT 1 FROM children_child n WHERE n.person_id = a.child_id AND n.pregnancy_ended_on IS NOT NULL)
                   AND asked_post = ANY (gate_not_shut(ARRAY[asked_post], a.child_id, moment)))
           OR EXISTS (SELECT 1 FROM break_glass_breakglass b JOIN agencies_post p ON p.id = asked_post
                      WHERE b.id = told AND NOT b.child_id = ANY (gate_shut_to(p.user_id, moment)));
END $$;

-- Whether something about a child may be given to another post: it stands, is not shut out, and a list of names does not leave it out.
-- Answered yes or no and never why, and only to those who may disclose about the child.
CREATE OR REPLACE FUNCTION gate_may_receive(asked_post uuid, wanted_child uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record;
    other record;
BEGIN
    me := gate_me();
    IF me.post IS NULL OR wanted_child = ANY (gate_blocked()) OR NOT wanted_child = ANY (gate_children('disclosure', 'write')) THEN RETURN false; END IF;
    other := gate_live_post(asked_post, me.at);
    RETURN other.post IS NOT NULL AND other.post = ANY (gate_not_shut(ARRAY[other.post], wanted_child, me.at));
END $$;

-- Of these children, those whose records of this kind are open to the acting post now: what holds several children is open where all are. A copy
-- may hold what is old, so a child of whom only what is recent is open is not among them.
CREATE OR REPLACE FUNCTION gate_open(asked uuid[], wanted_record text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    opened uuid[] := gate_children(wanted_record, 'read');
    authorities uuid[] := gate_authorities(wanted_record, 'read');
    guarded uuid[] := gate_guarded();
    blocked uuid[] := gate_blocked();
    only_recent uuid[] := gate_only_recent(wanted_record, 'read');
BEGIN
    RETURN ARRAY(SELECT child FROM unnest(asked) child
                 WHERE NOT child = ANY (blocked) AND NOT child = ANY (only_recent)
                   AND (child = ANY (opened) OR (NOT child = ANY (guarded) AND gate_in_authority(child, authorities))));
END $$;

-- Of these children, those about whom the acting post may give such records to another post: that one stands, and is not shut out. Never why not.
CREATE OR REPLACE FUNCTION gate_givable(asked_post uuid, asked uuid[], wanted_record text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    other record;
BEGIN
    other := gate_live_post(asked_post, me.at);
    IF me.post IS NULL OR other.post IS NULL THEN RETURN '{}'; END IF;
    RETURN ARRAY(SELECT child FROM unnest(gate_open(asked, wanted_record)) child WHERE other.post = ANY (gate_not_shut(ARRAY[other.post], child, me.at)));
END $$;

-- The record of acts and looks. One number counts both; the database sets it, the transaction and the time, whatever was given.
DO $$ BEGIN
    IF to_regclass('gate_number') IS NULL THEN
        CREATE SEQUENCE gate_number;
        PERFORM setval('gate_number', greatest((SELECT last_value FROM gate_act_id_seq), (SELECT last_value FROM gate_look_id_seq)) + 1);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION gate_stamp() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.id := nextval('gate_number');
    NEW.tx := pg_current_xact_id()::text::bigint;
    NEW.written_at := clock_timestamp();
    RETURN NEW;
END $$;

-- Once for a statement, not for a row: a set form writes thousands.
CREATE OR REPLACE FUNCTION gate_only_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    acting uuid := gate_acting();
BEGIN
    IF EXISTS (SELECT 1 FROM added WHERE post_id IS DISTINCT FROM acting AND NOT (post_id IS NULL AND event IN ('sign_in', 'sign_out', 'guest'))) THEN
        RAISE EXCEPTION 'an act or a look is written only for the post that acts' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION gate_never_altered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added to', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

-- What only the privacy officer is told of: enquiries into looks, and the looks of the police (real-life.md point 22).
CREATE OR REPLACE FUNCTION gate_is_privacy_only(event text, agency_kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$ SELECT event = 'read_audit' OR agency_kind = 'police' $$;

-- Outside 07:00 to 20:00 in London, and not on a shift.
CREATE OR REPLACE FUNCTION gate_is_out_of_hours(acting_post uuid, moment timestamptz) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT extract(hour FROM moment AT TIME ZONE 'Europe/London') NOT BETWEEN 7 AND 19
           AND NOT EXISTS (SELECT 1 FROM agencies_shift s WHERE s.post_id = acting_post AND NOT s.is_leave AND s.from_at <= moment AND s.until_at > moment)
$$;

-- Who looked at this child, a row for each post, page and way: all of it for the privacy officer; for the line, its own agency's
-- looks. Nobody is told of the looks of their own person.
CREATE OR REPLACE FUNCTION gate_looks(wanted_child uuid)
RETURNS TABLE (post uuid, page text, event text, through text[], looks bigint, first_at timestamptz, last_at timestamptz, out_of_hours bigint,
               is_own_surname boolean, is_followed_up boolean, is_privacy_only boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    is_privacy boolean := gate_in_authority(wanted_child, gate_authorities('audit', 'read'));
    is_line boolean := wanted_child = ANY (gate_children('audit', 'read'));
BEGIN
    IF wanted_child = ANY (gate_blocked()) OR wanted_child = ANY (gate_guarded()) OR NOT (is_privacy OR is_line) THEN RETURN; END IF;
    RETURN QUERY
    WITH looked AS (
        SELECT l.post_id, l.page, l.event, l.through, count(*) AS looks, min(l.looked_at) AS first_at, max(l.looked_at) AS last_at,
               count(*) FILTER (WHERE extract(hour FROM l.looked_at AT TIME ZONE 'Europe/London') NOT BETWEEN 7 AND 19
                                AND gate_is_out_of_hours(l.post_id, l.looked_at)) AS out_of_hours
        FROM gate_look l WHERE l.children @> ARRAY[wanted_child] GROUP BY 1, 2, 3, 4)
    SELECT g.post_id, g.page::text, g.event::text, g.through::text[], g.looks, g.first_at, g.last_at, g.out_of_hours,
           EXISTS (SELECT 1 FROM people_name n WHERE n.person_id = wanted_child AND n.surname <> '' AND lower(n.surname) = lower(u.last_name)),
           EXISTS (SELECT 1 FROM gate_act d WHERE d.child_id = wanted_child AND d.post_id = g.post_id AND d.outcome = 'done'
                   AND d.acted_at BETWEEN g.first_at AND g.last_at + interval '7 days'),
           gate_is_privacy_only(g.event, a.kind) OR g.page LIKE '%allegation%'
    FROM looked g JOIN agencies_post p ON p.id = g.post_id JOIN agencies_user u ON u.id = p.user_id
    JOIN agencies_team t ON t.id = p.team_id JOIN agencies_agency a ON a.id = t.agency_id
    WHERE p.user_id <> me.person AND (is_privacy OR (t.agency_id = me.agency AND NOT gate_is_privacy_only(g.event, a.kind)))
      AND (g.page NOT LIKE '%allegation%' OR gate_tells_of_allegations(wanted_child))
    ORDER BY g.last_at DESC, g.post_id, g.page, g.event, g.through;
END $$;

-- The agencies whose odd looks the acting privacy officer works through: the own one, and those that have no privacy officer.
CREATE OR REPLACE FUNCTION gate_agencies_reviewed() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    today date := (me.at AT TIME ZONE 'Europe/London')::date;
BEGIN
    IF me.role IS DISTINCT FROM 'privacy_officer' THEN RETURN '{}'; END IF;
    RETURN ARRAY(
        SELECT a.id FROM agencies_agency a
        WHERE a.id = me.agency OR NOT EXISTS (
            SELECT 1 FROM agencies_post p JOIN agencies_team t ON t.id = p.team_id JOIN agencies_user u ON u.id = p.user_id AND u.is_active
            WHERE t.agency_id = a.id AND p.role = 'privacy_officer' AND p.from_on <= today AND (p.until_on IS NULL OR p.until_on >= today)));
END $$;

-- Two people for one act (protection.md 4.3 step 8). Whether the acting post may do this, or propose it, about this child (NULL: about none).
CREATE OR REPLACE FUNCTION gate_may_propose(wanted_permission text, wanted_child uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    need record;
BEGIN
    SELECT t.record, t.mode INTO need FROM gate_two_persons t WHERE t.permission = wanted_permission AND t.role = me.role;
    IF need.mode IS NULL THEN RETURN false; END IF;
    IF wanted_child IS NULL THEN RETURN need.record = ''; END IF;
    IF wanted_child = ANY (gate_blocked()) THEN RETURN false; END IF;
    IF need.record = '' THEN RETURN NOT wanted_child = ANY (gate_guarded()); END IF;
    RETURN wanted_child = ANY (gate_children(need.record, need.mode))
           OR (gate_in_authority(wanted_child, gate_authorities(need.record, need.mode)) AND NOT wanted_child = ANY (gate_guarded()));
END $$;

-- The same about another post, with the purpose that it acted for: may the first person still do it when the second approves?
CREATE OR REPLACE FUNCTION gate_may_still(asked_post uuid, asked_purpose text, moment timestamptz, wanted_permission text, wanted_child uuid)
RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    other record := gate_live_post(asked_post, moment);
    need record;
BEGIN
    SELECT t.record, t.mode INTO need FROM gate_two_persons t WHERE t.permission = wanted_permission AND t.role = other.role;
    IF need.mode IS NULL THEN RETURN false; END IF;
    IF wanted_child IS NULL THEN RETURN need.record = ''; END IF;
    IF NOT asked_post = ANY (gate_not_shut(ARRAY[asked_post], wanted_child, moment)) THEN RETURN false; END IF;
    RETURN need.record = '' OR EXISTS (
        SELECT 1 FROM gate_standing_of(asked_post, other.team, other.person, other.role, moment, ARRAY[wanted_child]) s
        WHERE s.holds = ANY (gate_kinds(other.role, asked_purpose, other.clearance, need.record, need.mode)));
END $$;

-- Whether one of two people stands, through any post held at that moment, above the other; the manager of a team stands above its posts.
CREATE OR REPLACE FUNCTION gate_in_one_line(one uuid, other uuid, moment timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    today date := (moment AT TIME ZONE 'Europe/London')::date;
BEGIN
    RETURN EXISTS (
        WITH RECURSIVE held AS (
            SELECT p.id, p.user_id, p.team_id, p.role, p.line_manager_id FROM agencies_post p
            WHERE p.user_id IN (one, other) AND p.from_on <= today AND (p.until_on IS NULL OR p.until_on >= today)),
        above AS (
            SELECT h.user_id AS below, h.line_manager_id AS id FROM held h
            UNION
            SELECT a.below, p.line_manager_id FROM above a JOIN agencies_post p ON p.id = a.id)
        SELECT 1 FROM above a JOIN held h ON h.id = a.id WHERE h.user_id <> a.below
        UNION ALL
        SELECT 1 FROM held m JOIN held h ON h.team_id = m.team_id AND h.user_id <> m.user_id WHERE m.role = 'manager' AND h.role <> 'manager');
END $$;

-- Who answers for a child now, to be offered for its list of names: those who work with the child, their line up to two levels, the teams that
-- answer, and the privacy officers of the child's authorities; none whom a conflict shuts out, unless the asker may not know of it: whoever is missed on
-- the list would tell. For whoever may see what guards the child.
CREATE OR REPLACE FUNCTION gate_who_answers(wanted_child uuid) RETURNS TABLE (post uuid, team uuid, why text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    today date := (me.at AT TIME ZONE 'Europe/London')::date;
BEGIN
    IF NOT coalesce(NOT wanted_child = ANY (gate_blocked()) AND (wanted_child = ANY (gate_children('guard', 'read'))
       OR (gate_in_authority(wanted_child, gate_authorities('guard', 'read')) AND NOT wanted_child = ANY (gate_guarded()))), false) THEN RETURN; END IF;
    RETURN QUERY
    WITH live AS (
        SELECT r.kind, r.holder_post_id, r.holder_team_id FROM gate_relationship r
        WHERE (r.child_id = wanted_child OR r.authority_id IN (
                   SELECT unnest(ARRAY[c.responsible_authority_id, c.host_authority_id]) FROM children_child c WHERE c.person_id = wanted_child))
          AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at)),
    works AS (SELECT p.id, p.line_manager_id FROM live l JOIN agencies_post p ON p.id = l.holder_post_id WHERE l.kind = 'allocated'),
    line AS (SELECT w.line_manager_id AS id FROM works w
             UNION SELECT p.line_manager_id FROM works w JOIN agencies_post p ON p.id = w.line_manager_id),
    found AS (
        SELECT w.id, 'works with the child' AS why FROM works w
        UNION SELECT l.id, 'is in the line' FROM line l
        UNION SELECT l.holder_post_id, 'is the privacy officer' FROM live l WHERE l.kind = 'privacy')
    SELECT p.id, NULL::uuid, f.why FROM found f JOIN agencies_post p ON p.id = f.id JOIN agencies_user u ON u.id = p.user_id AND u.is_active
    WHERE p.from_on <= today AND (p.until_on IS NULL OR p.until_on >= today)
      AND NOT EXISTS (SELECT 1 FROM gate_block b WHERE b.user_id = p.user_id AND b.child_id = wanted_child
                      AND b.from_at <= me.at AND (b.until_at IS NULL OR b.until_at > me.at) AND NOT b.id = ANY (gate_hidden_blocks()))
    UNION
    SELECT NULL, l.holder_team_id, 'answers for the child' FROM live l WHERE l.kind IN ('team_duty', 'front_door') AND l.holder_team_id IS NOT NULL;
END $$;

-- What may become of a proposal, whatever a statement says: the first person's name is the acting one's; nothing of it is altered; it is
-- decided once; taken back by the first person alone; decided by another person; approved by one outside the first one's line, while both
-- may still do it, before it expires, and in the transaction in which it is done.
CREATE OR REPLACE FUNCTION gate_two_persons() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    first record;
    may_change text[] := ARRAY['state', 'decided_by_id', 'decided_at', 'decided_because', 'decided_tx', 'version'];
BEGIN
    IF me.post IS NULL THEN RAISE EXCEPTION 'nobody acts' USING ERRCODE = 'insufficient_privilege'; END IF;
    IF TG_OP = 'INSERT' THEN
        NEW.proposed_by_id := me.post; NEW.proposed_at := me.at; NEW.purpose := me.purpose; NEW.state := 'waiting';
        NEW.decided_by_id := NULL; NEW.decided_at := NULL; NEW.decided_because := ''; NEW.decided_tx := NULL;
        RETURN NEW;
    END IF;
    SELECT p.user_id AS person, p.role INTO first FROM agencies_post p WHERE p.id = OLD.proposed_by_id;
    IF OLD.state <> 'waiting' OR NEW.state NOT IN ('approved', 'not_approved', 'withdrawn') OR to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change
       OR (NEW.state = 'withdrawn') <> (me.person = first.person)
       OR (NEW.state = 'approved' AND (
           OLD.expires_at <= me.at OR gate_in_one_line(first.person, me.person, me.at)
           OR NOT gate_may_propose(OLD.permission, OLD.child_id)
           OR NOT gate_may_still(OLD.proposed_by_id, OLD.purpose, me.at, OLD.permission, OLD.child_id)
           OR (EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'one is, for ' || OLD.permission)
               AND NOT EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'one is, for ' || OLD.permission AND w.word IN (first.role, me.role)))))
    THEN RAISE EXCEPTION 'it takes a second person' USING ERRCODE = 'insufficient_privilege'; END IF;
    NEW.decided_by_id := me.post; NEW.decided_at := me.at; NEW.decided_tx := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;

-- What the acting post has approved in this very transaction: row security of what two people change asks for it.
CREATE OR REPLACE FUNCTION gate_approved(wanted_permission text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ARRAY(SELECT p.about_id FROM gate_proposal p
                 WHERE p.permission = wanted_permission AND p.state = 'approved' AND p.decided_by_id = gate_post()
                   AND p.decided_tx = pg_current_xact_id_if_assigned()::text::bigint AND p.about_id IS NOT NULL);
END $$;

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
    WHERE a.child_id = wanted_child AND a.outcome = 'done' AND a.command NOT LIKE '%allegation%' AND a.acted_at > since AND NOT wanted_child = ANY (gate_blocked())
      AND ((a.about_label = wanted_label AND a.about_id = wanted_id) OR (a.result_label = wanted_label AND a.result_id = wanted_id))
      AND (wanted_child = ANY (gate_children(wanted_record, 'read'))
           OR (gate_in_authority(wanted_child, gate_authorities(wanted_record, 'read')) AND NOT wanted_child = ANY (gate_guarded())))
    ORDER BY a.acted_at DESC, a.id DESC LIMIT 10
$$;
