"""A return interview that somebody else read and coded once more."""

from django.db import models

from atlas.missing.models.interview import AboutInterview, ReturnInterview


class SecondReading(AboutInterview):
    """A return interview coded a second time, from what was written down, by somebody who did not hold it: to know how alike people code.

    It changes nothing of the interview. `codes`: question -> codes, from the same lists (`codes.ANSWERS`); a question that the record does not
    tell of is left out.
    """

    append_only = True
    version = None  # never altered

    interview = models.OneToOneField(ReturnInterview, on_delete=models.PROTECT, related_name="second_reading")
    codes = models.JSONField()
    had_seen = models.BooleanField(help_text="the first coding was known to the reader: it then says nothing of how alike people code")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
