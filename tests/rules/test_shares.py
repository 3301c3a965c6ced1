"""A share of few is shown with its counts and with its 95 % interval: Wilson's score interval, without continuity correction.

Source: Newcombe, Stat Med 1998; 17: 857-872, Table I, method 3. Between the two ends lie the shares from which what was counted could well
have come: where the intervals of two agencies overlap widely, the numbers do not show a difference.
"""

import pytest

from atlas.oversight.rules import Share
from atlas_analysis.rates.shares import wilson_interval

INTERVALS = [
    #   count   of      from        to
    (81,        263,    0.2553,     0.3662),    # the four published cases
    (15,        148,    0.0624,     0.1605),
    (0,         20,     0.0000,     0.1611),
    (1,         29,     0.0061,     0.1718),
    (20,        20,     0.8389,     1.0000),    # the mirror of none in 20
    (29,        29,     0.8830,     1.0000),
    (5,         10,     0.2366,     0.7634),    # a half: the same on both sides
]  # fmt: skip


@pytest.mark.parametrize(("count", "of", "low", "high"), INTERVALS)
def test_the_interval_is_the_published_one(count: int, of: int, low: float, high: float) -> None:
    """The 95 % interval of so many of so many."""
    assert wilson_interval(count, of) == pytest.approx((low, high), abs=0.00005)


def test_there_is_no_share_of_none_and_none_beyond_all() -> None:
    for count, of in ((0, 0), (3, 2), (-1, 2)):
        with pytest.raises(ValueError, match="There is no share"):
            wilson_interval(count, of)


def test_a_share_is_said_in_whole_hundredths_and_nothing_is_said_of_none() -> None:
    assert (Share(5, 10).percent, Share(5, 10).interval) == ("50", "24 to 76")
    assert (Share(0, 0).percent, Share(0, 0).interval) == ("–", "")
