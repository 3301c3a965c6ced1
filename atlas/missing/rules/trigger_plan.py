"""Practice rules of the trigger plan: when it must be read again, and what of it says where the child is. Pure."""

from datetime import date, datetime, timedelta

from atlas.gate.days import day_of

TRIGGER_PLAN_LIFE = timedelta(days=30)  # product default, not law (practice.md 3.4)

# Of a trigger plan, what says where the child is or how the child is reached: left out of everything while a sealed location exists.
SAYS_WHERE = frozenset(
    {
        "keeper_words",
        "telephone_words",
        "online_words",
        "transport_words",
        "people_words",
        "places_words",
        "safe_people_words",
        "safe_places_words",
    }
)


def why_stale(
    confirmed_at: datetime, at: datetime, *, moved_on: date | None, number_changed_on: date | None, missing_at: datetime | None
) -> list[str]:
    """Why a trigger plan must be read again, each in words; empty where it is current.

    `moved_on`, `number_changed_on`: the first day of the last placement and of the last telephone number; `missing_at`: the last
    episode's report. Product default, not law (practice.md 3.4).
    """
    day, reasons = day_of(confirmed_at), []
    if at - confirmed_at > TRIGGER_PLAN_LIFE:
        reasons.append(f"Nobody has confirmed it for {(at - confirmed_at).days} days.")
    if moved_on is not None and moved_on > day:
        reasons.append("The child lives in another placement since. Say who keeps it now.")
    if number_changed_on is not None and number_changed_on > day:
        reasons.append("A telephone number has changed since.")
    if missing_at is not None and missing_at > confirmed_at:
        reasons.append("The child has been missing since. Write down what was learned.")
    return reasons
