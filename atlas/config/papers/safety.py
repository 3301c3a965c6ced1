"""The safeguarding safety case: hazards of the service, what causes each, what controls it, what proves the control, and what risk is left.

The method is that of clinical safety of health IT (DCB0129, as recalled from guides to it), applied to a safeguarding record: a hazard is something by
which the service could let a child come to harm. A release is not made while a hazard has no proof, or a proof fails: a test holds the first, `run.py test`
the second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from atlas.config.papers.proofs import Proof, named


class Severity(StrEnum):
    CATASTROPHIC = "a child may die"
    MAJOR = "a child may come to serious harm"
    CONSIDERABLE = "help comes late, or trust is lost"


class Likelihood(StrEnum):
    LOW = "once in years"
    VERY_LOW = "not to be expected"
    MEDIUM = "within a year"


@dataclass(frozen=True)
class Hazard:
    """One hazard, with its causes and controls; severity and likelihood as judged with the controls in place, by whoever wrote the row; `left`: what "
    "is left to people."""

    key: str
    words: str
    causes: str
    controls: str
    severity: Severity
    likelihood: Likelihood
    left: str
    proofs: Sequence[Proof]


S, L = Severity, Likelihood
HAZARDS = (
    Hazard(
        "H01",
        "An alert about a missing child is not seen",
        "nobody on duty; the mail is down; the job died; the person is on leave",
        "a ladder of posts by clock, cover and leave are known, urgent jobs have a worker of their own, what nobody took over in the morning is raised again; "
        "a message that has not left stands on a shelf that a person sees",
        S.CATASTROPHIC,
        L.LOW,
        "Somebody must be on the rota. Where every channel is down, the page itself shows it and nothing rings.",
        (
            "tests/tasks/test_alerts.py",
            "tests/tasks/test_notices.py",
            "tests/tasks/test_queues.py",
            "tests/tasks/test_unanswered.py",
            "tests/running/test_shelf.py",
            "tests/writes/test_tick.py",
        ),
    ),
    Hazard(
        "H02",
        "The wrong child's record is read or written",
        "the same name; two records of one child; a card read in haste",
        "name, date of birth and picture at the head of each page; two records are never joined by themselves; corrections say what was wrong",
        S.MAJOR,
        L.LOW,
        "A worker may still choose the wrong one of two that look alike.",
        ("tests/linkage/test_pairs.py", "tests/oversight/test_view_corrections.py"),
    ),
    Hazard(
        "H03",
        "Where a child is hidden becomes known to whoever would harm them",
        "an address in a note, a letter, a file, an error, a search",
        "sealed sets; compiled copies; canaries over every output; no child, hidden or shut, answers a search",
        S.CATASTROPHIC,
        L.LOW,
        "An address in other words than it was sealed in; what was printed before.",
        ("tests/sealed/test_canaries.py", "tests/sealed/test_clear.py", "tests/sharing/test_views.py", "tests/desk/test_find_child.py"),
    ),
    Hazard(
        "H04",
        "A worker tied to the abuser reads the record",
        "a tie that nobody knows; an emergency; a senior role",
        "blocks win over all that grants, also over break-glass; declarations each year; odd looks",
        S.CATASTROPHIC,
        L.LOW,
        "A tie that nobody declared or suspected.",
        (
            "tests/gate/test_blocks.py",
            "tests/connections/test_block_worker.py",
            "tests/break_glass/test_break_glass.py",
            "tests/audit/test_odd_reasons.py",
        ),
    ),
    Hazard(
        "H05",
        "A clock says that there is time where there is none",
        "a change of the hour, a bank holiday, a late entry, a corrected return",
        "elapsed hours and working days from a kept table; an independent calculation; corrections move the clock and keep the first",
        S.MAJOR,
        L.VERY_LOW,
        "A local rule that was set wrongly counts wrongly: its text stands beside it.",
        (
            "tests/clocks/test_moments.py",
            "tests/rules/test_working_days.py",
            "tests/rules/test_return_interview.py",
            "tests/missing/test_verbs.py::test_a_corrected_return_moves_the_clock_and_keeps_the_first_time",
        ),
    ),
    Hazard(
        "H06",
        "The plan on the wall is not the plan that stands",
        "printed, copied, not renewed",
        "each copy says its version and day; what happens asks the plan at once; copies are listed and renewed",
        S.MAJOR,
        L.MEDIUM,
        "A paper copy cannot be called back.",
        ("tests/plans/test_compile_copy.py", "tests/plans/test_answer_pattern.py", "tests/sharing/test_copies_given.py"),
    ),
    Hazard(
        "H07",
        "The plan is read by the exploiter on the child's phone",
        "a shared or taken phone",
        "line by line with the child, no place and no name, a code, one touch shuts it",
        S.MAJOR,
        L.LOW,
        "Whoever stands behind the child reads along.",
        ("tests/sharing/test_child_page.py",),
    ),
    Hazard(
        "H08",
        "The record cannot be opened at two in the morning",
        "the server, the network, a second factor that is lost",
        "reading from a replica with every look kept; an emergency pack for each duty team, opened without Atlas; restore to a second; recovery of a factor by an "
        "administrator; drafts on the server",
        S.MAJOR,
        L.LOW,
        "On a replica nobody signs in anew. A pack is as old as the hour it was made in.",
        (
            "tests/running/test_read_only.py",
            "tests/packs/test_pack.py",
            "tests/backups/test_backup.py",
            "tests/accounts/test_administration.py",
            "bench restore",
        ),
    ),
    Hazard(
        "H09",
        "What was written is lost",
        "a crash after the answer; a session that ended; two who write at once",
        "acknowledged after the commit; keys; drafts; the edit of another is shown and nothing overwritten",
        S.MAJOR,
        L.VERY_LOW,
        "Up to ten seconds of typing.",
        ("tests/writes/test_edits.py", "tests/writes/test_repeats.py", "tests/writes/test_drafts.py", "bench kills"),
    ),
    Hazard(
        "H10",
        "A return interview comes late or never",
        "no interviewer, refused once and forgotten, the child lives elsewhere",
        "two clocks, offered again, climbs by itself, the responsible authority's worker by a link",
        S.CONSIDERABLE,
        L.MEDIUM,
        "There must be interviewers.",
        ("tests/missing/test_return_interview.py", "tests/missing/test_owed.py", "tests/missing/test_responsible.py"),
    ),
    Hazard(
        "H11",
        "A child is treated as a suspect",
        "a list, a link, a group's name",
        "a child first; capacity on every link; no list of people of concern holds a child; what nobody looks at again ends",
        S.MAJOR,
        L.LOW,
        "Words in free text.",
        ("tests/connections/test_people_of_concern.py", "tests/network/test_links.py", "tests/network/test_forgotten.py"),
    ),
    Hazard(
        "H12",
        "A figure makes somebody look in the wrong place",
        "chance taken for change; missing rows; a place that only reports",
        "tests against chance, per cent unknown beside each figure, a caveat, a decision by a person",
        S.CONSIDERABLE,
        L.MEDIUM,
        "A profile is read by people who want an answer.",
        ("tests/analysis/test_scan.py", "tests/profile/test_sections.py", "bench null_scan"),
    ),
    Hazard(
        "H13",
        "Two records of one family are mixed, one family opened to the other",
        "a wrong merge",
        "never by itself; strictest protection; taken back for ever",
        S.MAJOR,
        L.VERY_LOW,
        "The person who decides may be wrong.",
        ("tests/linkage/test_pairs.py",),
    ),
    Hazard(
        "H14",
        "A record is destroyed that was still needed",
        "a script, a wrong class, an inquiry",
        "classes as rows that two people set; counted first and stopped above a cap; two people; thirty days to take it back; a hold always wins",
        S.MAJOR,
        L.VERY_LOW,
        "What a council sets as a class is its own to judge; what its other systems delete.",
        ("tests/retention/test_runs.py", "tests/retention/test_erased.py", "tests/retention/test_holds.py", "tests/backups/test_backup.py"),
    ),
    Hazard(
        "H15",
        "A delivery from the main system overwrites what is right",
        "an old or altered file",
        "fingerprints, rows that wait with a reason, what Atlas masters is not taken, the same file twice changes nothing",
        S.CONSIDERABLE,
        L.LOW,
        "A wrong row of the main system is a wrong row here.",
        ("tests/feeds/test_deliveries.py", "tests/feeds/test_main_system.py", "bench repeat"),
    ),
    Hazard(
        "H16",
        "Somebody who left still reads",
        "a post that was not ended",
        "posts end at their second; dormant accounts; what a leaver owned goes on; a review of access",
        S.MAJOR,
        L.LOW,
        "The council must end the post.",
        ("tests/accounts/test_leave.py", "tests/accounts/test_dormant.py", "tests/oversight/test_handover.py", "bench revoke"),
    ),
    Hazard(
        "H17",
        "An allegation about a worker reaches that worker",
        "a team inbox, a manager who is a friend",
        "told to a designated officer alone; silent in every list, held by row security",
        S.MAJOR,
        L.VERY_LOW,
        "Whoever is told in words outside Atlas.",
        ("tests/allegations/test_alike.py", "tests/allegations/test_database_decides.py"),
    ),
    Hazard(
        "H18",
        "Words of the record hurt the child who reads them",
        "blame, jargon, a copy that was not meant for the child",
        "words that are listened to; copies for the child from lines that were agreed; reading age",
        S.CONSIDERABLE,
        L.MEDIUM,
        "Most words are people's own.",
        ("tests/exploitation/test_heard.py", "tests/sharing/test_reading_age.py", "tests/guards/test_words.py"),
    ),
    Hazard(
        "H19",
        "A record is given to whoever harms the child, or tells of somebody who helped",
        "a request in the child’s name, a parent with a right, words under a bar, a name that was overlooked",
        "who asks and by what right is looked at first; a child who understands decides; what is marked stays behind unless a person "
        "lets it go; built up from what is given; two people; what was sealed since keeps it in",
        S.CATASTROPHIC,
        L.LOW,
        "Somebody who is described in words that the helper does not know; what a worker says by telephone.",
        (
            "tests/subject_access/test_requests.py",
            "tests/subject_access/test_weighing.py",
            "tests/subject_access/test_answers.py",
            "bench subject_access",
        ),
    ),
)

OPENING = """# Safeguarding safety case

A hazard is something by which this service could let a child come to harm. For each: what causes it, what controls it, what proves the control, and what is
left to people. Severity and likelihood were judged by the authors with the controls in place, and not yet by a council's safety officer, who signs before the
first use (DCB0129 asks as much of health IT; recalled). Every proof is there, and runs with `run.py test`, or is a benchmark whose last figure stands in
bench/RESULTS.md. A release is made from a commit whose tests passed.

| # | Hazard | Causes | Controls | Severity | Likelihood | What is left | Proof |
| --- | --- | --- | --- | --- | --- | --- | --- |
"""


def safety_case(root: Path) -> str:
    """The case with its hazard log, as Markdown."""
    rows = [
        f"| {one.key} | {one.words} | {one.causes} | {one.controls} | {one.severity} | {one.likelihood} | {one.left} | {named(one.proofs)} |"
        for one in HAZARDS
    ]
    return OPENING + "\n".join(rows) + "\n"
