"""A profile is made: facts in, sections and findings out; the same facts and parameters give the same document."""

from collections.abc import Callable

from atlas.profile.document import Made
from atlas.profile.facts import Facts
from atlas.profile.sections import method, response, scale
from atlas.profile.sections.going_missing import going_missing
from atlas.profile.sections.where import where

Tell = Callable[[int], None]


def made(facts: Facts, authority: str, living_here: int | None, tell: Tell = lambda percent: None) -> Made:
    """Make a profile. `tell` is told how much of it is done, in per cent."""
    missing_section, missing_found = going_missing(facts)
    tell(30)
    where_section, where_found, points = where(facts, lambda share: tell(30 + int(60 * share)))
    tell(90)
    response_section, response_found = response.response(facts)
    appendix_section, quality_found = method.appendix(facts)
    found = (*where_found, *missing_found, *response_found, *quality_found)
    sections = [
        method.purpose(facts, authority), scale.scale(facts, living_here), scale.who(facts), scale.how(facts), missing_section, where_section,
        response.people(facts), response.groups(facts), response.strengths(facts), response.services(facts), response_section, response.voices(facts),
        method.emerging(found), appendix_section,
    ]  # fmt: skip
    return Made({"sections": [section.as_content() for section in sections], "map": points}, found)
