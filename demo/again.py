"""Interviews that chance drew are read again by the coordinator, who codes most of them as the interviewer did."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from atlas.agencies.models import Post
from atlas.gate.context import acting_as
from atlas.missing.codes import ANSWERS, FULL_ANSWERS
from atlas.missing.commands.again import read_again
from atlas.missing.queries.again import waiting_again

LEFT = 3  # wait to be read


def read(named: Mapping[str, Post], now: datetime) -> None:
    """All but the last few that wait are read. Of every third one question is coded otherwise; of every tenth the first coding had been seen."""
    at, coordinator = now - timedelta(days=1), named["missing.coordinator"]
    with acting_as(coordinator, at) as subject:
        waiting = list(waiting_again(subject).prefetch_related("answers"))
    for number, interview in enumerate(waiting[: max(1, len(waiting) - LEFT)]):
        codes: dict[str, list[str]] = {}
        for answer in interview.answers.all():
            if not answer.is_withdrawn:
                codes.setdefault(answer.question, []).append(answer.code)
        if number % 3 == 0 and codes:
            question = sorted(codes)[number % len(codes)]
            codes[question] = [next(code for code in (*ANSWERS[question], *FULL_ANSWERS) if code not in codes[question])]
        if codes:
            read_again(interview=interview, codes=codes, had_seen=number % 10 == 9, by=coordinator, at=at)
