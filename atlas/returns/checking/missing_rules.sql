-- The 19 rules of the Missing table, for DuckDB. The tables header, episodes, missing, missing_last are made by staging.py: text
-- trimmed and in capitals, a blank is ''. What a row is flagged for is what the sector's validator flags it for (csc-validator-be-903 0.1.17), so that nobody is
-- surprised by it later; what differs is said where it does. The variables first_day and last_day are those of the collection.

ALTER TABLE episodes RENAME TO episode;
CREATE TABLE period AS
SELECT child, row, dob_text, type, start_text, end_text, as_day(start_text) AS began, as_day(end_text) AS ended, as_day(dob_text) AS born FROM missing;
DROP TABLE missing;

-- What can be seen in a row alone.
CREATE TABLE said AS
SELECT row, unnest(list_filter([
    CASE WHEN type IN ('M', 'A') AND start_text = '' THEN '564 usual' END,
    CASE WHEN type = '' AND start_text <> '' THEN '565 usual' END,
    CASE WHEN type = '' AND end_text <> '' THEN '566 usual' END,
    CASE WHEN began > ended THEN '567 usual' END,
    CASE WHEN began > getvariable('last_day') THEN '570 usual' END,
    CASE WHEN ended < getvariable('first_day') THEN '571 before' WHEN ended > getvariable('last_day') THEN '571 after' END,
    CASE WHEN began <= born THEN '586 usual' END,
    CASE WHEN began IS NULL THEN '1004 ' || how_written(start_text) END,
    CASE WHEN ended IS NULL AND end_text <> '' THEN '1005 ' || how_written(end_text) END,
    CASE WHEN type NOT IN ('M', 'A', '') THEN '1006 usual' END
], lambda one: one IS NOT NULL)) AS said, NULL::VARCHAR AS other
FROM period
WHERE began IS NULL OR (ended IS NULL AND end_text <> '') OR type NOT IN ('M', 'A') OR began > ended OR began <= born
   OR began > getvariable('last_day') OR ended NOT BETWEEN getvariable('first_day') AND getvariable('last_day');

-- INT04, INT13, 1012: a child whom the Header table has twice has every date of birth in it.
CREATE TABLE births AS
SELECT child, min(as_day(dob_text)) AS born_first, max(as_day(dob_text)) AS born_last, string_agg(DISTINCT dob_text, ' and ') AS dobs
FROM header GROUP BY child;
CREATE TABLE joined AS
SELECT p.row, b.child IS NULL AS has_no_header, p.born <> b.born_first OR p.born <> b.born_last AS differs, b.dobs
FROM period p LEFT JOIN births b USING (child) WHERE b.child IS NULL OR p.born <> b.born_first OR p.born <> b.born_last;
INSERT INTO said SELECT row, 'INT04 usual', NULL FROM joined WHERE has_no_header;
INSERT INTO said SELECT row, 'INT13 usual', dobs FROM joined WHERE differs;
INSERT INTO said SELECT row, '1012 usual', NULL FROM period ANTI JOIN episode USING (child);

-- 574: by child, in the order in which the periods ended.
INSERT INTO said
SELECT row,
       CASE WHEN ended_before IS NULL AND began IS NULL THEN '574 no_start' WHEN ended_before IS NULL THEN '574 open' ELSE '574 overlap' END,
       coalesce(nullif(start_before, ''), 'no start') || ' to ' || coalesce(nullif(end_before, ''), 'no end')
FROM (
    SELECT row, began, lag(row) OVER following AS row_before, lag(ended) OVER following AS ended_before,
           lag(start_text) OVER following AS start_before, lag(end_text) OVER following AS end_before
    FROM period WHERE child <> ''
    WINDOW following AS (PARTITION BY child ORDER BY coalesce(ended, began) NULLS LAST, began NULLS LAST, row)
)
WHERE row_before IS NOT NULL AND (ended_before IS NULL OR began < ended_before);

-- 575: an episode in which it began has ended. 581: there is none in which it began.
INSERT INTO said
SELECT p.row, '575 usual', string_agg(DISTINCT strftime(e.ended, '%d/%m/%Y'), ' and ')
FROM period p JOIN episode e USING (child) WHERE p.end_text = '' AND p.began BETWEEN e.began AND e.ended GROUP BY p.row;
CREATE TABLE in_none AS
SELECT p.row FROM period p JOIN episode e USING (child) GROUP BY p.row
HAVING NOT bool_or(coalesce(p.began >= e.began AND (p.began <= e.ended OR e.ended IS NULL), false));

-- Periods of care: an episode that begins after the one before it has ended begins a new one.
CREATE TABLE care AS
WITH ordered AS (
    SELECT *, lag(ended) OVER following AS ended_before, row_number() OVER following AS place
    FROM episode WHERE began IS NOT NULL
    WINDOW following AS (PARTITION BY child ORDER BY began, row)
), numbered AS (
    SELECT *, sum(CAST(place = 1 OR coalesce(began > ended_before, false) AS INTEGER)) OVER (PARTITION BY child ORDER BY place) AS period
    FROM ordered
)
SELECT child, period, min(began) AS began, last(ended ORDER BY place) AS ended FROM numbered GROUP BY child, period;

-- 577: it ends in none of the child's periods of care. 578: it begins in none.
CREATE TABLE outside AS
SELECT p.row,
       bool_and(coalesce((p.ended IS NULL AND (c.ended IS NOT NULL OR p.began < c.began)) OR p.ended > c.ended OR p.ended < c.began, false))
           AS ends_outside,
       bool_and(coalesce(p.began < c.began, false) OR coalesce(p.began > c.ended, false)) AS starts_outside,
       bool_or(coalesce(p.began >= c.began, false)) AS starts_after_one
FROM period p JOIN care c USING (child) WHERE p.began IS NOT NULL GROUP BY p.row HAVING ends_outside OR starts_outside;
CREATE TABLE care_said AS
SELECT child, string_agg(in_words(began, ended), ', and ' ORDER BY began) AS other FROM care
WHERE child IN (SELECT child FROM period WHERE row IN (SELECT row FROM outside UNION ALL SELECT row FROM in_none)) GROUP BY child;
INSERT INTO said
SELECT row, CASE WHEN ended IS NOT NULL THEN '577 outside' WHEN end_text = '' THEN '577 open' ELSE '577 unread' END, other
FROM outside JOIN period USING (row) LEFT JOIN care_said USING (child) WHERE ends_outside;
INSERT INTO said
SELECT row, CASE WHEN starts_after_one THEN '578 after' ELSE '578 before' END, other
FROM outside JOIN period USING (row) LEFT JOIN care_said USING (child) WHERE starts_outside;
INSERT INTO said
SELECT row, CASE WHEN began IS NULL THEN '581 no_start' ELSE '581 usual' END, coalesce(other, 'at no time that can be read')
FROM in_none JOIN period USING (row) LEFT JOIN care_said USING (child);

-- 576: last year's open periods, against the child's first period of this year; and, which the validator does not ask, against none.
CREATE TABLE open_last AS
SELECT *, as_day(start_text) AS began FROM missing_last WHERE end_text = '' AND child <> '';
INSERT INTO said
SELECT f.row, CASE WHEN any_value(f.began) IS NULL THEN '576 no_start' ELSE '576 usual' END,
       string_agg(DISTINCT l.start_text, ' and ' ORDER BY l.start_text)
FROM (
    SELECT DISTINCT ON (child) child, row, began FROM period WHERE child IN (SELECT child FROM open_last)
    ORDER BY child, coalesce(began, DATE '2099-01-01'), row
) f JOIN open_last l USING (child)
WHERE l.began IS NOT NULL AND f.began IS DISTINCT FROM l.began GROUP BY f.row;

CREATE TABLE flagged AS
SELECT split_part(said, ' ', 1) AS rule, split_part(said, ' ', 2) AS fall, 'Missing' AS in_table, row, child, dob_text, type, start_text, end_text,
       CASE WHEN said = '1004 month_first' THEN day_first(start_text) WHEN said = '1005 month_first' THEN day_first(end_text)
            ELSE coalesce(other, '') END AS other
FROM said JOIN period USING (row)
UNION ALL
SELECT '576', 'gone', 'Missing_last', row, child, dob_text, type, start_text, end_text, ''
FROM open_last ANTI JOIN period USING (child) WHERE start_text <> '';
