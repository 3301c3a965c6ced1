"""Two halves (peers.md 9.4; capabilities row 55): of planted differences between the police's and the council's records, how many are found?

No peer does it. The fictional authority's fortnight, denser than real: every child who goes missing is missing once in it. The council's half
is brought about by commands; Northmarch's file tells the same within twenty minutes, and every fourth episode differently. What is counted is
by child and kind: what was planted and asked, what was planted and not asked, and what was asked and not planted.
"""

import sys
import time
from datetime import UTC, datetime, timedelta
from random import Random

from bench.measuring import last_line, own_database, table, the_cluster

QUICK = "--quick" in sys.argv
cluster = the_cluster()
own_database("bench_reconcile", cluster)

from atlas.agencies.models import Authority, Post  # noqa: E402
from atlas.allocation.commands import receive_child  # noqa: E402
from atlas.children.commands import Known  # noqa: E402
from atlas.children.models import Child  # noqa: E402
from atlas.chronology.moments import Moment  # noqa: E402
from atlas.gate.context import acting_as  # noqa: E402
from atlas.missing.codes import Grade  # noqa: E402
from atlas.missing.commands.back import record_return  # noqa: E402
from atlas.missing.commands.episode import record_police_grade  # noqa: E402
from atlas.missing.commands.report import Report, report_missing  # noqa: E402
from atlas.missing.jobs import compare_authority  # noqa: E402
from atlas.missing.models import Difference  # noqa: E402
from atlas.people.models import Sex  # noqa: E402
from demo import halves  # noqa: E402
from demo.authority import make_authority  # noqa: E402
from demo.make import plan  # noqa: E402
from demo.people import Invented  # noqa: E402
from demo.year import Planned  # noqa: E402

NOW, SEED = datetime(2026, 11, 25, 9, tzinfo=UTC), 20260504
STATE = "small" if QUICK else "after"


def planned(children: list[Invented], random: Random) -> list[Planned]:
    """One episode of each child, in the last fortnight; one in fifty is still missing."""
    made = []
    for number, child in enumerate(children):
        went = NOW - timedelta(hours=random.uniform(60, 12 * 24), minutes=random.randrange(60))
        reported = went + timedelta(minutes=random.randrange(20, 120))
        back = None if number % 50 == 7 else reported + timedelta(hours=random.uniform(1, 24))
        made.append(Planned(child, went, reported, reported + timedelta(minutes=20), back, random.choice(("LOW", "MED", "HIGH"))))
    return made


def play(episode: Planned, child: Child, coordinator: Post, police: Post) -> None:
    """The council's half, by the commands that staff call."""
    report = Report(
        Moment(episode.reported), Moment(episode.last_seen), council_told=Moment(episode.told), police_force="Northmarch Police"
    )
    made = report_missing(child=child, report=report, by=coordinator, at=episode.told)
    record_police_grade(episode=made, grade=Grade(episode.grade), graded_at=episode.reported, by=police, at=episode.told)
    if episode.returned is not None:
        record_return(
            episode=made,
            returned_at=Moment(episode.returned),
            by=coordinator,
            at=max(episode.returned, episode.told) + timedelta(minutes=20),
        )


def asked(coordinator: Post) -> set[tuple[str, str]]:
    """What is asked: the child and the kind."""
    with acting_as(coordinator, NOW):
        found = Difference.objects.filter(state=Difference.State.OPEN).values_list("child__name", "child__born_on", "differs")
        return {(f"{name} {born}", differs) for name, born, differs in found}


def main() -> None:
    """Plant, deliver, compare, and count."""
    calibration, children, _, start, random, people = plan(STATE, SEED, NOW)
    fernleigh = make_authority(calibration, random, people, start, NOW)
    named, authority = fernleigh.named, fernleigh.authority
    feed, officer = Post.objects.select_related("user", "team__agency").get(user__username="service.feed"), named["data.officer"]
    episodes = planned(children[: calibration.missing_children], Random(SEED))
    here = calibration.missing_children + 20
    known = register(children[:here], authority, feed)
    for episode in episodes:
        play(episode, known[episode.child.council], named["missing.coordinator"], named["police.missing"])
    young = [child for child in children[calibration.missing_children : here] if child.born_on.year > NOW.year - 17]
    unknown = young[: max(2, len(episodes) // 40)]
    rows, plants = halves.police_rows(episodes, unknown, Random(SEED), NOW, every=4)
    halves.deliver_yesterday(rows, authority, feed, officer, NOW)
    began = time.perf_counter()
    compared = compare_authority(authority, feed, NOW)
    took = time.perf_counter() - began
    names = {child.council: f"{child.forename} {child.surname} {child.born_on}" for child in children}
    wanted = {(names[plant.child], str(plant.differs)) for plant in plants}
    got = asked(named["missing.coordinator"])
    by_kind = sorted({differs for _, differs in wanted | got})
    table(("kind", "planted", "found", "false alarms"), [
        (kind, sum(d == kind for _, d in wanted), sum(d == kind for _, d in wanted & got), sum(d == kind for _, d in got - wanted)) for kind in by_kind
    ])  # fmt: skip
    for child, differs in sorted((wanted - got) | (got - wanted)):
        print("  missed" if (child, differs) in wanted else "  false ", differs, child)
    again = compare_authority(authority, feed, NOW + timedelta(minutes=1)).asked - compared.asked
    last_line(
        episodes=compared.episodes, planted=len(wanted), found=len(wanted & got), missed=len(wanted - got), false_alarms=len(got - wanted),
        asked_again=again, seconds=took,
    )  # fmt: skip


def register(children: list[Invented], authority: Authority, feed: Post) -> dict[str, Child]:
    """The children, as the main case system brings them."""
    return {
        child.council: receive_child(
            known=Known(child.forename, child.surname, child.born_on, Sex(child.sex)), responsible=authority, source="main case system", by=feed,
            at=NOW - timedelta(days=300),
        )
        for child in children
    }  # fmt: skip


if __name__ == "__main__":
    main()
