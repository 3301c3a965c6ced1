"""Pictures made anew from their pixels, so that nothing hidden in a file survives: no place, no camera, no script, no second file.

Drawn in a child process that can harm nobody (shared/reference/protection.md section 6, hostile files): bounded memory and time, no writing, no network
code, no Django.
"""

import subprocess
import sys
from pathlib import Path

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
LARGEST_SIDE = 1200
WALL_SECONDS = 15
CHILD = Path(__file__).with_name("pictures_child.py")
TOO_MUCH = "This photograph asks for more memory or time than one may. Take a photograph of it, or save it again, and send that."
WHY_NOT = {
    b"pixels": "This photograph has too many pixels. Send a smaller one.",
    b"memory": TOO_MUCH,
    b"unread": "This file is not a photograph that Atlas can read. Send a JPEG or a PNG.",
}


class Unclean(Exception):
    """What was sent cannot be made anew; says in words what to send instead."""


def redrawn(sent: bytes, largest: int = LARGEST_SIDE) -> tuple[bytes, tuple[int, int]]:
    """JPEG bytes of the same picture, turned upright, at most `largest` pixels a side, without metadata; and its size.

    Raises Unclean, in words, for a file that is no JPEG or PNG, or is larger than 8 MB or 50 million pixels.
    """
    if len(sent) > MOST_BYTES:
        raise Unclean("This photograph is larger than 8 MB. Send a smaller one.")
    try:
        # The child sees an empty environment: no secret of the service's reaches a reader of pictures.
        drawer = subprocess.run(
            [sys.executable, "-I", str(CHILD), str(largest), str(MOST_PIXELS)], input=sent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=WALL_SECONDS,
            env={"PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"}, cwd="/", check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Unclean(TOO_MUCH) from None
    said, _, pixels = drawer.stdout.partition(b"\n")
    if not pixels:
        raise Unclean(WHY_NOT.get(said, TOO_MUCH))
    width, height = map(int, said.split())
    return pixels, (width, height)
