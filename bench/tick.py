"""Tick over 100,000 running clocks, 1 % of them overdue; and every timeliness measure over 100,000 episodes by plain queries.

Rows are multiplied by SQL from command-made ones, as the owner of the tables never could in service; invariants are
checked after. Peer: one bare UPDATE … RETURNING of the same overdue rows, and one bare COUNT over the same episodes.
"""

import sys
import time
from datetime import timedelta

from bench.measuring import last_line, own_database, p95, seconds, sign_in_as, table, the_cluster

QUICK = "--quick" in sys.argv
SIZE = 10_000 if QUICK else 100_000
cluster = the_cluster()
own_database("bench_tick", cluster)

from django.db import connection  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from atlas.children.models import Child  # noqa: E402
from atlas.clocks.models import Clock  # noqa: E402
from atlas.gate.context import acting_as  # noqa: E402
from atlas.missing.models import Episode, ReturnInterview  # noqa: E402
from atlas.oversight.queries import Asked, tally  # noqa: E402
from atlas.people.models import Person  # noqa: E402
from atlas.tick import tick  # noqa: E402
from bench.multiply import copy_rows  # noqa: E402
from tests.factories import NOW, post, team  # noqa: E402
from tests.missing.test_spine import COMPLETE, returned  # noqa: E402
from tests.world import World, make_world  # noqa: E402


def multiply() -> tuple[World, Post]:
    """One child's year, many times: the same rows with other ids, by the superuser (row security would not let the service)."""
    from atlas.chronology.moments import Moment
    from atlas.missing.commands.talk import record_interview

    world = make_world()
    interview = returned(world)
    held = NOW + timedelta(hours=40)
    record_interview(interview=interview, conversation=COMPLETE, held_at=Moment(held), by=world.interviewer, at=held)
    service = post("tick", of=team("Systems"))
    Post.objects.filter(pk=service.pk).update(is_service=True)
    children = SIZE // 20  # as many as go missing so often
    for model, own in ((Person, "id"), (Child, "person_id")):
        copy_rows(cluster, "bench_tick", model, children, {own: f"md5(t.{own}::text || n)::uuid"}, f"t.{own} = '{world.child.pk}'")
    child = f"md5(t.child_id::text || (1 + n % {children}))::uuid"
    first, fresh = "t.ctid = (SELECT min(ctid) FROM {})", "md5(t.id::text || n)::uuid"
    later = "(n || ' minutes')::interval"
    earlier = f"t.returned_at - {later} * 4"
    offered, told = (f"{earlier} + (n % {most}) * interval '1 minute'" for most in (4321, 601))
    copy_rows(cluster, "bench_tick", Episode, SIZE, {"id": fresh, "child_id": child, "reference": "'B' || n", "returned_at": earlier},
              first.format("missing_episode"))  # fmt: skip
    copy_rows(cluster, "bench_tick", ReturnInterview, SIZE, {"id": fresh, "child_id": child, "episode_id": "md5(t.episode_id::text || n)::uuid", "returned_at": earlier,
              "first_offered_at": offered, "return_recorded_at": told}, first.format("missing_returninterview"))  # fmt: skip
    copy_rows(cluster, "bench_tick", Clock, SIZE, {
        "id": fresh, "child_id": child, "outcome": "'running'", "stopped_at": "NULL", "stopped_by_id": "NULL", "about_id": fresh, "due_at": f"t.due_at + {later}",
        "due_latest_at": f"t.due_latest_at + {later}",
    }, first.format("clocks_clock"))  # fmt: skip
    cluster.sql("bench_tick", "VACUUM ANALYZE")
    return world, service


world, service = multiply()
overdue_at = NOW + timedelta(hours=77) + timedelta(minutes=SIZE // 100)
rows: list[list[object]] = []

sign_in_as(cluster, "atlas_tick")
start = time.perf_counter()
done = tick(by=service, at=overdue_at)
first = time.perf_counter() - start
assert tick(by=service, at=overdue_at).overdue == 0
again = seconds(lambda: tick(by=service, at=overdue_at), 5)
bare = seconds(
    lambda: cluster.sql(
        "bench_tick",
        f"UPDATE clocks_clock SET overdue_noticed_at = now() WHERE outcome = 'running' AND due_latest_at < '{overdue_at.isoformat()}'",
    )
)
rows.append([f"tick, {SIZE:,} running clocks, {done.overdue:,} overdue", f"{first:.2f} s", f"{done.overdue / first:,.0f} a second"])
rows.append(["tick again, nothing due", f"{1000 * again:.1f} ms", ""])
rows.append(["peer: one bare UPDATE of the same rows", f"{bare:.2f} s", ""])

sign_in_as(cluster, "atlas_app")
at = NOW + timedelta(days=10)
taken = []
with acting_as(world.coordinator, at) as subject:
    asked = Asked(subject, world.authority, NOW - timedelta(days=4000), at)
    tally(asked, "ours")  # warm, as in service
    for _ in range(5 if QUICK else 40):
        taken.append(seconds(lambda: tally(asked, "ours")))
    found = tally(asked, "ours").groups["ours"]["all"]["returned"]
    bare_count = seconds(lambda: connection.cursor().execute("SELECT count(*) FROM missing_returninterview"), 5)
rows.append([f"every timeliness measure, {found:,} episodes, through the gate", f"{1000 * p95(taken):.0f} ms p95", ""])
rows.append(["peer: SELECT count(*) of the same table, through the gate", f"{1000 * bare_count:.0f} ms", ""])

assert done.overdue > 0 and done.climbed >= done.overdue
assert found == SIZE + 1, found
table(["what", "took", "rate"], rows)
last_line(
    clocks=SIZE, overdue=done.overdue, tick_s=first, idle_ms=1000 * again, bare_s=bare, measures_ms=1000 * p95(taken), episodes=found,
    bare_count_ms=1000 * bare_count,
)  # fmt: skip
