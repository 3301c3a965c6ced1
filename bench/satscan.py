"""Runs SaTScan (satscan.org; it is not part of Atlas) on a world of the benchmark, where the caller says where it is.

Written from memory of the names of its 10.3 parameters; never run yet.
"""

import re
import resource
import subprocess
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bench.scan_worlds import FIRST, LAST, World

PARAMETERS = """[Input]
CaseFile={folder}/w.cas
PrecisionCaseTimes=3
StartDate={first:%Y/%m/%d}
EndDate={last:%Y/%m/%d}
CoordinatesFile={folder}/w.geo
CoordinatesType=0
[Analysis]
AnalysisType=4
ModelType=2
ScanAreas=1
TimeAggregationUnits=3
TimeAggregationLength=1
[Output]
ResultsFile={folder}/w.txt
[Spatial Window]
MaxSpatialSizeInPopulationAtRisk=50
SpatialWindowShapeType=0
[Temporal Window]
MinimumTemporalClusterSize=1
MaxTemporalSizeInterpretation=1
MaxTemporalSize=30
[Inference]
PValueReportType=1
MonteCarloReps={replicates}
"""


@dataclass(frozen=True)
class Answer:
    """What it said of the strongest cluster, and the CPU seconds of the whole process."""

    cpu_s: float
    statistic: float
    places: frozenset[str]
    p: float


def run(program: str, world: World, replicates: int) -> Answer:
    """Scan this world with that program."""
    with tempfile.TemporaryDirectory() as folder:
        cases = Counter(zip(world.places.tolist(), world.days.tolist(), strict=True))
        lines = [f"p{place} {count} {FIRST + timedelta(days=day):%Y/%m/%d}" for (place, day), count in cases.items()]
        Path(folder, "w.cas").write_text("\n".join(lines) + "\n")
        Path(folder, "w.geo").write_text("\n".join(f"p{place} {x!r} {y!r}" for place, (x, y) in enumerate(world.points.tolist())) + "\n")
        Path(folder, "w.prm").write_text(PARAMETERS.format(folder=folder, first=FIRST, last=LAST, replicates=replicates))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([program, f"{folder}/w.prm"], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        text = Path(folder, "w.txt").read_text()
    first = text[text.index("1.Location IDs") :].split("\n2.Location IDs")[0]
    named = first[first.index(":") + 1 : first.index("Coordinates")]
    return Answer(
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        float(re.findall(r"Test statistic\.*: ([\d.]+)", first)[0]),
        frozenset(re.findall(r"p\d+", named)),
        float(re.findall(r"P-value\.*: ([\d.]+)", first)[0]),
    )
