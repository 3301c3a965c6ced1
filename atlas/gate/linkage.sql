-- Two records that a person has said are of one child: the stricter protection of the two holds for both (protection.md 8, risk 26). Read after install.sql,
-- whose functions ask gate_same.

-- Whether two records may be set beside each other at all: neither child is hidden, nor has a new identity or adopters under seal.
CREATE OR REPLACE FUNCTION gate_may_be_paired(one uuid, other uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    now timestamptz := (gate_me()).at;
BEGIN
    RETURN NOT EXISTS (SELECT 1 FROM gate_restriction x WHERE x.child_id IN (one, other) AND x.sensitivity = 'hidden'
                       AND x.from_at <= now AND (x.until_at IS NULL OR x.until_at > now))
       AND NOT EXISTS (SELECT 1 FROM sealed_sealedset s WHERE s.child_id IN (one, other) AND s.kind IN ('new_identity', 'adopter') AND s.lifted_at IS NULL);
END $$;

-- Of a child of whom there is more than one record, each of them: all the records, and the one that stands. For those who count children, not records.
CREATE OR REPLACE FUNCTION gate_recorded_twice() RETURNS TABLE (child uuid, records uuid[], stands uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT s.pk, s.all_of_them, (SELECT p.stands_id FROM linkage_pair p WHERE p.state = 'same' AND p.child_id = ANY (s.all_of_them) ORDER BY p.decided_at DESC, p.id LIMIT 1)
    FROM (SELECT o.pk, gate_same(ARRAY[o.pk]) AS all_of_them
          FROM (SELECT p.child_id AS pk FROM linkage_pair p WHERE p.state = 'same' UNION SELECT p.other_child_id FROM linkage_pair p WHERE p.state = 'same') o) s;
END $$;

-- The children who are never compared, for the post that searches alone.
CREATE OR REPLACE FUNCTION gate_never_paired() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF me.role IS DISTINCT FROM 'feed' THEN RETURN '{}'; END IF;
    RETURN ARRAY(SELECT x.child_id FROM gate_restriction x WHERE x.sensitivity = 'hidden' AND x.from_at <= me.at AND (x.until_at IS NULL OR x.until_at > me.at)
                 UNION SELECT s.child_id FROM sealed_sealedset s WHERE s.kind IN ('new_identity', 'adopter') AND s.lifted_at IS NULL);
END $$;

-- The children of whom another record has a sealed location: what is in clear here says where they are all the same. Not for the feed, which keeps it.
CREATE OR REPLACE FUNCTION gate_sealed_elsewhere() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM linkage_pair p WHERE p.state = 'same') OR (gate_me()).role = 'feed' THEN RETURN '{}'; END IF;
    RETURN ARRAY(SELECT o.other FROM sealed_sealedlocation l JOIN gate_other_records() o ON o.id = l.child_id WHERE l.until_at IS NULL);
END $$;

-- What waits for somebody in the records of the authorities that the acting agency serves, counted by who answers for it, and since when: no row about any
-- child leaves. For the council's data officer, head of service and missing coordinator (without deliveries, which are not theirs); nothing of a child who is shut to them.
CREATE OR REPLACE FUNCTION gate_data_waiting() RETURNS TABLE (authority text, owner text, what text, many bigint, since timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    served uuid[];
    shut uuid[];
BEGIN
    IF me.post IS NULL OR me.agency_kind IS DISTINCT FROM 'council' OR me.role NOT IN ('data_officer', 'head_of_service', 'missing_coordinator') THEN RETURN; END IF;
    served := ARRAY(SELECT s.authority_id FROM agencies_agency_authorities s WHERE s.agency_id = me.agency);
    shut := gate_blocked() || gate_guarded();
    RETURN QUERY
    WITH waits (authority_id, owner, what, since) AS (
        SELECT d.authority_id, CASE WHEN r.state = 'quarantined' THEN d.source::text ELSE 'data officer' END, r.state::text, d.received_at
        FROM feeds_row r JOIN feeds_delivery d ON d.id = r.delivery_id AND d.state IN ('previewed', 'committed')
        WHERE r.state IN ('waiting_match', 'waiting_code', 'quarantined') AND d.authority_id = ANY (served)
          AND me.role <> 'missing_coordinator'  -- deliveries are not theirs: about whom a row is, nobody has said yet
          AND (r.child_id = ANY (shut)) IS NOT TRUE AND (r.values -> '_candidates' ?| shut::text[]) IS NOT TRUE
        UNION ALL
        SELECT c.responsible_authority_id, 'missing coordinator', 'pair_' || p.state, coalesce(p.decided_at, p.found_at)
        FROM linkage_pair p JOIN children_child c ON c.person_id = p.child_id
        WHERE p.state IN ('waiting', 'unsure') AND c.responsible_authority_id = ANY (served)
          AND NOT (p.child_id = ANY (shut) OR p.other_child_id = ANY (shut)) AND gate_may_be_paired(p.child_id, p.other_child_id)
          -- whoever decides on pairs is told of those that are open to them, as on the page of pairs
          AND (me.role <> 'missing_coordinator' OR gate_open(ARRAY[p.child_id, p.other_child_id], 'status') @> ARRAY[p.child_id, p.other_child_id])
        UNION ALL
        SELECT d.responsible_authority_id, CASE WHEN d.differs = 'only_council' THEN 'police' ELSE 'missing team' END, 'difference', d.found_at
        FROM missing_difference d WHERE d.state = 'open' AND d.responsible_authority_id = ANY (served) AND NOT d.child_id = ANY (shut)
        UNION ALL
        SELECT k.authority_id, 'main case system', 'join_in_main', k.started_at
        FROM clocks_clock k WHERE k."limit" = 'join_in_main' AND k.outcome = 'running' AND k.authority_id = ANY (served) AND NOT k.child_id = ANY (shut))
    SELECT a.name::text, w.owner, w.what, count(*), min(w.since) FROM waits w JOIN agencies_authority a ON a.id = w.authority_id GROUP BY 1, 2, 3;
END $$;
