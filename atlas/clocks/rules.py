"""interim"""
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
class MissedReason(StrEnum):
    FAMILY = "family asked"
class Rank(StrEnum):
    LAW="law"; STATUTORY_GUIDANCE="statutory guidance"; NATIONAL_GUIDANCE="national guidance"; LOCAL="local"
@dataclass(frozen=True)
class Hours:
    n: int
    def after(self, s): return s + timedelta(hours=self.n)
@dataclass(frozen=True)
class WorkingDays:
    n: int
    def after(self, s): return s + timedelta(days=self.n)
@dataclass(frozen=True)
class Deadline:
    earliest: datetime
    latest: datetime
@dataclass(frozen=True)
class TimeLimit:
    key: str
    name: str
    allowed: object
    rank: Rank
    source: str
    starts: str = ""
    stops: str = ""
    pause: str = "nothing pauses it"
    valid_from: date | None = None
    valid_until: date | None = None
    @property
    def version(self): return f"{self.key}@{self.valid_from}"
    def due(self, m):
        if m.earliest is None: return None
        return Deadline(self.allowed.after(m.earliest), self.allowed.after(m.latest))
    def explain(self, m): return f"{self.allowed} from {m.words()}"
