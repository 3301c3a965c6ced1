-- Contacts with the front door: what the front door, a team that is asked and somebody without an account may do who may write nothing else about the
-- child; and the numbers behind how alike decisions are. Made by `manage gate install`, after install.sql and guests.sql.

-- Tie a contact to a child, and open the child to the front door until the contact is closed. False where the acting post does not answer at that front
-- door, somebody was quicker, or the child is shut, protected, or of another authority.
CREATE OR REPLACE FUNCTION gate_match_contact(asked_contact uuid, asked_child uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    c contacts_contact;
    door uuid;
BEGIN
    SELECT * INTO c FROM contacts_contact k WHERE k.id = asked_contact AND k.child_id IS NULL AND k.state = 'raised' FOR UPDATE;
    IF me.post IS NULL OR c.id IS NULL OR (c.authority_id = ANY (gate_front_doors())) IS NOT TRUE THEN RETURN false; END IF;
    IF asked_child = ANY (gate_blocked()) OR asked_child = ANY (gate_guarded()) THEN RETURN false; END IF;
    IF NOT gate_in_authority(asked_child, ARRAY[c.authority_id]) THEN RETURN false; END IF;
    SELECT t.id INTO door FROM agencies_team t JOIN agencies_agency_authorities s ON s.agency_id = t.agency_id
    WHERE s.authority_id = c.authority_id AND t.purpose = 'front_door' ORDER BY t.id = me.team DESC, t.name LIMIT 1;
    UPDATE contacts_contact SET child_id = asked_child, state = 'matched', matched_by_id = me.post, matched_at = me.at, tells_at = NULL
    WHERE id = c.id;
    INSERT INTO gate_relationship (id, version, child_id, kind, holder_team_id, from_at, because, source_label, source_id, granted_by_id, ended_because)
    VALUES (gen_random_uuid(), 1, asked_child, 'front_door', coalesce(door, me.team), me.at, 'a contact about the child', 'contacts.Contact', c.id,
            me.post, '');
    RETURN true;
END $$;

-- Write down what the acting post's team knows of a child about whom it was asked. False where it was not asked, or somebody was quicker.
CREATE OR REPLACE FUNCTION gate_answer_ask(asked uuid, said_knows text, said text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    a contacts_agencyask;
BEGIN
    SELECT * INTO a FROM contacts_agencyask k WHERE k.id = asked AND k.replied_at IS NULL FOR UPDATE;
    IF me.post IS NULL OR a.id IS NULL OR a.to_team_id IS DISTINCT FROM me.team THEN RETURN false; END IF;
    IF a.child_id = ANY (gate_blocked()) OR a.child_id = ANY (gate_guarded()) THEN RETURN false; END IF;
    UPDATE contacts_agencyask SET knows = said_knows, reply = said, replied_by_id = me.post, replied_at = me.at WHERE id = a.id;
    INSERT INTO chronology_entry (id, child_id, kind, happened_at, happened_precision, known_at, known_precision, recorded_at, recorded_by_id, words,
                                  about_label, about_id, is_historic)
    SELECT gen_random_uuid(), a.child_id, 'agency_replied', me.at, 'minute', me.at, 'minute', me.at, me.post, left(t.name || ', ' || g.name, 300),
           'contacts.Contact', a.contact_id, false
    FROM agencies_team t JOIN agencies_agency g ON g.id = t.agency_id WHERE t.id = a.to_team_id;
    RETURN true;
END $$;

-- Take what somebody without an account typed, for the front door of this authority; the reference of it. The same form sent again is taken once. NULL
-- where it was not taken: not signed, no such front door, or too much from one network. Nothing is said back of any child.
CREATE OR REPLACE FUNCTION gate_public_contact(wanted_authority uuid, sent_key text, said jsonb, due timestamptz, tells timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_guest_context();
    made uuid := gen_random_uuid();
    again uuid;
    sent bigint;
BEGIN
    IF me.at IS NULL OR sent_key = '' OR NOT EXISTS (SELECT 1 FROM agencies_authority a WHERE a.id = wanted_authority AND a.is_partner) THEN RETURN NULL; END IF;
    SELECT k.id INTO again FROM contacts_contact k WHERE k.form_key = sent_key AND k.raised_by_id IS NULL;
    IF again IS NOT NULL THEN RETURN upper(left(again::text, 8)); END IF;
    SELECT count(*) INTO sent FROM gate_act a
    WHERE a.event = 'guest' AND a.command = 'raise_public_contact' AND a.network IS NOT DISTINCT FROM me.network AND a.acted_at > me.at - interval '1 hour'
      AND a.acted_at <= me.at;
    IF sent >= 10 THEN
        PERFORM gate_guest_note('raise_public_contact', 'too many from there', NULL, NULL, NULL);
        RETURN NULL;
    END IF;
    INSERT INTO contacts_contact (id, version, authority_id, source, who_words, reach_words, received_at, together, name, born_words, where_words, concern,
                                  words, said, is_safe, parents_told, state, decide_by, rating, set_aside, set_aside_words, tells_at, told_times, form_key)
    VALUES (made, 1, wanted_authority, said ->> 'source', left(said ->> 'who_words', 200), left(said ->> 'reach_words', 200), me.at, made,
            left(said ->> 'name', 200), left(said ->> 'born_words', 60), left(said ->> 'where_words', 300), said ->> 'concern',
            left(said ->> 'words', 4000), '', said ->> 'is_safe', 'not_yet', 'raised', due, '', '', '', tells, 0, left(sent_key, 80));
    PERFORM gate_guest_note('raise_public_contact', NULL, NULL, NULL, NULL);
    RETURN upper(left(made::text, 8));
END $$;

-- The latest decision on each contact of the acting post's authorities, counted by like cases. Who decided is named to that person and to whoever is above
-- them, and to nobody else; no row names a child.
CREATE OR REPLACE FUNCTION gate_decisions_alike(from_at timestamptz, until_at timestamptz)
RETURNS TABLE (source text, concern text, ages text, agency text, team text, decider uuid, called text, is_me boolean, level smallint, given smallint,
               outcome text, second text, many bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
BEGIN
    IF me.post IS NULL OR me.agency_kind IS DISTINCT FROM 'council' OR NOT me.role IN ('front_door', 'manager', 'head_of_service') THEN RETURN; END IF;
    RETURN QUERY
    WITH latest AS (
        SELECT DISTINCT ON (d.contact_id) d.* FROM contacts_contactdecision d
        WHERE d.decided_at >= from_at AND d.decided_at < until_at ORDER BY d.contact_id, d.decided_at DESC),
    known AS (
        SELECT DISTINCT l.decided_by_id AS post, p.user_id = me.person AS mine, p.user_id = me.person OR gate_is_above(l.decided_by_id) AS shown
        FROM latest l JOIN agencies_post p ON p.id = l.decided_by_id),
    views AS (SELECT v.decision_id, bool_or(NOT v.agrees) AS differs FROM contacts_secondview v GROUP BY v.decision_id)
    SELECT c.source::text, c.concern::text,
           CASE WHEN ch.born_on IS NULL THEN 'age not known' WHEN (l.decided_at AT TIME ZONE 'Europe/London')::date < (ch.born_on + interval '5 years')::date THEN 'under 5'
                WHEN (l.decided_at AT TIME ZONE 'Europe/London')::date < (ch.born_on + interval '10 years')::date THEN '5 to 9'
                WHEN (l.decided_at AT TIME ZONE 'Europe/London')::date < (ch.born_on + interval '15 years')::date THEN '10 to 14' ELSE '15 and over' END,
           coalesce(g.name, 'Without an account')::text, t.name::text, CASE WHEN k.shown THEN l.decided_by_id END,
           CASE WHEN k.shown THEN trim(u.first_name || ' ' || u.last_name) END, k.mine, l.level::smallint, l.level_given::smallint, l.outcome::text,
           CASE WHEN w.decision_id IS NULL THEN '' WHEN w.differs THEN 'differs' ELSE 'agrees' END, count(*)
    FROM latest l JOIN contacts_contact c ON c.id = l.contact_id JOIN children_child ch ON ch.person_id = l.child_id
    JOIN known k ON k.post = l.decided_by_id JOIN agencies_post p ON p.id = l.decided_by_id JOIN agencies_user u ON u.id = p.user_id
    JOIN agencies_team t ON t.id = p.team_id LEFT JOIN agencies_post r ON r.id = c.raised_by_id LEFT JOIN agencies_team rt ON rt.id = r.team_id
    LEFT JOIN agencies_agency g ON g.id = rt.agency_id LEFT JOIN views w ON w.decision_id = l.id
    WHERE c.authority_id IN (SELECT s.authority_id FROM agencies_agency_authorities s WHERE s.agency_id = me.agency)
      AND (l.child_id = ANY (gate_blocked()) OR l.child_id = ANY (gate_guarded())) IS NOT TRUE
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12;
END $$;
