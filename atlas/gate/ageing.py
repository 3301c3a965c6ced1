"""When a row that counts by age is recent: as a condition of the query builder, and as one of row security. They say the same."""

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, Q

from atlas.gate.policy import RECENT


@dataclass(frozen=True)
class Ages:
    """By what a row ages. `by`: its own moments, of which the latest counts; `otherwise`: what counts where it has none of them. Without
    `otherwise`, a row without a moment is open, and what is open is never old. `hangs_on`: (table, its column, our column, its moment of
    ending): while such a row has not ended, this one is not old either.
    """

    by: tuple[str, ...]
    otherwise: str = ""
    hangs_on: tuple[str, str, str, str] | None = None

    def recent(self, at: datetime) -> Q:
        """The rows that are open or recent at that moment."""
        since = at - RECENT
        none = Q()
        for column in self.by:
            none &= Q(**{f"{column}__isnull": True})
        recent = none & Q(**{f"{self.otherwise}__gte": since}) if self.otherwise else none
        for column in self.by:
            recent |= Q(**{f"{column}__gte": since})
        if self.hangs_on:
            label, its, ours, ends_at = self.hangs_on
            holding = apps.get_model(label)._default_manager.filter(**{its: OuterRef(ours), f"{ends_at}__isnull": True})
            recent |= Q(Exists(holding))
        return recent

    def condition(self) -> str:
        """The same in SQL, at the moment of acting."""
        otherwise = self.otherwise or "'infinity'::timestamptz"
        recent = f"coalesce(greatest({', '.join(self.by)}), {otherwise}) >= (SELECT gate_recent_from())"
        return f"{recent} OR gate_hangs_open({self.hangs_on[2]})" if self.hangs_on else recent


def recent_rows(model: type[Model], at: datetime) -> Q:
    """The rows of this model that are open or recent at that moment: all, where it does not count by age."""
    ages: Ages | None = getattr(model, "ages", None)
    return ages.recent(at) if ages else Q()
