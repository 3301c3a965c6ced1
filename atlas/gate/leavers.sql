-- Leavers: what a post owns, and handing it over when the post has ended. Counts alone are told to those who end posts, since they see no child.
-- Made by `manage gate install`, after install.sql. Source: real-life.md point 11.

-- What a post still owns, by kind: for whoever ends posts, for the post itself, and for its line.
CREATE OR REPLACE FUNCTION gate_post_owns(asked_post uuid) RETURNS TABLE (what text, many bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF NOT (coalesce(me.role IN ('system_administrator', 'feed', 'tick'), false) OR me.post = asked_post OR EXISTS (
        SELECT 1 FROM agencies_post p LEFT JOIN agencies_post q ON q.id = p.line_manager_id
        WHERE p.id = asked_post AND (p.line_manager_id = me.post OR q.line_manager_id = me.post))) THEN RETURN; END IF;
    RETURN QUERY SELECT owned.what, owned.many FROM (
        SELECT 'task' AS what, count(*) AS many FROM tasks_task t WHERE t.owner_post_id = asked_post AND t.state = 'open'
        UNION ALL
        SELECT 'alert', count(*) FROM tasks_alert a WHERE a.owner_post_id = asked_post AND a.acknowledged_at IS NULL
        UNION ALL
        SELECT 'return interview', count(*) FROM missing_returninterview i WHERE i.interviewer_id = asked_post AND i.state NOT IN ('closed', 'not_offered')
        UNION ALL
        SELECT 'child', count(DISTINCT l.child_id) FROM allocation_allocation l WHERE l.post_id = asked_post AND l.until_at IS NULL
        UNION ALL
        SELECT 'plan line', count(*) FROM plans_planline l JOIN plans_safetyplan s ON s.id = l.plan_id AND s.closed_at IS NULL
        WHERE l.owner_post_id = asked_post AND l.until_number IS NULL AND l.status = 'open'
        UNION ALL
        SELECT 'proposal', count(*) FROM intelligence_product p WHERE p.proposed_by_id = asked_post AND p.state = 'proposed'
        UNION ALL
        SELECT 'question to a guest', count(*) FROM sharing_guestrequest g
        WHERE g.made_by_id = asked_post AND g.ended_at IS NULL AND g.answered_at IS NULL AND g.expires_at > me.at) owned
    WHERE owned.many > 0;
END $$;

-- The posts that have ended, or whose account is closed, and still own something: for tick.
CREATE OR REPLACE FUNCTION gate_leavers() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    today date := (me.at AT TIME ZONE 'Europe/London')::date;
BEGIN
    IF me.role IS DISTINCT FROM 'tick' THEN RETURN; END IF;
    RETURN QUERY
    SELECT p.id FROM agencies_post p JOIN agencies_user u ON u.id = p.user_id
    WHERE (p.until_on < today OR u.closed_at IS NOT NULL)
      AND (EXISTS (SELECT 1 FROM tasks_task t WHERE t.owner_post_id = p.id AND t.state = 'open')
           OR EXISTS (SELECT 1 FROM tasks_alert a WHERE a.owner_post_id = p.id AND a.acknowledged_at IS NULL)
           OR EXISTS (SELECT 1 FROM missing_returninterview i WHERE i.interviewer_id = p.id
                      AND i.state IN ('accepted', 'booked', 'due', 'missing_again', 'not_met', 'offered'))
           OR EXISTS (SELECT 1 FROM allocation_allocation l WHERE l.post_id = p.id AND l.until_at IS NULL AND NOT EXISTS (
                      SELECT 1 FROM tasks_task t WHERE t.about_id = l.id)));
END $$;

-- The post to whose tray the work of another goes: its manager, the manager of its team, the manager above; NULL where none stands.
CREATE OR REPLACE FUNCTION gate_tray(asked_post uuid, moment timestamptz) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (
        SELECT c.post FROM (
            SELECT 1 AS place, p.line_manager_id AS post FROM agencies_post p WHERE p.id = asked_post
            UNION ALL
            SELECT 2, m.id FROM agencies_post p JOIN agencies_post m ON m.team_id = p.team_id AND m.role = 'manager' AND m.id <> p.id WHERE p.id = asked_post
            UNION ALL
            SELECT 3, q.line_manager_id FROM agencies_post p JOIN agencies_post q ON q.id = p.line_manager_id WHERE p.id = asked_post) c
        WHERE c.post IS NOT NULL AND (SELECT l.post FROM gate_live_post(c.post, moment) l) IS NOT NULL
        ORDER BY c.place, c.post LIMIT 1);
END $$;

-- Put everything that an ended post owns on the manager's tray, child by child; from whom a child is shut, it goes to the team instead. An interview
-- is nobody's until it is given to somebody, and whoever worked with a child leaves a task that says so. Each child leaves an act.
CREATE OR REPLACE FUNCTION gate_hand_over(asked_post uuid) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    today date := (me.at AT TIME ZONE 'Europe/London')::date;
    leaver record;
    manager uuid;
    owner uuid;
    one uuid;
    handed integer := 0;
BEGIN
    IF coalesce(me.role NOT IN ('system_administrator', 'feed', 'tick'), true) THEN RETURN 0; END IF;
    SELECT p.team_id, u.first_name || ' ' || u.last_name AS name INTO leaver FROM agencies_post p JOIN agencies_user u ON u.id = p.user_id
    WHERE p.id = asked_post AND (p.until_on < today OR u.closed_at IS NOT NULL);
    IF leaver.team_id IS NULL THEN RETURN 0; END IF;
    manager := gate_tray(asked_post, me.at);
    FOR one IN
        SELECT t.child_id FROM tasks_task t WHERE t.owner_post_id = asked_post AND t.state = 'open'
        UNION SELECT a.child_id FROM tasks_alert a WHERE a.owner_post_id = asked_post AND a.acknowledged_at IS NULL
        UNION SELECT i.child_id FROM missing_returninterview i WHERE i.interviewer_id = asked_post AND i.state NOT IN ('closed', 'not_offered', 'held')
        UNION SELECT l.child_id FROM allocation_allocation l WHERE l.post_id = asked_post AND l.until_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM tasks_task t WHERE t.about_id = l.id)
        ORDER BY 1
    LOOP
        owner := CASE WHEN manager = ANY (gate_not_shut(ARRAY[manager], one, me.at)) THEN manager END;
        UPDATE tasks_task SET owner_post_id = owner, owner_team_id = coalesce(owner_team_id, leaver.team_id)
        WHERE owner_post_id = asked_post AND state = 'open' AND child_id = one;
        UPDATE tasks_alert SET owner_post_id = owner, owner_team_id = coalesce(owner_team_id, leaver.team_id)
        WHERE owner_post_id = asked_post AND acknowledged_at IS NULL AND child_id = one;
        UPDATE missing_returninterview SET interviewer_id = NULL
        WHERE interviewer_id = asked_post AND state NOT IN ('closed', 'not_offered', 'held') AND child_id = one;
        INSERT INTO tasks_task (id, version, child_id, name, entry_id, owner_post_id, owner_team_id, about_label, about_id, due_at, state)
        SELECT gen_random_uuid(), 1, one, left(leaver.name, 80) || ' has left: who works with the child now?', l.entry_id, owner, leaver.team_id,
               'allocation.Allocation', l.id, NULL, 'open'
        FROM allocation_allocation l WHERE l.post_id = asked_post AND l.child_id = one AND l.until_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM tasks_task t WHERE t.about_id = l.id);
        INSERT INTO gate_act (id, tx, event, written_at, session, policy, command, outcome, decision, post_id, child_id, about_label, about_id, result_label,
                              result_id, content, acted_at, rows, purpose)
        SELECT 0, 0, 'change', me.at, '', i.fingerprint, 'hand_over', 'done', 'allowed', me.post, one, 'agencies.Post', asked_post::text, '', '', '', me.at, 1,
               me.purpose
        FROM gate_installed i;
        handed := handed + 1;
    END LOOP;
    RETURN handed;
END $$;
