-- The sealed sets in the database: made by `manage gate install`, after the gate's own functions, on which these stand.
-- Nobody but atlas_gate, who cannot sign in, reads these tables; the service puts in (sealed.put), the unsealer takes out (sealed.open, sealed.show).

CREATE SCHEMA IF NOT EXISTS sealed;
CREATE TABLE IF NOT EXISTS sealed.box (sealing uuid PRIMARY KEY, child uuid NOT NULL, kind text NOT NULL, sealed_at timestamptz NOT NULL,
                                       master text NOT NULL, wrapped bytea NOT NULL, sealed bytea NOT NULL,
                                       -- The lift by which two people ended the sealing; what is lifted is shown to nobody any more, and stays locked.
                                       lifted uuid);
-- A set that stands open to somebody, from when until when, and why.
CREATE TABLE IF NOT EXISTS sealed.window (id uuid PRIMARY KEY, child uuid NOT NULL, kind text NOT NULL, post uuid NOT NULL, person uuid NOT NULL,
                                          reason text NOT NULL, opened_at timestamptz NOT NULL, until_at timestamptz NOT NULL);
-- The nonces of the tokens that were served: each serves once.
CREATE TABLE IF NOT EXISTS sealed.used (nonce text PRIMARY KEY, used_at timestamptz NOT NULL);
DO $$ BEGIN -- asked first: IF NOT EXISTS locks the table before it looks, and whoever seals would wait
    IF to_regclass('sealed.box_of_child') IS NULL THEN CREATE INDEX box_of_child ON sealed.box (child, kind, sealed_at); END IF;
    IF to_regclass('sealed.window_of_person') IS NULL THEN CREATE INDEX window_of_person ON sealed.window (person, until_at); END IF;
END $$;

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
    PERFORM pg_advisory_xact_lock(hashtextextended('sealed set ' || said.child_id || said.kind, 0));  -- nothing is sealed while its set is lifted
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
            WHEN NOT EXISTS (SELECT 1 FROM sealed.box b WHERE b.child = wanted AND b.kind = wanted_kind AND b.lifted IS NULL) THEN 'nothing sealed'
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
    WHERE b.child = wanted AND b.kind = wanted_kind AND b.lifted IS NULL ORDER BY b.sealed_at, b.sealing;
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

CREATE OR REPLACE FUNCTION sealed.without(given text, said text[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$ SELECT CASE WHEN sealed.holds(given, said) THEN 'sealed' ELSE given END $$;

-- The copies of these words about the child: drafts are thrown away, staged rows lose the cells, what was planned for when the child is missing loses
-- the field (also as it was before), and disclosures end, since a version that was given
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
    UPDATE missing_triggerplan p SET known_as_words = sealed.without(p.known_as_words, said), looks_words = sealed.without(p.looks_words, said),
        communication_words = sealed.without(p.communication_words, said), health_words = sealed.without(p.health_words, said),
        worry_words = sealed.without(p.worry_words, said), telephone_words = sealed.without(p.telephone_words, said),
        online_words = sealed.without(p.online_words, said), transport_words = sealed.without(p.transport_words, said),
        people_words = sealed.without(p.people_words, said), places_words = sealed.without(p.places_words, said),
        safe_people_words = sealed.without(p.safe_people_words, said), safe_places_words = sealed.without(p.safe_places_words, said),
        reach_words = sealed.without(p.reach_words, said), return_words = sealed.without(p.return_words, said),
        keeper_words = sealed.without(p.keeper_words, said)
    WHERE p.child_id = wanted AND sealed.holds(to_jsonb(p)::text, said);
    UPDATE missing_triggeraction a SET trigger_words = sealed.without(a.trigger_words, said), actor_words = sealed.without(a.actor_words, said),
        action_words = sealed.without(a.action_words, said)
    WHERE a.child_id = wanted AND sealed.holds(to_jsonb(a)::text, said);
    UPDATE missing_triggerplanversion v SET content = (SELECT jsonb_object_agg(f.key, CASE WHEN sealed.holds(f.value::text, said) THEN '"sealed"' ELSE f.value END)
                                                       FROM jsonb_each(v.content) f)
    WHERE v.child_id = wanted AND sealed.holds(v.content::text, said);
    UPDATE missing_missingprofile m SET health = sealed.without(m.health, said), places = sealed.without(m.places, said),
        people = sealed.without(m.people, said)
    WHERE m.child_id = wanted AND sealed.holds(to_jsonb(m)::text, said);
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
    IF EXISTS (SELECT 1 FROM sealed_sealedlocation s WHERE s.child_id = NEW.person_id AND s.until_at IS NULL) THEN
        RAISE EXCEPTION 'the location of this child is sealed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- A placement goes on being delivered: its dates and kind are kept, who provides it and where are not.
CREATE OR REPLACE FUNCTION sealed.blank_clear() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM sealed_sealedlocation s WHERE s.child_id = NEW.child_id AND s.until_at IS NULL) THEN
        NEW.provider := '';
        NEW.postcode := '';
    END IF;
    RETURN NEW;
END $$;

-- From here on: two people lift a seal.
-- Whether a set was added to, or lifted, since this sealing of it: what two people agreed on is then not what it holds.
CREATE OR REPLACE FUNCTION sealed.is_sealed_again(of_sealing uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM sealed_sealedset s JOIN sealed_sealedset o ON o.child_id = s.child_id AND o.kind = s.kind
                   WHERE s.id = of_sealing AND (s.lifted_at IS NOT NULL OR o.sealed_at > s.sealed_at OR (o.sealed_at = s.sealed_at AND o.id < s.id)));
END $$;

-- The set is sealed no longer: it opens to nobody, also where it stands open; a location may stand in clear again.
CREATE OR REPLACE FUNCTION sealed.end_set(of_lift uuid, wanted uuid, wanted_kind text, moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE sealed.box b SET lifted = of_lift WHERE b.child = wanted AND b.kind = wanted_kind AND b.lifted IS NULL;
    UPDATE sealed.window w SET until_at = clock_timestamp() WHERE w.child = wanted AND w.kind = wanted_kind AND w.until_at > clock_timestamp();
    UPDATE sealed_sealedset s SET lifted_at = moment WHERE s.child_id = wanted AND s.kind = wanted_kind AND s.lifted_at IS NULL;
    IF wanted_kind = 'location' THEN
        UPDATE sealed_sealedlocation l SET until_at = moment WHERE l.child_id = wanted AND l.until_at IS NULL;
    END IF;
END $$;

-- A lift stands only on a proposal that the acting post approved in this very transaction; of the two, the second is a named custodian of the child.
-- Who, why and what are the proposal's, whatever the statement says. What is closed is closed now; what goes back, when the unsealer has put it back.
CREATE OR REPLACE FUNCTION sealed.lifting() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    said record;
    lifted record;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.done_at IS NOT NULL OR to_jsonb(NEW) - ARRAY['done_at', 'version'] <> to_jsonb(OLD) - ARRAY['done_at', 'version'] THEN
            RAISE EXCEPTION 'a lift is not altered' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    SELECT p.proposed_by_id, p.because, p.arguments INTO said FROM gate_proposal p
    WHERE p.permission = 'lift_seal' AND p.state = 'approved' AND p.about_id = NEW.sealing_id AND p.decided_by_id = me.post
      AND p.decided_tx = pg_current_xact_id_if_assigned()::text::bigint;
    SELECT s.child_id, s.kind INTO lifted FROM sealed_sealedset s WHERE s.id = NEW.sealing_id;
    IF said.proposed_by_id IS NULL OR NOT EXISTS (
        SELECT 1 FROM gate_relationship r WHERE r.child_id = lifted.child_id AND r.kind = 'custodian' AND r.holder_post_id = me.post
        AND r.from_at <= me.at AND (r.until_at IS NULL OR r.until_at > me.at)) THEN
        RAISE EXCEPTION 'it takes a second person, who is a custodian' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('sealed set ' || lifted.child_id || lifted.kind, 0));
    NEW.child_id := lifted.child_id; NEW.proposed_by_id := said.proposed_by_id; NEW.lifted_by_id := me.post; NEW.lifted_at := me.at;
    NEW.because := said.because; NEW.is_put_back := (said.arguments ->> 'is_put_back')::boolean; NEW.done_at := NULL;
    IF sealed.is_sealed_again(NEW.sealing_id) OR (NEW.is_put_back AND lifted.kind <> 'location') THEN
        RAISE EXCEPTION 'this set is not the one that was proposed' USING ERRCODE = 'check_violation';
    END IF;
    IF NOT NEW.is_put_back THEN
        NEW.done_at := me.at;
        PERFORM sealed.end_set(NEW.id, lifted.child_id, lifted.kind, me.at);
    END IF;
    RETURN NEW;
END $$;

-- Whether what two people lifted may be put back now by the acting post: a code, or 'allowed'.
CREATE OR REPLACE FUNCTION sealed.judged_lift(of_lift uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    lift sealed_seallift;
    code text;
BEGIN
    IF (gate_context()).post IS NULL THEN RETURN 'no token'; END IF;
    SELECT l.* INTO lift FROM sealed_seallift l WHERE l.id = of_lift;
    IF NOT FOUND THEN RETURN 'nothing lifted'; END IF;
    code := sealed.judged(lift.child_id, true);
    RETURN CASE
        WHEN code <> 'allowed' THEN code
        WHEN NOT lift.is_put_back THEN 'nothing lifted'
        WHEN lift.done_at IS NOT NULL THEN 'done already'
        WHEN lift.lifted_at < clock_timestamp() - interval '7 days' THEN 'lifted too long ago'
        WHEN sealed.is_sealed_again(lift.sealing_id) THEN 'sealed again'
        ELSE 'allowed' END;
END $$;

-- The boxes of a set that goes back to the clear, for the unsealer alone: what is in them is shown to nobody. Written down before they are opened.
CREATE OR REPLACE FUNCTION sealed.release(of_lift uuid, door jsonb)
RETURNS TABLE (code text, child uuid, kind text, sealing uuid, master text, wrapped bytea, box bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    said text := sealed.judged_lift(of_lift);
    of_child uuid;
BEGIN
    IF said <> 'no token' AND sealed.is_used() THEN said := 'replayed'; END IF;
    SELECT l.child_id INTO of_child FROM sealed_seallift l WHERE l.id = of_lift;
    PERFORM sealed.write_down('release_set', said, of_child, door);
    IF said <> 'allowed' THEN
        RETURN QUERY SELECT said, NULL::uuid, NULL, NULL::uuid, NULL, NULL::bytea, NULL::bytea;
        RETURN;
    END IF;
    RETURN QUERY SELECT said, b.child, b.kind, b.sealing, b.master, b.wrapped, b.sealed FROM sealed_seallift l
    JOIN sealed_sealedset s ON s.id = l.sealing_id JOIN sealed.box b ON b.child = s.child_id AND b.kind = s.kind AND b.lifted IS NULL
    WHERE l.id = of_lift ORDER BY b.sealed_at, b.sealing;
END $$;

-- Put it back: the set is sealed no longer, and what it held of how the child is reached stands with the contact details, in one transaction.
CREATE OR REPLACE FUNCTION sealed.put_back(of_lift uuid, details jsonb, door jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    of_set record;
    code text;
BEGIN
    SELECT s.child_id, s.kind INTO of_set FROM sealed_seallift l JOIN sealed_sealedset s ON s.id = l.sealing_id WHERE l.id = of_lift;
    PERFORM pg_advisory_xact_lock(hashtextextended('sealed set ' || of_set.child_id || of_set.kind, 0));
    code := sealed.judged_lift(of_lift);
    PERFORM sealed.write_down('put_back_set', code, of_set.child_id, door);
    IF code <> 'allowed' THEN RETURN code; END IF;
    PERFORM sealed.end_set(of_lift, of_set.child_id, of_set.kind, me.at);
    UPDATE sealed_seallift l SET done_at = me.at WHERE l.id = of_lift;
    INSERT INTO people_contactdetail (id, person_id, kind, text, postcode, reference, source, version)
    SELECT gen_random_uuid(), of_set.child_id, d ->> 'kind', d ->> 'text', d ->> 'postcode', '', 'A sealed set, lifted', 1
    FROM jsonb_array_elements(details) d;
    RETURN code;
END $$;
