-- Taking a record away: what may still stop it, and the one function that does it. Made by `manage gate install` after the gate's own functions and the sealed sets.

-- The children whose records are set aside and whose last day has come: for whoever erases alone.
CREATE OR REPLACE FUNCTION gate_erasable() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF me.role IS DISTINCT FROM 'tick' THEN RETURN '{}'; END IF;
    RETURN ARRAY(SELECT d.whose FROM retention_duerecord d WHERE d.state = 'set_aside' AND d.erase_on <= (me.at AT TIME ZONE 'Europe/London')::date);
END $$;

-- Why a record that is set aside is kept after all: a hold, or something that came since it was selected. Empty: nothing keeps it.
CREATE OR REPLACE FUNCTION gate_kept_back(asked uuid) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    r record;
    f record;
BEGIN
    SELECT d.whose, d.authority_id, u.selected_at INTO r FROM retention_duerecord d JOIN retention_retentionrun u ON u.id = d.run_id WHERE d.id = asked;
    SELECT * INTO f FROM gate_retention_facts(r.authority_id, r.whose);
    IF NOT FOUND THEN RETURN 'Another authority is responsible by now.'; END IF;
    IF f.held_by <> '{}' OR EXISTS (SELECT 1 FROM gate_held(r.authority_id) h WHERE h.child = r.whose) THEN RETURN 'A hold keeps it.'; END IF;
    IF f.is_open OR (f.days ->> 'last_contact')::date > (r.selected_at AT TIME ZONE 'Europe/London')::date THEN
        RETURN 'Something was recorded of the child since it was selected.';
    END IF;
    RETURN '';
END $$;

-- What hangs on a child, by the foreign keys as the catalogue has them now. 'own': rows that name the child; 'below': rows that name none, but hang on such a row; 'beside':
-- a column in which any row may name such a row.
CREATE OR REPLACE FUNCTION gate_hanging() RETURNS TABLE (tab regclass, col name, parent regclass, key name, parent_col name, how text)
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    WITH keys AS (
        SELECT c.conrelid::regclass AS tab, a.attname AS col, a.attnotnull AS needed, c.confrelid::regclass AS parent, k.attname AS key
        FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        JOIN pg_attribute k ON k.attrelid = c.confrelid AND k.attnum = c.confkey[1] WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace),
    own AS (SELECT k.tab, k.col FROM keys k WHERE k.parent IN ('children_child'::regclass, 'people_person'::regclass))
    SELECT o.tab, o.col, NULL::regclass, NULL::name, NULL::name, 'own' FROM own o
    UNION ALL
    SELECT k.tab, k.col, k.parent, k.key, o.col, CASE WHEN k.needed THEN 'below' ELSE 'beside' END FROM keys k JOIN own o ON o.tab = k.parent
    WHERE k.parent <> 'children_child'::regclass AND (NOT k.needed OR k.tab NOT IN (SELECT w.tab FROM own w))
$$;

-- Erases one record that is set aside and whose last day has come, whole: every row that hangs on the child, by the foreign keys as the catalogue has them now, what
-- is sealed with its key, and the copies that name the child by a plain id. What it cannot erase undoes all of it: a foreign key that nobody thought of fails here.
-- `keeps`: why it is kept after all, as the caller reckons by the classes in force; empty where nothing does.
-- Gives 'erased', 'kept' (and says why in the row), or nothing where it may not.
CREATE OR REPLACE FUNCTION gate_erase(asked uuid, keeps text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    r record;
    t record;
    why text;
    gone bigint;
    kinds jsonb := '{}';
    total bigint := 0;
BEGIN
    SELECT d.id, d.whose, d.authority_id INTO r FROM retention_duerecord d WHERE d.id = asked AND d.state = 'set_aside' AND d.whose = ANY (gate_erasable());
    IF NOT FOUND THEN RETURN ''; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(r.whose::text, 0) & 2047); -- the lock of every act about the child
    why := coalesce(nullif(keeps, ''), gate_kept_back(asked));
    IF why <> '' THEN
        UPDATE retention_duerecord SET state = 'kept', ended_at = me.at, ended_because = why WHERE id = asked;
        RETURN 'kept';
    END IF;
    SET CONSTRAINTS ALL DEFERRED;
    FOR t IN SELECT * FROM gate_hanging() h WHERE h.how <> 'own' ORDER BY h.how DESC, h.tab::text, h.col LOOP
        IF t.how = 'below' THEN
            EXECUTE format('DELETE FROM %s x WHERE x.%I IN (SELECT p.%I FROM %s p WHERE p.%I = $1)', t.tab, t.col, t.key, t.parent, t.parent_col) USING r.whose;
            GET DIAGNOSTICS gone = ROW_COUNT;
            kinds := gate_counted(kinds, t.tab::text, gone);
            total := total + gone;
        ELSE
            EXECUTE format('UPDATE %s x SET %I = NULL WHERE x.%I IN (SELECT p.%I FROM %s p WHERE p.%I = $1)%s', t.tab, t.col, t.col, t.key, t.parent, t.parent_col,
                (SELECT string_agg(format(' AND x.%I IS DISTINCT FROM $1', w.col), '') FROM gate_hanging() w WHERE w.how = 'own' AND w.tab = t.tab)) USING r.whose;
        END IF;
    END LOOP;
    FOR t IN SELECT * FROM gate_hanging() h WHERE h.how = 'own' ORDER BY h.tab::text, h.col LOOP
        EXECUTE format('DELETE FROM %s x WHERE x.%I = $1', t.tab, t.col) USING r.whose;
        GET DIAGNOSTICS gone = ROW_COUNT;
        kinds := gate_counted(kinds, t.tab::text, gone);
        total := total + gone;
    END LOOP;
    DELETE FROM people_person WHERE id = r.whose;
    -- What names the child by a plain id: atlas/retention/stores.py lists every such store.
    UPDATE feeds_row SET values = '{}', source_key = '', meaning = '', child_id = NULL, result_id = NULL, reason = '' WHERE child_id = r.whose;
    GET DIAGNOSTICS gone = ROW_COUNT;
    kinds := gate_counted(kinds, 'feeds_row', gone);
    DELETE FROM sharing_exportfile WHERE children @> ARRAY[r.whose];
    GET DIAGNOSTICS gone = ROW_COUNT;
    kinds := gate_counted(kinds, 'sharing_exportfile', gone);
    DELETE FROM network_together WHERE children @> ARRAY[r.whose];
    DELETE FROM desk_silentnotice WHERE child_id = r.whose;
    DELETE FROM sealed.window WHERE child = r.whose;
    DELETE FROM sealed.box WHERE child = r.whose; -- with it the wrapped key: what a copy of the box might still hold opens with nothing
    GET DIAGNOSTICS gone = ROW_COUNT;
    kinds := gate_counted(kinds, 'sealed.box', gone);
    SET CONSTRAINTS ALL IMMEDIATE;
    INSERT INTO retention_erasurecertificate (id, authority_id, record_id, erased_at, rows, kinds, fingerprint)
    VALUES (gen_random_uuid(), r.authority_id, r.id, me.at, total + 1, kinds,
            encode(sha256(convert_to(format('%s %s %s', r.whose, extract(epoch FROM me.at), kinds), 'UTF8')), 'hex'));
    UPDATE retention_duerecord SET state = 'erased', whose = NULL, one = NULL, ended_at = me.at WHERE id = asked;
    RETURN 'erased';
END $$;

CREATE OR REPLACE FUNCTION gate_counted(kinds jsonb, kind text, gone bigint) RETURNS jsonb
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT CASE WHEN gone = 0 THEN kinds ELSE kinds || jsonb_build_object(kind, coalesce((kinds ->> kind)::bigint, 0) + gone) END
$$;

-- The rows of an authority's deliveries that may be about a child on whom a hold is: they name the child among those of whom one cannot be sure.
CREATE OR REPLACE FUNCTION gate_may_be_held(asked uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(w.id), '{}') FROM feeds_row w JOIN feeds_delivery d ON d.id = w.delivery_id
    WHERE d.authority_id = asked AND w.values -> '_candidates' ?| ARRAY(SELECT h.child::text FROM gate_held(asked) h)
$$;

-- What a partner sent about somebody whom nobody found, a year after it came, and what somebody asked the front door, six years after it was answered: no record of a
-- child will ever take these with it. The row stays without its words. A hold that is not about one child keeps them all: nobody can say whom they are about;
-- one on a child keeps the rows that may be about that child.
-- `asked`: the authority. Gives how many rows were emptied and how many questions went.
CREATE OR REPLACE FUNCTION gate_empty_unmatched(asked uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    emptied bigint;
    gone bigint;
    kept uuid[];
BEGIN
    IF me.role IS DISTINCT FROM 'tick' THEN RETURN 0; END IF;
    IF EXISTS (SELECT 1 FROM retention_hold h WHERE h.authority_id = asked AND h.child_id IS NULL AND h.lifted_at IS NULL) THEN RETURN 0; END IF;
    kept := gate_may_be_held(asked);
    UPDATE feeds_row w SET values = '{}', source_key = '', meaning = '', result_id = NULL, reason = '', state = 'emptied' FROM feeds_delivery d
    WHERE d.id = w.delivery_id AND d.authority_id = asked AND d.received_at <= me.at - interval '1 year'
      AND w.id <> ALL (kept) AND w.child_id IS NULL AND w.state IN ('new', 'changed', 'left', 'waiting_match', 'waiting_code', 'quarantined');
    GET DIAGNOSTICS emptied = ROW_COUNT;
    DELETE FROM desk_frontdoorquestion q WHERE q.authority_id = asked AND q.answered_at <= me.at - interval '6 years';
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN emptied + gone;
END $$;
