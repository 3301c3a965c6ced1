"""Practice rules of what the main case system delivers: who is master of what, and when a file is doubted before the children are."""

from django.db.models import TextChoices


class System(TextChoices):
    """Where a kind of record is mastered."""

    MAIN = "main", "The main case system is master, Atlas mirrors"
    ATLAS = "atlas", "Atlas is master, copied back"


class Mastered(TextChoices):
    """The kinds of record of the master table."""

    PERSON = "person", "Who the child is"
    ADDRESS = "address", "Address"
    ALLOCATION = "allocation", "Allocation"
    LEGAL_STATUS = "legal_status", "Legal status"
    PLACEMENT = "placement", "Placement and time in care"
    REFERRAL = "referral", "Referral"
    ASSESSMENT = "assessment", "Assessment"
    SECTION_47 = "section_47", "Section 47 enquiry"
    CONFERENCE = "conference", "Child protection conference"
    CHILD_PROTECTION_PLAN = "child_protection_plan", "Child protection plan"
    CHILD_IN_NEED_PLAN = "child_in_need_plan", "Child in need plan"
    MISSING_RESPONSE = "missing_response", "Missing response"
    RETURN_INTERVIEW = "return_interview", "Return interview"
    EXPLOITATION_ASSESSMENT = "exploitation_assessment", "Exploitation assessment"
    SAFETY_PLAN = "safety_plan", "Safety plan"
    PANEL = "panel", "Panel"
    AGENCY_ACTION = "agency_action", "Agency action"
    INTELLIGENCE_PRODUCT = "intelligence_product", "Intelligence product"


M = Mastered

# Who is master until a partnership says otherwise. Source: shared/reference/real-life.md, point 1; rank: local, a partnership's own
# choice. Allocation stands there as made in the main system.
DEFAULT_MASTERS: dict[Mastered, System] = {
    **dict.fromkeys(
        (
            M.PERSON, M.ADDRESS, M.ALLOCATION, M.LEGAL_STATUS, M.PLACEMENT, M.REFERRAL, M.ASSESSMENT, M.SECTION_47, M.CONFERENCE,
            M.CHILD_PROTECTION_PLAN, M.CHILD_IN_NEED_PLAN,
        ),
        System.MAIN,
    ),
    **dict.fromkeys(
        (
            M.MISSING_RESPONSE, M.RETURN_INTERVIEW, M.EXPLOITATION_ASSESSMENT, M.SAFETY_PLAN, M.PANEL, M.AGENCY_ACTION,
            M.INTELLIGENCE_PRODUCT,
        ),
        System.ATLAS,
    ),
}  # fmt: skip

# The kinds whose tables may be left where Atlas is master of them. Who the child is and who works with the child are always taken:
# who may see a child hangs on both.
TABLES_OF: dict[Mastered, tuple[str, ...]] = {
    M.ADDRESS: ("ssd_address",),
    M.LEGAL_STATUS: ("ssd_legal_status",),
    M.PLACEMENT: ("ssd_cla_placement", "ssd_cla_episodes"),
    M.REFERRAL: ("ssd_cin_episodes",),
    M.ASSESSMENT: ("ssd_cin_assessments",),
    M.SECTION_47: ("ssd_s47_enquiry",),
    M.CONFERENCE: ("ssd_initial_cp_conference", "ssd_cp_reviews"),
    M.CHILD_PROTECTION_PLAN: ("ssd_cp_plans",),
    M.CHILD_IN_NEED_PLAN: ("ssd_cin_plans",),
}
# What a partnership may choose: the kinds above, and the missing response, whose rows are taken either way: as Atlas's own where Atlas
# is master and does not hold them yet; otherwise mirrored, so that no clock runs twice.
CHOOSABLE = (*TABLES_OF, M.MISSING_RESPONSE)

# A file that lacks more than this of what stands open from one table is doubted itself: nobody is asked about single children, and
# its page says so. Source: real-life.md, point 15 (no flood); rank: local, in force from November 2026.
DOUBTED_FROM_ROWS = 100
DOUBTED_FROM_SHARE = 0.1


def is_file_doubted(*, vanished: int, open_rows: int) -> bool:
    """Whether so much of what stands open is not in a file that the file is more likely cut short than the children gone."""
    return vanished >= DOUBTED_FROM_ROWS and vanished > open_rows * DOUBTED_FROM_SHARE
