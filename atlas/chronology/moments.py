"""interim"""
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo
LONDON = ZoneInfo("Europe/London")
class Precision(StrEnum):
    MINUTE = "minute"; ABOUT = "about"; DATE = "date"; UNKNOWN = "unknown"
@dataclass(frozen=True)
class Moment:
    at: datetime | None
    precision: Precision = Precision.MINUTE
    @classmethod
    def on(cls, day: date) -> "Moment":
        return cls(datetime.combine(day, time(0), LONDON).astimezone(timezone.utc), Precision.DATE)
    @property
    def earliest(self):
        if self.at is None: return None
        return self.at - timedelta(minutes=30) if self.precision == "about" else self.at
    @property
    def latest(self):
        if self.at is None: return None
        if self.precision == "about": return self.at + timedelta(minutes=30)
        if self.precision == "date": return self.at + timedelta(hours=23, minutes=59, seconds=59)
        return self.at
    def words(self) -> str:
        return str(self.at)
