"""What somebody holds who should not, what it gives them, and what it must not: the partnership's protection specification, section 8.3. One proof a cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from atlas.config.papers.proofs import Proof


@dataclass(frozen=True)
class Compromise:
    """What somebody holds who should not, what it gives them, and what it must not: each with its proofs. No proof: it is not kept, and `left` says so."""

    holds: str
    gets: str
    must_not: Sequence[tuple[str, Sequence[Proof]]]
    left: str = ""


COMPROMISES = (
    Compromise(
        "one practitioner's session",
        "that person's children, at most 15 minutes idle",
        (
            ("other children", ("tests/gate/test_matrix.py", "tests/gate/test_crawl.py")),
            (
                "a sealed set without a second factor",
                ("tests/sealed/test_unsealer.py::test_the_moment_the_purpose_the_proof_and_the_reason_must_hold",),
            ),
            ("a look of which nothing is written", ("tests/audit/test_record.py", "tests/audit/test_kills.py", "bench audit")),
        ),
    ),
    Compromise(
        "an agency's API credential",
        "what the people who let that system act may see, while their grant lasts",
        (
            (
                "a list of many",
                (
                    "tests/systems/test_api.py::test_a_child_is_found_by_a_number_that_the_person_may_see_and_the_terms_are_kept",
                    "tests/systems/test_api.py::test_a_grant_lasts_twelve_hours_and_calls_are_counted",
                ),
            ),
            ("what other agencies hold", ("tests/systems/test_api.py::test_every_operation_is_shut_to_every_role_for_a_foreign_child",)),
            ("anything once it is revoked", ("tests/systems/test_api.py::test_whatever_ends_ends_at_the_next_call",)),
        ),
    ),
    Compromise(
        "an injected statement, as the service's login",
        "the rows of whoever made the request",
        (
            ("another identity", ("tests/gate/test_compromise.py::test_an_injected_statement_takes_no_other_identity",)),
            ("what is sealed", ("tests/gate/test_compromise.py::test_an_injected_statement_reads_nothing_that_is_sealed",)),
            ("a changed record of looks", ("tests/gate/test_compromise.py::test_an_injected_statement_changes_no_act_and_no_look",)),
            (
                "tables or programs of its own, by which weaknesses of PostgreSQL are reached",
                (
                    "tests/gate/test_catalogue.py::test_no_login_of_the_service_makes_anything",
                    "tests/gate/test_catalogue.py::test_a_server_older_than_its_floor_is_found",
                ),
            ),
        ),
    ),
    Compromise(
        "the web server's process",
        "the data of live requests, and acts as anybody who has a live post, each written down",
        (
            ("the keys of what is sealed", ("tests/gate/test_compromise.py::test_the_web_server_holds_no_key_that_opens_or_signs",)),
            (
                "the past of the audit rewritten unseen",
                (
                    "tests/audit/test_sealer.py::test_every_kind_of_tampering_is_found_and_located",
                    "tests/gate/test_compromise.py::test_an_injected_statement_changes_no_act_and_no_look",
                ),
            ),
            ("the backups deleted", ("tests/backups/test_backup.py::test_whoever_serves_cannot_reach_the_backups",)),
        ),
        "It can forge the proof of a second factor of whoever may open sealed sets: one at a time, twelve an hour, each written down.",
    ),
    Compromise(
        "the database's superuser",
        "every ordinary row",
        (
            (
                "what is sealed",
                ("tests/sealed/test_canaries.py", "tests/gate/test_compromise.py::test_the_superuser_finds_no_sealed_word_in_any_table"),
            ),
            ("an audit edited unseen", ("tests/audit/test_sealer.py", "bench tamper")),
        ),
    ),
    Compromise(
        "a stolen backup, or the machine that writes the backups",
        "how large each file is and when it was written; on the machine, what is received from then on",
        (
            (
                "a readable word of what was written",
                (
                    "tests/backups/test_locked.py::"
                    "test_a_stolen_archive_holds_nothing_readable_and_its_owner_gets_back_all_that_two_dead_machines_held",
                ),
            ),
            ("what is sealed", ("tests/gate/test_compromise.py::test_the_superuser_finds_no_sealed_word_in_any_table",)),
            ("a secret of a second factor, or a password", ("tests/accounts/test_secrets.py",)),
        ),
        "Whoever has the private key too reads every ordinary row: it lies in two safes, and on no machine that runs. The disk of the database's own machine is the "
        "council's to encrypt.",
    ),
    Compromise(
        "a leaked export",
        "the ticked columns of at most as many children as one person may export, and who exported it",
        (
            ("to stay without a name", ("tests/sharing/test_trace.py", "bench watermark")),
            (
                "more children than one person may take",
                ("tests/sharing/test_export_many.py::test_the_database_lets_more_leave_for_no_single_login_and_only_as_approved",),
            ),
        ),
    ),
    Compromise(
        "the child's phone",
        "the lines of the plan that the child chose",
        (
            (
                "where the child is, other children, who works with them",
                (
                    "tests/sharing/test_child_page.py::test_no_other_child_s_name_stands_on_it",
                    "tests/sharing/test_child_page.py::test_it_names_no_place_no_worker_and_not_the_child",
                ),
            ),
            (
                "anything after five minutes or a touch",
                ("tests/sharing/test_child_page.py::test_it_is_shut_five_minutes_after_it_was_last_touched",),
            ),
        ),
    ),
    Compromise(
        "the analyses that are kept",
        "documents with counts above five",
        (
            ("names or keys of children", ("tests/profile/test_profile.py",)),
            ("a cell of one to five", ("tests/profile/test_attacker.py",)),
        ),
    ),
)
