"""The partnership publishes a new version of its threshold document."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from atlas.agencies.models import AgencyKind
from atlas.agencies.queries import authority_served
from atlas.gate.act import Invalid, command
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.guidance.models import ThresholdDocument

if TYPE_CHECKING:
    from atlas.agencies.models import Post

LEVELS = 4  # four levels are the custom; their names are the partnership's own (process-and-data.md section 3)


@dataclass(frozen=True)
class Edition:
    """A version as it was agreed: what it is called, who owns it, from when until when it is looked at again, and (name, words) of each level."""

    title: str
    edition: str
    owner: str
    valid_from: date
    review_on: date
    levels: tuple[tuple[str, str], ...]


@command(needs=Permission.SET_THRESHOLDS)
def set_thresholds(*, edition: Edition, by: "Post", at: datetime) -> ThresholdDocument:
    """Put a version of the threshold document into force from a day that is not past: what was decided keeps the version it was decided by.

    Raises Invalid without four named levels, for a day gone by, and for a name or a day that another version has.
    """
    authority = authority_served(by)
    if authority is None or by.team.agency.kind != AgencyKind.COUNCIL:
        raise Invalid("Your agency answers for no authority, so it sets no threshold document.")
    for said, field, value in (("Say what it is called.", "title", edition.title), ("Give this version a name.", "edition", edition.edition),
                               ("Say who answers for it.", "owner", edition.owner)):  # fmt: skip
        if not value.strip():
            raise Invalid(said, field)
    if len(edition.levels) != LEVELS or not all(name.strip() and words.strip() for name, words in edition.levels):
        raise Invalid("Give each of the four levels its name, and say when it is the right one.")
    if edition.valid_from < day_of(at):
        raise Invalid("It cannot hold from a day that is past: decisions of that day were made by another version.", "valid_from")
    if edition.review_on <= edition.valid_from:
        raise Invalid("Give the day on which it is looked at again. It comes after the day from which it holds.", "review_on")
    others = ThresholdDocument.objects.filter(authority=authority)
    if others.filter(edition=edition.edition.strip()).exists():
        raise Invalid("Another version is called so already. Give this one a name of its own.", "edition")
    if others.filter(valid_from=edition.valid_from).exists():
        raise Invalid("Another version holds from that day already. Choose the next day.", "valid_from")
    document = ThresholdDocument(
        authority=authority, title=edition.title.strip(), edition=edition.edition.strip(), owner=edition.owner.strip(),
        valid_from=edition.valid_from, review_on=edition.review_on, set_by=by, set_at=at,
        levels=[{"name": name.strip(), "words": words.strip()} for name, words in edition.levels],
    )  # fmt: skip
    document.save(force_insert=True)
    return document
