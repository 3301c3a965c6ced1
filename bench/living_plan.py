"""The living plan: facts planted in interviews and whether each is listed, with false alarms; how long it takes to say of 10,000 plans, over a million
entries, which are stale; and, where the fictional authority is made (`python3 run.py demo --once`), how its plans moved with its children's lives.

There is no peer: no system that could be read has a plan that reopens itself (peers.md 7.2). The year stands beside the same authority before (`--before`).
"""

import sys
from datetime import timedelta

from bench.measuring import last_line, own_database, seconds, sign_in_as, table, the_cluster

QUICK = "--quick" in sys.argv
PLANS, ENTRIES = (500, 50_000) if QUICK else (10_000, 1_000_000)
cluster = the_cluster()
own_database("bench_living_plan", cluster)

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from atlas.children.models import Child  # noqa: E402
from atlas.chronology.kinds import Kind  # noqa: E402
from atlas.chronology.models import Entry  # noqa: E402
from atlas.chronology.moments import Moment  # noqa: E402
from atlas.exploitation.codes import AssessmentKind, ItemKind  # noqa: E402
from atlas.exploitation.commands.assessment import start_exploitation_assessment  # noqa: E402
from atlas.exploitation.commands.items import add_item  # noqa: E402
from atlas.gate.context import acting_as  # noqa: E402
from atlas.gate.models import Relationship  # noqa: E402
from atlas.missing.codes import OfferMethod  # noqa: E402
from atlas.missing.commands.offer import offer_interview  # noqa: E402
from atlas.missing.commands.talk import Conversation, record_interview  # noqa: E402
from atlas.people.models import Person  # noqa: E402
from atlas.plans.models import PlanLine, PlanVersion, SafetyPlan  # noqa: E402
from atlas.plans.queries.apart import differences  # noqa: E402
from atlas.plans.queries.lists import plans_waiting, plans_with_waiting, state_of  # noqa: E402
from bench.multiply import copy_rows  # noqa: E402
from bench.plan_year import figures, is_made  # noqa: E402
from tests.missing.test_spine import BACK, COMPLETE, returned  # noqa: E402
from tests.plans.given import agreed, tell  # noqa: E402
from tests.world import World, make_world  # noqa: E402

AFTER = BACK + timedelta(hours=2)
PLACES = (
    "The arcade by the station", "A flat above Moss Kebab", "The blue house on Tanner Row", "Millpond Park, by the bandstand", "The car wash",
    "Unit 4, Canal Street",
)  # fmt: skip
PEOPLE = (
    "Somebody called Jay", "Big Tee", "March’s brother", "A man with a grey van, they call him Spanner", "Kez from the flats", "Her cousin Leon",
)  # fmt: skip
# Each as a worker writes it into an assessment: near, turned round, or in other words altogether.
WRITTEN = {
    "The arcade by the station": "Spends evenings at the station arcade", "A flat above Moss Kebab": "A flat over the kebab shop on Moss Lane",
    "The blue house on Tanner Row": "Tanner Row, blue house: adults come and go", "Somebody called Jay": "Jay, about 20, sends messages", "Big Tee": "Tee picks him up",
    "A man with a grey van, they call him Spanner": "Spanner, who drives a grey van", "Her cousin Leon": "Leon, a cousin, brings money",
}  # fmt: skip


def planted(world: World) -> tuple[int, int, int, int]:
    """Tell six places and six people in interviews, take seven into the assessment: how many are absent, listed, and listed although they stand there."""
    interview = returned(world)
    offer_interview(interview=interview, offered_at=Moment(AFTER), method=OfferMethod.IN_PERSON, by=world.interviewer, at=AFTER)
    texts = {**COMPLETE.texts, "places_answer": "mentioned", "people_answer": "mentioned"}
    talk = Conversation(
        texts=texts, answers=COMPLETE.answers, places=[{"words": one} for one in PLACES], people=[{"words": one} for one in PEOPLE]
    )
    record_interview(interview=interview, conversation=talk, held_at=Moment(AFTER), by=world.interviewer, at=AFTER)
    assessment = start_exploitation_assessment(child=world.child, kind=AssessmentKind.FULL, by=world.worker, at=AFTER)
    for words in WRITTEN.values():
        add_item(assessment=assessment, kind=ItemKind.CONTEXT, words=words, by=world.worker, at=AFTER)
    with acting_as(world.worker, AFTER) as subject:
        told = {one.words for one in differences(subject, world.child, list(PlanLine.objects.filter(plan__child=world.child)), AFTER).told}
    absent = {*PLACES, *PEOPLE} - WRITTEN.keys()
    return len(absent), len(absent & told), len(told - absent), len(WRITTEN)


def multiply(world: World) -> None:
    """One child's plan many times, and entries for each: by the superuser, since row security would not let the service."""
    own = f"md5(t.{{}}::text || (1 + n % {PLANS}))::uuid"
    for model, key in ((Person, "id"), (Child, "person_id")):
        copy_rows(cluster, "bench_living_plan", model, PLANS, {key: own.format(key)}, f"t.{key} = '{world.child.pk}'")
    child, fresh = own.format("child_id"), "md5(t.id::text || n)::uuid"
    plan = {"id": fresh, "child_id": child}
    copy_rows(cluster, "bench_living_plan", SafetyPlan, PLANS, plan, "true")
    copy_rows(cluster, "bench_living_plan", PlanVersion, PLANS, {**plan, "plan_id": "md5(t.plan_id::text || n)::uuid"}, "true")
    copy_rows(
        cluster,
        "bench_living_plan",
        Relationship,
        PLANS,
        {**plan, "source_id": "NULL"},
        f"t.child_id = '{world.child.pk}' AND t.kind = 'allocated'",
    )
    # a year of entries for each child: one in 25 is of the catalogue, and most of those are older than the plan asks about
    spread = f"t.recorded_at - (n / {PLANS}) * interval '3 days' - interval '1 minute'"
    kinds = {
        "kind": "CASE WHEN n % 25 = 0 THEN 'suspended' ELSE 'contact_or_sighting' END",
        "event": "CASE WHEN n % 25 = 0 THEN 'EV-16' ELSE '' END",
    }
    columns = {
        "id": fresh,
        "child_id": child,
        "happened_at": spread,
        "known_at": spread,
        "recorded_at": spread,
        "corrects_id": "NULL",
        **kinds,
    }
    copy_rows(
        cluster,
        "bench_living_plan",
        Entry,
        ENTRIES,
        columns,
        f"t.id = (SELECT id FROM chronology_entry WHERE kind = '{Kind.SUSPENDED}' LIMIT 1)",
    )
    cluster.sql("bench_living_plan", "VACUUM ANALYZE")


def stale(world: World) -> tuple[float, int, int, float]:
    """Seconds to say of every plan whether it is stale; statements; how many are; and seconds for the first page of the list."""
    with acting_as(world.worker, AFTER + timedelta(days=1)) as subject:
        with CaptureQueriesContext(connection) as asked:
            found = [state_of(plan, subject.at) for plan in plans_with_waiting(subject, subject.at)]
        taken = seconds(lambda: [state_of(plan, subject.at) for plan in plans_with_waiting(subject, subject.at)], times=3)
        first = seconds(lambda: list(plans_waiting(subject, subject.at)[:50]), times=3)
    assert len(found) > PLANS * 0.9, len(found)
    return taken, len(asked), sum(1 for one in found if one.state != "true"), first


def main() -> None:
    """Plant, multiply, ask."""
    world = make_world()
    agreed(world, AFTER - timedelta(days=30))
    absent, listed, false_alarms, written = planted(world)
    tell(world, Kind.SUSPENDED, AFTER)
    sign_in_as(cluster, "atlas_app")
    multiply(world)
    taken, statements, found, first = stale(world)
    table(
        ("what", "figure"),
        [
            ("facts planted in an interview and absent from the assessment", absent), ("of these, listed at the next look", listed),
            (f"listed although they stand there in other words (of {written})", false_alarms), ("plans", PLANS), ("entries", ENTRIES),
            ("stale or waiting", found), ("all of them, seconds", f"{taken:.2f}"), ("statements", statements), ("first page of 50, milliseconds", f"{first * 1000:.0f}"),
        ],
    )  # fmt: skip
    year = figures(cluster) if is_made(cluster) else {}
    if year:
        table(("of the fictional year", "figure"), [(name.replace("_", " "), f"{figure:.2f}") for name, figure in year.items()])
    last_line(
        **year,
        planted=absent,
        listed=listed,
        false_alarms=false_alarms,
        plans_multiplied=PLANS,
        entries=ENTRIES,
        seconds=taken,
        statements=statements,
        first_page_ms=first * 1000,
    )


main()
