"""One thing that a child said of a driver, passed on this morning: invented, as everything here, so that its pages can be seen."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from atlas.agencies.models import Post
from atlas.allegations.commands import Alleged, receive_allegation, record_allegation
from atlas.allegations.models import AllegationStep
from atlas.children.models import Child

OFFICER, RECORDER = "designated.officer", "missing.coordinator"
SAID = "The man who drives us back told me not to tell anyone that he buys me cigarettes. He has my number now."


def pass_on(named: dict[str, Post], children: Sequence[Child], now: datetime) -> AllegationStep:
    """What the first of these children said three hours ago; the designated officer has received it, and is to decide."""
    said = Alleged("escort", SAID, name="Len, who drives the evening car", works_for="Harrow Lane Cars, hired by the home")
    sent = record_allegation(child=children[0], said=said, by=named[RECORDER], at=now - timedelta(hours=3))
    receive_allegation(allegation=sent.allegation_id, by=named[OFFICER], at=now - timedelta(hours=1))
    return sent
