"""A child's missing episodes and interviews, every verb in any order (protection.md table D, D3): `python3 run.py bench machine [SEQUENCES] [--quick]`.

The machine of tests/missing/episode_machine.py, 50 steps a sequence, each fifty begun with another seed; 1,000 sequences unless said, 20 with `--quick`. The figure to
reach: 0 faults in 10,000. No peer: nothing else tells what must follow what. A fault is shown with the shortest sequence that leads to it.
"""

import random
import sys
import time

from bench.measuring import last_line, own_database, the_cluster

own_database("bench_machine", the_cluster())

from hypothesis import HealthCheck, seed, settings  # noqa: E402
from hypothesis.stateful import run_state_machine_as_test  # noqa: E402

from tests.missing.episode_machine import machine_of  # noqa: E402
from tests.world import make_world  # noqa: E402

SEQUENCES = 20 if "--quick" in sys.argv else next((int(word) for word in sys.argv[1:] if word.isdigit()), 1_000)
STEPS, AT_ONCE = 50, 50


def main() -> None:
    """Fifty sequences at a time, each fifty with a seed of its own."""
    machine, began, faults, done, acts = machine_of(make_world()), time.monotonic(), 0, 0, 0

    class Counting(machine):  # type: ignore[valid-type, misc]
        def teardown(self) -> None:
            nonlocal acts, done
            acts, done = acts + self.number, done + 1
            super().teardown()

    while done < SEQUENCES:
        many = min(AT_ONCE, SEQUENCES - done)
        sequences = settings(
            max_examples=many, stateful_step_count=STEPS, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        number = random.SystemRandom().randrange(2**31)
        before = done
        try:
            run_state_machine_as_test(seed(number)(Counting), settings=sequences)
        except Exception as problem:
            faults += 1
            print(f"seed {number}: {type(problem).__name__}: {problem}", *getattr(problem, "__notes__", ()), sep="\n", flush=True)
        done = max(done, before + many)  # a fault that is made shorter takes many more
    last_line(sequences=done, steps=STEPS, acts=acts, faults=faults, seconds=time.monotonic() - began)


main()
