"""A photograph of the child is added: made anew from its pixels, so that nothing hidden in the file survives."""

from datetime import date, datetime
from io import BytesIO
from typing import IO, TYPE_CHECKING

from PIL import Image, ImageOps, UnidentifiedImageError

from atlas.gate.act import Invalid, command
from atlas.gate.policy import Permission
from atlas.missing.models import Episode, Photograph

if TYPE_CHECKING:
    from atlas.agencies.models import Post

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 50_000_000
LARGEST_SIDE = 1200


@command(needs=Permission.ADD_PHOTOGRAPH)
def add_photograph(*, episode: Episode, photograph: IO[bytes], taken_on: date | None = None, by: "Post", at: datetime) -> Photograph:
    """Keep a photograph for those who look for the child. Raises Invalid for what is no picture, or too large."""
    pixels, size = made_anew(photograph.read(MAX_BYTES + 1))
    kept = Photograph(child=episode.child, taken_on=taken_on, image=pixels, width=size[0], height=size[1], added_at=at, added_by=by)
    kept.save(force_insert=True)
    return kept


def made_anew(sent: bytes) -> tuple[bytes, tuple[int, int]]:
    """JPEG bytes of the same picture, turned upright, at most 1,200 pixels a side, without metadata; and its size.

    Raises Invalid, in words, for a file that is no JPEG or PNG, or is larger than 8 MB or 50 million pixels.
    """
    if len(sent) > MAX_BYTES:
        raise Invalid("This photograph is larger than 8 MB. Send a smaller one.", "photograph")
    try:
        with Image.open(BytesIO(sent), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise Invalid("This photograph has too many pixels. Send a smaller one.", "photograph")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid("This file is not a photograph that Atlas can read. Send a JPEG or a PNG.", "photograph") from None
    upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    written = BytesIO()
    clean.save(written, "JPEG", quality=85)
    return written.getvalue(), clean.size
