"""Every minute of 2020 to 2032 × every time limit, against a calculation written apart (protection.md table D, D5): how many deadlines differ?

The other calculation imports nothing of Atlas and no calendar package: bank holidays from the Act and the proclamations as GOV.UK lists them, summer time from
the Summer Time Act's own rule. The figure to reach is 0. `bench clocks 2024 2025`: these years alone;
`--quick`: every 97th minute, and of the days about a change of the clocks every one.
"""

import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib import import_module

import django

from bench.measuring import last_line, table

django.setup()

from django.conf import settings  # noqa: E402

from atlas.clocks.rules import TimeLimit  # noqa: E402

FIRST, LAST = 2020, 2032
QUICK = "--quick" in sys.argv
YEARS = sorted(int(word) for word in sys.argv[1:] if word.isdigit()) or range(FIRST, LAST + 1)
EVERY = 97  # minutes, in the quick form
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# Proclaimed for one year: days more, and days that stood elsewhere in that year.
MORE = {date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}
MOVED = {(2020, "early may"): date(2020, 5, 8), (2022, "spring"): date(2022, 6, 2)}


def easter(year: int) -> date:
    """Easter Sunday, as the Calendar (New Style) Act 1750 finds it: after the full moon on or after 21 March."""
    golden, century = year % 19 + 1, year // 100 + 1
    solar, lunar = 3 * century // 4 - 12, (8 * century + 5) // 25 - 5
    epact = (11 * golden + 20 + lunar - solar) % 30
    epact += epact == 24 or (epact == 25 and golden > 11)
    moon = date(year, 3, 1) + timedelta(days=(44 - epact if 44 - epact >= 21 else 74 - epact) - 1)
    return moon + timedelta(days=7 - (moon.weekday() + 1) % 7)


def mondays(year: int, month: int) -> list[date]:
    """The Mondays of a month."""
    return [day for number in range(31) if (day := date(year, month, 1) + timedelta(days=number)).month == month and day.weekday() == 0]


@lru_cache
def off(year: int) -> frozenset[date]:
    """The weekdays of a year on which no working day falls in England."""
    sunday, new, christmas, boxing = easter(year), date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)
    held = {
        MOVED.get((year, "early may"), mondays(year, 5)[0]), MOVED.get((year, "spring"), mondays(year, 5)[-1]), mondays(year, 8)[-1],
        sunday - timedelta(days=2), sunday + DAY, *(day for day in MORE if day.year == year),
    }  # fmt: skip
    for day in (new, christmas, boxing):  # one that falls on a weekend is kept on the next weekday that is not kept already
        while day.weekday() > 4 or day in held:
            day += DAY
        held.add(day)
    return frozenset(held)


def is_working(day: date) -> bool:
    """Whether a day counts."""
    return day.weekday() < 5 and day not in off(day.year)


@lru_cache
def summer(year: int) -> tuple[datetime, datetime]:
    """From when to when summer time holds: 01:00 GMT on the last Sundays of March and October."""
    ends = (date(year, month, 31) for month in (3, 10))
    first, last = (end - timedelta(days=(end.weekday() + 1) % 7) for end in ends)
    return datetime(first.year, 3, first.day, 1, tzinfo=UTC), datetime(last.year, 10, last.day, 1, tzinfo=UTC)


def is_summer(instant: datetime) -> bool:
    """Whether clocks in London stand an hour ahead."""
    begins, ends = summer(instant.year)
    return begins <= instant < ends


def last_second(day: date) -> datetime:
    """The last second of a day in London: no clock changes at midnight."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) + DAY
    return midnight - timedelta(hours=is_summer(midnight - timedelta(hours=1)), seconds=1)


@lru_cache(maxsize=1_000_000)
def ends(day: date, unit: str, count: int, waits: bool) -> datetime:
    """When an amount in days or months ends that began on a day of London."""
    if unit == "calendar day":
        return last_second(day + timedelta(days=count))
    if unit == "calendar month":
        first = date(day.year + (day.month - 1 + count) // 12, (day.month - 1 + count) % 12 + 1, 1)
        last = next(end for number in (30, 29, 28, 27) if (end := first + timedelta(days=number)).month == first.month)
        return last_second(min(first + timedelta(days=day.day - 1), last))
    while waits and not is_working(day):
        day += DAY
    while count:
        day += DAY
        count -= is_working(day)
    return last_second(day)


def expected(start: datetime, unit: str, count: int, waits: bool) -> datetime:
    """The deadline by this calculation."""
    if unit == "hour":
        return datetime.fromtimestamp(start.timestamp() + 3600 * count, UTC)
    return ends((start + timedelta(hours=is_summer(start))).date(), unit, count, waits)


def limits() -> list[TimeLimit]:
    """Every time limit of the settings."""
    found = {}
    for module in settings.TIME_LIMITS:
        for one in vars(import_module(module)).values():
            for limit in one if isinstance(one, tuple | list) else [one]:
                if isinstance(limit, TimeLimit):
                    found[limit.version] = limit
    return list(found.values())


def minutes(year: int, step: int) -> Iterator[datetime]:
    """Each minute of a year, or every so many; on the days before, of and after a change of the clocks each."""
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    near = [(change - 2 * DAY, change + 2 * DAY) for change in summer(year)] if step > 1 else []
    while start < end:
        yield start
        start += MINUTE if any(first <= start < last for first, last in near) else MINUTE * step


def main() -> None:
    """Compare, and print by amount."""
    held = limits()
    amounts = sorted(
        {(one.allowed.unit, one.allowed.count, getattr(one.allowed, "receipt_waits", False)): one.allowed for one in held}.items()
    )
    started, lines = time.monotonic(), {amount: [0, 0] for amount, _ in amounts}
    for year in YEARS:
        for start in minutes(year, EVERY if QUICK else 1):
            for amount, allowed in amounts:
                counted = lines[amount]
                counted[0] += 1
                if allowed.after(start) != expected(start, *amount):
                    counted[1] += 1
                    if counted[1] <= 3:
                        print(
                            f"{start.isoformat()} + {allowed.words}: Atlas {allowed.after(start).isoformat()}, apart {expected(start, *amount).isoformat()}",
                            flush=True,
                        )
        print(f"{year}: {sum(many for many, _ in lines.values()):,} compared", flush=True)
    asked, wrong = (sum(pair[place] for pair in lines.values()) for place in (0, 1))
    rules = [
        sum((one.allowed.unit, one.allowed.count, getattr(one.allowed, "receipt_waits", False)) == amount for one in held)
        for amount, _ in amounts
    ]
    table(
        ("amount", "time limits", "compared", "differ"),
        [(allowed.words, many, *lines[amount]) for (amount, allowed), many in zip(amounts, rules, strict=True)],
    )
    last_line(
        limits=len(held),
        amounts=len(amounts),
        minutes=asked / len(amounts),
        compared=asked,
        differences=wrong,
        seconds=time.monotonic() - started,
    )


main()
