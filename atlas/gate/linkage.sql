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
    RETURN ARRAY(SELECT s.id FROM sealed_sealedlocation l CROSS JOIN LATERAL unnest(gate_same(ARRAY[l.child_id])) s (id)
                 WHERE l.until_at IS NULL AND s.id <> l.child_id);
END $$;
