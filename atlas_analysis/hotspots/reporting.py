"""Places where events are only reported: a child is found at a station, taken to a hospital, missed from a home. What happened, happened elsewhere.

The caller says what becomes of them: left out, shown apart (left out of the search, and counted beside it), or kept.
"""

from typing import Literal

import numpy as np

from atlas_analysis.hotspots.results import Apart
from atlas_analysis.hotspots.tables import Events, Places

REPORTING_KINDS = frozenset({"station", "police station", "hospital", "home"})


def set_apart(
    events: Events, places: Places, kinds: frozenset[str], what: Literal["left out", "shown apart", "kept"], recent: int
) -> tuple[Events, tuple[Apart, ...]]:
    """The events that are searched, and the reporting points to be shown beside them. `recent`: the day from which events count as of now."""
    is_apart = np.array([kind in kinds for kind in places.kinds])
    if what == "kept" or not is_apart.any():
        return events, ()
    out = is_apart[events.places]
    rows = []
    for place in np.unique(events.places[out]) if what == "shown apart" else []:
        when = events.days[events.places == place]
        rows.append(Apart(places.names[place], str(places.kinds[place]), int((when >= recent).sum()), int((when < recent).sum())))
    caveat = f"{int(out.sum())} of {len(out)} events happened at places where they are only reported ({', '.join(sorted(kinds))}), and were {what}."
    kept = Events(events.places[~out], events.days[~out], (*events.caveats, caveat) if out.any() else events.caveats)
    return kept, tuple(sorted(rows, key=lambda row: (-row.events, row.place)))
