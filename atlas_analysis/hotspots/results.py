"""What a scan says."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Cylinder:
    """Places within a circle, and days: a candidate for more than chance."""

    places: tuple[str, ...]  # from the middle outward
    centre: str
    radius: float  # metres, from the middle to the furthest place
    first: date
    last: date
    events: int
    expected: float
    statistic: float  # Kulldorff's log likelihood ratio


@dataclass(frozen=True)
class Cluster:
    """A cylinder that no better one touches, and how easily chance alone makes one as strong somewhere."""

    best: Cylinder
    p: float  # over all places, sizes and windows that were looked at
    recurrence_days: float | None  # looked at each unit of time, one as strong comes by chance once in so many days; None looking back
    ties: tuple[Cylinder, ...]  # others with the same statistic that share ground with it


@dataclass(frozen=True)
class Apart:
    """A place where events are only reported: shown beside the scan, and no part of it."""

    place: str
    kind: str
    events: int  # in the longest window up to the last day
    before: int  # in the days before it


@dataclass(frozen=True)
class ScanResult:
    """Clusters, strongest first, with what was looked at, so that the same call gives the same answer."""

    clusters: tuple[Cluster, ...]
    events: int
    places: int
    first_day: date
    last_day: date
    replicates: int
    seed: int
    maxima: tuple[float, ...]  # the greatest statistic of each shuffle, in the order drawn
    scans_a_day: int
    apart: tuple[Apart, ...]
    caveats: tuple[str, ...]

    def found(self, p: float = 0.05) -> tuple[Cluster, ...]:
        """The clusters that chance makes less often than that."""
        return tuple(cluster for cluster in self.clusters if cluster.p < p)

    def in_words(self) -> str:
        """One sentence about the strongest, that says how sure it is; or that nothing was found."""
        if not self.clusters:
            return "Nothing was found: nowhere did more happen than elsewhere at the same time."
        one = self.clusters[0]
        where = f"{len(one.best.places)} places round {one.best.centre}" if len(one.best.places) > 1 else one.best.centre
        when = f"{one.best.first:%-d %B} to {one.best.last:%-d %B %Y}" if one.best.first != one.best.last else f"{one.best.last:%-d %B %Y}"
        said = f"{where}, {when}: {one.best.events} where {one.best.expected:.1f} were expected."
        if one.recurrence_days is None:
            return f"{said} Chance alone makes one as strong somewhere in {one.p:.0%} of such periods."
        often = max(1, round(one.recurrence_days / self.scans_a_day))
        looks = "looked at once a day" if self.scans_a_day == 1 else f"with {self.scans_a_day} such looks a day"
        about = (
            "no oftener than" if one.p * (self.replicates + 1) <= 1 else "about"
        )  # no shuffle was as strong: so many cannot tell how rare it is
        return f"{said} Chance alone shows one as strong {about} once in {often} {'day' if often == 1 else 'days'}, {looks}."
