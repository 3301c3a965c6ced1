"""What the gate's own role, as which its functions run, reads and writes of each table: nothing else (ADR 18)."""

from atlas.gate.policy_rows import OWN_TABLES

READ_BY_GATE = (
    "agencies_post", "agencies_user", "agencies_team", "agencies_agency", "agencies_shift", "gate_relationship", "gate_block", "gate_look",
    "gate_act", "gate_restriction", "gate_namedholder", "gate_proposal", "people_name", "people_person", "statuses_family", "children_child", "people_identifier",
    "statuses_spell", "agencies_authority", "agencies_agency_authorities", "sharing_guestrequest", "sharing_guestanswer", "tasks_task", "tasks_alert",
    "missing_episode", "missing_returninterview", "allocation_allocation", "intelligence_product", "break_glass_breakglass", "systems_connectedsystem",
    "break_glass_breakglassnotice", "break_glass_breakglassreview", "allegations_allegation", "allegations_allegationstep", "audit_oddlook",
    "clocks_clock", "advice_referral", "sharing_carerwords", "sharing_childwords", "sharing_copygiven", "missing_nottoldyet", "plans_safetyplan", "plans_eventanswered",
    "plans_planversion", "plans_planline", "contacts_contact", "contacts_contactdecision", "contacts_secondview", "contacts_agencyask",
    "connections_tie", "connections_declaration", "connections_suggestion", "people_contactdetail", "sharing_export", "exploitation_measure",
    "exploitation_exploitationassessment", "statuses_disability", "meetings_meeting", "meetings_invitation", "meetings_meetingitem",
    "meetings_agencyaction", "meetings_panelmember", "meetings_stepdown", "meetings_challenge", "meetings_challengestep",
    "meetings_meetingcontribution", "meetings_meetingdecision", "chronology_entry", "places_place", "missing_locationmention", "missing_contactorsighting",
    "linkage_pair", "sealed_sealedset", "sealed_sealedlocation", "feeds_delivery", "missing_difference", "missing_answer", "missing_secondreading",
    "exploitation_assessmentitem", "sharing_disclosure", "copies_copy",
    "exploitation_harm", "exploitation_nrmreferral", "directwork_programme", "connections_personofconcern", "connections_group", "profile_analysisrun",
    "profile_impactassessment", "network_link", "network_together", "network_togethersearch",
    "retention_hold", "retention_retentiondate", "retention_retentionclass", "retention_retentionrun", "retention_duerecord", "statuses_legalstatus",
    "subject_access_subjectaccessrequest",
    *OWN_TABLES,
)  # fmt: skip
# What the functions of the .sql files here and of sealed/install.sql write, under the gate's own role, which nobody signs in as: (table, command) -> which rows.
GATE_MAY = {
    ("gate_act", "INSERT"): "post_id = (SELECT gate_acting()) OR (post_id IS NULL AND event = 'guest')",
    ("break_glass_breakglassnotice", "UPDATE"): "true",
    ("chronology_entry", "INSERT"): "(recorded_by_id IS NULL AND kind IN ('guest_answered', 'child_said', 'plan_does_not_help')) OR "
    "(about_label IN ('advice.Referral', 'contacts.Contact', 'meetings.AgencyAction', 'meetings.Challenge') AND recorded_by_id = (SELECT gate_post()))",
    ("tasks_task", "INSERT"): "about_label IN ('sharing.GuestRequest', 'allocation.Allocation', 'missing.ReturnInterview', "
    "'advice.Referral', 'sharing.CarerWords', 'sharing.ChildWords', 'sharing.CopyGiven', 'transfers.Transfer', 'chronology.Entry')",
    ("tasks_task", "UPDATE"): "true",
    ("tasks_alert", "UPDATE"): "true",
    ("missing_returninterview", "UPDATE"): "true",
    ("clocks_clock", "INSERT"): "about_label IN ('advice.Referral', 'sharing.CarerWords', 'sharing.ChildWords') OR "
    "(about_label = 'chronology.Entry' AND \"limit\" IN ('plan_decision', 'plan_today'))",
    ("tasks_alert", "INSERT"): "about_label IN ('sharing.CarerWords', 'sharing.ChildWords')",
    ("tasks_overnightline", "INSERT"): "about_label IN ('sharing.CarerWords', 'sharing.ChildWords')",
    ("sharing_carerwords", "INSERT"): "true",
    ("sharing_childwords", "INSERT"): "written_by_id IS NULL",
    ("clocks_clock", "UPDATE"): "about_label IN ('advice.Referral', 'meetings.MeetingItem')",
    ("meetings_invitation", "INSERT"): "invited_by_id = (SELECT gate_post()) AND "
    "(stands_in_for_id IS NOT NULL OR (part = 'chair' AND post_id = invited_by_id))",
    ("meetings_challenge", "UPDATE"): "true",
    ("meetings_challengestep", "INSERT"): "made_by_id = (SELECT gate_post())",
    ("meetings_meetingitem", "INSERT"): "(came_from_id IS NOT NULL AND child_id IS NULL) OR "
    "(came_from_id IS NULL AND child_id IS NOT NULL AND put_by_id = (SELECT gate_post()))",
    ("network_together", "INSERT"): "answer = ''",
    ("network_together", "UPDATE"): "answer = ''",
    ("advice_referral", "INSERT"): "true",
    ("advice_referral", "UPDATE"): "true",
    ("contacts_contact", "INSERT"): "raised_by_id IS NULL AND child_id IS NULL AND state = 'raised'",
    **{(f"contacts_{table}", "UPDATE"): "true" for table in ("contact", "agencyask")},
    ("sharing_guestanswer", "INSERT"): "true",
    ("sharing_guestrequest", "UPDATE"): "true",
}
