"""Pictures made anew from their pixels, so that nothing hidden in a file survives: no place, no camera, no script, no second file."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
LARGEST_SIDE = 1200


class Unclean(Exception):
    """What was sent cannot be made anew; says in words what to send instead."""


def redrawn(sent: bytes, largest: int = LARGEST_SIDE) -> tuple[bytes, tuple[int, int]]:
    """JPEG bytes of the same picture, turned upright, at most `largest` pixels a side, without metadata; and its size.

    Raises Unclean, in words, for a file that is no JPEG or PNG, or is larger than 8 MB or 50 million pixels.
    """
    if len(sent) > MOST_BYTES:
        raise Unclean("This photograph is larger than 8 MB. Send a smaller one.")
    try:
        with Image.open(BytesIO(sent), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unclean("This photograph has too many pixels. Send a smaller one.")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Unclean("This file is not a photograph that Atlas can read. Send a JPEG or a PNG.") from None
    upright.thumbnail((largest, largest))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    written = BytesIO()
    clean.save(written, "JPEG", quality=85)
    return written.getvalue(), clean.size
