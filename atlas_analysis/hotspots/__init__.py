"""Where and since when does more happen than chance explains, and how sure is that?

Questions that the partnership's analyst puts to it: *Is there a place where children have come to harm more often lately than their numbers everywhere and
that place's own past would lead us to expect? How often would we be told so with nothing there?* (`scan`.)

It speaks of places and days, never of a child. Where it finds nothing it says so. A place that the caller names as a point where things are only reported
is no place of harm. Names of places come back as they were given: who may see them is the caller's to decide (a private home stands on no map).
"""

from atlas_analysis.hotspots.results import Apart, Cluster, Cylinder, ScanResult
from atlas_analysis.hotspots.scan import scan
from atlas_analysis.hotspots.search import Search

__all__ = ["Apart", "Cluster", "Cylinder", "ScanResult", "Search", "scan"]
