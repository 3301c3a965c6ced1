"""Misuse surfaces (protection.md table B, B6): planted stories among a million looks. How many are found, and how much else must be asked about?

No peer: the figures to reach are 80 % of the stories in a queue of at most 1 % of the looks (goal 95 %, and at most 5 false findings for each
reviewer on each day). 300 invented workers in 30 teams of 6 agencies, with a reviewer each, 12,000 children, 60 days; a worker opens about a
dozen children on a working day, three in four of the own caseload, the others of the team's on duty, and writes about six in ten of those;
one day in thirty is three times as busy; one worker-day in a hundred goes on into the night; twelve leave. The stories, of each a fifth:

- *relative*: one to three looks, on duty, at a child of the own surname or street;
- *former partner*: looks on three to five days, on duty, at one child, with nothing written;
- *known child*: one look at a child of whom everybody talks, by ten people within two days;
- *trawl*: forty to sixty children of the team in one day, before an end that is known only afterwards;
- *own file*: one look at the file that bears the own name.
"""

import random
import sys
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg

from bench.measuring import last_line, own_database, table, the_cluster

QUICK = "--quick" in sys.argv
DAYS, PAGES = (40, 2) if QUICK else (60, 6)
TEAMS, WORKERS, CHILDREN_OF_A_TEAM, CASELOAD, STORIES = 30, 10, 400, 18, 20
FIRST = date(2026, 3, 2)
cluster = the_cluster()
own_database("bench_misuse", cluster)

from faker import Faker  # noqa: E402

from atlas.agencies.models import AgencyKind, Post  # noqa: E402
from atlas.audit.finding import find_odd_looks  # noqa: E402
from bench.measuring import sign_in_as  # noqa: E402
from tests import factories  # noqa: E402

choose = random.Random(11)
Faker.seed(11)
fake = Faker("en_GB")
# Surnames are as unequal as they are: the commonest is one person's in eighty.
SURNAMES = list({fake.last_name() for _ in range(2000)})
WEIGHTS = [1 / (place + 8) for place in range(len(SURNAMES))]


@dataclass
class Worker:
    """A post, with its children."""

    post: uuid.UUID
    user: uuid.UUID
    surname: str
    team: list[uuid.UUID]
    caseload: list[uuid.UUID]
    is_manager: bool
    postcode: str


@dataclass
class Story:
    """What somebody did who should not have. `child` is none where it was many."""

    kind: str
    worker: Worker
    child: uuid.UUID | None
    days: set[date] = field(default_factory=set)


def surname() -> str:
    """One of them, by chance."""
    return choose.choices(SURNAMES, WEIGHTS)[0]


def postcode() -> str:
    """One of some 3,000 that do not exist."""
    return (
        f"ZZ{choose.randrange(30)}{choose.randrange(1, 10)}ZZ"
        if choose.random() < 0.02
        else f"ZZ{choose.randrange(300)}{choose.randrange(10)}ZZ"
    )


class World:
    """Workers, children and what they do: rows for the tables, by name of the table."""

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[Any, ...]]] = {"names": [], "homes": [], "children": [], "declared": [], "looks": [], "acts": []}
        self.children: list[uuid.UUID] = []
        self.authority = factories.authority().pk
        agencies = [factories.agency(f"Agency {number}", AgencyKind.COUNCIL) for number in range(6)]
        self.workers = [worker for number in range(TEAMS) for worker in self._team(number, agencies[number % 6])]

    def child(self, last: str = "", at: str = "") -> uuid.UUID:
        """A child of this surname, at this postcode."""
        one, last = uuid.uuid4(), last or surname()
        self.rows["children"].append((one, f"Robin {last}"))
        self.rows["names"].append((uuid.uuid4(), one, last))
        self.rows["homes"].append((uuid.uuid4(), one, at or postcode()))
        self.children.append(one)
        return one

    def _team(self, number: int, agency: Any) -> list[Worker]:
        team = factories.team(f"Team {number}", of=agency)
        children = [self.child() for _ in range(CHILDREN_OF_A_TEAM)]
        made = []
        for place in range(WORKERS):
            post = factories.post("manager" if place == 0 else "practitioner", of=team)
            last = surname()
            type(post.user).objects.filter(pk=post.user_id).update(last_name=last)
            home = postcode()
            self.rows["declared"].append((uuid.uuid4(), post.user_id, home))
            caseload = children[place * CASELOAD : (place + 1) * CASELOAD]
            made.append(Worker(post.pk, post.user_id, last, children, caseload, place == 0, home))
        return made

    def look(self, worker: Worker, child: uuid.UUID, when: datetime, through: str, times: int = 1) -> None:
        """Open so many pages about a child."""
        for number in range(times):
            self.rows["looks"].append((worker.post, child, [child], [through], when + timedelta(seconds=40 * number)))

    def day(self, worker: Worker, day: date) -> None:
        """An ordinary day's work."""
        many = max(2, round(choose.gauss(12, 4))) * (3 if choose.random() < 1 / 30 else 1)
        is_late = choose.random() < 0.01
        for _ in range(many):
            is_own = choose.random() < 0.75
            child = choose.choice(worker.caseload if is_own and not worker.is_manager else worker.team)
            through = "line" if worker.is_manager else "allocated" if child in worker.caseload else "team_duty"
            when = moment(day, 20.5 if is_late and choose.random() < 0.3 else 8 + 9 * choose.random())
            self.look(worker, child, when, through, choose.randint(1, 2 * PAGES - 1))
            if through != "team_duty" or choose.random() < 0.6:
                self.rows["acts"].append((worker.post, child, when))


def moment(day: date, hour: float) -> datetime:
    """That hour of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)


def stories(world: World, days: list[date]) -> list[Story]:
    """Let twenty people live each story, in the second half of the time."""
    late: list[date] = days[len(days) // 2 :]
    told: list[Story] = []
    workers = choose.sample([worker for worker in world.workers if not worker.is_manager], 4 * STORIES)
    for number in range(STORIES):
        relative, former, trawler, own = workers[4 * number : 4 * number + 4]
        by_street = number % 2
        told.append(Story("relative", relative, world.child("" if by_street else relative.surname, relative.postcode if by_street else "")))
        told.append(Story("former partner", former, choose.choice(list(set(former.team) - set(former.caseload)))))
        told.append(Story("trawl", trawler, None))
        told.append(Story("own file", own, world.child(own.surname)))
    for _ in range(STORIES // 10):
        known, first = world.child(), choose.randrange(len(late) - 1)
        for worker in choose.sample(world.workers, 10):
            told.append(Story("known child", worker, known, {late[first + choose.randrange(2)]}))
    for story in told:
        for day in story.days or choose.sample(late[:-4], choose.randint(3, 5) if story.kind == "former partner" else 1):
            story.days.add(day)
            seen = choose.sample(story.worker.team, choose.randint(40, 60)) if story.child is None else [story.child]
            for child in seen:
                hour = 8 + 9 * choose.random()
                world.look(story.worker, child, moment(day, hour), "team_duty", choose.randint(1, 3) if story.kind == "relative" else 1)
    return told


def write(world: World, told: list[Story], days: list[date]) -> None:
    """Copy the rows into the tables, as the superuser and with the triggers off."""
    leavers = choose.sample(world.workers, 12)
    with psycopg.connect(cluster.url("postgres", "bench_misuse"), autocommit=True) as database:
        database.execute("SET session_replication_role = replica")
        for name, columns in (
            ("raw_looks", "post uuid, child uuid, children uuid[], through text[], at timestamptz"), ("raw_acts", "post uuid, child uuid, at timestamptz"),
            ("raw_children", "id uuid, name text"), ("raw_names", "id uuid, person uuid, surname text"), ("raw_homes", "id uuid, person uuid, postcode text"),
            ("raw_declared", "id uuid, worker uuid, postcode text"),
        ):  # fmt: skip
            database.execute(f"CREATE TEMP TABLE {name} ({columns})")
            with database.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                for row in world.rows[name.removeprefix("raw_")]:
                    copy.write_row(row)
        database.execute(f"""
            INSERT INTO people_person (id, sex, ethnicity, language, communication, version) SELECT id, '', '', '', '', 1 FROM raw_children;
            INSERT INTO children_child (person_id, name, responsible_authority_id, host_authority_id, version)
                SELECT id, name, '{world.authority}', '{world.authority}', 1 FROM raw_children;
            INSERT INTO people_name (id, source, version, person_id, forename, surname, is_in_use, key)
                SELECT id, 'bench', 1, person, 'Robin', surname, true, lower('robin ' || surname) FROM raw_names;
            INSERT INTO people_contactdetail (id, source, version, person_id, kind, text, postcode, reference)
                SELECT id, 'bench', 1, person, 'address', '1 Example Row', postcode, '' FROM raw_homes;
            INSERT INTO connections_declaration (id, user_id, asked_at, due_on, declared_at, surnames, house, street, postcode, telephones, schools, version)
                SELECT id, worker, now() - interval '900 days', current_date, '2026-01-05', '{{}}', '1', '', postcode, '{{}}', '{{}}', 1 FROM raw_declared;
            INSERT INTO gate_look (id, tx, event, session, policy, page, post_id, about_child, children, through, looked_at)
                SELECT row_number() OVER (ORDER BY at), 1, 'open', '', 'p', 'view_child', post, child, children, through, at FROM raw_looks;
            INSERT INTO gate_act (id, tx, event, session, policy, command, outcome, decision, post_id, child_id, about_label, about_id, result_label, result_id,
                                  content, acted_at, rows)
                SELECT row_number() OVER (ORDER BY at), 1, 'act', '', 'p', 'add_note', 'done', 'allowed', post, child, '', '', '', '', '', at, 1 FROM raw_acts;
            ANALYZE""")
        for worker in leavers:
            database.execute("UPDATE agencies_post SET until_on = %s WHERE id = %s", [choose.choice(days[len(days) // 2 :]), worker.post])


def main() -> None:
    """Make, look, go through every night, and count."""
    world = World()
    days = [day for day in (FIRST + timedelta(days=number) for number in range(DAYS)) if day.weekday() < 5]
    for day in days:
        for worker in world.workers:
            if choose.random() < 0.9:
                world.day(worker, day)
    told = stories(world, days)
    write(world, told, days)
    looks = len(world.rows["looks"])
    tick = factories.post("tick", of=factories.team("Systems"))
    Post.objects.filter(pk=tick.pk).update(is_service=True)
    tick.refresh_from_db()
    sign_in_as(cluster, "atlas_tick")
    taken = []
    for number in range(DAYS + 8):
        night = moment(FIRST + timedelta(days=number + 1), 3)
        with psycopg.connect(cluster.url("postgres", "bench_misuse"), autocommit=True) as database:  # the ends that became known meanwhile
            for story in told:
                if story.kind == "trawl" and max(story.days) + timedelta(days=3) == night.date():
                    ends = night.date() + timedelta(days=2)
                    database.execute("UPDATE agencies_post SET until_on = %s WHERE id = %s", [ends, story.worker.post])
        started = time.monotonic()
        find_odd_looks(by=tick, at=night)
        taken.append(time.monotonic() - started)
    report(told, looks, max(taken), len(days))


def report(told: list[Story], looks: int, longest: float, days: int) -> None:
    """Compare what was found with what was planted."""
    with psycopg.connect(cluster.url("postgres", "bench_misuse")) as database:
        found = database.execute("SELECT post_id, child_id, day, reason FROM audit_oddlook").fetchall()
    facts = [row for row in found if row[3] != "random"]
    by_post: dict[Any, list[Any]] = {}
    for row in facts:
        by_post.setdefault(row[0], []).append(row)

    def is_of(story: Story, row: Any) -> bool:
        if story.child is not None and row[1] is not None:
            return bool(row[1] == story.child)
        # A finding about no one child: on the days of the story; a leaver's looks back over a fortnight.
        return row[2] in story.days or (row[3] == "leaver" and any(day <= row[2] <= day + timedelta(days=14) for day in story.days))

    planted, surfaced, true = Counter[str](), Counter[str](), set()
    for story in told:
        own = [row for row in by_post.get(story.worker.post, []) if is_of(story, row)]
        planted[story.kind] += 1
        surfaced[story.kind] += bool(own)
        true.update(own)
    table(("story", "planted", "found"), [(kind, planted[kind], surfaced[kind]) for kind in planted])
    reasons, false_of = Counter(row[3] for row in found), Counter(row[3] for row in facts if row not in true)
    table(("reason", "findings", "of no story"), [(reason, reasons[reason], false_of[reason]) for reason in sorted(reasons)])
    false_a_day = (len(facts) - len(true)) / days / 6
    last_line(
        looks=looks, stories=len(told), found_share=surfaced.total() / planted.total(), queue=len(facts), queue_share=len(facts) / looks,
        random=reasons["random"], false_a_reviewer_day=false_a_day, longest_night_s=longest,
    )  # fmt: skip


main()
