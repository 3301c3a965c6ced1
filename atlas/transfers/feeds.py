"""What the main case system still says of a child who was transferred to another authority is not taken here."""

from atlas.feeds.handling import Takers
from atlas.transfers.queries import moved_away

TAKES: Takers = {}
MOVED_AWAY = moved_away
