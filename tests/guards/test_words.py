"""One word for one thing: the step, the command, the permission, the page, its path, its template and its test have the same name."""

import ast
from functools import cache
from importlib import import_module

from atlas.gate.policy import Permission
from tests.guards.reading import ATLAS, SOURCES, commands, gated_pages, name_of, nodes, pages

P = Permission
# Commands that are a part of what another permission allows: each with its reason.
PART_OF = {
    "receive_child": (P.REGISTER_CHILD, "the main case system registers a child, with its authorities"),
    "record_birth": (P.REGISTER_CHILD, "the child who was expected is born: the same record"),
    "end_pregnancy": (P.REGISTER_CHILD, "the child who was expected is not born"),
    "record_advice": (P.REFER_TO_TEAM, "whoever may ask about the child may write down what was advised by telephone"),
    "finish_mirrored": (P.RECORD_STATUS, "what the main case system says of an assessment that the front door decided on"),
    "register_from_contact": (P.MATCH_CONTACT, "a contact about a child whom nobody here knew: the child is recorded, and matched"),
    "record_mother": (P.RECORD_STATUS, "the main case system says whose child a child is"),
    "replace_allocation": (P.RECORD_ALLOCATION, "the main case system says something else of an allocation"),
    "end_allocation": (P.RECORD_ALLOCATION, "the main case system says that an allocation ended"),
    "make_declaration": (P.DECLARE_CONNECTION, "one's own home is a connection too"),
    "record_address": (P.RECORD_CONTACT_DETAIL, "an address says with whom the child lives"),
    "record_team": (P.RECORD_WORKER, "a team comes with its workers"),
    "give_enrolment": (P.OPEN_ACCOUNT, "the link by which an account that is there is opened, or opened again"),
    "record_old_intelligence": (P.RECORD_INTELLIGENCE, "an item graded by the older scheme is an item of intelligence"),
    "record_lost_again": (P.RECORD_FOUND, "whoever may say that the child was found may say that the child was lost again"),
    "end_exploitation_marker": (P.SET_EXPLOITATION_MARKER, "whoever may record the concern may end it"),
    "let_parent_be_told": (P.DO_NOT_TELL_PARENT, "whoever may decide it may lift it"),
    "confirm_trigger_plan": (P.WRITE_TRIGGER_PLAN, "whoever may write it may say that it is still right"),
    "add_trigger_action": (P.WRITE_TRIGGER_PLAN, "a step of the plan"),
    "withdraw_trigger_action": (P.WRITE_TRIGGER_PLAN, "a step of the plan"),
    "name_types": (P.START_EXPLOITATION_ASSESSMENT, "a part of the assessment"),
    "write_views": (P.START_EXPLOITATION_ASSESSMENT, "a part of the assessment"),
    "write_analysis": (P.START_EXPLOITATION_ASSESSMENT, "a part of the assessment"),
    "add_contribution": (P.START_EXPLOITATION_ASSESSMENT, "a part of the assessment"),
    "add_dissent": (P.START_EXPLOITATION_ASSESSMENT, "whoever may assess may write down that somebody sees it otherwise"),
    "enter_local_score": (P.START_EXPLOITATION_ASSESSMENT, "what stands beside the assessment"),
    "add_item": (P.START_EXPLOITATION_ASSESSMENT, "a part of the assessment"),
    "record_seen_again": (P.START_EXPLOITATION_ASSESSMENT, "a part of the assessment"),
    "end_item": (P.START_EXPLOITATION_ASSESSMENT, "a part of the assessment"),
    "finish_exploitation_assessment": (P.START_EXPLOITATION_ASSESSMENT, "whoever may begin it may judge"),
    "send_back_level": (P.AGREE_LOWER_LEVEL, "whoever may agree may not agree"),
    "keep_from_nrm": (P.REFER_TO_NRM, "whoever may refer may say why not"),
    "record_nrm_decision": (P.REFER_TO_NRM, "what came of the referral"),
    "ask_nrm_again": (P.REFER_TO_NRM, "whoever may refer may ask again"),
    "record_breach": (P.START_MEASURE, "what came of the measure"),
    "review_measure": (P.START_MEASURE, "how the measure stands"),
    "end_measure": (P.START_MEASURE, "what came of the measure"),
    "end_concern_for_others": (P.RECORD_CONCERN_FOR_OTHERS, "whoever may record it may end it"),
    "end_harm": (P.RECORD_HARM, "whoever may record harm may say that it is over"),
    "record_telephone_discussion": (P.CALL_MEETING, "a strategy discussion that was held at once"),
    "record_attempt": (P.RAISE_CHALLENGE, "what was tried, by either side"),
    "withdraw_invitation": (P.INVITE, "whoever may ask somebody may take it back"),
    "compile_briefing": (P.CONTRIBUTE, "what the record says, written by somebody who works with the child"),
    "rewrite_contribution": (P.CONTRIBUTE, "one’s own entry, until the record is closed"),
    "rewrite_line": (P.ADD_LINE, "a line of the plan"),
    "end_line": (P.ADD_LINE, "a line of the plan"),
    "record_progress": (P.ADD_LINE, "what came of a line"),
    "check_line": (P.ADD_LINE, "a line that was read with the child"),
    "break_line": (P.ADD_LINE, "a line that does not hold any more"),
    "take_back_death": (P.RECORD_DEATH, "what the main case system no longer says"),
    "record_conference": (P.RECORD_STATUS, "a fact of the main case system, as a status is"),
    "record_undated": (P.RECORD_STATUS, "a fact of the main case system without dates"),
    "compare_with_delivery": (P.RECORD_STATUS, "what the main case system no longer says is a status too"),
    "question_police_grade": (P.RECORD_POLICE_GRADE, "a grade that is not taken over"),
    "record_past_episodes": (P.REPORT_MISSING, "the set form of reporting, for episodes from before Atlas"),
    "send_transfer": (P.START_TRANSFER, "the same offer, to somebody without an account"),
    "withdraw_transfer": (P.START_TRANSFER, "whoever may offer may take it back"),
    "take_transfer_reply": (P.START_TRANSFER, "whoever may offer takes over what came back"),
    "take_reply": (P.ASK_RESPONSIBLE, "whoever may ask takes over what came back"),
    "set_police_report_aside": (P.RECORD_POLICE_REPORT, "what the police say of an episode came by a delivery that was undone"),
    "screen_copy": (P.SEND_COPY, "the feed reads the words that would go"),
    "record_sent": (P.SEND_COPY, "the feed says that what it made went out"),
    "record_not_sent": (P.SEND_COPY, "the feed says why what it made did not go out"),
    "climb_copy": (P.SEND_COPY, "the feed asks about what is not filed in time"),
    "begin_profile": (P.RUN_PROFILE, "the service begins to make it, on behalf of whoever asked"),
    "hold_child": (P.PLACE_HOLD, "a hold on one child"),
    "reopen_subject_request": (P.ACCEPT_SUBJECT_REQUEST, "whoever lets a request in opens the record again"),
    "record_clarification": (P.ASK_CLARIFICATION, "what came of the question"),
    "give_unmarked": (P.WEIGH_ITEM, "the same of several items"),
    "finish_profile": (P.RUN_PROFILE, "the service keeps it, where the right still stands"),
    "compile_export": (P.EXPORT, "the service makes it, on behalf of whoever asked"),
    "deliver_export": (P.EXPORT, "the service hands it over, where the right still stands"),
    "save_interview_draft": (P.RECORD_INTERVIEW, "the same conversation, not yet complete"),
    "share_part": (P.SHARE_INTERVIEW, "what was said is passed on part by part"),
    "seal_delivered": (P.SEAL_SET, "what a delivery brought was locked before it was staged"),
    "end_custodian": (P.NAME_CUSTODIAN, "whoever names a custodian names another in the place of one"),
    "finish_sharing": (P.SHARE_INTERVIEW, "the last act of passing on"),
    "renew_link": (P.RECORD_LINK, "whoever may write a link may look at it again"),
    "correct_link": (P.RECORD_LINK, "whoever may write a link may put it right"),
    "begin_search": (P.SEARCH_TOGETHER, "the job looks for whoever asked"),
    "finish_search": (P.SEARCH_TOGETHER, "the job looks for whoever asked"),
    "end_link": (P.RECORD_LINK, "whoever may write a link may end it"),
    "commit_later": (P.COMMIT_DELIVERY, "the same, by the service: a delivery too long for a page"),
    "undo_later": (P.UNDO_DELIVERY, "the same, by the service"),
    "settle_mentions": (P.SETTLE_MENTION, "the same of several children who said the same"),
}
# Pages that show a part of what another page's permission opens.
SHOWS_PART_OF = {
    "view_retention_runs": (P.VIEW_RETENTION, "what goes, by the classes"),
    "view_retention_run": (P.VIEW_RETENTION, "one line of that list"),
    "view_holds": (P.VIEW_RETENTION, "what is kept whatever its class says"),
    "view_profile_rows": (P.VIEW_PROFILE, "the children behind one of its tables, for whoever may see them"),
    "view_exploitation_assessment": (P.VIEW_EXPLOITATION, "one assessment of the child’s page"),
    "view_account": (P.VIEW_ACCOUNTS, "one line of the list of accounts"),
    "view_proposal": (P.VIEW_PROPOSALS, "one line of the list"),
    "view_photograph": (P.VIEW_EPISODE, "the picture on the episode's page"),
    "view_list_behind": (P.VIEW_TIMELINESS, "the children behind one number of the page of measures"),
    "view_corrections": (P.VIEW_TIMELINESS, "the corrections behind one number of the page of measures"),
    "view_guest_file": (P.VIEW_GUEST_REQUEST, "what was sent in answer to the question"),
    "read_safety_plan": (P.VIEW_PLAN, "the same, from a record of the plan"),
    "read_line": (P.VIEW_PLAN, "the same, from one of its lines"),
    "read_question": (P.VIEW_PLAN, "the same, from what happened"),
    "print_trigger_plan": (P.VIEW_TRIGGER_PLAN, "the same plan on paper"),
    "print_copy": (P.VIEW_COPY, "the same copy on paper"),
    "print_meeting": (P.VIEW_MEETING, "the same record on paper"),
    "print_family_record": (P.VIEW_MEETING, "one child’s part of it on paper, for the family"),
    "download_calendar_entry": (P.VIEW_MEETING, "when and where, for a calendar"),
    "read_programme": (P.VIEW_DIRECT_WORK, "the same, from a record of the work"),
    "print_copy_given": (P.VIEW_COPY_GIVEN, "the same copy on paper"),
    "print_disclosure": (P.VIEW_DISCLOSURE, "the same version on paper"),
    "view_sealed_set": (P.OPEN_SEALED_SET, "the set that was opened, while it stands open"),
    "view_my_connections": (P.DECLARE_CONNECTION, "one's own declarations"),
    "view_delivery": (P.VIEW_FEEDS, "one line of the page of deliveries"),
    "view_return_check": (P.VIEW_RETURN_CHECKS, "one line of the list"),
    "download_return_report": (P.VIEW_RETURN_CHECKS, "the same as a table to work through"),
    "compare_annex_a": (P.VIEW_TIMELINESS, "the same counts beside those of a workbook for inspectors"),
    "download_annex_a_report": (P.VIEW_TIMELINESS, "the same comparison as a table to work through"),
    "view_place_plan": (P.VIEW_PLACE, "what meetings agreed about the place, and what came of it"),
    "view_group_plan": (P.VIEW_GROUP, "what meetings agreed about the group, and what came of it"),
    "view_link": (P.VIEW_NETWORK, "how one link of the picture is known"),
    "view_way": (P.VIEW_NETWORK, "the links from one to another"),
    "view_group_network": (P.VIEW_GROUP, "the children whom a group touches, of those who are open to whoever asks"),
    "record_mentioned_place": (P.SETTLE_MENTION, "the place that is not there yet; the command inside it asks for its own permission"),
    "view_missing_table": (P.EXPORT, "what the statutory file would hold, before it leaves"),
}
# Steps that are a part of another command: the command whose function takes them, and why they have no name of their own.
STEPS_OF = {
    "accept_transfer": ("answer_transfer", "the yes of a manager"),
    "refuse_transfer": ("answer_transfer", "the no of a manager"),
    "end_episode": ("record_death", "an episode ends without a return where the child has died"),
    "accept": ("offer_interview", "the child's yes is the answer to an offer"),
    "say_no": ("offer_interview", "the child's no is the answer to an offer"),
    "refuse": ("record_receipt", "a receipt may say that the copy was not filed"),
    "miss_again": ("report_missing", "a new episode began before the interview of the last one"),
}
NOT_USED_YET: dict[P, str] = {}
# Paths whose last word is not the page's: the folder, or the record, says it.
PATHS = {
    "view_accounts": "administration/accounts/", "view_account": "administration/accounts/<uuid:pk>/",
    "view_transfers": "transfers/", "view_transfer": "transfers/<uuid:pk>/",
    "view_differences": "missing/differences/", "view_placed_in": "missing/placed_in/",
    "view_missing_now": "missing/", "view_episode": "missing/episode/<uuid:pk>/", "view_interview": "missing/interview/<uuid:pk>/",
    "view_photograph": "missing/photograph/<uuid:pk>/", "view_feeds": "deliveries/", "view_delivery": "deliveries/<uuid:delivery>/",
    "view_unallocated": "allocation/unallocated/", "view_timeliness": "oversight/timeliness/", "view_my_work": "",
    "view_list_behind": "oversight/timeliness/<slug:count>/<slug:group>/", "view_team_work": "oversight/team_work/",
    "view_child": "child/<uuid:pk>/", "view_plan": "plans/child/<uuid:pk>/", "view_time_limits": "clocks/time_limits/", "view_interviewers": "oversight/interviewers/",
    "view_corrections": "oversight/timeliness/corrections/<slug:group>/", "view_handover": "oversight/handover/<uuid:pk>/",
}  # fmt: skip
PICTURES = {"view_photograph", "view_guest_file"}  # pages that are no text


@cache
def steps() -> set[str]:
    """The steps of every workflow table: a constant of a `workflow.py` whose name ends in STEPS."""
    modules = [import_module(f"atlas.{path.parent.name}.workflow") for path in ATLAS.rglob("workflow.py")]
    return {step for module in modules for name, table in vars(module).items() if name.endswith("STEPS") for step in table}


@cache
def moves() -> set[tuple[str, str]]:
    """(file, step) of every step that our code takes."""
    return {
        (name_of(path), str(node.args[0].value))
        for path in SOURCES
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "move"
        if node.args and isinstance(node.args[0], ast.Constant)
    }


def test_every_command_has_the_word_of_its_permission() -> None:
    for name, command in commands().items():
        needed = PART_OF[name][0] if name in PART_OF else name
        assert command.needs == needed, (name, command.needs)
    assert set(PART_OF) <= set(commands())


def test_every_page_has_the_word_of_its_permission_or_of_its_command() -> None:
    for where, name, view in gated_pages():
        word = view.__name__
        if word in commands():
            assert view.needs is commands()[word].needs, where
        else:
            assert view.needs == (SHOWS_PART_OF[word][0] if word in SHOWS_PART_OF else word), where
        assert name.split(":")[1] == word, where
        assert where == PATHS[word] if word in PATHS else word in where.split("/"), where


def test_every_template_has_the_word_of_its_page() -> None:
    views = {(view.__module__.split(".")[1], view.__name__) for _, _, view in pages() if view.__module__.startswith("atlas.")}
    views |= {("desk", "not_found"), ("desk", "server_error"), ("packs", "pack")}  # the last is shown where there is no Atlas
    templates = {
        (path.parent.name, path.stem)
        for path in ATLAS.rglob("templates/*/*.html")
        if path.parent.name != "design" and path.stem != "macros"
    }
    assert templates <= views, templates - views
    shown = {view for view in views if view[1].startswith("view_") and view[1] not in PICTURES}
    assert shown <= templates, shown - templates


def test_every_permission_is_the_word_of_a_command_or_of_a_page() -> None:
    needed = {command.needs for command in commands().values()} | {view.needs for _, _, view in gated_pages()}
    words = {*commands(), *(view.__name__ for _, _, view in gated_pages())}
    assert needed == set(Permission) - set(NOT_USED_YET)
    assert {permission.value for permission in needed} <= words, {permission.value for permission in needed} - words


def test_every_step_is_taken_by_the_command_of_its_name() -> None:
    assert {step for _, step in moves()} == steps()
    for step in steps():
        by = STEPS_OF[step][0] if step in STEPS_OF else step
        assert by in commands(), step
        home = commands()[by].__module__.removeprefix("atlas.").replace(".", "/") + ".py"
        assert (home, step) in moves(), (step, home)
    assert set(STEPS_OF) <= steps() - set(commands())
