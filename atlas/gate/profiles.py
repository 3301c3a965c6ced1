"""Row security of profiles, as conditions in SQL: they are about no child. Whoever serves the authority and may read them reads; who runs one, who records what was
judged of it, and who decides on a finding, each writes that alone, in their own name.
"""

from collections.abc import Iterator

from atlas.gate.conditions import SERVED, holds
from atlas.gate.policy import Permission

PROFILES = ("profile.ImpactAssessment", "profile.AnalysisRun", "profile.Finding", "network.TogetherSearch")
HERE = f"authority_id IN ({SERVED})"
ME = "(SELECT gate_post())"


def profile_conditions(label: str, read: str, write: str) -> Iterator[tuple[str, str, str]]:
    """(command, using, with check) for a table of this label."""
    runs, decides = f"{holds(Permission.RUN_PROFILE)} AND {HERE}", f"{holds(Permission.DECIDE_FINDING)} AND {HERE}"
    if label.endswith("ImpactAssessment"):
        reads = f"({holds(Permission.VIEW_IMPACT_ASSESSMENTS)} OR {holds(Permission.RUN_PROFILE)})"
        yield ("SELECT", f"{reads} AND {HERE}", "")
        yield ("INSERT", "", f"{holds(Permission.RECORD_IMPACT_ASSESSMENT)} AND {HERE} AND recorded_by_id = {ME}")
        return
    if label.endswith("TogetherSearch"):
        mine = f"{holds(Permission.SEARCH_TOGETHER)} AND {HERE} AND asked_by_id = {ME}"
        yield from (("SELECT", f"{holds(Permission.SEARCH_TOGETHER)} AND {HERE}", ""), ("INSERT", "", mine), ("UPDATE", mine, mine))
        return
    yield ("SELECT", f"{holds(Permission.VIEW_PROFILE)} AND {HERE}", "")
    if label.endswith("AnalysisRun"):
        mine = f"{runs} AND asked_by_id = {ME}"
        yield from (("INSERT", "", mine), ("UPDATE", mine, mine))
    else:
        yield from (("INSERT", "", f"{runs} AND decision = ''"), ("UPDATE", decides, decides))
