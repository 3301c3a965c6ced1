"""Row security of the tables that are somebody's own more than a child's: who reads, adds and alters a row, as conditions in SQL."""

from collections.abc import Callable, Iterator

from django.db.models import Model

from atlas.gate.asked_for import ASKED_FOR, asked_for_conditions
from atlas.gate.conditions import holds, reached
from atlas.gate.grounds import ON_GROUNDS, grounds_conditions
from atlas.gate.panels import PANELS, panel_conditions
from atlas.gate.policy import NEEDS, ROLES, TWO_PERSONS, Mode, Permission, RecordKind
from atlas.gate.profiles import PROFILES, profile_conditions
from atlas.gate.retained import RETAINED, retained_conditions, retained_of_tick

BREAK_GLASS = ("break_glass.BreakGlass", "break_glass.BreakGlassNotice", "break_glass.BreakGlassReview")
ALLEGATIONS = ("allegations.Allegation", "allegations.AllegationStep")
MEETINGS = (
    "meetings.Meeting", "meetings.MeetingItem", "meetings.Invitation", "meetings.MeetingContribution", "meetings.MeetingDecision", "meetings.AgencyAction",
    "meetings.Challenge", "meetings.ChallengeStep",
)  # fmt: skip
LINKAGE = ("linkage.Pair", "linkage.PairDecision")
CONTACTS = ("contacts.Contact", "contacts.ContactAnswer", "contacts.AgencyAsk")
AT_ONCE, OF_ALLEGATION = "made_at = (SELECT (gate_me()).at)", "gate_is_of_allegation(allegation_id, child_id, recorded_by_id)"
# A block on an allegation is known to a privacy officer alone who is not near the person; nobody else learns of it, nor of its lifting.
HIDDEN_BLOCKS = "ANY ((SELECT gate_hidden_blocks())::uuid[])"
# Tables that are somebody's own more than a child's: acts, looks, odd looks, drafts, blocks, exports, what the front door and the named
# are told; and ties, which are two children's.
OWN_RULES = (
    "gate.Act", "gate.Look", "audit.OddLook", "gate.Draft", "gate.Block", "desk.SilentNotice", "desk.FrontDoorQuestion", "sharing.Export",
    "sharing.ExportFile", "returns.ReturnCheck", "connections.Tie", "connections.Declaration", "connections.Suggestion", "gate.Proposal",
    "gate.Restriction", "gate.NamedHolder", *BREAK_GLASS, *ALLEGATIONS, *CONTACTS, *MEETINGS, *PANELS, *LINKAGE, *PROFILES, *ON_GROUNDS, *RETAINED, *ASKED_FOR,
)  # fmt: skip
# Of these, those whose rows no block closes by their child: they name none, or say who is shut out.
NO_CHILD = {
    "gate.Act",
    "gate.Look",
    "gate.Block",
    "desk.FrontDoorQuestion",
    "sharing.Export",
    "sharing.ExportFile",
    "returns.ReturnCheck",
    "connections.Declaration",
    *BREAK_GLASS[1:],
    *PANELS,
    *PROFILES,
    *ON_GROUNDS,
    RETAINED[0],
    *RETAINED[2:],  # a hold on a child says no more than that it holds
    MEETINGS[0],  # it names no child: what is about one hangs on its items
    *CONTACTS[:2],  # about nobody until it is matched; whoever raised one reads their own words
}


def pairs() -> list[str]:
    """For each act that takes two people, and each role that may do it, the row of `gate_two_persons`: what it reads or writes."""
    return [
        f"('{one}', '{role.key}', '{NEEDS[one].record or ''}', '{NEEDS[one].mode}')"
        for one in TWO_PERSONS
        for role in ROLES
        if one in role.permissions
    ]


def ending_columns(model: type[Model]) -> list[str]:
    """The columns of an append-only table that say when a row ends, and why: these alone may be changed."""
    ends = {getattr(model, "ends_by", ""), "ended_because", *getattr(model, "ends_with", ())}
    names = {str(field.column) for field in model._meta.fields} & ends
    return sorted(names) if hasattr(model, "ends_by") else []


def _together(label: str, read: str, write: str) -> Iterator[tuple[str, str, str]]:
    """Proposals are open to whoever may do what they propose; the trigger says who may decide. Whoever guards a child stands on its list,
    and writes in their own name; to hide a child, and to lift what guards one, takes two people.
    """
    if label == "gate.Proposal":
        may = f"gate_may_propose(permission, child_id) AND (about_id = {HIDDEN_BLOCKS}) IS NOT TRUE"
        yield from (("SELECT", may, ""), ("INSERT", "", may), ("UPDATE", may, may))
    elif label == "gate.NamedHolder":
        yield from (("SELECT", read, ""), ("INSERT", "", f"named_by_id = (SELECT gate_post()) AND ({write})"), ("UPDATE", write, write))
    else:
        hidden, lifted = (f"((SELECT gate_approved('{one}'))::uuid[])" for one in (Permission.HIDE_CHILD, Permission.LIFT_RESTRICTION))
        on_list = (
            "SELECT 1 FROM gate_namedholder n WHERE n.child_id = gate_restriction.child_id AND n.holder_post_id = (SELECT gate_post())"
        )
        named = f"EXISTS ({on_list} AND n.until_at IS NULL)"
        made = f"made_by_id = (SELECT gate_post()) AND {named} AND (sensitivity = 'restricted' OR child_id = ANY {hidden}) AND ({write})"
        yield from (("SELECT", read, ""), ("INSERT", "", made), ("UPDATE", f"id = ANY {lifted}", f"id = ANY {lifted}"))


def _of_folder() -> dict[tuple[str, ...], Callable[[str, str, str], Iterator[tuple[str, str, str]]]]:
    """Labels of several tables of one folder, with the function that gives their conditions."""
    return {
        ALLEGATIONS: _allegations, CONTACTS: _contacts, MEETINGS: _meetings, PANELS: panel_conditions, LINKAGE: _linkage, PROFILES: profile_conditions,
        RETAINED: retained_conditions, ASKED_FOR: asked_for_conditions,
    }  # fmt: skip


def own_conditions(label: str, read: str, write: str) -> Iterator[tuple[str, str, str]]:
    """(command, using, with check) for a table of this label; `read` and `write`: the conditions that its kind of record would have."""
    if label in ON_GROUNDS:
        yield from grounds_conditions(label)
        return
    if label.startswith(("connections.", "break_glass.")):
        yield from _of_break_glass(label) if label in BREAK_GLASS else _connections(label, read, write)
        return
    if made := next((rules for labels, rules in _of_folder().items() if label in labels), None):
        yield from made(label, read, write)
        return
    mine = "user_id = (SELECT gate_person())"
    if label in {"gate.Act", "gate.Look"}:
        # A post that no longer stands is refused, and the refusal is written down.
        written = "post_id = (SELECT gate_acting())" if label == "gate.Act" else "post_id = (SELECT gate_post())"
        signs_in = " OR (post_id IS NULL AND event IN ('sign_in', 'sign_out'))" if label == "gate.Act" else ""
        yield from (("SELECT", "post_id = (SELECT gate_post())", ""), ("INSERT", "", written + signs_in))
    elif label == "audit.OddLook":
        yield from _odd_looks()
    elif label == "desk.SilentNotice":
        yield ("SELECT", "child_id = ANY ((SELECT gate_named())::uuid[]) AND post_id <> (SELECT gate_post())", "")
    elif label == "desk.FrontDoorQuestion":
        # What was typed is the front door's alone: whoever asked adds it, and reads nothing back.
        answers = "authority_id = ANY ((SELECT gate_front_doors())::uuid[])"
        yield from (("SELECT", answers, ""), ("INSERT", "", "post_id = (SELECT gate_post())"), ("UPDATE", answers, answers))
    elif label in {"sharing.ExportFile", "returns.ReturnCheck"}:
        yield from _until_it_ends(label)
    elif label == "sharing.Export":
        yield from _exports()
    elif label in {"gate.Proposal", "gate.Restriction", "gate.NamedHolder"}:
        yield from _together(label, read, write)
    elif label == "gate.Draft":
        mine += f" AND (child_id IS NULL OR {read})"
        yield from (("SELECT", mine, ""), ("INSERT", "", mine), ("UPDATE", mine, mine), ("DELETE", mine, ""))
    else:
        # One's own declarations are one's own to see; any other block is silent. To lift one takes two people, neither of whom it is on.
        yield from _blocks(read, write)


def _until_it_ends(label: str) -> Iterator[tuple[str, str, str]]:
    """The file of an export: whoever made it, while every child in it is open to them; whom it was made for, while none is shut to them. A check of a
    return holds what somebody's own files said, and nothing of Atlas's record: it is theirs alone.
    """
    made, lasts = "made_by_id = (SELECT gate_post())", "until_at > (SELECT (gate_me()).at)"
    if label == "returns.ReturnCheck":
        yield from (("SELECT", f"{made} AND {lasts}", ""), ("INSERT", "", made))
        return
    made += " AND gate_open(children, record) @> children"
    given = "recipient_id = (SELECT gate_post()) AND NOT children && ((SELECT gate_blocked()) || (SELECT gate_guarded()))"
    yield from (("SELECT", f"{lasts} AND (({made}) OR ({given}))", ""), ("INSERT", "", made))


def _odd_looks() -> Iterator[tuple[str, str, str]]:
    """Never the worker looked into, whatever post they hold; nor whoever is shut out of one of the children."""
    shut = "children && ((SELECT gate_blocked()) || (SELECT gate_guarded()))"
    theirs = f"agency_id = ANY ((SELECT gate_agencies_reviewed())::uuid[]) AND person_looking <> (SELECT gate_person()) AND NOT {shut}"
    yield from (("SELECT", theirs, ""), ("UPDATE", theirs, theirs))


def _blocks(read: str, write: str) -> Iterator[tuple[str, str, str]]:
    mine, others = "user_id = (SELECT gate_person())", "user_id <> (SELECT gate_person())"
    known = f"NOT id = {HIDDEN_BLOCKS}"
    yield ("SELECT", f"({mine} AND source = 'declared') OR ({others} AND {known} AND ({read}))", "")
    # On an allegation somebody is shut out by whoever recorded it, and by nobody else.
    alleged = "source = 'allegation' AND made_by_id = (SELECT gate_post()) AND gate_allegation_shuts(child_id, user_id)"
    entered = f"source NOT IN ('declared', 'allegation') AND ({write})"
    yield ("INSERT", "", f"({mine} AND source = 'declared') OR ({others} AND (({entered}) OR ({alleged})))")
    lifted = f"{others} AND {known} AND id = ANY ((SELECT gate_approved('{Permission.LIFT_BLOCK}'))::uuid[]) AND ({write})"
    yield ("UPDATE", lifted, lifted)


def _allegations(label: str, read: str, write: str) -> Iterator[tuple[str, str, str]]:
    """Open to receivers alone, none of whom is near the person; whoever recorded one reads that it was sent and received, and nothing else."""
    received = "ANY ((SELECT gate_allegations())::uuid[])"
    recorded = "recorded_by_id = (SELECT gate_post())"
    if label.endswith("Step"):
        yield ("SELECT", f"allegation_id = {received} OR ({recorded} AND kind IN ('sent', 'received'))", "")
        # In one's own name, at one's own moment, and of the allegation that it says. Who decides is held here, not by the command alone.
        own = f"made_by_id = (SELECT gate_post()) AND {AT_ONCE} AND {OF_ALLEGATION}"
        sends = f"kind = 'sent' AND instead_of_id IS NULL AND gate_may_send(allegation_id, to_post_id) AND ({write})"
        answers = "kind <> 'sent' AND gate_may_answer(allegation_id, kind)"
        yield ("INSERT", "", f"{own} AND (({sends}) OR ({answers}))")
    else:
        yield from (("SELECT", f"id = {received}", ""), ("INSERT", "", f"{recorded} AND ({write})"))


def _contacts(label: str, read: str, write: str) -> Iterator[tuple[str, str, str]]:
    """A contact about nobody yet is the front door's; one about a child is open as the child's screening is. Whoever raised one reads their own
    words and what they were told; a team that is asked, the question. What a team says, and about whom a contact is, the gate's functions write.
    """
    door = "(child_id IS NULL AND authority_id = ANY ((SELECT gate_front_doors())::uuid[]))"
    shut = "(child_id = ANY ((SELECT gate_blocked())::uuid[])) IS NOT TRUE"
    reads, writes = (f"(child_id IS NOT NULL AND {shut} AND ({reach}))" for reach in (read, write))
    if label == "contacts.Contact":
        mine = "raised_by_id = (SELECT gate_post())"
        yield ("SELECT", f"{mine} OR {door} OR {reads}", "")
        yield ("INSERT", "", f"{mine} AND child_id IS NULL AND state = 'raised'")
        yield ("UPDATE", f"{door} OR {writes}", f"{door} OR {writes}")
    elif label == "contacts.ContactAnswer":
        yield ("SELECT", f"(to_post_id = (SELECT gate_post()) AND not_answered = '') OR {door} OR {reads}", "")
        yield ("INSERT", "", f"answered_by_id = (SELECT gate_post()) AND ({door} OR {writes})")
    else:
        asked = "to_team_id = (SELECT (gate_me()).team) AND (child_id = ANY ((SELECT gate_guarded())::uuid[])) IS NOT TRUE"
        yield ("SELECT", f"({asked}) OR {read}", "")
        yield ("INSERT", "", f"asked_by_id = (SELECT gate_post()) AND replied_at IS NULL AND ({write})")


def _meetings(label: str, others: str, write: str) -> Iterator[tuple[str, str, str]]:
    """A meeting is open to whoever is asked to it, for as long as the invitation says, and to whoever works with a child on its agenda; a panel's dates to
    everybody. What is about a child, to those of them alone who have the child's meetings open: so each reads the part that is theirs. Who leads writes
    what was decided; everybody their own words; whoever an action is for, what came of it.
    """
    lead = "{chair,deputy_chair,minute_taker}"
    mine, ahead, led = (
        f"ANY ((SELECT gate_meetings('{parts}', {when}))::uuid[])" for parts, when in (("{}", "false"), ("{}", "true"), (lead, "false"))
    )
    if label == "meetings.Meeting":
        own = "called_by_id = (SELECT gate_post())"
        listed = "id IN (SELECT t.meeting_id FROM meetings_meetingitem t) OR id IN (SELECT a.meeting_id FROM meetings_agencyaction a)"
        listed += " OR id IN (SELECT c.meeting_id FROM meetings_challenge c)"
        yield ("SELECT", f"id = {ahead} OR panel_id IS NOT NULL OR {own} OR {listed}", "")
        yield ("INSERT", "", own)
        yield ("UPDATE", f"id = {led}", f"id = {led}")
        return
    meeting = "meeting_id"
    unguarded = "(child_id = ANY ((SELECT gate_guarded())::uuid[])) IS NOT TRUE"
    whole = "(SELECT gate_authorities('meeting', 'read'))::uuid[]"
    beyond = f"child_id = ANY ((SELECT gate_beyond_meetings())::uuid[]) OR ({whole} <> '{{}}'::uuid[] AND gate_in_authority(child_id, {whole}) AND {unguarded})"
    at_it = f"{meeting} = {mine} AND (child_id IS NULL OR child_id = ANY ((SELECT gate_children('meeting', 'read'))::uuid[]))"
    read = f"({at_it}) OR (child_id IS NOT NULL AND ({beyond}))"
    leads = f"{meeting} = {led}"
    leads_here = f"{leads} AND (child_id IS NULL OR {read})"
    if label == "meetings.MeetingItem":
        put = f"put_by_id = (SELECT gate_post()) AND ((child_id IS NOT NULL AND ({write})) OR ({leads_here}))"
        yield from (("SELECT", read, ""), ("INSERT", "", put))
        yield ("UPDATE", f"({leads_here}) OR put_by_id = (SELECT gate_post())", leads_here)
    elif label == "meetings.Invitation":
        theirs = f"(post_id = (SELECT gate_post()) AND {meeting} = {ahead})"
        listed = "meeting_id IN (SELECT t.meeting_id FROM meetings_meetingitem t)"
        yield ("SELECT", f"({theirs} AND withdrawn_at IS NULL) OR (child_id IS NULL AND ({meeting} = {mine} OR {listed})) OR ({read})", "")
        asked = f"invited_by_id = (SELECT gate_post()) AND ({leads_here})"  # a deputy is named by a function, by whoever was asked
        yield from (("INSERT", "", asked), ("UPDATE", f"({leads_here}) OR {theirs}", f"({leads_here}) OR {theirs}"))
    elif label.startswith("meetings.Challenge"):
        yield from _challenges(label, f"{leads} OR (child_id IS NOT NULL AND ({beyond}))")
    else:
        yield from _meeting_record(label, read, leads_here, leads, write)


def _meeting_record(label: str, read: str, leads_here: str, leads: str, write: str) -> Iterator[tuple[str, str, str]]:
    """What is written of a meeting. `read`, `leads_here`, `leads`: who reads a row, leads its meeting with the child open, leads its meeting."""
    if label == "meetings.MeetingContribution":
        named = "(audience <> 'named' OR agency_id = (SELECT gate_agency()) OR (SELECT gate_agency()) = ANY (agencies))"
        own = f"written_by_id = (SELECT gate_post()) AND (agency_id = (SELECT gate_agency()) OR {leads})"
        yield from (("SELECT", f"({read}) AND {named}", ""), ("INSERT", "", f"{own} AND ({read})"), ("UPDATE", own, f"{own} AND ({read})"))
    elif label == "meetings.MeetingDecision":
        yield from (("SELECT", read, ""), ("INSERT", "", f"decided_by_id = (SELECT gate_post()) AND {leads_here}"))
    else:
        theirs = "id = ANY ((SELECT gate_own_actions())::uuid[])"
        before = "id = ANY ((SELECT gate_agenda_actions())::uuid[])"
        yield ("SELECT", f"({read}) OR {theirs} OR {before}", "")
        yield ("INSERT", "", f"agreed_by_id = (SELECT gate_post()) AND {leads_here}")
        judge = f"({leads_here}) OR {theirs} OR (child_id IS NOT NULL AND ({write}))"
        yield ("UPDATE", judge, judge)


def _challenges(label: str, read: str) -> Iterator[tuple[str, str, str]]:
    """A challenge is open to whoever raised it, to whom it is or was put, to whoever leads the meeting and to whoever has the child's meetings open (`read`);
    not to everybody who was at the table. To the next stage the gate's function takes it.
    """
    theirs = "ANY ((SELECT gate_challenges())::uuid[])"
    if label == "meetings.Challenge":
        own = "raised_by_id = (SELECT gate_post()) AND by_agency_id = (SELECT gate_agency())"
        yield ("SELECT", f"id = {theirs} OR {read}", "")
        there = "item_id IN (SELECT t.id FROM meetings_meetingitem t)"
        yield ("INSERT", "", f"{own} AND {there}")
        yield ("UPDATE", f"id = {theirs}", f"id = {theirs}")
    else:
        yield ("SELECT", "challenge_id IN (SELECT c.id FROM meetings_challenge c)", "")
        yield ("INSERT", "", f"made_by_id = (SELECT gate_post()) AND challenge_id = {theirs}")


def _linkage(label: str, read: str, write: str) -> Iterator[tuple[str, str, str]]:
    """Two records that may be of one child are open to whoever may read of both how they stand (the other by `app_both`); while nobody has decided, not
    where one is hidden or its identity sealed. The feed alone adds a pair; who decides writes in their own name.
    """
    deciding = holds(Permission.DECIDE_PAIR)
    decides = f"decided_by_id = (SELECT gate_post()) AND {deciding} AND ({read})"
    if label.endswith("Decision"):
        yield from (("SELECT", read, ""), ("INSERT", "", f"{decides} AND pair_id IN (SELECT p.id FROM linkage_pair p)"))  # noqa: S608  (our own words)
        return
    feed = f"((SELECT gate_role()) = 'feed' AND ({write}))"
    is_decided = f"state IN ('same', 'different') OR {feed} OR gate_may_be_paired(child_id, other_child_id)"
    seen = f"({read}) AND ({is_decided})"
    searched = f"{feed} AND state IN ('waiting', 'let_go')"
    yield from (("SELECT", seen, ""), ("INSERT", "", f"{feed} AND state = 'waiting'"))
    taken_back = f"state = 'waiting' AND {deciding} AND ({read})"
    yield ("UPDATE", f"{feed} OR ({seen})", f"({searched}) OR ({decides}) OR ({taken_back})")


def _of_break_glass(label: str) -> Iterator[tuple[str, str, str]]:
    """Written by the database's own function; read by those who must know; reviewed by nobody who is in the person's line."""
    readable = "ANY ((SELECT gate_break_glasses())::uuid[])"
    reviewed = "break_glass_id = ANY ((SELECT gate_break_glasses_reviewed())::uuid[])"
    if label.endswith("Review"):
        yield from (("SELECT", reviewed, ""), ("INSERT", "", f"{reviewed} AND reviewed_by_id = (SELECT gate_post())"))
    else:
        yield ("SELECT", f"{'break_glass_id' if label.endswith('Notice') else 'id'} = {readable}", "")


def _exports() -> Iterator[tuple[str, str, str]]:
    """What an export was for; it names no child. One that two people made is the first one's: the trigger says which. One that holds nothing can
    still be closed when its post no longer stands.
    """
    mine, acting = "made_by_id = (SELECT gate_post())", "made_by_id = (SELECT gate_acting())"
    empty = f"({acting} AND state IN ('asked', 'stopped'))"
    # To whom it was given it is there as long as its file is: not once it has ended, nor while a child in it is shut.
    given = "(recipient_id = (SELECT gate_post()) AND state = 'ready' AND id IN (SELECT f.export_id FROM sharing_exportfile f))"
    reviewed = "agency_id = ANY ((SELECT gate_agencies_reviewed())::uuid[])"
    yield from (
        ("SELECT", f"{mine} OR {empty} OR {given} OR {reviewed}", ""),
        ("INSERT", "", f"{mine} OR approval_id IS NOT NULL"),
        ("UPDATE", acting, acting),
    )


def _connections(label: str, read: str, write: str) -> Iterator[tuple[str, str, str]]:
    mine, others = "user_id = (SELECT gate_person())", "user_id <> (SELECT gate_person())"
    if label == "connections.Declaration":
        yield from (("SELECT", mine, ""), ("INSERT", "", mine), ("UPDATE", mine, mine))
    elif label == "connections.Suggestion":
        # Never the worker whom it is about.
        yield from (("SELECT", f"{others} AND ({read})", ""), ("UPDATE", f"{others} AND ({write})", f"{others} AND ({write})"))
    else:
        yield from _ties(read, write)


def _ties(read: str, write: str) -> Iterator[tuple[str, str, str]]:
    """A tie is read from both its ends, and by whoever answers for conflicts; the feed writes it, or whoever may shut somebody out."""
    conflicts = {mode: reached(RecordKind.CONFLICT, mode, "child_id") for mode in Mode}
    answers = f"{conflicts[Mode.READ]} OR {reached(RecordKind.CONFLICT, Mode.READ, 'tied_id')}"
    yield ("SELECT", f"{read} OR {reached(RecordKind.STATUS, Mode.READ, 'tied_id')} OR {answers}", "")
    # What the main system says may end; that it was never so is for a person to say.
    feed, person = f"((SELECT gate_role()) = 'feed' AND ({write}) AND NOT is_error)", conflicts[Mode.WRITE]
    yield ("INSERT", "", f"{feed} OR {person}")
    yield ("UPDATE", f"{feed} OR {person}", f"{feed} OR {person}")


def tick_rules(label: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """What tick may do with a table that it does not hold whole: (privileges, ((command, clause), ...))."""
    is_tick = "(SELECT gate_role()) = 'tick'"
    if label == "gate.Block":
        # It tells the managers: it reads that somebody declared something, never about whom, and writes when it was told.
        untold = f"{is_tick} AND source = 'declared'"
        policies = (("SELECT", f"USING ({untold})"), ("UPDATE", f"USING ({untold} AND told_at IS NULL) WITH CHECK ({untold})"))
        yield "SELECT (id, made_by_id, source, told_at), UPDATE (told_at)", policies
    if label == "allegations.Allegation":
        # It sends what was not received to the next: it reads of whom it must not go near, and nothing of what was said.
        yield "SELECT (id, child_id, accused_id)", (("SELECT", f"USING ({is_tick})"),)
    if label == "allegations.AllegationStep":
        known = "id, child_id, allegation_id, kind, to_post_id, due_at, instead_of_id, made_by_id, made_at, recorded_by_id"
        sends = f"{is_tick} AND kind = 'sent' AND made_by_id = (SELECT gate_post()) AND {AT_ONCE} AND {OF_ALLEGATION}"
        sends += " AND gate_may_pass_on(allegation_id, to_post_id, instead_of_id)"
        yield f"SELECT ({known}), INSERT", (("SELECT", f"USING ({is_tick})"), ("INSERT", f"WITH CHECK ({sends})"))
    if label == "contacts.Contact":
        # It tells people that one waits which nobody has matched: it reads since when, never what was typed.
        waits = f"{is_tick} AND child_id IS NULL AND tells_at IS NOT NULL"
        reads = "id, child_id, authority_id, received_at, decide_by, tells_at, told_times"
        policies = (
            ("SELECT", f"USING ({is_tick} AND child_id IS NULL)"),
            ("UPDATE", f"USING ({waits}) WITH CHECK ({is_tick} AND child_id IS NULL)"),
        )
        yield f"SELECT ({reads}), UPDATE (tells_at, told_times)", policies
    yield from _tick_of_meetings(label, is_tick)
    yield from retained_of_tick(label, is_tick)
    if label == "connections.Declaration":
        # It sees whose is due and asks; what somebody declared it does not read.
        asks = (("SELECT", f"USING ({is_tick})"), ("INSERT", f"WITH CHECK ({is_tick} AND declared_at IS NULL)"))
        yield "SELECT (id, user_id, asked_at, due_on, declared_at), INSERT", asks


def _tick_of_meetings(label: str, is_tick: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """What tick may do with what agencies said they would do, with challenges, and with who chairs."""
    if label == "meetings.AgencyAction":
        # It tells of what is late: it reads whose it is and by when, never what is to be done or for whom.
        reads = "id, child_id, meeting_id, owner_post_id, agreed_by_id, due_on, state, chased_at, chased_times"
        open_yet = f"{is_tick} AND state IN ('asked', 'accepted')"
        policies = (("SELECT", f"USING ({open_yet})"), ("UPDATE", f"USING ({open_yet}) WITH CHECK ({open_yet})"))
        yield f"SELECT ({reads}), UPDATE (chased_at, chased_times)", policies
    if label == "meetings.Challenge":
        # It lets go on what nobody answered in time, by the gate's function: it reads by when and at which stage, and nothing of what is challenged.
        waits = f"{is_tick} AND closed_at IS NULL"
        reads = "id, child_id, authority_id, stage, due_at, answered_at, closed_at, told_at, is_unsafe, raised_by_id, put_from_id"
        yield f"SELECT ({reads}), UPDATE (told_at)", (("SELECT", f"USING ({waits})"), ("UPDATE", f"USING ({waits}) WITH CHECK ({waits})"))
    if label == "meetings.Invitation":
        # Of who is asked, whoever chairs.
        yield "SELECT (id, meeting_id, part, post_id, withdrawn_at)", (("SELECT", f"USING ({is_tick} AND part = 'chair')"),)
