"""A photograph of the child is added: made anew from its pixels, so that nothing hidden in the file survives."""

from datetime import date, datetime
from typing import IO, TYPE_CHECKING

from atlas.design.pictures import MOST_BYTES, Unclean, redrawn
from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.missing.models import Episode, Photograph

if TYPE_CHECKING:
    from atlas.agencies.models import Post


@command(needs=Permission.ADD_PHOTOGRAPH)
def add_photograph(*, episode: Episode, photograph: IO[bytes], taken_on: date | None = None, by: "Post", at: datetime) -> Photograph:
    """Keep a photograph for those who look for the child. Raises Invalid for what is no picture, or too large."""
    pixels, size = made_anew(photograph.read(MOST_BYTES + 1))
    kept = Photograph(child=episode.child, taken_on=taken_on, image=pixels, width=size[0], height=size[1], added_at=at, added_by=by)
    kept.save(force_insert=True)
    return kept


def made_anew(sent: bytes) -> tuple[bytes, tuple[int, int]]:
    """The same picture, made anew from its pixels. Raises Invalid, in words, for a file that is no JPEG or PNG, or is too large."""
    try:
        return redrawn(sent)
    except Unclean as problem:
        raise Invalid(str(problem), "photograph") from None
