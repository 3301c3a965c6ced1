"""Every verb of a missing episode in any order, a few sequences of it."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.missing.episode_machine import machine_of
from tests.world import make_world


@pytest.mark.django_db
def test_whatever_order_the_acts_come_in_what_stands_is_what_was_done() -> None:
    few = settings(
        max_examples=5, stateful_step_count=18, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(machine_of(make_world()), settings=few)
