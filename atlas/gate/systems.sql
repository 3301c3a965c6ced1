-- What connects a system, and what lets one act: run after two_people.sql, on whose functions it stands.

-- A system is connected by two people alone, with the agency, name and key that they approved in this very transaction; it is never altered but to end.
CREATE OR REPLACE FUNCTION gate_system_by_two() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF session_user <> 'atlas_app' THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'ended_at' = to_jsonb(OLD) - 'ended_at' AND OLD.ended_at IS NULL THEN RETURN NEW; END IF;
    ELSIF EXISTS (SELECT 1 FROM gate_together('register_system', NEW.agency_id, NEW.id) g
                  WHERE btrim(g.arguments ->> 'name') = NEW.name AND lower(g.arguments ->> 'public_key') = NEW.public_key
                    AND coalesce(g.arguments ->> 'hook', '') = NEW.hook) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a system is connected by two people' USING ERRCODE = 'insufficient_privilege';
END $$;

-- A person lets a system act for the post in which they act, at this moment, for the purpose for which they act; afterwards it only ends.
CREATE OR REPLACE FUNCTION gate_grant_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF session_user <> 'atlas_app' THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'until_at' = to_jsonb(OLD) - 'until_at' AND NEW.until_at < OLD.until_at AND me.post IS NOT NULL
           AND EXISTS (SELECT 1 FROM agencies_post p WHERE p.id = NEW.post_id AND p.user_id = me.person) THEN RETURN NEW; END IF;
    ELSIF NEW.post_id = me.post AND NEW.from_at = me.at AND NEW.purpose = me.purpose AND NEW.until_at <= me.at + interval '12 hours'
          AND EXISTS (SELECT 1 FROM systems_connectedsystem s WHERE s.id = NEW.system_id AND s.agency_id = me.agency AND s.ended_at IS NULL)
          AND EXISTS (SELECT 1 FROM agencies_user u WHERE u.id = me.person AND u.session_epoch = NEW.session_epoch) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'one lets a system act for oneself alone' USING ERRCODE = 'insufficient_privilege';
END $$;
