"""What one recipient gets of a plan: compiled by part and by line, never blacked out (practice.md 5.2; protection.md 4.7)."""

from collections.abc import Iterable

from atlas.agencies.models import AgencyKind
from atlas.chronology.moments import day_words
from atlas.plans.models import PlanLine, PlanVersion, SafetyPlan
from atlas.plans.rules.parts import PARTS, SAYS_WHERE, Section
from atlas.sealed.queries import is_location_sealed
from atlas.sharing.copy import Audience, CompiledCopy, CopyBlock, CopyLine
from atlas.sharing.models import CopyGiven
from atlas.sharing.rules import NOT_FOR_ANY_PHONE
from atlas.sharing.words_for_children import MY_PLAN, NEW_SINCE

TITLE = {Audience.CHILD: MY_PLAN}
# Whose agency's own lines a copy holds, beside its parts.
OWN_LINES = {Audience.POLICE: AgencyKind.POLICE, Audience.SCHOOL: AgencyKind.SCHOOL}
NEW = "new"  # the part of the child's copy that says what is new


def compile_copy(plan: SafetyPlan, audience: Audience) -> CompiledCopy:
    """The copy of the version in force for this recipient. The child's holds only lines that somebody let through, one by one; and says first what is
    new since the last one.
    """
    lines = _lines_of(plan, plan.number, audience)
    if audience != Audience.PROFESSIONAL and is_location_sealed(plan.child_id):
        lines = [line for line in lines if line.section not in SAYS_WHERE]
    blocks = tuple(
        CopyBlock(str(section), section.label, tuple(_line(line, audience) for line in of))
        for section in Section if (of := [line for line in lines if line.section == section])
    )  # fmt: skip
    news = _news(plan, blocks) if audience == Audience.CHILD else ()
    return CompiledCopy(audience, TITLE.get(audience, "Safety plan"), (*news, *blocks))


def lines_for_main_system(version: PlanVersion) -> list[PlanLine]:
    """The lines of a version, whatever became of the plan since, that the council's main case system holds: what a professional gets, but not what is
    done to disrupt; and nothing that says where, while a location is sealed: that system may show the child to more people than Atlas does.
    """
    stays = {Section.DISRUPTION} | (SAYS_WHERE if is_location_sealed(version.child_id) else set())
    return [line for line in _lines_of(version.plan, version.number, Audience.PROFESSIONAL) if line.section not in stays]


def _lines_of(plan: SafetyPlan, number: int, audience: Audience) -> list[PlanLine]:
    rows = plan.lines.select_related("owner_post__user", "agency").order_by("added_at", "pk")
    return [line for line in rows if line.stands_in(number) and _holds(line, audience)]


def for_a_phone(copy: CompiledCopy, who_else_can_open: str) -> CompiledCopy:
    """The child's copy as it may stand on a phone: without safe people, safe places and signals until it is recorded who else can open it
    (real-life.md point 7).
    """
    if who_else_can_open.strip():
        return copy
    held = {line.key for block in copy.blocks if block.key in NOT_FOR_ANY_PHONE for line in block.lines}
    blocks = (
        CopyBlock(block.key, block.heading, tuple(line for line in block.lines if line.key.removeprefix(f"{NEW}-") not in held))
        for block in copy.blocks
    )
    return CompiledCopy(copy.audience, copy.title, tuple(block for block in blocks if block.lines))


def _holds(line: PlanLine, audience: Audience) -> bool:
    if audience in line.left_out_of:
        return False
    if audience == Audience.CHILD:
        return line.on_child_copy and line.section in PARTS[audience] | {Section.AGENCY, Section.CARER}
    is_own = (line.whose == PlanLine.Owner.CARER and audience in {Audience.CARER, Audience.PLACEMENT}) or (
        audience in OWN_LINES and line.agency is not None and line.agency.kind == OWN_LINES[audience]
    )
    return is_own or line.section in PARTS[audience]


def _line(line: PlanLine, audience: Audience) -> CopyLine:
    if audience == Audience.CHILD:
        return CopyLine(str(line.key), line.words)
    more = [line.owned_by, f"by {day_words(line.due_on)}" if line.due_on else "", line.telephone]
    after = ", ".join(one for one in more if one)
    return CopyLine(str(line.key), f"{line.words} ({after})" if after else line.words, may_answer=False)


def _news(plan: SafetyPlan, blocks: Iterable[CopyBlock]) -> tuple[CopyBlock, ...]:
    before = CopyGiven.objects.filter(child=plan.child_id, audience=Audience.CHILD).order_by("-given_at").first()
    if before is None:
        return ()
    had = {(line.key, line.words) for block in CompiledCopy.of(before.copy).blocks for line in block.lines}
    new = tuple(
        CopyLine(f"{NEW}-{line.key}", line.words, may_answer=False)
        for block in blocks
        for line in block.lines
        if (line.key, line.words) not in had
    )
    return (CopyBlock(NEW, NEW_SINCE, new),) if new else ()
