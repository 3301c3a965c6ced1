"""The settings of a service whose clock a journey sets: every door reads the moment that stands in a file, and time goes on from there.

The clock alone is another, for the service and for the telephone that makes its codes: nothing else of the product knows of it. What proves that a
message between service and database is fresh reads the machine's own.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from django.apps import AppConfig
from django.utils import timezone

from atlas.config.settings import *  # noqa: F403
from atlas.config.settings import INSTALLED_APPS

_AHEAD = Path(os.environ["ATLAS_CLOCK_AHEAD"])  # by how many seconds the service is ahead of the machine
_now = timezone.now


def _set_by_the_journey() -> datetime:
    return _now() + timedelta(seconds=float(_AHEAD.read_text()))


class Clock(AppConfig):
    """The clock by which codes are made, too: after an hour of the night there is another code."""

    name = "tests.journeys"

    def ready(self) -> None:
        """Let codes be made by the same clock."""
        from allauth.mfa.totp.internal import auth

        auth.time = SimpleNamespace(time=lambda: timezone.now().timestamp())


timezone.now = _set_by_the_journey
INSTALLED_APPS = [*INSTALLED_APPS, "tests.journeys.night_settings.Clock"]
