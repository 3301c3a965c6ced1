"""What stands in one record of a child and not in the other: interview and assessment, assessment and plan (LP-6; capabilities.md row 43).

Asked of the records themselves at each look, so nothing is ever out of step; each is listed until it stands in both, and a person decides.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from atlas.children.models import Child
from atlas.exploitation.codes import ItemKind
from atlas.exploitation.models import AssessmentItem, Harm
from atlas.exploitation.queries import live_harm, live_items
from atlas.gate.context import Subject
from atlas.gate.days import day_of
from atlas.missing.codes import ANSWERS, FULL_ANSWERS, AnswerList
from atlas.missing.models import Answer, AssociateMention, LocationMention, ReturnInterview
from atlas.plans.models import PlanLine
from atlas.plans.rules.apart import stands_in
from atlas.plans.rules.parts import Section

LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True)
class Apart:
    """One thing that stands in one record alone. `what`: what kind of thing; `source`: where it stands; `label`, `record`: that record."""

    what: str
    words: str
    source: str
    on: date | None
    label: str
    record: UUID


@dataclass(frozen=True)
class Differences:
    """Told in an interview and not in the assessment; assessed and answered by no line; worried about in the plan and not assessed."""

    told: tuple[Apart, ...]
    assessed: tuple[Apart, ...]
    planned: tuple[Apart, ...]

    def __bool__(self) -> bool:
        return bool(self.told or self.assessed or self.planned)


def differences(subject: Subject, child: Child, lines: list[PlanLine], at: datetime) -> Differences:
    """All that stands apart now, as far as the subject reads both sides. `lines`: the plan's, in force or being made."""
    items, harm = list(live_items(child)), list(live_harm(child))
    return Differences(_told(child, items, harm, at), _assessed(items, harm, lines), _planned(items, harm, lines))


def _told(child: Child, items: list[AssessmentItem], harm: list[Harm], at: datetime) -> tuple[Apart, ...]:
    held = ReturnInterview.objects.filter(child=child, held_at__gt=at - LOOKED_BACK, held_with=None)
    interviews = {one.pk: one for one in held}
    if not interviews:
        return ()
    texts = [f"{one.words} {one.source_words}" for one in (*items, *harm)]
    found: list[Apart] = []
    for model, what in ((LocationMention, "A place"), (AssociateMention, "A person")):
        for said in model._default_manager.filter(interview__in=interviews, is_withdrawn=False).order_by("pk"):
            if not stands_in(said.words, texts):
                found.append(_of_interview(what, said.words, interviews[said.interview_id], said._meta.label, said.pk))
    cited = {one.about_id for one in harm}
    answers = Answer.objects.filter(interview__in=interviews, question=AnswerList.HARM, is_withdrawn=False).exclude(code__in=FULL_ANSWERS)
    for answer in answers.order_by("pk"):
        if answer.interview_id not in cited:
            words = ANSWERS[AnswerList.HARM].get(answer.code, answer.code)
            found.append(_of_interview("Harm", words, interviews[answer.interview_id], answer._meta.label, answer.pk))
    return tuple(sorted(found, key=lambda one: (one.on or date.min, one.what, one.words), reverse=True))


def _of_interview(what: str, words: str, interview: ReturnInterview, label: str, record: UUID) -> Apart:
    on = day_of(interview.held_at) if interview.held_at else None
    return Apart(what, words, "the return interview", on, label, record)


def _assessed(items: list[AssessmentItem], harm: list[Harm], lines: list[PlanLine]) -> tuple[Apart, ...]:
    answered, texts = {line.risk_id for line in lines}, [f"{line.words} {line.risk_words}" for line in lines]
    asks = [*(("Harm", one) for one in harm), *(("Seen", one) for one in items if one.kind in {ItemKind.INDICATOR, ItemKind.CONTEXT})]
    return tuple(
        Apart(what, one.words, "the assessment", one.last_seen_on, one._meta.label, one.pk)
        for what, one in asks if one.pk not in answered and not stands_in(one.words, texts)
    )  # fmt: skip


def _planned(items: list[AssessmentItem], harm: list[Harm], lines: list[PlanLine]) -> tuple[Apart, ...]:
    texts, known = [one.words for one in (*items, *harm)], {one.pk for one in (*items, *harm)}
    return tuple(
        Apart("A worry", line.words, "the plan", day_of(line.added_at), line._meta.label, line.pk)
        for line in lines
        if line.section == Section.WORRIES and line.risk_id not in known and not stands_in(line.risk_words or line.words, texts)
    )
