"""What takes long gives way, on the processor, to whatever somebody waits for (protection.md table F, F2: nothing urgent behind bulk)."""

import os

BEHIND = 10  # of the 19 steps of niceness: a page's process gets about ten times as much, while it wants any


def give_way() -> None:
    """From here on this process works behind pages, tick and urgent messages."""
    os.nice(max(0, BEHIND - os.nice(0)))
