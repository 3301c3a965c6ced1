"""What a password may not be, beside short and common: the words of this service, and what was stolen elsewhere (OWASP ASVS 5.0.0, 6.2.11 and 6.2.12)."""

import re
from hashlib import sha1
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError

from atlas.agencies.models import User

# What somebody who attacks this service tries first: its name, its work, its people. The words of the list stand here and nowhere else (6.1.2).
OWN_WORDS = (
    "atlas", "safeguarding", "safeguard", "children", "child", "missing", "social", "worker", "council", "police", "school", "health", "manager",
    "team", "duty", "night", "fernleigh", "password", "welcome", "monday", "january", "spring", "summer", "autumn", "winter",
)  # fmt: skip
LEAST_OF_ONES_OWN = 6
LEET = str.maketrans("013457@$!", "oieastasi")


class NotTheServicesOwn:
    """Refuses a password that is little more than words of this service and figures."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError, with what to do."""
        typed = password.lower()
        read, left = typed.translate(LEET), [letter.isalpha() for letter in typed]
        for word in OWN_WORDS:
            for found in re.finditer(word, read):
                left[found.start() : found.end()] = [False] * len(word)
        if sum(left) < LEAST_OF_ONES_OWN:
            raise ValidationError(
                "This password is little more than words that anybody would try here. Choose three words that do not belong together."
            )

    def get_help_text(self) -> str:
        """What to choose."""
        return "Not the name of Atlas, or words of its work, with a year."


class NotKnownToBeStolen:
    """Refuses a password whose hash stands in the council's file of passwords that were stolen elsewhere. Where no file is set up, it asks nothing."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError, with what to do."""
        # SHA-1 because the published list is of SHA-1; nothing is kept by it.
        digest = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        if settings.ATLAS_STOLEN_PASSWORDS and _stands_in(Path(settings.ATLAS_STOLEN_PASSWORDS), digest):
            raise ValidationError("This password was stolen from another website and is tried by attackers. Choose another.")

    def get_help_text(self) -> str:
        """What to choose."""
        return "Not one that was stolen from another website."


def _stands_in(path: Path, digest: bytes) -> bool:
    """Whether a line of the ordered file begins with this: by halves, so that the whole list of a thousand million is as quick as a short one."""
    with path.open("rb") as file:
        low, high = 0, file.seek(0, 2)
        while low < high:
            middle = (low + high) // 2
            file.seek(middle)
            if middle:
                file.readline()  # from the middle of a line to the next
            line = file.readline()
            if line[:40].upper() == digest:
                return True
            if not line or line[:40].upper() > digest:
                high = middle
            else:
                low = middle + 1
    return False
