-- How often a place was named in what is recorded, before and after a panel looked at it. Made by `manage gate install`, after meetings.sql.

-- How many times, within so many days before and after a moment, a return interview, a contact or a sighting names a place: because somebody said
-- that it is this one, or, until somebody has, by one of the words that its own agency wrote down: two counts, and no row about any child. Nothing where fewer than five were counted on both sides together, for a place that is not open to the acting
-- post, and where no words are written down.
CREATE OR REPLACE FUNCTION gate_place_named(asked_place uuid, taken_on timestamptz, days integer) RETURNS TABLE (before bigint, after bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    me record := gate_me();
    called text[];
    mine uuid[];
BEGIN
    SELECT ARRAY(SELECT '%' || replace(replace(lower(w), '%', ''), '_', '') || '%' FROM unnest(p.named_as) w WHERE length(w) >= 4) INTO called FROM places_place p
    WHERE p.id = asked_place AND (p.agency_id = gate_agency() OR p.id = ANY (gate_on_agendas('place')));
    IF me.post IS NULL OR called IS NULL OR called = '{}' OR days NOT BETWEEN 1 AND 90 THEN RETURN; END IF;
    mine := ARRAY(SELECT s.authority_id FROM agencies_agency_authorities s WHERE s.agency_id = me.agency);
    RETURN QUERY
    WITH named AS (
        SELECT r.held_at AS at FROM missing_locationmention l JOIN missing_returninterview r ON r.id = l.interview_id JOIN missing_episode e ON e.id = r.episode_id
        WHERE NOT l.is_withdrawn AND e.responsible_authority_id = ANY (mine) 
          AND (l.place_id = asked_place OR (l.settled = '' AND lower(l.words) LIKE ANY (called)))
        UNION ALL
        SELECT c.happened_at FROM missing_contactorsighting c JOIN missing_episode e ON e.id = c.episode_id
        WHERE e.responsible_authority_id = ANY (mine) AND lower(c.place) LIKE ANY (called)),
    counted AS (
        SELECT count(*) FILTER (WHERE n.at >= taken_on - make_interval(days => days) AND n.at < taken_on) AS before,
               count(*) FILTER (WHERE n.at >= taken_on AND n.at < taken_on + make_interval(days => days)) AS after
        FROM named n WHERE n.at <= me.at)
    SELECT k.before, k.after FROM counted k WHERE k.before + k.after >= 5;  -- fewer are not said (rules/before_after.py)
END $$;
