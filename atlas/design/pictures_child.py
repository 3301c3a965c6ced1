"""The drawer itself. Runs alone in a bounded process (see pictures.py): a picture comes in, its own pixels go out, in front of them their size."""

import os
import resource
import sys
from io import BytesIO

MEMORY, CPU_SECONDS = 640 * 1024 * 1024, 8


def bound() -> None:
    """Give up what a drawer does not need: memory, time, writing, new files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))


def drawn(sent: bytes, largest: int, most_pixels: int) -> bytes:
    """The size and the pixels, or a word that says why not: "unread", "pixels"."""
    try:
        with Image.open(BytesIO(sent), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > most_pixels:
                return b"pixels\n"
            # A JPEG is read at the smallest scale that is enough; made smaller before it is turned, so that one copy of all pixels is enough.
            picture.draft("RGB", (2 * largest, 2 * largest))
            small = picture.convert("RGB") if picture.mode in ("1", "P") else picture
            small.thumbnail((largest, largest))
            upright = turned(small).convert("RGB")
    except MemoryError:
        return b"memory\n"
    except Exception:  # whatever a picture made for it makes a reader raise: it is none that can be read
        return b"unread\n"
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    written = BytesIO()
    clean.save(written, "JPEG", quality=85)
    return f"{clean.width} {clean.height}\n".encode() + written.getvalue()


def turned(small: "Image.Image") -> "Image.Image":
    """The picture upright, as its own notes say; where they cannot be read, as it is."""
    try:
        return ImageOps.exif_transpose(small)
    except Exception:
        return small


if __name__ == "__main__":
    import site
    import sysconfig

    site.addsitedir(sysconfig.get_path("purelib"))
    from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin  # noqa: F401  (what reads the two kinds, before the bounds are set)

    Image.preinit()
    given = sys.stdin.buffer.read()
    bound()
    sys.stdout.buffer.write(drawn(given, *map(int, sys.argv[1:3])))
    sys.stdout.flush()
    os._exit(0)
