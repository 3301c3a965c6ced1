"""The interviews that wait for a second reader, and the two codings of one side by side."""

from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet

from atlas.gate.context import Subject
from atlas.missing.codes import ANSWERS, FULL_ANSWERS, AnswerList
from atlas.missing.models import ReturnInterview, SecondReading
from atlas.missing.rules.again import LOOKS_BACK, is_drawn_again

MOST = 50


def waiting_again(subject: Subject) -> "QuerySet[ReturnInterview]":
    """The interviews drawn by chance that nobody has read again, of the last half year, the oldest first; never one that the reader held.

    Of what was recorded in no words there is nothing to read.
    """
    wordless = Q(before_words="", during_words="", after_words="", help_words="")
    held = ReturnInterview.objects.visible_to(subject).filter(
        held_at__gte=subject.at - LOOKS_BACK, held_with__isnull=True, second_reading__isnull=True
    )
    keys = held.exclude(wordless).exclude(held_by=subject.post).order_by("held_at", "pk").values_list("pk", flat=True)
    drawn = [key for key in keys if is_drawn_again(key)][:MOST]
    return ReturnInterview.objects.visible_to(subject).filter(pk__in=drawn).select_related("episode").order_by("held_at", "pk")


def read_again(subject: Subject) -> "QuerySet[SecondReading]":
    """The interviews that were read again, the latest first."""
    return SecondReading.objects.visible_to(subject).select_related("interview__episode").order_by("-recorded_at", "pk")


def readings_with_interview() -> "QuerySet[SecondReading]":
    """Second readings with what their page shows beside them."""
    return SecondReading.objects.select_related("child", "interview__episode", "recorded_by__user")


def side_by_side(reading: SecondReading) -> list[tuple[str, str, str]]:
    """(question, what was coded when the talk was recorded, what was coded from the record), of every question that either answered."""
    first: dict[str, list[str]] = {}
    for question, code in reading.interview.answers.filter(is_withdrawn=False).order_by("code").values_list("question", "code"):
        first.setdefault(question, []).append(code)
    return [
        (str(question.label), _words(question, first), _words(question, reading.codes))
        for question in AnswerList
        if question in first or question in reading.codes
    ]


def _words(question: str, codes: Mapping[str, Iterable[str]]) -> str:
    names = {**ANSWERS[question], **FULL_ANSWERS}
    return "; ".join(names[code] for code in sorted(codes.get(question, ()))) or "Nothing coded"
