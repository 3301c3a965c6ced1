"""A moment as the HTTP API says it: an instant with its zone, or a day whose time is not known, or neither."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from atlas.chronology.moments import YEARS, Moment, Precision


def in_years(given: datetime | date) -> datetime | date:
    """What was given, where its year can be meant: the last hours of the calendar are in no year elsewhere. Raises ValueError, in words."""
    if given.year not in YEARS:
        raise ValueError("The year cannot be right. Check the date.")
    return given


Instant = Annotated[AwareDatetime, AfterValidator(in_years)]


class MomentSaid(Schema):
    """When something happened: `at` with a zone (and whether that is to the minute or about then), or `on`, a day; neither: not known."""

    at: Instant | None = Field(None, examples=["2026-11-26T23:40:00+00:00"])
    on: Annotated[date, AfterValidator(in_years)] | None = Field(None, examples=["2026-11-26"])
    precision: Literal["minute", "about"] = "minute"

    @model_validator(mode="after")
    def only_one(self) -> Self:
        """Raises ValueError where both are given: which is meant is not guessed."""
        if self.at is not None and self.on is not None:
            raise ValueError("Give “at” or “on”, not both.")
        return self

    @property
    def moment(self) -> Moment:
        """As the commands take it."""
        if self.on is not None:
            return Moment.on(self.on)
        return Moment(self.at, Precision(self.precision)) if self.at else Moment(None, Precision.UNKNOWN)

    @classmethod
    def of(cls, moment: Moment | None) -> "MomentSaid | None":
        """As an answer says it; None where nothing is recorded."""
        if moment is None or moment.at is None:
            return None
        if moment.precision == Precision.DATE:
            return cls.model_construct(at=None, on=moment.day, precision="minute")
        return cls.model_construct(at=moment.at, on=None, precision="about" if moment.precision == Precision.ABOUT else "minute")
