-- The rota, what people are trained in, and whom one asks in an agency. A shift of a duty team opens children to whoever stands on it, so the database
-- holds what the commands hold: a manager writes for posts below, never for themself, and for nobody outside their line. Made by `manage gate install`.

-- Whether the acting post is above this one: up to two levels, or as the manager of its team; never the same person.
CREATE OR REPLACE FUNCTION gate_is_above(asked_post uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    RETURN EXISTS (SELECT 1 FROM agencies_post p LEFT JOIN agencies_post q ON q.id = p.line_manager_id
                   WHERE p.id = asked_post AND p.user_id <> me.person
                     AND (p.line_manager_id = me.post OR q.line_manager_id = me.post OR (me.role = 'manager' AND p.team_id = me.team)));
END $$;

-- Nobody's statement (no post acts) passes in a database of tests, and until a post has acted for the first time: so an installation begins.
CREATE OR REPLACE FUNCTION gate_begins() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN session_user <> 'atlas_app' OR (gate_acting() IS NULL AND (
        (gate_is_of_tests() AND EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'posts are set up'))
        OR NOT EXISTS (SELECT 1 FROM gate_act a WHERE a.post_id IS NOT NULL)));
END $$;

-- A line of the rota: for a post below, in that post's own team, and not one that is over; whoever covers leave is of the same team or line, or is the
-- manager. What is over stays as it was.
CREATE OR REPLACE FUNCTION gate_shift_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    may boolean := EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'keeps rota' AND w.word = me.role);
    told boolean := gate_begins() OR may;
BEGIN
    IF NOT gate_begins() THEN
        IF TG_OP <> 'INSERT' THEN told := told AND OLD.until_at > me.at AND gate_is_above(OLD.post_id); END IF;
        IF TG_OP <> 'DELETE' THEN
            told := told AND gate_is_above(NEW.post_id)
                -- What is over is not written afterwards; what stands may be cut short.
                AND (NEW.is_leave OR (NEW.covered_by_id IS NULL AND (NEW.until_at > me.at OR (TG_OP = 'UPDATE' AND NEW.post_id = OLD.post_id
                                                                     AND NEW.from_at = OLD.from_at AND NEW.until_at < OLD.until_at))))
                AND NEW.team_id = (SELECT p.team_id FROM agencies_post p WHERE p.id = NEW.post_id)
                AND (NEW.covered_by_id IS NULL OR NEW.covered_by_id = me.post OR gate_is_above(NEW.covered_by_id)
                     OR (SELECT p.team_id FROM agencies_post p WHERE p.id = NEW.covered_by_id) = NEW.team_id);
        END IF;
        IF TG_OP = 'UPDATE' THEN told := told AND NEW.team_id = OLD.team_id AND NEW.is_leave = OLD.is_leave; END IF;
    END IF;
    IF told IS NOT TRUE THEN RAISE EXCEPTION 'a shift is written by whoever is above the post' USING ERRCODE = 'insufficient_privilege'; END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- What somebody is trained in: added by whoever is above the post, in their own name; never altered.
CREATE OR REPLACE FUNCTION gate_skill_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF NOT gate_begins() AND (TG_OP <> 'INSERT' OR NOT EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'records skills' AND w.word = me.role)
                              OR NEW.recorded_by_id IS DISTINCT FROM me.post OR gate_is_above(NEW.post_id) IS NOT TRUE) THEN
        RAISE EXCEPTION 'training is recorded by whoever is above the post' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- Whom one asks in an agency: named by a manager, in their own name, of two posts of that agency, which serves an authority that the manager's serves.
CREATE OR REPLACE FUNCTION gate_contact_point_own() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF NOT gate_begins() AND (
        TG_OP = 'DELETE' OR NOT EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'names contact points' AND w.word = me.role)
        OR NEW.named_by_id IS DISTINCT FROM me.post
        OR (SELECT count(DISTINCT p.user_id) FROM agencies_post p JOIN agencies_team t ON t.id = p.team_id
            WHERE p.id IN (NEW.post_id, NEW.deputy_id) AND t.agency_id = NEW.agency_id) <> 2
        OR NOT EXISTS (SELECT 1 FROM agencies_agency_authorities a JOIN agencies_agency_authorities b ON b.authority_id = a.authority_id
                       WHERE a.agency_id = NEW.agency_id AND b.agency_id = me.agency)) THEN
        RAISE EXCEPTION 'a contact point is named by a manager' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
