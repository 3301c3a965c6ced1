"""A child's missing episodes and interviews, every verb in any order (protection.md table D, D3): `python3 run.py bench machine [SEQUENCES] [--quick]`.

The machine of tests/missing/episode_machine.py, 50 steps a sequence, each fifty begun with another seed, in a process for each core, each on a database of its own;
1,000 sequences unless said, 20 with `--quick`. The figure to reach: 0 faults in 10,000. No peer: nothing else tells what must follow what. A fault is shown with the
shortest sequence that leads to it.
"""

import multiprocessing
import os
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor

SEQUENCES = 20 if "--quick" in sys.argv else next((int(word) for word in sys.argv[1:] if word.isdigit()), 1_000)
STEPS, AT_ONCE = 50, 50


def walked(part: int, sequences: int) -> tuple[int, int, int]:
    """So many sequences in a process of their own, fifty at a time: sequences done, acts, faults."""
    from bench.measuring import own_database, the_cluster

    own_database(f"bench_machine_{part}", the_cluster())
    from hypothesis import HealthCheck, seed, settings
    from hypothesis.stateful import run_state_machine_as_test

    from tests.missing.episode_machine import machine_of
    from tests.world import make_world

    machine, faults, done, acts = machine_of(make_world()), 0, 0, 0

    class Counting(machine):  # type: ignore[valid-type, misc]
        def teardown(self) -> None:
            nonlocal acts, done
            acts, done = acts + self.number, done + 1
            super().teardown()

    while done < sequences:
        many = min(AT_ONCE, sequences - done)
        chosen = settings(
            max_examples=many, stateful_step_count=STEPS, deadline=None, database=None, suppress_health_check=list(HealthCheck)
        )
        number = random.SystemRandom().randrange(2**31)
        before = done
        try:
            run_state_machine_as_test(seed(number)(Counting), settings=chosen)
        except Exception as problem:
            faults += 1
            print(f"seed {number}: {type(problem).__name__}: {problem}", *getattr(problem, "__notes__", ()), sep="\n", flush=True)
        done = max(done, before + many)  # a fault that is made shorter takes many more
    return done, acts, faults


def main() -> None:
    """A share of the sequences in each process."""
    from bench.measuring import last_line

    began, processes = time.monotonic(), min(os.cpu_count() or 1, SEQUENCES)
    shares = [SEQUENCES // processes + (part < SEQUENCES % processes) for part in range(processes)]
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        done, acts, faults = (sum(one) for one in zip(*pool.map(walked, range(processes), shares), strict=True))
    last_line(sequences=done, steps=STEPS, acts=acts, faults=faults, processes=processes, seconds=time.monotonic() - began)


if __name__ == "__main__":
    main()
