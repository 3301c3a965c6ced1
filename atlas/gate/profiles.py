"""Row security of profiles, as conditions in SQL: they are about no child. Whoever serves the authority and may read them reads; who runs one, who records what was
judged of it, and who decides on a finding, each writes that alone, in their own name.
"""

from collections.abc import Iterator

from atlas.gate.policy import ROLES, Permission

PROFILES = ("profile.ImpactAssessment", "profile.AnalysisRun", "profile.Finding")
SERVED = "authority_id IN (SELECT s.authority_id FROM agencies_agency_authorities s WHERE s.agency_id = (SELECT gate_agency()))"
ME = "(SELECT gate_post())"


def profile_conditions(label: str, read: str, write: str) -> Iterator[tuple[str, str, str]]:
    """(command, using, with check) for a table of this label."""
    runs, decides = f"{_has(Permission.RUN_PROFILE)} AND {SERVED}", f"{_has(Permission.DECIDE_FINDING)} AND {SERVED}"
    if label.endswith("ImpactAssessment"):
        reads = f"({_has(Permission.VIEW_IMPACT_ASSESSMENTS)} OR {_has(Permission.RUN_PROFILE)})"
        yield ("SELECT", f"{reads} AND {SERVED}", "")
        yield ("INSERT", "", f"{_has(Permission.RECORD_IMPACT_ASSESSMENT)} AND {SERVED} AND recorded_by_id = {ME}")
        return
    yield ("SELECT", f"{_has(Permission.VIEW_PROFILE)} AND {SERVED}", "")
    if label.endswith("AnalysisRun"):
        mine = f"{runs} AND asked_by_id = {ME}"
        yield from (("INSERT", "", mine), ("UPDATE", mine, mine))
    else:
        yield from (("INSERT", "", f"{runs} AND decision = ''"), ("UPDATE", decides, decides))


def _has(permission: Permission) -> str:
    roles = ", ".join(sorted(f"'{role.key}'" for role in ROLES if permission in role.permissions))
    return f"(SELECT gate_role()) IN ({roles})"
