"""What a scan looks for, and how: all of it is part of the answer's fingerprint."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from atlas_analysis.hotspots.reporting import REPORTING_KINDS


@dataclass(frozen=True, kw_only=True)
class Search:
    """What to look for, and how."""

    first_day: date
    last_day: date
    seed: int
    longest: int = 30  # days (or units) of the longest window
    unit: int = 1  # days that are one unit of time
    looking_back: bool = False  # windows that end on any day, not only on the last
    model: Literal["permutation", "poisson"] = "permutation"  # without a population, or with one
    largest_share: float = 0.5  # of all events expected, in the largest circle
    largest_radius: float | None = None  # metres
    least_events: int = 2
    replicates: int = 999
    most_clusters: int = 10
    scans_a_day: int = 1  # how many such searches are made each day: by theme, by age band
    reporting: Literal["left out", "shown apart", "kept"] = "left out"
    reporting_kinds: frozenset[str] = REPORTING_KINDS
    within: tuple[float, float, float, float] | None = None  # see tables.read_points
    workers: int = 1

    def check(self) -> None:
        """Raise ValueError for a search that cannot be made."""
        length = (self.last_day - self.first_day).days + 1
        if length < 2 or self.unit < 1 or not 1 <= self.longest * self.unit < length:
            raise ValueError(f"The longest window, {self.longest * self.unit} days, must be shorter than the period, {length} days.")
        if not 0 < self.largest_share <= 0.5:
            raise ValueError("The largest circle may hold up to half of what is expected: a share above 0 and up to 0.5.")
        if self.largest_radius is not None and self.largest_radius < 0:
            raise ValueError("The largest radius is a distance in metres, not below nought.")
        if self.replicates < 19 or self.least_events < 1 or self.scans_a_day < 1 or self.workers < 1:
            raise ValueError("At least 19 shuffles, one event, one scan a day and one worker are needed.")
