"""Changes of Python code after which it does the same, each with the reason (bench/mutation.py)."""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    (
        "atlas/clocks/rules.py",
        "TimeLimit.due",
        "start.earliest is None or start.latest is None ⇒ And",
    ): "earliest and latest are known, or not known, together",
    (
        "atlas/clocks/rules.py",
        "TimeLimit.due",
        "start.earliest is None or start.latest is None ⇒ without start.earliest is None",
    ): "earliest and latest are known, or not known, together",
    (
        "atlas/clocks/rules.py",
        "TimeLimit.due",
        "start.earliest is None or start.latest is None ⇒ without start.latest is None",
    ): "earliest and latest are known, or not known, together",
    (
        "atlas/clocks/rules.py",
        "_asides",
        "start.earliest is None or start.latest is None ⇒ And",
    ): "a start that is not known has no deadline, and its words end before",
    (
        "atlas/clocks/rules.py",
        "_asides",
        "start.earliest is None or start.latest is None ⇒ without start.earliest is None",
    ): "a start that is not known has no deadline, and its words end before",
    (
        "atlas/clocks/rules.py",
        "_asides",
        "start.earliest is None or start.latest is None ⇒ without start.latest is None",
    ): "a start that is not known has no deadline, and its words end before",
    (
        "atlas/clocks/rules.py",
        "_change_of_clocks",
        "timedelta(hours=23) < length < timedelta(hours=24) ⇒ LtE",
    ): "a London day counted to its last second is never a whole number of hours",
    (
        "atlas/clocks/rules.py",
        "_change_of_clocks",
        "return '' ⇒ nothing returned",
    ): "an empty word and none are asked only whether there is one",
    (
        "atlas/clocks/rules.py",
        "_change_of_clocks",
        "length > timedelta(hours=24) ⇒ GtE",
    ): "a London day counted to its last second is never a whole number of hours",
    ("atlas/clocks/rules.py", "_change_of_clocks", "24 ⇒ 23"): "of a day that is neither shorter nor longer it has been told already",
    (
        "atlas/clocks/rules.py",
        "is_allowed_locally",
        "1 ⇒ 2",
    ): "one day, or one year, more or less at either end of 26 years: no limit differs there alone",
    (
        "atlas/clocks/rules.py",
        "is_allowed_locally",
        "26 ⇒ 27",
    ): "one day, or one year, more or less at either end of 26 years: no limit differs there alone",
    (
        "atlas/clocks/rules.py",
        "is_allowed_locally",
        "26 ⇒ 25",
    ): "one day, or one year, more or less at either end of 26 years: no limit differs there alone",
    (
        "atlas/clocks/rules.py",
        "is_allowed_locally",
        "365 ⇒ 366",
    ): "one day, or one year, more or less at either end of 26 years: no limit differs there alone",
    (
        "atlas/clocks/rules.py",
        "is_allowed_locally",
        "365 ⇒ 364",
    ): "one day, or one year, more or less at either end of 26 years: no limit differs there alone",
    (
        "atlas/clocks/rules.py",
        "limit_that_judges",
        "ours and theirs and (ours.latest > theirs.latest) ⇒ without ours",
    ): "a start whose day is known has both deadlines",
    (
        "atlas/clocks/rules.py",
        "limit_that_judges",
        "ours and theirs and (ours.latest > theirs.latest) ⇒ without theirs",
    ): "a start whose day is known has both deadlines",
    (
        "atlas/clocks/rules.py",
        "hours_between_days",
        "start.earliest is None or start.latest is None or end.earliest is None or (end.latest is N ⇒ without start.earliest is None",
    ): "earliest and latest are known, or not known, together",
    (
        "atlas/clocks/rules.py",
        "hours_between_days",
        "start.earliest is None or start.latest is None or end.earliest is None or (end.latest is N ⇒ without start.latest is None",
    ): "earliest and latest are known, or not known, together",
    (
        "atlas/clocks/rules.py",
        "hours_between_days",
        "start.earliest is None or start.latest is None or end.earliest is None or (end.latest is N ⇒ without end.earliest is None",
    ): "earliest and latest are known, or not known, together",
    (
        "atlas/clocks/rules.py",
        "hours_between_days",
        "start.earliest is None or start.latest is None or end.earliest is None or (end.latest is N ⇒ without end.latest is None",
    ): "earliest and latest are known, or not known, together",
    ("atlas/clocks/calendar.py", "is_working_day", "1 ⇒ 0"): "the same days, as a list",
    ("atlas/clocks/calendar.py", "_working_days", "1 ⇒ 2"): "1 January 2010 is a bank holiday",
    (
        "atlas/chronology/moments.py",
        "typed",
        "first != second and precision == Precision.ABOUT ⇒ without first != second",
    ): "where both readings are one instant, the last line gives that instant too",
    ("atlas/chronology/moments.py", "written", "0 ⇒ -1"): "the list has one name",
    (
        "atlas/chronology/moments.py",
        "written",
        "zone or '' ⇒ without ''",
    ): "a zone that is not written is found in no list, and nothing is added",
    ("atlas/chronology/moments.py", "written", "'' ⇒ 'odd'"): "a zone that is not written is found in no list, and nothing is added",
    ("atlas/feeds/commands/delivery.py", "_stage", "len(batch) >= BATCH ⇒ Gt"): "one row more is written at once, and the same rows in all",
    (
        "atlas/intelligence/rules.py",
        "_copied",
        "len(said) - WORDS_IN_A_ROW ⇒ Add",
    ): "a run cut short by the end of the text is never as long as one that is looked for",
    (
        "atlas/intelligence/rules.py",
        "_copied",
        "len(keys) - WORDS_IN_A_ROW ⇒ Add",
    ): "a run cut short by the end of the text is never as long as one that is looked for",
    (
        "atlas/feeds/commands/delivery.py",
        "receive_delivery",
        "True ⇒ False",
    ): "a record that was just made is inserted anyway",
    (
        "atlas/feeds/commands/delivery.py",
        "_Staging._write",
        " for row in batch if row.source_key ⇒ without its condition",
    ): "a row without its key is put aside, so that none was taken under no key",
    (
        "atlas/feeds/commands/delivery.py",
        "_takeable",
        "0 ⇒ 1",
    ): "a force's delivery has one table, and every table of the main system has its place",
    (
        "atlas/feeds/commands/delivery.py",
        "_takeable",
        "0 ⇒ -1",
    ): "a force's delivery has one table, and every table of the main system has its place",
    (
        "atlas/feeds/commands/delivery.py",
        "_take_set",
        "0 ⇒ -1",
    ): "the rows of a batch are of one table, and what is made of them of one kind",
    (
        "atlas/feeds/handling.py",
        "set_takers",
        "'TAKES_SETS' ⇒ 'odd'",
    ): "what nobody takes as a set is taken row by row, slower",
}
