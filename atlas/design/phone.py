"""What is typed without signal rests on the telephone, encrypted: with a key that only the page gives, to the same person, for the same form.

The key is in no cookie and no file of the browser: whoever holds the telephone, or a copy of it, and cannot sign in as that person, reads nothing.
It changes every twelve hours, and opens what was typed under the one before. Source: shared/reference/real-life.md point 17.
"""

from base64 import b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import new as keyed

from django.conf import settings

LIFE = timedelta(hours=12)


def phone_keys(person: object, place: str, at: datetime) -> str:
    """The two keys of a person's form at this place: the one of these twelve hours, and the one before; AES-256, base64, with a space between."""
    turn = int(at.timestamp() // LIFE.total_seconds())
    names = (f"typed without signal:{person}:{place}:{one}" for one in (turn, turn - 1))
    return " ".join(b64encode(keyed(settings.SECRET_KEY.encode(), name.encode(), sha256).digest()).decode() for name in names)
