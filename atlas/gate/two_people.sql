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
        told := (gate_is_of_tests() AND EXISTS (SELECT 1 FROM gate_word w WHERE w.name = 'posts are set up'))
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
    ELSIF to_jsonb(NEW) - ARRAY['until_on', 'ended_at'] = to_jsonb(OLD) - ARRAY['until_on', 'ended_at'] AND NEW.ended_at IS NULL THEN
        told := EXISTS (SELECT 1 FROM gate_together('extend_post', OLD.id, OLD.user_id) g
                        WHERE (g.arguments #>> '{until_on,day}')::date IS NOT DISTINCT FROM NEW.until_on);
    ELSIF to_jsonb(NEW) - ARRAY['line_manager_id', 'deputy_id'] = to_jsonb(OLD) - ARRAY['line_manager_id', 'deputy_id'] THEN
        -- Nor is one of the two the manager or the deputy who gains by it.
        told := EXISTS (SELECT 1 FROM gate_together('change_line', OLD.id, OLD.user_id) g
                        WHERE (g.arguments #>> '{line,with,manager,id}')::uuid IS NOT DISTINCT FROM NEW.line_manager_id
                          AND (g.arguments #>> '{line,with,deputy,id}')::uuid IS NOT DISTINCT FROM NEW.deputy_id)
                AND NOT EXISTS (
                    SELECT 1 FROM agencies_post n JOIN gate_proposal p ON p.permission = 'change_line' AND p.about_id = OLD.id
                         AND p.decided_tx = pg_current_xact_id_if_assigned()::text::bigint JOIN agencies_post f ON f.id = p.proposed_by_id
                    WHERE n.id IN (NEW.line_manager_id, NEW.deputy_id)
                      AND n.id NOT IN (coalesce(OLD.line_manager_id, OLD.id), coalesce(OLD.deputy_id, OLD.id))
                      AND n.user_id IN (f.user_id, gate_person()));
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

-- An export is never altered but for what becomes of it. More than 200 children may be in one only by a proposal that the acting post has approved
-- in this very transaction: for the first person, with the recipient, the purpose, the list, the columns, the days and the number of the proposal.
CREATE OR REPLACE FUNCTION gate_export_many() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    may_change text[] := ARRAY['state', 'delivered_at', 'digest', 'rows', 'children_counted', 'version'];
    said record;
    w jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
            RAISE EXCEPTION 'an export is not altered' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.approval_id IS NULL THEN
        NEW.most_children := 200;
        RETURN NEW;
    END IF;
    SELECT p.proposed_by_id, p.arguments INTO said FROM gate_proposal p
    WHERE p.id = NEW.approval_id AND p.permission = 'export_many' AND p.state = 'approved' AND p.decided_by_id = gate_post()
      AND p.decided_tx = pg_current_xact_id_if_assigned()::text::bigint;
    w := said.arguments #> '{wanted,with}';
    IF (NEW.made_by_id = said.proposed_by_id AND NEW.most_children = (said.arguments ->> 'at_most')::integer AND NEW.state = 'asked'
        AND NEW.asked_at = (gate_me()).at AND NEW.until_at = NEW.asked_at + make_interval(days => (w ->> 'days')::integer)
        AND NEW.listed = w ->> 'listed' AND NEW.format = w ->> 'format' AND NEW.purpose = w ->> 'purpose' AND NEW.reason = w ->> 'reason'
        AND to_jsonb(NEW.columns) = w #> '{columns,of}' AND (w #>> '{recipient,id}')::uuid IS NOT DISTINCT FROM NEW.recipient_id
        AND NEW.outside_name = btrim(w ->> 'outside_name') AND NEW.outside_organisation = btrim(w ->> 'outside_organisation')
        AND NEW.period_from = (w #>> '{period,of,0,day}')::date AND NEW.period_until = (w #>> '{period,of,1,day}')::date) IS NOT TRUE THEN
        RAISE EXCEPTION 'more children leave by two people alone' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

-- No file holds more children than its export may, nor is for anybody else.
CREATE OR REPLACE FUNCTION gate_export_file() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM sharing_export e WHERE e.id = NEW.export_id AND e.made_by_id = NEW.made_by_id
                   AND e.recipient_id IS NOT DISTINCT FROM NEW.recipient_id AND cardinality(NEW.children) <= e.most_children) THEN
        RAISE EXCEPTION 'more children leave by two people alone' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
