-- The sealed sets in the database: made by `manage gate install`, after the gate's own functions, on which these stand.
-- Nobody but atlas_gate, who cannot sign in, reads these tables; the service puts in (sealed.put), the unsealer takes out (sealed.open, sealed.show).

CREATE SCHEMA IF NOT EXISTS sealed;
CREATE TABLE IF NOT EXISTS sealed.box (sealing uuid PRIMARY KEY, child uuid NOT NULL, kind text NOT NULL, sealed_at timestamptz NOT NULL,
                                       master text NOT NULL, wrapped bytea NOT NULL, sealed bytea NOT NULL);
CREATE INDEX IF NOT EXISTS box_of_child ON sealed.box (child, kind, sealed_at);
-- A set that stands open to somebody, from when until when, and why.
CREATE TABLE IF NOT EXISTS sealed.window (id uuid PRIMARY KEY, child uuid NOT NULL, kind text NOT NULL, post uuid NOT NULL, person uuid NOT NULL,
                                          reason text NOT NULL, opened_at timestamptz NOT NULL, until_at timestamptz NOT NULL);
CREATE INDEX IF NOT EXISTS window_of_person ON sealed.window (person, until_at);
-- The nonces of the tokens that were served: each serves once.
CREATE TABLE IF NOT EXISTS sealed.used (nonce text PRIMARY KEY, used_at timestamptz NOT NULL);

-- Whatever one may seal one may put: the row that says so has passed row security, and what belongs to it is put in once.
CREATE OR REPLACE FUNCTION sealed.put(sealing uuid, master text, wrapped bytea, box bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    said record;
BEGIN
    SELECT s.child_id, s.kind, s.sealed_at INTO said FROM sealed_sealedset s
    WHERE s.id = sealing AND s.sealed_by_id = gate_acting();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nothing is put in but what is being sealed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO sealed.box VALUES (sealing, said.child_id, said.kind, said.sealed_at, master, wrapped, box);
END $$;

-- What the acting post is: a code of why it may not take a set of this child out, or 'allowed'. The moment must be the server's own: a context says
-- any moment, and who was a custodian once must not act then. Deny steps in the gate's order.
CREATE OR REPLACE FUNCTION sealed.judged(wanted uuid, needs_proof boolean) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    context record := gate_context();
    me record := gate_me();
BEGIN
    IF context.post IS NULL THEN RETURN 'no token'; END IF;
    IF abs(extract(epoch FROM clock_timestamp() - context.at)) > 60 THEN RETURN 'another moment'; END IF;
    IF me.post IS NULL THEN RETURN 'post not live'; END IF;
    IF wanted = ANY (gate_blocked()) THEN RETURN 'blocked'; END IF;
    IF wanted = ANY (gate_guarded()) THEN RETURN 'not named'; END IF;
    IF NOT EXISTS (SELECT 1 FROM gate_role_opening o WHERE o.role = me.role AND o.record = 'sealed' AND o.mode = 'read') THEN RETURN 'not in role'; END IF;
    IF NOT wanted = ANY (gate_children('sealed', 'read')) THEN
        -- The record of refusals says whether another purpose would have opened it, as the evaluator does.
        RETURN CASE WHEN EXISTS (
            SELECT 1 FROM gate_standing_of(me.post, me.team, me.person, me.role, me.at, ARRAY[wanted]) s
            JOIN gate_opening o ON o.kind = s.holds AND o.record = 'sealed' AND o.mode = 'read'
            LEFT JOIN gate_kind_clearance k ON k.kind = s.holds WHERE me.clearance >= coalesce(k.clearance, 0)) THEN 'wrong purpose' ELSE 'no relationship' END;
    END IF;
    IF needs_proof AND (context.proved_at IS NULL OR context.proved_at < context.at - interval '5 minutes'
                        OR context.proved_at > context.at + interval '1 minute') THEN RETURN 'not proved'; END IF;
    RETURN 'allowed';
END $$;

-- Each token serves once; what is older than a token's life is forgotten.
CREATE OR REPLACE FUNCTION sealed.is_used() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM sealed.used u WHERE u.used_at < clock_timestamp() - interval '1 hour';
    INSERT INTO sealed.used VALUES (split_part(current_setting('atlas.context', true), '.', 6), clock_timestamp()) ON CONFLICT DO NOTHING;
    RETURN NOT FOUND;
END $$;

-- The audit row of an opening, done or refused. `door`: session, request, device and network, as the service saw them. Of a token that nobody signed
-- there is no post to write it for: then the process alone says so.
CREATE OR REPLACE FUNCTION sealed.write_down(what text, code text, wanted uuid, door jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    context record := gate_context();
BEGIN
    IF context.post IS NULL THEN RETURN; END IF;
    INSERT INTO gate_act (event, command, outcome, decision, post_id, child_id, about_label, about_id, result_label, result_id, content, acted_at, rows,
                          session, request, device, network, purpose, policy)
    SELECT CASE WHEN code = 'allowed' THEN 'unseal' ELSE 'refusal' END, what, CASE WHEN code = 'allowed' THEN 'done' ELSE 'refused' END, code,
           context.post, wanted, '', '', '', '', '', context.at, 1, left(coalesce(door ->> 'session', ''), 64), left(door ->> 'request', 32),
           left(door ->> 'device', 10), left(door ->> 'network', 44), context.purpose, i.fingerprint FROM gate_installed i;
END $$;

-- Let one set stand open to the acting person for fifteen minutes. Gives the code, and until when. Written down whatever comes of it.
CREATE OR REPLACE FUNCTION sealed.open(wanted uuid, wanted_kind text, why text, door jsonb, OUT code text, OUT until timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    moment timestamptz := clock_timestamp();
    held record;
BEGIN
    code := sealed.judged(wanted, true);
    IF code <> 'no token' AND sealed.is_used() THEN code := 'replayed'; END IF;
    IF code = 'allowed' THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('sealed ' || me.person, 0));  -- two at once would each find none open
        SELECT w.child, w.kind, w.until_at INTO held FROM sealed.window w WHERE w.person = me.person AND w.until_at > moment LIMIT 1;
        code := CASE
            WHEN NOT EXISTS (SELECT 1 FROM sealed.box b WHERE b.child = wanted AND b.kind = wanted_kind) THEN 'nothing sealed'
            WHEN length(regexp_replace(btrim(why), '\s+', ' ', 'g')) < 30 THEN 'no reason'
            WHEN held.child IS NOT NULL AND (held.child, held.kind) IS DISTINCT FROM (wanted, wanted_kind) THEN 'another is open'
            WHEN (SELECT count(*) FROM sealed.window w WHERE w.person = me.person AND w.opened_at > moment - interval '1 hour') >= 12 THEN 'too many'
            ELSE 'allowed' END;
    END IF;
    IF code = 'allowed' THEN
        until := coalesce(held.until_at, moment + interval '15 minutes');
        INSERT INTO sealed.window VALUES (gen_random_uuid(), wanted, wanted_kind, me.post, me.person, left(why, 2000), moment, until);
    END IF;
    PERFORM sealed.write_down('open_sealed_set', code, wanted, door);
END $$;

-- The boxes of a set that stands open to the acting person, in the order of sealing; a row without a box says why not. The look is written here.
CREATE OR REPLACE FUNCTION sealed.show(wanted uuid, wanted_kind text, door jsonb)
RETURNS TABLE (code text, until timestamptz, sealing uuid, sealed_at timestamptz, master text, wrapped bytea, box bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    said text := sealed.judged(wanted, false);
    open_until timestamptz;
BEGIN
    IF said <> 'no token' AND sealed.is_used() THEN said := 'replayed'; END IF;
    SELECT max(w.until_at) INTO open_until FROM sealed.window w
    WHERE w.person = me.person AND w.post = me.post AND w.child = wanted AND w.kind = wanted_kind AND w.until_at > clock_timestamp();
    IF said = 'allowed' AND open_until IS NULL THEN said := 'not open'; END IF;
    IF said <> 'allowed' THEN
        PERFORM sealed.write_down('view_sealed_set', said, wanted, door);
        RETURN QUERY SELECT said, NULL::timestamptz, NULL::uuid, NULL::timestamptz, NULL, NULL::bytea, NULL::bytea;
        RETURN;
    END IF;
    INSERT INTO gate_look (event, page, post_id, about_child, children, through, relationships, decision, looked_at, session, request, device, network,
                           purpose, policy)
    SELECT 'unseal', 'view_sealed_set', me.post, wanted, ARRAY[wanted],
           ARRAY(SELECT DISTINCT s.holds FROM gate_standing_of(me.post, me.team, me.person, me.role, me.at, ARRAY[wanted]) s WHERE s.by IS NOT NULL),
           ARRAY(SELECT DISTINCT s.by FROM gate_standing_of(me.post, me.team, me.person, me.role, me.at, ARRAY[wanted]) s WHERE s.by IS NOT NULL),
           'allowed', me.at, left(coalesce(door ->> 'session', ''), 64), left(door ->> 'request', 32), left(door ->> 'device', 10),
           left(door ->> 'network', 44), me.purpose, i.fingerprint FROM gate_installed i;
    RETURN QUERY SELECT said, open_until, b.sealing, b.sealed_at, b.master, b.wrapped, b.sealed FROM sealed.box b
    WHERE b.child = wanted AND b.kind = wanted_kind ORDER BY b.sealed_at, b.sealing;
END $$;

-- End what stands open to the acting person before its time: no token is too old, too often used or too weak to shut.
CREATE OR REPLACE FUNCTION sealed.shut() RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE sealed.window w SET until_at = clock_timestamp() WHERE w.person = (gate_me()).person AND w.until_at > clock_timestamp();
    RETURN 'allowed';
END $$;

-- From here on: what is sealed leaves the clear.
-- Where the child is, taken out of the tables that hold it in clear and handed to whoever seals, once, before the box is put in.
CREATE OR REPLACE FUNCTION sealed.take_away(sealing uuid) RETURNS TABLE (field text, said text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    wanted uuid := sealed.being_sealed(sealing);
BEGIN
    RETURN QUERY WITH gone AS (DELETE FROM people_contactdetail d WHERE d.person_id = wanted RETURNING d.kind, d.text, d.postcode)
    SELECT g.kind::text, g.text::text FROM gone g WHERE g.text <> '' UNION ALL SELECT 'postcode', g.postcode FROM gone g WHERE g.postcode <> '';
    RETURN QUERY SELECT 'placement', btrim(p.provider || ' ' || p.postcode) FROM statuses_placement p
    WHERE p.child_id = wanted AND (p.provider <> '' OR p.postcode <> '');
    UPDATE statuses_placement p SET provider = '', postcode = '' WHERE p.child_id = wanted AND (p.provider <> '' OR p.postcode <> '');
END $$;

-- The child of what is being sealed by the acting post: said already, and not yet put in.
CREATE OR REPLACE FUNCTION sealed.being_sealed(sealing uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    of_child uuid;
BEGIN
    SELECT s.child_id INTO of_child FROM sealed_sealedset s
    WHERE s.id = sealing AND s.sealed_by_id = gate_acting() AND NOT EXISTS (SELECT 1 FROM sealed.box b WHERE b.sealing = s.id);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nothing is taken away but for what is being sealed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN of_child;
END $$;

-- A text as it is compared with what is sealed: spaces, points and capitals do not count.
CREATE OR REPLACE FUNCTION sealed.plain(given text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$ SELECT regexp_replace(lower(given), '[^[:alnum:]]+', '', 'g') $$;

CREATE OR REPLACE FUNCTION sealed.holds(given text, said text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM unnest(said) one WHERE length(sealed.plain(one)) >= 5 AND strpos(sealed.plain(given), sealed.plain(one)) > 0)
$$;

-- The copies of these words about the child: drafts are thrown away, staged rows lose the cells, and disclosures end, since a version that was given
-- is never altered. Gives how many disclosures ended.
CREATE OR REPLACE FUNCTION sealed.take_copies(sealing uuid, said text[]) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    wanted uuid := sealed.being_sealed(sealing);
    moment timestamptz := (gate_me()).at;
    ended uuid[];
BEGIN
    DELETE FROM gate_draft d WHERE d.child_id = wanted AND sealed.holds(d.typed::text, said);
    UPDATE feeds_row r SET values = (SELECT jsonb_object_agg(cell.key, CASE WHEN sealed.holds(cell.value::text, said) THEN '"sealed"' ELSE cell.value END)
                                     FROM jsonb_each(r.values) cell)
    WHERE (r.child_id = wanted OR r.result_id = wanted) AND sealed.holds(r.values::text, said);
    WITH over AS (
        UPDATE sharing_disclosure d SET until_at = moment
        WHERE d.child_id = wanted AND d.until_at > moment AND sealed.holds(d.view::text, said) RETURNING d.id)
    SELECT coalesce(array_agg(o.id), '{}') INTO ended FROM over o;
    UPDATE gate_relationship r SET until_at = greatest(r.from_at, moment), ended_because = 'what was shared is sealed now'
    WHERE r.source_id = ANY (ended) AND r.until_at > moment;
    RETURN cardinality(ended);
END $$;

-- No contact detail in clear of a child whose location is sealed.
CREATE OR REPLACE FUNCTION sealed.refuse_clear() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM sealed_sealedlocation s WHERE s.child_id = NEW.person_id) THEN
        RAISE EXCEPTION 'the location of this child is sealed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- A placement goes on being delivered: its dates and kind are kept, who provides it and where are not.
CREATE OR REPLACE FUNCTION sealed.blank_clear() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM sealed_sealedlocation s WHERE s.child_id = NEW.child_id) THEN
        NEW.provider := '';
        NEW.postcode := '';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER sealed_refuses BEFORE INSERT OR UPDATE ON people_contactdetail FOR EACH ROW EXECUTE FUNCTION sealed.refuse_clear();
CREATE OR REPLACE TRIGGER sealed_blanks BEFORE INSERT OR UPDATE ON statuses_placement FOR EACH ROW EXECUTE FUNCTION sealed.blank_clear();
