"""The matrix in full, and the policy's mutants: does anything differ, and is every clause noticed when it is weakened?

Every role, in five states of its post, for every purpose, towards children in eleven states by every kind of relationship: oracle,
evaluator and database, under the service's own login. Then each clause of policy and steps changed, one at a time (bench/mutants.py).
"""

import sys
import time

from bench.measuring import last_line, own_database, table, the_cluster

QUICK = "--quick" in sys.argv
own_database("bench_access", the_cluster())

from atlas.gate.policy import ROLE, Purpose  # noqa: E402
from bench.mutants import mutants  # noqa: E402
from tests.gate.matrix import EVERY_ROLE, Children, Counted, compare, posts_of  # noqa: E402

started, counted = time.monotonic(), Counted()
children = Children.made()
for role in EVERY_ROLE:
    for number, (post, state) in enumerate(posts_of(role, children)):
        for purpose in list(Purpose) if number == 0 and not QUICK else [ROLE[role].purposes[0]]:
            compare(children, post, state, purpose, counted)
seconds = time.monotonic() - started
tried = caught = 0
missed: list[str] = []
for mutant in mutants():
    tried += 1
    if mutant.is_caught():
        caught += 1
    else:
        missed.append(mutant.what)
table(("what", "figure"), [["decisions", counted.decisions], ["differing", len(counted.differing)], ["seconds", round(seconds)],
                           ["mutants", tried], ["caught", caught]])  # fmt: skip
for what in counted.differing[:10] + missed[:60]:
    print(" ", what)
last_line(decisions=counted.decisions, differences=len(counted.differing), mutants=tried, caught=caught, seconds=round(seconds))
