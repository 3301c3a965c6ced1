"""How long a team across agencies has to take a referral on, and to answer it. A product default, not law; an authority may set its own."""

from datetime import date

from atlas.clocks.rules import PRODUCT_DEFAULT, Rank, TimeLimit, WorkingDays

TAKE_REFERRAL = TimeLimit(
    key="take_referral", name="Take the referral on, or send it back", allowed=WorkingDays(1), rank=Rank.LOCAL, source=PRODUCT_DEFAULT,
    starts="A child was referred to the team", stops="Somebody of the team accepted it, or sent it back with a reason",
    valid_from=date(2026, 1, 1),
)  # fmt: skip
GIVE_ADVICE = TimeLimit(
    key="give_advice", name="Answer the question that was asked of the team", allowed=WorkingDays(3), rank=Rank.LOCAL, source=PRODUCT_DEFAULT,
    starts="Somebody of the team accepted the referral", stops="The question was answered, or sent back with a reason",
    valid_from=date(2026, 1, 1),
)  # fmt: skip
# How long whoever works with the child has to say what they make of an answer.
DECIDE_WITHIN = WorkingDays(5)
