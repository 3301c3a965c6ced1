"""What the linter finds and what is accepted are compared both ways, name by name; the linter itself runs in `run.py check`."""

from tests.gate.row_security import TABLE, UNSAID, Finding, judged, read, written

TEXT = """Read whole by the gate's own role
    SEC005 SEC008 gate_select of tasks_alert tasks_task

Triggers
    SEC013 stamp of feeds_delivery feeds_row
"""
FOUND: dict[Finding, str] = dict.fromkeys((one for those in read(TEXT).values() for one in those), "said of it")


def test_where_both_say_the_same_nothing_is_said() -> None:
    assert len(FOUND) == 6
    assert judged(TEXT, FOUND) == []


def test_a_new_finding_of_an_accepted_kind_fails_and_its_patch_puts_it_beside_its_like() -> None:
    said = judged(TEXT, FOUND | {("SEC005", "missing_offer", "gate_select"): "sees every row"})
    assert said[0] == "NEW SEC005 missing_offer gate_select: sees every row"
    assert said[-3:-1] == ["     SEC005 SEC008 gate_select of tasks_alert tasks_task", "+    SEC005 gate_select of missing_offer"]


def test_a_new_kind_of_finding_stands_under_no_reason_and_fails_until_it_has_one() -> None:
    new = FOUND | {("SEC001", "missing_offer", ""): "no row security"}
    said = judged(TEXT, new)
    assert f"+{UNSAID}" in said and "+    SEC001 of missing_offer" in said
    patched = f"{TEXT}\n{UNSAID}\n    SEC001 of missing_offer\n"
    assert judged(patched, new)[0] == UNSAID
    assert judged(patched.replace(UNSAID, "A table about no child"), new) == []


def test_a_name_that_the_linter_finds_no_more_fails() -> None:
    fewer = {one: words for one, words in FOUND.items() if one != ("SEC013", "feeds_row", "stamp")}
    said = judged(TEXT, fewer)
    assert said[0] == "GONE SEC013 feeds_row stamp: take it out, nothing needs it any more"
    assert said[-2:] == ["-    SEC013 stamp of feeds_delivery feeds_row", "+    SEC013 stamp of feeds_delivery"]


def test_a_finding_under_two_reasons_fails() -> None:
    assert judged(f"{TEXT}\nOnce more\n    SEC013 stamp of feeds_delivery\n", FOUND)[0].startswith("TWICE SEC013 feeds_delivery stamp")


def test_the_table_has_one_form_for_one_content() -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert written(read(text)) == text
