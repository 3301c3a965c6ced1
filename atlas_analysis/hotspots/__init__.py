"""Where and since when does more happen than chance explains, and how sure is that?

Questions that the partnership's analyst puts to it: *Is there a place where children have come to harm more often lately than their numbers everywhere and
that place's own past would lead us to expect? How often would we be told so with nothing there?* (`scan`.) *Does one event make another near by and soon
after more likely?* (`near_repeats`.) *Which parts of the area are above the whole, once it is allowed for that few live there?* (`hexagons`.) *Is it
rising, or did recording change?* (`trend`.)

It speaks of places and days, never of a child. Where it finds nothing it says so. A place that the caller names as a point where things are only reported
is no place of harm. Names of places come back as they were given: who may see them is the caller's to decide (a private home stands on no map).
"""

from atlas_analysis.hotspots.hexagons import Hexagon, HexagonResult, hexagons
from atlas_analysis.hotspots.near_repeats import NearRepeats, NearRepeatsResult, near_repeats
from atlas_analysis.hotspots.results import Apart, Cluster, Cylinder, ScanResult
from atlas_analysis.hotspots.scan import scan
from atlas_analysis.hotspots.search import Search
from atlas_analysis.hotspots.shifts import Shift, Trend, trend

__all__ = [
    "Apart", "Cluster", "Cylinder", "Hexagon", "HexagonResult", "NearRepeats", "NearRepeatsResult", "ScanResult", "Search", "Shift", "Trend",
    "hexagons", "near_repeats", "scan", "trend",
]  # fmt: skip
