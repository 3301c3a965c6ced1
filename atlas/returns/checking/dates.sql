-- How dates stand in a return, for DuckDB.

-- A date as the return writes it. A year that no child was born in is a slip (the validator's own range).
CREATE MACRO as_day(said) AS
    CASE WHEN said SIMILAR TO '[0-9]{1,2}/[0-9]{1,2}/(1[7-9]|2[01])[0-9]{2}' THEN CAST(try_strptime(said, '%d/%m/%Y') AS DATE) END;
CREATE MACRO how_written(said) AS
    CASE WHEN said = '' THEN 'blank'
         WHEN said SIMILAR TO '[12][0-9]{3}[-/.][0-9]{1,2}[-/.][0-9]{1,2}.*' THEN 'year_first'
         WHEN said SIMILAR TO '(0?[1-9]|1[0-2])/(1[3-9]|2[0-9]|3[01])/[12][0-9]{3}' THEN 'month_first'
         WHEN said SIMILAR TO '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}' THEN 'impossible'
         ELSE 'unread' END;
CREATE MACRO day_first(said) AS split_part(said, '/', 2) || '/' || split_part(said, '/', 1) || '/' || split_part(said, '/', 3);
CREATE MACRO in_words(first, last) AS
    'from ' || strftime(first, '%d/%m/%Y') || coalesce(' to ' || strftime(last, '%d/%m/%Y'), ' on');
