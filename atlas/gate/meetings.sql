-- Meetings: who is in which, and what is theirs to do. Made by `manage gate install`, after install.sql.

-- The meetings to which the acting post is asked and which are open to it now (`ahead`: also those that open later); with `parts`, those alone where it
-- comes as one of these (and, as the chair, those that it called). A meeting of whose agenda nothing is open to the person does not exist for them, but for a panel's, whose dates everybody may know.
CREATE OR REPLACE FUNCTION gate_meetings(parts text[], ahead boolean) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    shut uuid[];
BEGIN
    IF me.post IS NULL THEN RETURN '{}'; END IF;
    shut := gate_blocked() || gate_guarded();
    RETURN ARRAY(
        SELECT i.meeting_id FROM meetings_invitation i
        WHERE i.post_id = me.post AND i.withdrawn_at IS NULL AND (parts = '{}' OR i.part = ANY (parts))
          AND (ahead OR i.opens_at <= me.at) AND (i.closes_at IS NULL OR i.closes_at > me.at)
          AND (EXISTS (SELECT 1 FROM meetings_meetingitem t WHERE t.meeting_id = i.meeting_id AND (t.child_id = ANY (shut)) IS NOT TRUE)
               OR EXISTS (SELECT 1 FROM meetings_meeting p WHERE p.id = i.meeting_id AND p.panel_id IS NOT NULL))
        UNION
        SELECT m.id FROM meetings_meeting m JOIN meetings_panelmember p ON p.panel_id = m.panel_id
        WHERE parts = '{}' AND p.post_id = me.post AND p.from_at <= me.at AND (p.until_at IS NULL OR p.until_at > me.at)
        UNION
        SELECT m.id FROM meetings_meeting m WHERE 'chair' = ANY (parts) AND m.called_by_id = me.post);
END $$;

-- The children whose records of meetings are open to the acting post by more than a place at one meeting: those who work with the child, and their line.
CREATE OR REPLACE FUNCTION gate_beyond_meetings() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    kinds text[];
BEGIN
    kinds := ARRAY(SELECT kind FROM unnest(gate_kinds(me.role, me.purpose, me.clearance, 'meeting', 'read')) kind WHERE kind <> 'meeting_member');
    RETURN gate_opened_by(kinds, me.post, me.team, me.role, me.agency_kind, me.at);
END $$;

-- What agencies agreed to do that is the acting post's own, or of those below it; not about children who are shut to it.
CREATE OR REPLACE FUNCTION gate_own_actions() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    shut uuid[];
BEGIN
    IF me.post IS NULL THEN RETURN '{}'; END IF;
    shut := gate_blocked() || gate_guarded();
    RETURN ARRAY(
        SELECT a.id FROM meetings_agencyaction a JOIN agencies_post p ON p.id = a.owner_post_id LEFT JOIN agencies_post q ON q.id = p.line_manager_id
        WHERE (p.id = me.post OR p.line_manager_id = me.post OR q.line_manager_id = me.post) AND (a.child_id = ANY (shut)) IS NOT TRUE);
END $$;

-- What agencies were asked, in any meeting, to do for the children on the agenda of a meeting that the acting post leads now: it opens that meeting, and whoever
-- chairs a panel need not have been at the meeting that asked. Of children alone whose meetings are open to it, for as long as they are.
CREATE OR REPLACE FUNCTION gate_agenda_actions() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN ARRAY(
        SELECT a.id FROM meetings_agencyaction a
        WHERE a.child_id = ANY (gate_children('meeting', 'read')) AND a.child_id IN (
            SELECT t.child_id FROM meetings_meetingitem t WHERE t.meeting_id = ANY (gate_meetings('{chair,deputy_chair,minute_taker}', false))));
END $$;

-- Whether a post may be asked to a meeting about these children: it stands, and none of them is shut to it. Never why not, and only to somebody who has the
-- child's meetings open, or leads a meeting about the child.
CREATE OR REPLACE FUNCTION gate_may_be_invited(asked_post uuid, asked uuid[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    other record;
    child uuid;
BEGIN
    other := gate_live_post(asked_post, me.at);
    IF me.post IS NULL OR other.post IS NULL THEN RETURN false; END IF;
    FOREACH child IN ARRAY asked LOOP
        IF child = ANY (gate_blocked()) OR (NOT child = ANY (gate_children('meeting', 'read')) AND NOT gate_in_authority(child, gate_authorities('meeting', 'read'))) THEN
            RETURN false;
        END IF;
        IF NOT (other.post = ANY (gate_not_shut(ARRAY[other.post], child, me.at))) THEN RETURN false; END IF;
    END LOOP;
    RETURN true;
END $$;

-- Let somebody of the acting post's own agency come in its place: they see what it would have seen. NULL where it is not asked, the other does not stand,
-- is of another agency or asked already, or a child on the agenda is shut to them.
CREATE OR REPLACE FUNCTION gate_name_deputy(asked_invitation uuid, deputy_post uuid) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    i meetings_invitation;
    other record;
    made uuid := gen_random_uuid();
BEGIN
    SELECT * INTO i FROM meetings_invitation k WHERE k.id = asked_invitation AND k.post_id = me.post AND k.withdrawn_at IS NULL;
    other := gate_live_post(deputy_post, me.at);
    IF i.id IS NULL OR other.post IS NULL OR NOT i.meeting_id = ANY (gate_meetings('{}', true)) THEN RETURN NULL; END IF;
    IF NOT EXISTS (SELECT 1 FROM agencies_post p JOIN agencies_team t ON t.id = p.team_id WHERE p.id = deputy_post AND t.agency_id = gate_agency()) THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT 1 FROM meetings_invitation k WHERE k.meeting_id = i.meeting_id AND k.post_id = deputy_post AND k.withdrawn_at IS NULL)
       OR EXISTS (SELECT 1 FROM meetings_meetingitem t WHERE t.meeting_id = i.meeting_id AND t.child_id IS NOT NULL
                  AND NOT (deputy_post = ANY (gate_not_shut(ARRAY[deputy_post], t.child_id, me.at)))) THEN
        RETURN NULL;
    END IF;
    INSERT INTO meetings_invitation (id, version, child_id, meeting_id, part, "group", post_id, words, stands_in_for_id, how, prepared_by, invited_at,
                                     invited_by_id, reply, reply_words, replied_at, view, attended, attended_words, is_able_to_decide, opens_at, closes_at)
    VALUES (made, 1, NULL, i.meeting_id, CASE WHEN i.part = 'chair' THEN 'deputy_chair' ELSE i.part END, i."group", deputy_post, '', i.id, '', '', me.at,
            me.post, 'comes', '', me.at, '', '', '', true, i.opens_at, i.closes_at);
    INSERT INTO gate_relationship (id, version, child_id, kind, holder_post_id, from_at, until_at, because, source_label, source_id, granted_by_id,
                                   ended_because)
    SELECT gen_random_uuid(), 1, r.child_id, r.kind, deputy_post, r.from_at, r.until_at, 'comes to a meeting for somebody', 'meetings.Invitation', made,
           me.post, ''
    FROM gate_relationship r WHERE r.source_id = i.id AND r.holder_post_id = me.post AND (r.until_at IS NULL OR r.until_at > me.at);
    RETURN made;
END $$;

-- One line of the chronology about what an agency said or did of an action: whoever it is for may write nothing else about the child.
CREATE OR REPLACE FUNCTION gate_action_entry(asked_action uuid, what text, said text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    a meetings_agencyaction;
    entry uuid := gen_random_uuid();
BEGIN
    SELECT * INTO a FROM meetings_agencyaction k WHERE k.id = asked_action;
    IF me.post IS NULL OR a.child_id IS NULL OR NOT a.id = ANY (gate_own_actions()) OR what NOT IN ('action_answered', 'action_ended') THEN RETURN NULL; END IF;
    INSERT INTO chronology_entry (id, child_id, kind, happened_at, happened_precision, known_at, known_precision, recorded_at, recorded_by_id, words,
                                  about_label, about_id, is_historic)
    VALUES (entry, a.child_id, what, me.at, 'minute', me.at, 'minute', me.at, me.post, left(said, 300), 'meetings.AgencyAction', a.id, false);
    RETURN entry;
END $$;

-- What safety plans ask of somebody and is late (the caller says before which day it was due), of the children on the agenda of one panel's meeting that is
-- open to the acting post, and whose meetings are: whose, and by when. No word of a plan is told: whoever sits on a panel need not work with the child.
CREATE OR REPLACE FUNCTION gate_late_lines(asked_meeting uuid, late_before date) RETURNS TABLE (child uuid, agency text, due date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT asked_meeting = ANY (gate_meetings('{}', false)) THEN RETURN; END IF;
    RETURN QUERY
    SELECT l.child, coalesce(g.name, '')::text, l.due
    FROM gate_plan_late(ARRAY(
        SELECT i.child_id FROM meetings_meeting m JOIN meetings_meetingitem i ON i.meeting_id = m.id
        WHERE m.id = asked_meeting AND m.panel_id IS NOT NULL AND i.child_id = ANY (gate_children('meeting', 'read'))), late_before) l
    LEFT JOIN agencies_agency g ON g.id = l.agency
    ORDER BY l.due, l.child;
END $$;

-- Stop the running clocks of these limits on something that stands on an agenda, with what is to be done under them: whoever leads a meeting need not be
-- somebody who works with the child. The entry is the one that answers; its own time judges.
CREATE OR REPLACE FUNCTION gate_stop_item_clocks(asked_item uuid, limits text[], answering uuid) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    item meetings_meetingitem;
    answered timestamptz;
    stopped integer;
BEGIN
    SELECT * INTO item FROM meetings_meetingitem t WHERE t.id = asked_item;
    -- Whoever of the meeting writes what health knows answers that alone.
    IF item.child_id IS NULL OR NOT (item.meeting_id = ANY (gate_meetings('{chair,deputy_chair,minute_taker}', false))
                                     OR (limits = '{health_joins}' AND item.meeting_id = ANY (gate_meetings('{}', false)))) THEN RETURN 0; END IF;
    SELECT e.happened_at INTO answered FROM chronology_entry e WHERE e.id = answering AND e.child_id = item.child_id AND e.about_id = item.id;
    IF answered IS NULL THEN RETURN 0; END IF;
    UPDATE tasks_task t SET state = 'done', ended_at = me.at, ended_by_id = me.post
    FROM clocks_clock c WHERE t.clock_id = c.id AND c.about_id = item.id AND c."limit" = ANY (limits) AND c.outcome = 'running' AND t.state = 'open';
    IF 'hold_strategy' = ANY (limits) THEN  -- what a safety plan's decision asked for
        UPDATE tasks_task t SET state = 'done', ended_at = me.at, ended_by_id = me.post
        FROM chronology_entry e WHERE e.id = t.entry_id AND e.child_id = item.child_id AND e.kind = 'strategy_wanted' AND t.state = 'open';
    END IF;
    UPDATE tasks_alert a SET acknowledged_at = me.at, acknowledged_by_id = me.post, climbs_at = NULL WHERE a.about_id = item.id AND a.acknowledged_at IS NULL;
    UPDATE clocks_clock c SET stopped_by_id = answering, stopped_at = answered, outcome = CASE WHEN answered <= c.due_at THEN 'in_time' ELSE 'late' END
    WHERE c.about_id = item.id AND c."limit" = ANY (limits) AND c.outcome = 'running';
    GET DIAGNOSTICS stopped = ROW_COUNT;
    RETURN stopped;
END $$;

-- The challenges that the acting post raised, or that are or were put to it, or put by it for somebody below; not about children who are shut to it.
CREATE OR REPLACE FUNCTION gate_challenges() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    shut uuid[];
BEGIN
    IF me.post IS NULL THEN RETURN '{}'; END IF;
    shut := gate_blocked() || gate_guarded();
    RETURN ARRAY(
        SELECT c.id FROM meetings_challenge c
        WHERE (c.child_id = ANY (shut)) IS NOT TRUE
          AND (c.raised_by_id = me.post OR EXISTS (SELECT 1 FROM meetings_challengestep s WHERE s.challenge_id = c.id AND me.post IN (s.put_to_id, s.put_from_id))));
END $$;

-- So many steps above a post: who stands, and to whom the child is not shut; where nobody stands above, whoever stood last.
CREATE OR REPLACE FUNCTION gate_above_for(asked_post uuid, wanted_child uuid, steps integer, moment timestamptz) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    found uuid := asked_post;
    seen uuid := asked_post;
    other record;
    walked integer := 0;
BEGIN
    WHILE steps > 0 AND walked < 20 LOOP
        walked := walked + 1;
        SELECT p.line_manager_id INTO seen FROM agencies_post p WHERE p.id = seen;
        EXIT WHEN seen IS NULL OR seen = asked_post;
        other := gate_live_post(seen, moment);
        IF other.post IS NOT NULL AND (wanted_child IS NULL OR seen = ANY (gate_not_shut(ARRAY[seen], wanted_child, moment))) THEN
            found := seen;
            steps := steps - 1;
        END IF;
    END LOOP;
    RETURN found;
END $$;

-- Put a challenge to those who stand above: tick, one stage at a time once its time is over; or whoever raised it, or speaks for them. Whoever is asked then
-- learns who the child is, and the chronology that it went on. Nothing, where it may not; otherwise the pair between whom it is now.
CREATE OR REPLACE FUNCTION gate_climb_challenge(asked_challenge uuid, wanted integer, due timestamptz, said text) RETURNS TABLE (put_to uuid, put_from uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    c meetings_challenge;
    to_post uuid;
    from_post uuid;
    told uuid;
BEGIN
    SELECT * INTO c FROM meetings_challenge k WHERE k.id = asked_challenge;
    IF me.post IS NULL OR c.id IS NULL OR c.closed_at IS NOT NULL OR wanted <= c.stage OR wanted > 4 OR due <= me.at THEN RETURN; END IF;
    IF me.role = 'tick' THEN
        IF c.answered_at IS NOT NULL OR c.due_at > me.at OR wanted <> c.stage + 1 THEN RETURN; END IF;
    ELSIF NOT (me.post IN (c.raised_by_id, c.put_from_id) AND c.id = ANY (gate_challenges())) THEN
        RETURN;
    END IF;
    to_post := gate_above_for(c.put_to_id, c.child_id, wanted - c.stage, me.at);
    from_post := gate_above_for(c.put_from_id, c.child_id, wanted - c.stage, me.at);
    UPDATE meetings_challenge k SET stage = wanted, put_to_id = to_post, put_from_id = from_post, due_at = due, answered_at = NULL WHERE k.id = c.id;
    INSERT INTO meetings_challengestep (id, child_id, challenge_id, kind, stage, put_to_id, put_from_id, words, made_by_id, made_at)
    VALUES (gen_random_uuid(), c.child_id, c.id, CASE WHEN wanted > c.stage + 1 THEN 'urgent' ELSE 'climbed' END, wanted, to_post, from_post,
            left(said, 1000), me.post, me.at);
    IF c.child_id IS NOT NULL THEN
        INSERT INTO chronology_entry (id, child_id, kind, happened_at, happened_precision, known_at, known_precision, recorded_at, recorded_by_id, words,
                                      about_label, about_id, is_historic)
        VALUES (gen_random_uuid(), c.child_id, 'challenge_climbed', me.at, 'minute', me.at, 'minute', me.at, me.post, 'To stage ' || wanted || '. ' || left(said, 280),
                'meetings.Challenge', c.id, false);
        FOREACH told IN ARRAY ARRAY[to_post, from_post] LOOP
            CONTINUE WHEN EXISTS (SELECT 1 FROM gate_relationship r WHERE r.source_id = c.id AND r.holder_post_id = told
                                  AND (r.until_at IS NULL OR r.until_at > me.at)) OR told = c.raised_by_id;
            INSERT INTO gate_relationship (id, version, child_id, kind, holder_post_id, from_at, because, source_label, source_id, granted_by_id, ended_because)
            VALUES (gen_random_uuid(), 1, c.child_id, 'meeting_member', told, me.at, 'a challenge has come to them', 'meetings.Challenge', c.id, me.post, '');
        END LOOP;
    END IF;
    RETURN QUERY SELECT to_post, from_post;
END $$;

-- What each agency of the acting post's authorities did in a time of what was asked of it: counted by agency and month, without a row about any child, meeting or
-- person. For those of the council who answer for the partnership. An agency was there where somebody came who could decide for it.
CREATE OR REPLACE FUNCTION gate_partnership(since timestamptz, to_moment timestamptz)
RETURNS TABLE (agency text, kind text, month date, measure text, outcome text, many bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    mine uuid[];
BEGIN
    IF me.post IS NULL OR me.agency_kind IS DISTINCT FROM 'council' OR NOT me.role IN ('manager', 'head_of_service', 'director', 'chair') THEN RETURN; END IF;
    mine := ARRAY(SELECT s.authority_id FROM agencies_agency_authorities s WHERE s.agency_id = me.agency);
    RETURN QUERY
    WITH seats AS (
        SELECT t.agency_id AS whose, m.id AS at_meeting, m.held_at AS happened, bool_or(i.attended <> '') AS is_recorded,
               bool_or(i.attended IN ('whole', 'partly') AND i.is_able_to_decide) AS was_there, bool_or(i.reply <> '') AS has_answered
        FROM meetings_invitation i JOIN meetings_meeting m ON m.id = i.meeting_id JOIN agencies_post p ON p.id = i.post_id
        JOIN agencies_team t ON t.id = p.team_id
        WHERE m.authority_id = ANY (mine) AND m.held_at >= since AND m.held_at < to_moment AND i.withdrawn_at IS NULL AND i."group" <> 'family'
          AND i.part NOT IN ('chair', 'minute_taker')
        GROUP BY 1, 2, 3),
    facts AS (
        SELECT s.whose, s.happened, 'attended' AS what, CASE WHEN s.was_there THEN 'yes' ELSE 'no' END AS came_out FROM seats s WHERE s.is_recorded
        UNION ALL
        SELECT s.whose, s.happened, 'answered', CASE WHEN s.has_answered THEN 'yes' ELSE 'no' END FROM seats s
        UNION ALL
        SELECT s.whose, s.happened, 'before', CASE WHEN EXISTS (SELECT 1 FROM meetings_meetingcontribution c WHERE c.meeting_id = s.at_meeting
                                                              AND c.agency_id = s.whose AND NOT c.in_room) THEN 'yes' ELSE 'no' END FROM seats s
        UNION ALL
        SELECT a.agency_id, a.due_on::timestamp AT TIME ZONE 'Europe/London', 'actions',
               CASE WHEN a.state = 'refused' THEN 'refused'
                    WHEN a.state = 'done' AND (a.ended_at AT TIME ZONE 'Europe/London')::date <= a.due_on THEN 'in_time' ELSE 'late' END
        FROM meetings_agencyaction a JOIN meetings_meeting m ON m.id = a.meeting_id
        WHERE m.authority_id = ANY (mine) AND a.due_on >= (since AT TIME ZONE 'Europe/London')::date
          AND a.due_on < (to_moment AT TIME ZONE 'Europe/London')::date
        UNION ALL
        SELECT t.agency_id, k.due_at, 'asks', CASE WHEN k.replied_at <= k.due_at THEN 'yes' ELSE 'no' END
        FROM contacts_agencyask k JOIN contacts_contact c ON c.id = k.contact_id JOIN agencies_team t ON t.id = k.to_team_id
        WHERE c.authority_id = ANY (mine) AND k.due_at >= since AND k.due_at < to_moment
        UNION ALL
        SELECT x.to_agency_id, x.raised_at, 'challenges', CASE WHEN x.closed_at < to_moment THEN 'ended' WHEN x.raised_at > to_moment - interval '7 days' THEN 'week'
                                                              WHEN x.raised_at > to_moment - interval '28 days' THEN 'month' ELSE 'longer' END
        FROM meetings_challenge x WHERE x.authority_id = ANY (mine) AND x.raised_at >= since AND x.raised_at < to_moment)
    SELECT g.name::text, g.kind::text, date_trunc('month', f.happened AT TIME ZONE 'Europe/London')::date, coalesce(f.what, ''), coalesce(f.came_out, ''),
           CASE WHEN f.what IS NULL THEN 0 ELSE count(*) END
    FROM agencies_agency g LEFT JOIN facts f ON f.whose = g.id
    WHERE g.id IN (SELECT s.agency_id FROM agencies_agency_authorities s WHERE s.authority_id = ANY (mine))
    GROUP BY g.id, g.name, g.kind, 3, f.what, f.came_out;
END $$;

-- The people of concern, groups or places (`what`) that stand on an agenda which is open to the acting post.
CREATE OR REPLACE FUNCTION gate_on_agendas(what text) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    mine uuid[] := gate_meetings('{}', false);
BEGIN
    RETURN ARRAY(
        SELECT CASE what WHEN 'person' THEN t.person_id WHEN 'group' THEN t.group_id ELSE t.place_id END
        FROM meetings_meetingitem t
        WHERE t.meeting_id = ANY (mine) AND CASE what WHEN 'person' THEN t.person_id WHEN 'group' THEN t.group_id ELSE t.place_id END IS NOT NULL);
END $$;

-- That a child whose meetings are open to the acting post, also for a place at one of them alone, stood on other agendas: of what kind of meeting, of which
-- panel, when, and who chaired it, so that nobody discusses a child without knowing. What was decided there, row security says.
CREATE OR REPLACE FUNCTION gate_discussed(asked uuid[], since timestamptz)
RETURNS TABLE (child uuid, item uuid, meeting uuid, panel uuid, kind text, kind_name text, starts_at timestamptz, chair uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    known uuid[];
BEGIN
    IF me.post IS NULL THEN RETURN; END IF;
    known := gate_children('meeting', 'read');
    RETURN QUERY
        SELECT t.child_id, t.id, m.id, m.panel_id, m.kind::text, m.kind_name::text, m.starts_at,
               (SELECT i.post_id FROM meetings_invitation i WHERE i.meeting_id = m.id AND i.part = 'chair' AND i.withdrawn_at IS NULL)
        FROM meetings_meetingitem t JOIN meetings_meeting m ON m.id = t.meeting_id
        WHERE t.child_id = ANY (asked) AND m.state <> 'cancelled' AND m.starts_at >= since
          AND NOT t.child_id = ANY (gate_blocked() || gate_guarded())
          AND (t.child_id = ANY (known) OR gate_in_authority(t.child_id, gate_authorities('meeting', 'read')))
        ORDER BY m.starts_at DESC, m.id;
END $$;

-- Put on the next agenda of a panel or group what others passed on to it and what stands on none yet: a place, a group, a theme, a person of concern; never a
-- child. It says nothing to whoever asks, and does the same whoever asks.
CREATE OR REPLACE FUNCTION gate_pass_on(asked_panel uuid) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    following uuid;
    made integer;
BEGIN
    SELECT m.id INTO following FROM meetings_meeting m
    WHERE m.panel_id = asked_panel AND m.state = 'called' AND m.starts_at >= me.at ORDER BY m.starts_at LIMIT 1;
    IF me.post IS NULL OR following IS NULL THEN RETURN 0; END IF;
    INSERT INTO meetings_meetingitem (id, version, child_id, meeting_id, kind, title, person_id, group_id, place_id, came_from_id, why, number, put_by_id, put_at)
    SELECT gen_random_uuid(), 1, NULL, following, t.kind, t.title, t.person_id, t.group_id, t.place_id, d.id, d.reason,
           (SELECT count(*) FROM meetings_meetingitem x WHERE x.meeting_id = following) + row_number() OVER (ORDER BY d.decided_at, d.id), d.decided_by_id, me.at
    FROM meetings_meetingdecision d JOIN meetings_meetingitem t ON t.id = d.item_id
    WHERE d.passed_to_id = asked_panel AND t.child_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM meetings_meetingitem x WHERE x.came_from_id = d.id)
      AND NOT EXISTS (SELECT 1 FROM meetings_meetingdecision r WHERE r.replaces_id = d.id)
      AND NOT EXISTS (SELECT 1 FROM meetings_meetingitem x WHERE x.meeting_id = following
                      AND coalesce(x.person_id, x.group_id, x.place_id) = coalesce(t.person_id, t.group_id, t.place_id));
    GET DIAGNOSTICS made = ROW_COUNT;
    RETURN made;
END $$;
