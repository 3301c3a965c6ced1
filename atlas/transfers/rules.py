"""Practice rules of a transfer: how long an answer may take. Source: real-life.md point 18; the days are the product's own."""

from datetime import date, timedelta

from atlas.clocks.rules import PRODUCT_DEFAULT, Rank, TimeLimit, WorkingDays

TRANSFER_ANSWER = TimeLimit(
    key="transfer_answer",
    name="Answer to a transfer",
    allowed=WorkingDays(5),
    rank=Rank.LOCAL,
    source=PRODUCT_DEFAULT,
    starts="A child was offered to another authority",
    stops="A named manager there said yes or no, or the transfer was withdrawn",
    valid_from=date(2026, 1, 1),
)

OFFER_HOLDS = timedelta(days=56)  # product default, not law: how long whoever is asked may read what was offered
MANAGERS = ("manager", "head_of_service")  # who may say yes for an authority
