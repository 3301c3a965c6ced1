"""A file of Northmarch Police, as `bench feed` and `bench monday` take it in."""

import csv
from datetime import timedelta
from pathlib import Path

from atlas.chronology.moments import LONDON
from tests.factories import NOW


def write_file(path: Path, rows: int, children: int) -> int:
    """A file of so many reports over five years; gives how many have a fault."""
    header = ("MISPER REF", "Forename(s)", "Surname", "DOB", "Sex", "Last Seen", "Last Seen Location", "Reported", "Recorded", "LA Notified",
              "Risk", "Status", "Found Date/Time", "Returned", "Circumstances")  # fmt: skip
    faults = 0
    with path.open("w", newline="", encoding="utf-8") as text:
        writer = csv.writer(text)
        writer.writerow(header)
        for number in range(rows):
            seen = NOW - timedelta(
                days=30 + 60 * (number // children), minutes=7 * number % 480
            )  # never in the hour that October shows twice
            times = [f"{(seen + timedelta(minutes=m)).astimezone(LONDON):%d/%m/%Y %H:%M}" for m in (0, 60, 65, 90, 400, 430)]
            is_faulty = number % 100 == 99
            faults += is_faulty
            writer.writerow((
                f"NM/{number:07}", "Ashby", f"Example{number % children + 1}", "04/03/1979" if is_faulty else "04/03/2011", "F", times[0], "Near home", times[1],
                times[2], times[3], ("Low", "Medium", "High")[number % 3], "Returned", times[4] if number % 2 else "", times[5], "Not home when expected.",
            ))  # fmt: skip
    return faults
