"""The main case system's tables, in the shape of the Standard Safeguarding Dataset.

Source: Standard Safeguarding Dataset, release 1.4.5 (July 2026), columns and item references as published under the MIT
licence in ssd-data-model-next; `pers_forename`, `pers_surname` and `pers_upn` stand in the main release only. The tables
are in the order in which a delivery is taken: who works here, who the child is, who works with whom, what the child's
statuses are, when the child was missing.
"""

from atlas.feeds.layouts import Column, Holds, Table

TABLES: tuple[Table, ...] = (
    Table("ssd_department", "dept_team_id", (
        Column("dept_team_id", is_required=True, item="DEPT1001A"),
        Column("dept_team_name", is_required=True, item="DEPT1002A"),
        Column("dept_team_parent_id", item="DEPT1003A"),
        Column("dept_team_parent_name", item="DEPT1004A"),
    )),
    Table("ssd_professionals", "prof_professional_id", (
        Column("prof_professional_id", is_required=True, item="PROF001A"),
        Column("prof_staff_id", item="PROF010A"),
        Column("prof_professional_name", is_required=True, item="PROF013A"),
        Column("prof_social_worker_registration_no", item="PROF002A"),
        Column("prof_professional_job_title", item="PROF007A"),
        Column("prof_professional_caseload", item="PROF008A"),
        Column("prof_professional_department", item="PROF012A"),
        Column("prof_full_time_equivalency", item="PROF011A"),
        Column("prof_agency_worker_flag", item="PROF014A"),
    )),
    Table("ssd_person", "pers_person_id", (
        Column("pers_person_id", is_required=True, item="PERS001A"),
        Column("pers_sex", Holds.CODE, codes="sex", item="PERS002A"),
        Column("pers_gender", item="PERS003A"),
        Column("pers_ethnicity", item="PERS004A"),
        Column("pers_dob", Holds.DAY, item="PERS005A"),
        Column("pers_common_child_id", item="PERS013A"),
        Column("pers_legacy_id", item="PERS014A"),
        Column("pers_upn_unknown", item="PERS007A"),
        Column("pers_send_flag", item="PERS008A"),
        Column("pers_expected_dob", Holds.DAY, item="PERS009A"),
        Column("pers_death_date", Holds.DAY, item="PERS010A"),
        Column("pers_is_mother", item="PERS011A"),
        Column("pers_nationality", item="PERS012A"),
        Column("pers_forename"),
        Column("pers_surname"),
        Column("pers_upn"),
    )),
    Table("ssd_linked_identifiers", "link_table_id", (
        Column("link_table_id", is_required=True, item="LINK001A"),
        Column("link_person_id", is_required=True, item="LINK002A"),
        Column("link_identifier_type", is_required=True, item="LINK003A"),
        Column("link_identifier_value", is_required=True, item="LINK004A"),
        Column("link_valid_from_date", Holds.TIME, item="LINK005A"),
        Column("link_valid_to_date", Holds.TIME, item="LINK006A"),
    )),
    Table("ssd_address", "addr_table_id", (
        Column("addr_table_id", is_required=True, item="ADDR007A"),
        Column("addr_address_json", item="ADDR001A"),
        Column("addr_person_id", is_required=True, item="ADDR002A"),
        Column("addr_address_type", item="ADDR003A"),
        Column("addr_address_start_date", Holds.TIME, item="ADDR004A"),
        Column("addr_address_end_date", Holds.TIME, item="ADDR005A"),
        Column("addr_address_postcode", item="ADDR006A"),
    )),
    Table("ssd_involvements", "invo_involvements_id", (
        Column("invo_involvements_id", is_required=True, item="INVO005A"),
        Column("invo_professional_id", is_required=True, item="INVO006A"),
        Column("invo_professional_role_id", item="INVO007A"),
        Column("invo_professional_team", item="INVO009A"),
        Column("invo_involvement_start_date", Holds.TIME, is_required=True, item="INVO002A"),
        Column("invo_involvement_end_date", Holds.TIME, item="INVO003A"),
        Column("invo_worker_change_reason", item="INVO004A"),
        Column("invo_person_id", is_required=True, item="INVO011A"),
        Column("invo_referral_id", item="INVO010A"),
    )),
    Table("ssd_legal_status", "lega_legal_status_id", (
        Column("lega_legal_status_id", is_required=True, item="LEGA001A"),
        Column("lega_person_id", is_required=True, item="LEGA002A"),
        Column("lega_legal_status", Holds.CODE, is_required=True, codes="legal status", item="LEGA003A"),
        Column("lega_legal_status_start_date", Holds.TIME, is_required=True, item="LEGA004A"),
        Column("lega_legal_status_end_date", Holds.TIME, item="LEGA005A"),
    )),
    Table("ssd_cla_placement", "clap_cla_placement_id", (
        Column("clap_cla_placement_id", is_required=True, item="CLAP001A"),
        Column("clap_cla_placement_start_date", Holds.TIME, is_required=True, item="CLAP003A"),
        Column("clap_cla_placement_type", Holds.CODE, codes="placement type", item="CLAP004A"),
        Column("clap_cla_placement_urn", item="CLAP005A"),
        Column("clap_cla_placement_distance", item="CLAP011A"),
        Column("clap_cla_id", item="CLAP012A"),
        Column("clap_cla_placement_provider", item="CLAP007A"),
        Column("clap_cla_placement_postcode", item="CLAP008A"),
        Column("clap_cla_placement_end_date", Holds.TIME, item="CLAP009A"),
        Column("clap_cla_placement_change_reason", item="CLAP010A"),
        Column("clap_person_id", is_required=True, item="CLAP013A"),
    )),
    Table("ssd_cla_episodes", "clae_cla_episode_id", (
        Column("clae_cla_episode_id", is_required=True, item="CLAE001A"),
        Column("clae_person_id", is_required=True, item="CLAE002A"),
        Column("clae_cla_episode_start_date", Holds.TIME, is_required=True, item="CLAE003A"),
        Column("clae_cla_episode_start_reason", item="CLAE004A"),
        Column("clae_cla_primary_need_code", item="CLAE009A"),
        Column("clae_cla_episode_ceased_date", Holds.TIME, item="CLAE005A"),
        Column("clae_cla_episode_ceased_reason", item="CLAE006A"),
        Column("clae_cla_id", item="CLAE010A"),
        Column("clae_referral_id", item="CLAE011A"),
        Column("clae_cla_placement_id", item="CLAE013A"),
        Column("clae_entered_care_date", Holds.TIME, item="CLAE014A"),
        Column("clae_cla_last_iro_contact_date", Holds.TIME, item="CLAE012A"),
    )),
    Table("ssd_cin_assessments", "cina_assessment_id", (
        Column("cina_assessment_id", is_required=True, item="CINA001A"),
        Column("cina_person_id", is_required=True, item="CINA002A"),
        Column("cina_referral_id", item="CINA010A"),
        Column("cina_assessment_start_date", Holds.TIME, is_required=True, item="CINA003A"),
        Column("cina_assessment_child_seen", item="CINA004A"),
        Column("cina_assessment_auth_date", Holds.TIME, item="CINA005A"),
        Column("cina_assessment_outcome_nfa", item="CINA009A"),
        Column("cina_assessment_team", item="CINA007A"),
        Column("cina_assessment_worker_id", item="CINA008A"),
    )),
    Table("ssd_cin_plans", "cinp_cin_plan_id", (
        Column("cinp_cin_plan_id", is_required=True, item="CINP001A"),
        Column("cinp_referral_id", item="CINP007A"),
        Column("cinp_person_id", is_required=True, item="CINP002A"),
        Column("cinp_cin_plan_start_date", Holds.TIME, is_required=True, item="CINP003A"),
        Column("cinp_cin_plan_end_date", Holds.TIME, item="CINP004A"),
        Column("cinp_cin_plan_team", item="CINP005A"),
        Column("cinp_cin_plan_worker_id", item="CINP006A"),
    )),
    Table("ssd_s47_enquiry", "s47e_s47_enquiry_id", (
        Column("s47e_s47_enquiry_id", is_required=True, item="S47E001A"),
        Column("s47e_referral_id", item="S47E010A"),
        Column("s47e_person_id", is_required=True, item="S47E002A"),
        Column("s47e_s47_start_date", Holds.TIME, is_required=True, item="S47E004A"),
        Column("s47e_s47_end_date", Holds.TIME, item="S47E005A"),
        Column("s47e_s47_nfa", item="S47E006A"),
        Column("s47e_s47_completed_by_worker_id", item="S47E008A"),
        Column("s47e_s47_completed_by_team", item="S47E009A"),
    )),
    Table("ssd_cp_plans", "cppl_cp_plan_id", (
        Column("cppl_cp_plan_id", is_required=True, item="CPPL001A"),
        Column("cppl_referral_id", item="CPPL007A"),
        Column("cppl_icpc_id", item="CPPL008A"),
        Column("cppl_person_id", is_required=True, item="CPPL002A"),
        Column("cppl_cp_plan_start_date", Holds.TIME, is_required=True, item="CPPL003A"),
        Column("cppl_cp_plan_end_date", Holds.TIME, item="CPPL004A"),
        Column("cppl_cp_plan_initial_category", item="CPPL009A"),
        Column("cppl_cp_plan_ola", item="CPPL011A"),
        Column("cppl_cp_plan_latest_category", item="CPPL010A"),
    )),
    Table("ssd_missing", "miss_table_id", (
        Column("miss_table_id", is_required=True, item="MISS001A"),
        Column("miss_person_id", is_required=True, item="MISS002A"),
        Column("miss_missing_episode_start_date", Holds.TIME, is_required=True, item="MISS003A"),
        Column("miss_missing_episode_type", Holds.CODE, codes="missing type", item="MISS004A"),
        Column("miss_missing_episode_end_date", Holds.TIME, item="MISS005A"),
        Column("miss_missing_rhi_offered", item="MISS006A"),
        Column("miss_missing_rhi_accepted", item="MISS007A"),
    )),
)  # fmt: skip
TABLE = {table.name: table for table in TABLES}

# Codes of which Atlas knows the meaning without being told. SSDA903 codes as in practice.md 3.13 (2024-25 lists).
KNOWN: dict[str, dict[str, str]] = {
    "sex": {"M": "M", "F": "F", "U": "U", "Male": "M", "Female": "F", "1": "M", "2": "F", "0": "U", "9": "U"},
    "missing type": {"M": "M", "A": "A", "Missing": "M", "Away": "A"},
    "legal status": {code: code for code in ("C1", "C2", "D1", "E1", "J1", "J2", "J3", "L1", "L2", "L3", "V2", "V3", "V4")},
    "placement type": {
        code: code
        for code in (
            "A3", "A4", "A5", "A6", "H5", "K1", "K2", "K3", "P1", "P2", "P3", "R1", "R2", "R3", "R5", "S1", "T0", "T1", "T2", "T3", "T4", "U1",
            "U2", "U3", "U4", "U5", "U6", "Z1",
        )
    },
}  # fmt: skip
