"""The threats, what stands against each, what proves it, and what is left: those of the partnership's protection specification, section 8.2."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from atlas.config.papers.compromises import COMPROMISES
from atlas.config.papers.proofs import Proof, named


@dataclass(frozen=True)
class Threat:
    """One threat: `kinds` are of STRIDE, with L for lose; `left`: what these controls do not stop, in a sentence."""

    number: int
    kinds: str
    words: str
    control: str
    proofs: Sequence[Proof]
    left: str = ""


THREATS = (
    Threat(
        1,
        "I",
        "somebody with a valid role opens a child of an abuser's circle",
        "no role opens a child; blocks for brothers, sisters and household; suggestions; odd looks",
        (
            "tests/gate/test_matrix.py",
            "tests/gate/test_blocks.py",
            "tests/connections/test_block_worker.py",
            "tests/audit/test_odd_reasons.py",
            "bench misuse",
        ),
        "A tie that nobody knows of blocks nobody: only the odd look is left.",
    ),
    Threat(
        2,
        "I",
        "a refuge's address in a letter, a minute, an invitation or a link",
        "sealed sets, compiled out of every version; what stood in clear moves into the box; an invitation names no child",
        ("tests/sealed/test_clear.py", "tests/sealed/test_canaries.py", "tests/sharing/test_views.py"),
        "An address in other words than it was sealed in is not found.",
    ),
    Threat(
        3,
        "I",
        "the new address posted to the old one",
        "Atlas prints no postal letter and addresses no envelope: what leaves, leaves to an agency, a confirmed number or a link, and a sealed child's "
        "copy to nobody by itself",
        ("tests/sharing/test_copies_given.py", "tests/sharing/test_child_page.py", "tests/sealed/test_seal_set.py"),
        "What is printed from a page and posted by hand is out of its reach.",
    ),
    Threat(
        4,
        "I",
        "a plan shared with the agency in which the relative works",
        "one compiler for a named recipient; conflicts judged when it is sent and when it is opened",
        ("tests/sharing/test_disclose.py", "tests/sharing/test_views.py", "bench views"),
    ),
    Threat(
        5,
        "I",
        "the safety plan read on the child's phone by whoever exploits",
        "line by line with the child; no place, no name of another child, nobody safe until it is recorded who else opens the phone; a code, one touch "
        "shuts it, five minutes; no push text",
        (
            "tests/sharing/test_child_page.py::test_safe_people_stay_off_the_phone_until_it_is_recorded_who_else_can_open_it",
            "tests/sharing/test_child_page.py::test_it_shuts_at_a_touch_and_what_was_typed_waits",
            "tests/sharing/test_child_page.py::test_no_other_child_s_name_stands_on_it",
        ),
        "No panel of practitioners against domestic abuse has tried it.",
    ),
    Threat(
        6,
        "I",
        "search tells who exists and where",
        "one text and the same bytes for hidden, shut and absent; ten searches in an hour are an odd look",
        (
            "tests/desk/test_find_child.py::test_hidden_blocked_and_absent_are_the_same_bytes",
            "tests/audit/test_odd_looks.py",
            "bench search",
        ),
    ),
    Threat(
        7,
        "I",
        "a source known from wording, time or a row of the audit",
        "two rows, sanitised by two people, coarse dates, the desk's audit masked",
        ("tests/intelligence/test_sanitising.py", "tests/intelligence/test_side_channels.py"),
        "Nobody was asked whether they can tell sources from it.",
    ),
    Threat(
        8,
        "E",
        "break-glass becomes routine",
        "four hours, told at once, reviewed by others, a rate that is looked at",
        ("tests/break_glass/test_break_glass.py", "tests/break_glass/test_overdue.py"),
    ),
    Threat(
        9,
        "E",
        "an injection changes who acts",
        "the context is signed for its transaction; queries take parameters",
        ("tests/gate/test_matrix.py::test_a_forged_context_is_nobody", "tests/guards/test_statements.py", "tests/gate/test_compromise.py"),
    ),
    Threat(
        10,
        "E",
        "tests run as the owner, and row security never stood",
        "every test under the service's login; the service refuses to start with a hole",
        ("tests/gate/test_catalogue.py", "tests/gate/test_start.py", "tests/gate/test_row_security.py"),
    ),
    Threat(
        11,
        "I",
        "a pooled connection keeps the person before",
        "who acts is set for one transaction only; a connection that still knows somebody is thrown away",
        ("tests/gate/test_pitfalls.py", "bench crosstalk"),
    ),
    Threat(
        12,
        "I",
        "a move, a merger, an end or a closing leaves an old viewer",
        "every right is judged at every statement; nothing is kept between requests",
        ("tests/gate/test_revoke.py", "tests/transfers/test_left_behind.py", "tests/linkage/test_pairs.py", "bench revoke"),
    ),
    Threat(
        13,
        "I",
        "a job or an export outlives the right",
        "judged for its person when it runs and before it delivers; opened only while the right stands",
        (
            "tests/running/test_behalf.py",
            "tests/sharing/test_export_ends.py",
            "tests/sharing/test_exports.py::test_a_right_lost_after_delivery_shuts_the_file",
        ),
    ),
    Threat(
        14,
        "I",
        "a count or a map singles out a child",
        "counts of one to five unsaid, with what would give them away; a second profile of nearly the same children is refused; no place on the map under ten children",
        ("tests/profile/test_attacker.py", "tests/analysis/test_disclosure.py", "tests/contacts/test_view_consistency.py"),
        "What two tables of different pages say together is not attacked.",
    ),
    Threat(
        15,
        "I",
        "a hidden sheet, a layer of a PDF, a place in a photograph",
        "files made new from a list of fields; of a photograph only pixels survive",
        (
            "tests/sharing/test_exports.py::test_a_workbook_holds_no_formula_hidden_sheet_cache_link_or_name_of_a_machine",
            "tests/missing/test_verbs.py::test_a_photograph_is_made_anew_and_what_is_none_is_refused",
        ),
    ),
    Threat(
        16,
        "TR",
        "a note rewritten or backdated after a death",
        "versions that are only added to, the server's time, both times shown",
        (
            "tests/gate/test_catalogue.py",
            "tests/oversight/test_view_corrections.py",
            "tests/audit/test_record.py::test_the_database_sets_number_transaction_and_time_whatever_is_given",
        ),
    ),
    Threat(
        17,
        "TR",
        "an administrator edits the record of looks, or rolls the database back",
        "Merkle batches, chained, signed, anchored with partners; a verifier that shares no code",
        ("tests/audit/test_sealer.py", "bench tamper"),
        "What was written in the last second before is not yet anchored.",
    ),
    Threat(
        18,
        "S",
        "a stolen session or key of a system, a shared or forgotten account",
        "passkeys, a second factor everywhere, the session bound to its device, ends at once, 30 days; a system's key signs one request, once, for a "
        "minute, and only for a person who let it act",
        (
            "tests/accounts/test_second_factor.py",
            "tests/accounts/test_sessions.py",
            "tests/accounts/test_dormant.py",
            "tests/systems/test_api.py",
        ),
    ),
    Threat(
        19,
        "S",
        "a caller who poses as a colleague",
        "a card says whom to ring and no more; the guest's link needs a code sent to a number that was checked",
        (
            "tests/desk/test_find_child.py::test_another_statutory_agency_is_told_whom_to_ring_and_no_more_and_the_same_of_a_restricted_child",
            "tests/sharing/test_guests.py",
        ),
        "Whoever reads a card aloud on the telephone is not stopped.",
    ),
    Threat(
        20,
        "ST",
        "an altered, late or repeated file of an agency",
        "the same file twice changes nothing; a row with a fault waits with its reason; calls of systems are signed, once",
        (
            "tests/feeds/test_deliveries.py",
            "tests/systems/test_api.py::test_a_forged_an_old_and_a_repeated_call_get_one_answer_and_the_record_holds_the_reason",
            "bench repeat",
        ),
        "A file put into a folder is trusted as far as the folder is.",
    ),
    Threat(
        21,
        "D",
        "a bomb file, a slow query, a report at nine",
        "read in a bounded process of its own; entities refused; statements end by themselves; long jobs have a worker of their own, and urgent ones never wait for it",
        (
            "tests/feeds/test_zoo.py",
            "tests/gate/test_hostile_requests.py",
            "tests/returns/test_layouts.py",
            "tests/returns/test_bad_files.py",
            "tests/tasks/test_queues.py",
            "bench zoo",
        ),
        "What others feel while it goes on was not measured, nor were bodies sent slowly.",
    ),
    Threat(
        22,
        "DL",
        "ransomware, also of the backups",
        "copies and log on another machine, by a login that reads no table, locked to a key that lies in a safe; whoever serves cannot reach them; a copy that was "
        "altered is passed over; restored to a second, and proved against partners' anchors; an emergency pack meanwhile",
        ("tests/backups/test_backup.py", "tests/backups/test_locked.py", "tests/packs/test_pack.py", "bench restore"),
        "Append-only storage for the archive is the council's to provide. Where the private key is lost, so is every backup.",
    ),
    Threat(
        23,
        "L",
        "a retention script deletes wrongly",
        "counted first, and stopped above a cap; two people; thirty days in which it can be restored whole; holds win; one function that walks the foreign keys",
        (
            "tests/rules/test_retention.py",
            "tests/retention/test_runs.py",
            "tests/retention/test_erased.py",
            "tests/retention/test_holds.py",
            "bench retention",
        ),
        "Which classes no statute sets, the council has to decide; until then nothing of them goes.",
    ),
    Threat(
        24,
        "L",
        "an acknowledged save, or typed text, is lost, or saved twice",
        "acknowledged after the commit; keys; versions; drafts on the server",
        (
            "tests/writes/test_repeats.py",
            "tests/writes/test_edits.py",
            "tests/writes/test_drafts.py",
            "bench edits",
            "bench repeat",
            "bench autosave",
        ),
    ),
    Threat(
        25,
        "L",
        "an alert is not delivered and nobody notices",
        "a ladder of posts by clock, what is not acknowledged climbs; urgent jobs have a worker of their own; what failed or is late stands on a shelf that a "
        "person sees, and its alert goes on at once; a step of tick that fails stops no other; tick, workers and sealer leave beats",
        (
            "tests/tasks/test_alerts.py",
            "tests/tasks/test_notices.py",
            "tests/tasks/test_queues.py",
            "tests/tasks/test_tick.py",
            "tests/running/test_shelf.py",
            "bench queues",
            "bench degraded",
        ),
    ),
    Threat(
        26,
        "T",
        "two children joined in one record, one family opened to the other",
        "never joined by itself; side by side with reasons, a person decides; the stricter protection holds for both; undone for ever",
        (
            "tests/linkage/test_pairs.py::test_the_same_child_moves_nothing_says_so_on_both_and_is_taken_back_for_ever",
            "tests/linkage/test_pairs.py::test_the_stricter_protection_of_the_two_holds_for_both_until_it_is_taken_back",
            "bench linkage",
        ),
    ),
    Threat(
        27,
        "T",
        "a clock wrong when the hour changes or on a bank holiday",
        "working days from a kept table, an oracle written apart",
        ("tests/clocks/test_moments.py", "tests/clocks/test_rules.py", "tests/rules/test_working_days.py"),
    ),
    Threat(
        28,
        "I",
        "an error page, a log or an address tells",
        "random ids; no value of a row in a log; nothing from third parties",
        (
            "tests/gate/test_pitfalls.py::test_an_error_s_row_reaches_neither_the_page_nor_the_log",
            "tests/sealed/test_canaries.py",
            "tests/desk/test_find_child.py::test_ids_in_addresses_are_random",
        ),
    ),
    Threat(
        29,
        "I",
        "subject access by an abusive parent in the child's name",
        "the privacy officer looks at who asks and by what right before anything opens; a child who understands decides; "
        "where the child is is marked for anybody but the child; "
        "the answer is made from what was given, and released by two",
        (
            "tests/subject_access/test_requests.py",
            "tests/subject_access/test_weighing.py",
            "tests/subject_access/test_answers.py",
            "bench subject_access",
        ),
        "Somebody who is described, and not named, in words that the helper does not know: a person reads each item.",
    ),
    Threat(
        30,
        "E",
        "a dependency turns",
        "every package pinned by its hash; no network at run but what settings name",
        ("tests/guards/test_shape.py", "run.py check"),
        "What a pinned package does inside the process is not contained.",
    ),
    Threat(
        31,
        "I",
        "real data in a demonstration or with support",
        "everybody in the demonstration is invented; nobody has a support view",
        ("tests/demo/test_people.py", "tests/demo/test_year.py"),
    ),
    Threat(
        32,
        "I",
        "a list or a score that discriminates",
        "no score or rank of a child anywhere; impact and equality assessments before the first run; what is on grounds ends; the equality view",
        (
            "tests/guards/test_words.py",
            "tests/profile/test_profile.py",
            "tests/oversight/test_view_equality.py",
            "tests/network/test_forgotten.py",
        ),
    ),
)

OPENING = """# Threats, and what each compromise gives away

The threats are those of the partnership's protection specification, sections 8.2 and 8.3. A test holds that each proof named here is there.
S spoof, T tamper, R repudiate, I disclose, D deny, E elevate, L lose.

| # | | Threat | What stands against it | Proof | What is left |
| --- | --- | --- | --- | --- | --- |
"""


def threats(root: Path) -> str:
    """The paper, as Markdown."""
    rows = [f"| {one.number} | {one.kinds} | {one.words} | {one.control} | {named(one.proofs)} | {one.left} |" for one in THREATS]
    lost = [
        "",
        "## What each compromise gives away",
        "",
        "| Who holds | gets | and must not get | What is left |",
        "| --- | --- | --- | --- |",
    ]
    for one in COMPROMISES:
        cells = "; ".join(f"{what} ({named(proofs)})" for what, proofs in one.must_not)
        lost.append(f"| {one.holds} | {one.gets} | {cells} | {one.left} |")
    return OPENING + "\n".join([*rows, *lost]) + "\n"
