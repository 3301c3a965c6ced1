-- What takes two people and is not about a child: run after install.sql, on whose functions it stands.

-- What a post opens is widened by two people alone: a new post, another role, team, person, manager or deputy, a day further on, a higher
-- clearance. What is written must be what the acting post has approved in this very transaction, and concerns neither of the two. To end takes
-- one. A delivery of the main case system brings practitioners whose account nobody has opened. Nobody's statement (no post acts) passes only
-- until a post has acted for the first time: so an installation begins. Migrations run as the owner, whom this does not concern.
CREATE OR REPLACE FUNCTION gate_post_by_two() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    far constant date := 'infinity';
    never constant date := '-infinity';
    told boolean;
BEGIN
    IF session_user <> 'atlas_app' THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.user_id, NEW.team_id, NEW.role, NEW.line_manager_id, NEW.deputy_id, NEW.is_service)
               IS NOT DISTINCT FROM (OLD.user_id, OLD.team_id, OLD.role, OLD.line_manager_id, OLD.deputy_id, OLD.is_service)
           AND NEW.clearance <= OLD.clearance AND NEW.from_on >= OLD.from_on AND coalesce(NEW.until_on, far) <= coalesce(OLD.until_on, far)
           AND coalesce(NEW.vetted_until, never) <= coalesce(OLD.vetted_until, never) THEN RETURN NEW; END IF;
    END IF;
    IF gate_acting() IS NULL THEN
        told := EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'posts are set up')
                OR NOT EXISTS (SELECT 1 FROM gate_act a WHERE a.post_id IS NOT NULL);
    ELSIF TG_OP = 'INSERT' THEN
        told := (me.role = 'feed' AND NEW.role = 'practitioner' AND NEW.clearance = 0 AND NOT NEW.is_service AND NEW.line_manager_id IS NULL
                 AND EXISTS (SELECT 1 FROM agencies_user u WHERE u.id = NEW.user_id AND u.opened_at IS NULL))
                OR (NEW.clearance = 0 AND NOT NEW.is_service AND NEW.line_manager_id IS NULL AND NEW.deputy_id IS NULL AND EXISTS (
                    SELECT 1 FROM gate_together('give_post', NEW.user_id, NEW.user_id) g
                    WHERE (g.arguments -> 'given' -> 'with') @> jsonb_build_object(
                        'role', NEW.role, 'title', NEW.title, 'team', jsonb_build_object('id', NEW.team_id),
                        'from_on', jsonb_build_object('day', NEW.from_on))
                      AND (g.arguments #>> '{given,with,until_on,day}')::date IS NOT DISTINCT FROM NEW.until_on));
    ELSIF to_jsonb(NEW) - 'until_on' = to_jsonb(OLD) - 'until_on' THEN
        told := EXISTS (SELECT 1 FROM gate_together('extend_post', OLD.id, OLD.user_id) g
                        WHERE (g.arguments #>> '{until_on,day}')::date IS NOT DISTINCT FROM NEW.until_on);
    ELSIF to_jsonb(NEW) - ARRAY['clearance', 'vetted_until', 'vetting_reference'] = to_jsonb(OLD) - ARRAY['clearance', 'vetted_until', 'vetting_reference'] THEN
        told := EXISTS (SELECT 1 FROM gate_together('change_clearance', OLD.id, OLD.user_id) g
                        WHERE (g.arguments #>> '{vetted,with,clearance}')::integer = NEW.clearance
                          AND (g.arguments #>> '{vetted,with,until,day}')::date IS NOT DISTINCT FROM NEW.vetted_until);
    END IF;
    IF told IS NOT TRUE THEN RAISE EXCEPTION 'what a post opens is widened by two people' USING ERRCODE = 'insufficient_privilege'; END IF;
    RETURN NEW;
END $$;

-- What the acting post has approved, about this record, in this very transaction, where it concerns neither of the two people.
CREATE OR REPLACE FUNCTION gate_together(wanted_permission text, wanted uuid, concerned uuid) RETURNS TABLE (arguments jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN QUERY SELECT p.arguments FROM gate_proposal p JOIN agencies_post f ON f.id = p.proposed_by_id
    WHERE p.permission = wanted_permission AND p.state = 'approved' AND p.decided_by_id = gate_post() AND p.about_id = wanted
      AND p.decided_tx = pg_current_xact_id_if_assigned()::text::bigint AND concerned NOT IN (f.user_id, gate_person());
END $$;
