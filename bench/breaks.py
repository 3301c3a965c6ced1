"""What `bench guards` breaks: for every guard, one thing that it guards, and the change of one file that breaks it.

The text to change stands once in its file (tests/guards/test_breaks.py looks). A file that is not there is made for the break.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Break:
    """One thing that is broken. `guard`: a test, or a tool of `run.py check`; `says`: what the guard must say when it fails."""

    what: str
    file: str
    old: str
    new: str
    guard: str
    says: str = ""


CLASSES, GATE, WORDS, PAGES, SHAPE, SCREENS, GLOSSARY, BREAKS, WRITES, STATEMENTS, SECURITY = (
    f"tests/guards/test_{name}.py::test_"
    for name in ("classification", "gate", "words", "pages", "shape", "screens", "glossary", "breaks", "writes", "statements", "security")
)
CATALOGUE = "tests/gate/test_catalogue.py::test_"
CHECKS = "(_role, _server, _tables, _more_than_rows, _append_only, _versions, _triggers, _sealer, _tick, _policies, _functions, _views, _installed)"
INSTALLED = 'stdout=open(os.devnull, "w"))  # noqa: SIM115\n'
REACH = "    found := ARRAY(\n        SELECT r.child_id FROM gate_relationship r\n"
FOOLED = "    PERFORM set_config('search_path', 'pg_temp, public', true);\n"
SITE = "https://py" + "pi.org"  # in two parts: the guard reads this file too

RULES = (
    Break("a form edits what nobody listed", "atlas/missing/forms.py", '    edits = {"grade": "grade"}\n', "",
          WRITES + "every_form_that_edits_is_listed_with_what_it_edits"),
    Break("a record without a version", "atlas/children/models.py", "    version = version_field()\n", "",
          WRITES + "every_record_that_may_be_altered_has_a_version"),
    Break("a command that cannot be repeated", "atlas/gate/act.py", 'key: str | None = None, content: str = "", seen_version: int | None = None, **given: Any',
          'key: str | None = None, seen_version: int | None = None, **given: Any',
          WRITES + "every_command_takes_a_key_and_the_hash_of_what_was_sent"),
    Break("a form without a key", "atlas/missing/templates/missing/share_interview.html", '<input type="hidden" name="key" value="{{ finish_key }}">', "",
          WRITES + "every_form_shown_holds_a_key_and_a_base"),
    Break("a field is in no class", "atlas/config/classification.py", "to_child via method", "to_child via",
          CLASSES + "every_field_is_classified_once_and_none_that_is_not_there"),
    Break("personal data outside the gate", "atlas/config/classification.py", 'PUBLIC: "name purpose", OPERATIONAL', 'PUBLIC: "name purpose", PERSONAL',
          CLASSES + "what_is_special_or_personal_stands_behind_the_gate"),
    Break("free words are not special", "atlas/config/classification.py", '{SPECIAL: "place words", PERSONAL: "meets_at', '{PERSONAL: "place words meets_at',
          CLASSES + "free_words_about_a_child_are_special"),
    Break("a page without the gate", "atlas/audit/views.py", "@page(about=Child, needs=Permission.VIEW_LOOKS, event=Event.READ_AUDIT)\n", "",
          GATE + "every_page_is_gated"),
    Break("a command by position", "atlas/tasks/commands.py", "def complete_task(*, task", "def complete_task(task",
          GATE + "every_command_is_keyword_only_and_takes_by_and_at"),
    Break("a verb that is no command", "atlas/tasks/commands.py", "@command(needs=Permission.COMPLETE_TASK)\n", "",
          GATE + "no_verb_beside_the_commands_acts_for_a_post"),
    Break("a command without a test", "atlas/tasks/commands.py", "@command(needs=Permission.COMPLETE_TASK)\n",
          '@command(needs=Permission.COMPLETE_TASK)\ndef tear_up(*, task: Task, by: "Post", at: datetime) -> Task:\n    """Never tried."""\n    return task\n\n\n'
          "@command(needs=Permission.COMPLETE_TASK)\n",
          GATE + "every_command_is_called_by_a_test"),
    Break("a permission that no role holds", "atlas/gate/policy.py",
          "_ACCOUNTS | {P.END_POST, P.VIEW", "frozenset() | {P.END_POST, P.VIEW",
          GATE + "every_permission_has_a_need_and_a_role"),
    Break("a table about a child without the gate", "atlas/feeds/models.py",
          '    open_to_roles: ClassVar[tuple[str, ...]] = ("data_officer", "feed")\n', "", GATE + "every_table_about_a_child_is_gated"),
    Break("a view made after the gate", "tests/conftest.py", INSTALLED,
          INSTALLED + '        connection.cursor().execute("CREATE VIEW all_children AS SELECT * FROM children_child")\n',
          GATE + "the_catalogue_finds_no_hole"),
    Break("a table left out of the statements", "atlas/gate/install.py", "    for model in gated_models():\n        yield from",
          "    for model in gated_models()[1:]:\n        yield from", GATE + "the_statements_cover_every_gated_table"),
    Break("the tests run as the owner", "tests/conftest.py", '_point(database(os.environ["DATABASE_URL"]), name)', "_point(owner, name)",
          GATE + "the_service_login_is_neither_owner_nor_superuser"),
    Break("a command with another's permission", "atlas/missing/commands/back.py", "@command(needs=Permission.RECORD_FOUND)\ndef record_found",
          "@command(needs=Permission.RECORD_RETURN)\ndef record_found", WORDS + "every_command_has_the_word_of_its_permission"),
    Break("a page with another's permission", "atlas/missing/views/episode.py", "needs=Permission.RECORD_FOUND)", "needs=Permission.RECORD_RETURN)",
          WORDS + "every_page_has_the_word_of_its_permission_or_of_its_command"),
    Break("a template of no page", "atlas/missing/templates/missing/record_hearsay.html", "", "<p>Hearsay</p>", WORDS + "every_template_has_the_word_of_its_page"),
    Break("a permission for nothing", "atlas/gate/policy.py", '    VIEW_ACCOUNTS = "view_accounts"\n',
          '    VIEW_ACCOUNTS = "view_accounts"\n    PRINT_RECORD = "print_record"\n', WORDS + "every_permission_is_the_word_of_a_command_or_of_a_page"),
    Break("a step with a name of its own", "atlas/missing/workflow.py", '"record_found": (', '"record_discovered": (',
          WORDS + "every_step_is_taken_by_the_command_of_its_name"),
    Break("a template that asks the database", "atlas/missing/views/interview.py", 'list(interview.offers.order_by("-offered_at", "pk"))',
          'interview.offers.order_by("-offered_at", "pk")', PAGES + "every_page_opens_with_something_in_every_part_of_it", "A template asked the database"),
    Break("nobody watches the templates", "tests/conftest.py", "execute_wrapper(_refuse)", "execute_wrapper(lambda run, *given: run(*given))",
          PAGES + "a_template_that_asks_the_database_fails"),
    Break("a question in a template", "atlas/missing/templates/missing/view_missing_now.html", "in episodes %}", "in episodes.all() %}",
          PAGES + "no_template_writes_a_question"),
    Break("a function of 60 lines", "atlas/audit/queries.py", "    rows = _rows(child)\n    posts", "    rows = _rows(child)\n" + "    rows += []\n" * 50 + "    posts",
          SHAPE + "files_and_functions_are_small"),
    Break("a nameless home", "atlas/tasks/utils.py", "", '"""Odds and ends."""\n', SHAPE + "every_home_has_a_name_of_the_field"),
    Break("a view that writes", "atlas/feeds/views.py", "    found = get_object_or_404(CodeMapping, pk=mapping)\n",
          "    found = get_object_or_404(CodeMapping, pk=mapping)\n    found.save()\n", SHAPE + "only_commands_write"),
    Break("a query that reads the clock", "atlas/tasks/queries.py", "    return not_shut(_of_rung(alert, LADDER[rung].who, at), alert.child_id)\n",
          "    return not_shut(_of_rung(alert, LADDER[rung].who, datetime.now(at.tzinfo)), alert.child_id)\n", SHAPE + "the_clock_is_read_at_the_doors"),
    Break("a front page that imports", "atlas/audit/__init__.py", '"""Audit: who', 'import os  # "\n"""Audit: who',
          SHAPE + "no_folder_is_empty_and_none_imports_in_its_front_page"),
    Break("a rule that reads a table", "atlas/people/rules.py", "import unicodedata\n", "import unicodedata\n\nfrom django.db import connection\n",
          SHAPE + "rules_and_workflows_touch_no_table_and_no_web"),
    Break("a type of a folder above", "atlas/people/rules.py", "import unicodedata\n",
          "import unicodedata\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from atlas.missing.codes import Grade\n",
          SHAPE + "only_the_gate_names_higher_types_for_the_checker"),
    Break("a blaming word", "atlas/chronology/kinds.py", '"We did not manage to meet"', '"The child was a no-show"',
          SCREENS + "no_blaming_word_stands_on_a_screen"),
    Break("a registry's address in a style sheet", "atlas/design/static/atlas/atlas.css", ".atlas-late {", f"/* {SITE}/simple */ .atlas-late {{",
          SCREENS + "no_secret_no_path_of_a_machine_and_no_registry_in_what_is_kept"),
    Break("a word that Atlas does not use", "GLOSSARY.md", "## unallocated\n", "## unallotted\n",
          GLOSSARY + "every_word_has_its_meaning_and_what_to_avoid_and_is_used"),
    Break("a table without its word", "GLOSSARY.md", "## spell\n", "## spells\n", GLOSSARY + "every_table_has_its_word"),
    Break("a proof that is not there", "SECURITY.md", "`tests/connections/test_lift_block.py`", "`tests/connections/test_block_lifted.py`",
          SECURITY + "every_proof_that_it_names_is_there"),
    Break("a word that is avoided and used", "GLOSSARY.md", "_Avoid_: rota entry", "_Avoid_: spell", GLOSSARY + "a_word_to_avoid_is_no_word_of_the_glossary"),
    Break("a word to avoid on a page", "atlas/oversight/templates/oversight/view_team_work.html", "Nothing is waiting", "No case is waiting",
          GLOSSARY + "no_word_to_avoid_stands_on_a_screen"),
    Break("a decision without its options", "docs/adr/0004-by-and-at.md", "## Options", "## Choices", GLOSSARY + "every_decision_has_its_four_parts"),
    Break("a guard that nobody has broken", "tests/guards/test_nothing.py", "", "def test_nothing() -> None:\n    assert True\n",
          BREAKS + "every_guard_is_broken_once"),
    Break("a break whose place has gone", "docs/adr/0005-child-id-is-person-id.md", "## Options", "## Options\n\n## Options", BREAKS + "every_break_changes_one_place"),
    Break("a statement written by hand", "atlas/sealed/commands.py", "from datetime import",
          "from django.db import connection as hand\n\nhand.cursor().execute('SELECT 1')\nfrom datetime import",
          STATEMENTS + "statements_are_written_by_hand_in_few_files"),
    Break("what was sent is the word of a query", "atlas/audit/queries.py", "**counted,\n", "**dict(counted),\n",
          STATEMENTS + "what_somebody_sent_is_never_the_word_of_a_query"),
    Break("who acts is told for the session", "atlas/gate/context.py", "set_config(%s, %s, true)", "set_config(%s, %s, false)",
          STATEMENTS + "who_acts_is_told_for_one_transaction_only"),
    Break("an answer is streamed", "atlas/config/urls.py", "    return HttpResponse(\"ok\", content_type=\"text/plain\")\n",
          "    from django.http import StreamingHttpResponse\n\n    return StreamingHttpResponse([b\"ok\"])\n",
          STATEMENTS + "nothing_is_sent_after_the_transaction_has_ended"),
    Break("a council's server logs what is searched for", "atlas/config/launcher.py", '"log_parameter_max_length = 0", ', "",
          STATEMENTS + "every_login_keeps_what_is_written_out_of_the_server_s_log"),
    Break("the catalogue does not look at the server", "atlas/gate/catalogue.py", CHECKS, CHECKS.replace("_server, ", ""),
          CATALOGUE + "a_server_that_writes_values_into_its_log_is_found"),
    Break("an old server is let through", "atlas/gate/catalogue.py", "FLOORS = {15: 14,", "FLOORS = {15: 0,", CATALOGUE + "a_server_older_than_its_floor_is_found"),
    Break("the catalogue does not look at TRUNCATE", "atlas/gate/catalogue.py", CHECKS, CHECKS.replace("_more_than_rows, ", ""), CATALOGUE + "every_hole_is_found"),
    Break("the catalogue does not look at what a policy says", "atlas/gate/catalogue.py", "return [] if rows[0][1] else [CHANGED]", "return []",
          CATALOGUE + "every_hole_is_found"),
    Break("the catalogue does not look at tables", "atlas/gate/catalogue.py", CHECKS, CHECKS.replace("_tables, ", ""), CATALOGUE + "every_hole_is_found"),
    Break("the catalogue does not look at what is added to", "atlas/gate/catalogue.py", CHECKS, CHECKS.replace("_append_only, ", ""),
          CATALOGUE + "every_hole_is_found"),
    Break("the catalogue does not look at triggers", "atlas/gate/catalogue.py", CHECKS, CHECKS.replace("_triggers, ", ""), CATALOGUE + "every_hole_is_found"),
    Break("the catalogue does not look at tick", "atlas/gate/catalogue.py", CHECKS, CHECKS.replace("_tick, ", ""), CATALOGUE + "every_hole_is_found"),
    Break("the catalogue does not look at the sealer", "atlas/gate/catalogue.py", CHECKS, CHECKS.replace("_sealer, ", ""), CATALOGUE + "every_hole_is_found"),
    Break("the gate cannot be made again", "atlas/gate/install.sql", " EXCEPTION WHEN dependent_objects_still_exist THEN NULL;", "",
          CATALOGUE + "the_gate_can_be_installed_again"),
    Break("the catalogue does not look at versions", "atlas/gate/catalogue.py", CHECKS, CHECKS.replace("_versions, ", ""), CATALOGUE + "every_hole_is_found"),
    Break("the catalogue does not look at policies", "atlas/gate/catalogue.py", CHECKS, CHECKS.replace("_policies, ", ""), CATALOGUE + "every_hole_is_found"),
    Break("the catalogue does not look at functions", "atlas/gate/catalogue.py", CHECKS, CHECKS.replace("_functions, ", ""), CATALOGUE + "every_hole_is_found"),
    Break("the catalogue does not look at views", "atlas/gate/catalogue.py", CHECKS, CHECKS.replace("_views, ", ""), CATALOGUE + "every_hole_is_found"),
    Break("the catalogue does not look at the policy", "atlas/gate/catalogue.py", CHECKS, CHECKS.replace(", _installed", ""), CATALOGUE + "every_hole_is_found"),
    Break("the catalogue does not look at sealed sets", "atlas/gate/catalogue.py", "(*checks, *(module.findings for module in others()))", "checks",
          CATALOGUE + "every_hole_is_found"),
    Break("the catalogue does not look at the login", "atlas/gate/catalogue.py", CHECKS, CHECKS.replace("_role, ", ""),
          CATALOGUE + "a_login_above_the_gate_and_a_leakproof_function_are_found"),
    Break("a temporary table fools the gate", "atlas/gate/install.sql", REACH, FOOLED + REACH,
          CATALOGUE + "a_table_of_the_caller_s_own_does_not_fool_the_gate"),
    Break("a file that is not formatted", "atlas/audit/queries.py", "class Looked:", "class  Looked:", "format", "would be reformatted"),
    Break("an import that is not used", "atlas/desk/queries.py", "from datetime import date, datetime, timedelta\n",
          "from datetime import date, datetime, time, timedelta\n", "lint", "F401"),
    Break("a folder imports from above", "atlas/desk/queries.py", "from datetime import date, datetime, timedelta\n",
          "from datetime import date, datetime, timedelta\n\nimport atlas.tick\n",
          "imports", "only what stands below it BROKEN"),
    Break("the service knows the fictional authority", "atlas/desk/queries.py", "from datetime import date, datetime, timedelta\n",
          "from datetime import date, datetime, timedelta\n\nimport demo.people\n",
          "imports", "knows the fictional authority BROKEN"),
    Break("a wrong type", "atlas/agencies/queries.py", "def is_away(post: Post, at: datetime) -> bool:", "def is_away(post: Post, at: datetime) -> str:",
          "types", "[return-value]"),
    Break("a model without its migration", "atlas/statuses/models.py", "detail = models.CharField(max_length=100", "detail = models.CharField(max_length=120",
          "migrations", "Alter field detail"),
    Break("a data dictionary of yesterday", "docs/data-dictionary.md", "# Data dictionary", "# The data dictionary", "documents",
          "docs/data-dictionary.md is out of date"),
    Break("a policy that lets in whatever is written", "atlas/gate/install.py", '(f" WITH CHECK ({check})" if check else "")',
          '(f" WITH CHECK ({check})" if check and using else "")', "row security", "SEC006"),
    Break("a table more that the gate's role reads whole", "atlas/gate/install.py", '"statuses_spell", "agencies_authority"',
          '"statuses_spell", "missing_offer", "agencies_authority"', "row security", "NEW SEC005 missing_offer gate_select"),
    Break("an accepted finding that is there no more", "tests/gate/row_security.txt", "    SEC005 app_insert of people_person",
          "    SEC005 app_insert of people_name people_person", "row security", "GONE SEC005 people_name app_insert"),
    Break("a rule book of yesterday", "docs/practice-rules.md", "# Practice rules", "# Rules", "documents", "docs/practice-rules.md is out of date"),
)  # fmt: skip
