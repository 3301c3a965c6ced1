"""Fernleigh is made: authority, the main system's files, a year of episodes, the forces' files, and what was planted."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from django.conf import settings

from atlas.agencies.models import Authority, Post
from atlas.children.models import Child
from atlas.chronology.moments import Moment, Precision
from atlas.feeds.commands import delivery as feeds
from atlas.feeds.models import Delivery
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.linkage.queries import child_by_number
from atlas.missing.commands.episode import set_exploitation_marker
from demo import (
    across,
    again,
    asked_for,
    carers,
    cohort,
    contacts,
    copies,
    direct,
    exploitation,
    files,
    group,
    halves,
    meetings,
    mentions,
    mine,
    network,
    panels,
    profile,
    retention,
    returns,
    standing,
    twice,
    unborn,
)
from demo import calibration as figures
from demo.allegations import pass_on
from demo.authority import make_authority
from demo.borders import place_in
from demo.calibration import AFTER, BEFORE, SMALL, Calibration
from demo.intelligence import READER, children_of, seal, supply
from demo.moves import move
from demo.people import Invented, People, doubled
from demo.plans import Planner
from demo.play import Player
from demo.together import go_together
from demo.year import Planned, end_year, plan_year

STATES = {"after": AFTER, "before": BEFORE, "small": SMALL}
PARTS = 2
Say = Callable[[str], None]


def plan(state: str, seed: int, now: datetime) -> tuple[Calibration, list[Invented], list[Planned], datetime, Random, People]:
    """The whole year as a plan: the same for the same state, seed and moment."""
    calibration, random, start = STATES[state], Random(seed), now - timedelta(days=365)
    people = People(random)
    total = calibration.open_cin + calibration.open_cp + calibration.open_cla
    children = [people.child(number, _born(random, day_of(start), number < calibration.missing_children)) for number in range(total)]
    episodes = plan_year(calibration, random, children[: calibration.missing_children], start, now)
    episodes = end_year(group.plant(episodes, children, calibration, start, now), now)
    return calibration, children, episodes, start, random, people


def _born(random: Random, start: date, goes_missing: bool) -> date:
    if goes_missing:
        age = random.choices([age for age, _ in figures.AGES], [share for _, share in figures.AGES])[0]
        age = min(age, 16)  # still a child when the year ends
    else:
        low, high, _ = random.choices(figures.CIN_AGES, [share for *_, share in figures.CIN_AGES])[0]
        age = min(random.randrange(low, high + 1), 16)
    return start - timedelta(days=age * 365 + age // 4 + random.randrange(0, 330))


def make(*, state: str, seed: int, now: datetime, say: Say) -> None:
    """Make Fernleigh in an empty database, in two processes where there is much to do."""
    calibration, children, episodes, start, random, people = plan(state, seed, now)
    say(f"agencies, {calibration.social_workers} social workers, a rota")
    fernleigh = make_authority(calibration, random, people, start, now)
    copying_since = now - timedelta(days=28 if state != "small" else 90)
    copies.let_copy(fernleigh.authority, fernleigh.named, copying_since)
    say(f"{len(children):,} children from the main case system's own files, and {len(episodes):,} missing episodes by calling commands")
    parts = PARTS if state != "small" else 1
    others = [_spawn(part, parts, state, seed, now) for part in range(1, parts)]
    make_part(0, parts, state, seed, now, say)
    for other in others:
        if other.wait():
            raise RuntimeError("One of the processes that make Fernleigh failed; its words are above.")
    say("the forces' files")
    plants = _deliver_half(fernleigh.authority, fernleigh.named, children, episodes, calibration, now, seed)
    _deliver_police(fernleigh.authority, fernleigh.named, episodes, now)
    _deliver_last_night(fernleigh.authority, fernleigh.named, children[:25], calibration, now, seed)
    supply(fernleigh.named, children_of(fernleigh.named[READER], now), now)
    seal(fernleigh.named, children_of(fernleigh.named[READER], now, most=3), now)
    pass_on(fernleigh.named, children_of(fernleigh.named[READER], now), now)
    carers.give(fernleigh.named, children_of(fernleigh.named[READER], now), now)
    mine.give(fernleigh.named, children_of(fernleigh.named[READER], now), now)
    direct.work(fernleigh.named, children_of(fernleigh.named[READER], now), now)
    exploitation.assess(fernleigh.named, now)
    cohort.assess(fernleigh.named, seed, now)
    across.ask(fernleigh.named, children_of(fernleigh.named[READER], now), now)
    contacts.open_door(fernleigh.authority, fernleigh.named, start, now, 12 if state == "small" else 30)
    meetings.meet(fernleigh.named, children_of(fernleigh.named[READER], now, most=3), now)
    panels.sit(fernleigh.authority, fernleigh.named, children_of(fernleigh.named[READER], now, most=1), now)
    standing.hold(fernleigh.named, children_of(fernleigh.named[READER], now, most=1), now)
    mentions.settle(fernleigh.named, now)
    again.read(fernleigh.named, now)
    profile.record_papers(fernleigh.named, now)
    network.tie(fernleigh.named, now)
    network.look_together(fernleigh.named, now)
    meetings.step_down_all(fernleigh.named, now)
    unborn.expect(fernleigh.authority, fernleigh.named, now)
    place_in(fernleigh.neighbour, fernleigh.named, people, now)
    go_together(fernleigh.named, now)
    move(fernleigh.named, now)
    copies.file_copies(fernleigh.authority, fernleigh.named, copying_since, now)
    twice.search(
        fernleigh.authority, Post.objects.select_related("user", "team__agency").get(user__username="service.feed"), fernleigh.named, now
    )
    returns.check(fernleigh.named, now)
    retention.keep(fernleigh.authority, fernleigh.named, now)
    asked_for.ask(fernleigh.named, children_of(fernleigh.named[READER], now), now)
    profile.run(fernleigh.named, now)
    _write_planted(calibration, children, episodes, plants, now)


def make_part(part: int, parts: int, state: str, seed: int, now: datetime, say: Say) -> None:
    """Every `parts`th child: taken from the main system's file, then the child's episodes played in order."""
    calibration, children, episodes, start, random, _ = plan(state, seed, now)
    mine = [child for child in children if child.number % parts == part]
    authority = Authority.objects.get(name="Fernleigh")
    named = {post.user.username: post for post in Post.objects.filter(user__password__gt="!").select_related("user", "team__agency")}
    feed = Post.objects.select_related("user", "team__agency").get(user__username="service.feed")
    workers = list(Post.objects.filter(reference__startswith="W").order_by("reference").values_list("reference", flat=True))
    departments = list(Post.objects.filter(reference__startswith="W").values_list("team__reference", "team__name").distinct())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"main-system-{part}.zip"
        files.main_system(path, mine, workers, departments, calibration, start, seed)
        _deliver(path, feeds.SSD, authority, feed, named["data.officer"], start, historic=True)
    say("playing the year")
    player = Player(named, now)
    with acting_as(feed, now):
        found = {child.number: child_by_number(child.council) for child in mine}
    _mark(found, calibration, feed, start, random)
    planner, coming = Planner(state, named["missing.coordinator"], seed, now), next_starts(episodes, now)
    for planned, next_at in zip(episodes, coming, strict=True):
        child = found.get(planned.child.number)
        if child is not None and not planned.comes_by_file:
            player.play(planned, child)
            player.take_over(child)
            planner.after(child, planned.known_back, next_at)


def next_starts(episodes: list[Planned], now: datetime) -> list[datetime]:
    """For each episode, the last moment before the same child's next one begins; now, where there is none."""
    coming: dict[int, datetime] = {}
    found: list[datetime] = []
    for planned in reversed(episodes):
        found.append(coming.get(planned.child.number, now) - timedelta(minutes=5))
        coming[planned.child.number] = planned.last_seen
    return found[::-1]


def _mark(found: Mapping[int, Child | None], calibration: Calibration, feed: Post, start: datetime, random: Random) -> None:
    cohort = round(figures.EXPLOITATION_COHORT * calibration.open_cin)
    go_missing = round(figures.COHORT_GOES_MISSING * cohort)
    marked = {*range(0, 2 * go_missing, 2), *range(calibration.missing_children, calibration.missing_children + cohort - go_missing)}
    for number, child in found.items():
        if child is not None and number in marked:
            set_exploitation_marker(
                child=child,
                words="Seen with unknown adults; new telephones.",
                since=Moment(start, Precision.ABOUT),
                by=feed,
                at=start + timedelta(days=1),
            )


def _deliver(
    path: Path, layout: str, authority: Authority, feed: Post, officer: Post, at: datetime, *, historic: bool, part: bool = False
) -> Delivery:
    given = feeds.File(path, path.name)
    delivery = feeds.receive_delivery(
        file=given, layout=layout, authority=authority, carried_by=feed, as_at=at, is_historic=historic, is_partial=part, by=officer, at=at
    )
    return feeds.commit_delivery(delivery=delivery, by=officer, at=at)


def _deliver_police(authority: Authority, named: dict[str, Post], episodes: list[Planned], now: datetime) -> None:
    feed, officer = Post.objects.select_related("user", "team__agency").get(user__username="service.feed"), named["data.officer"]
    live = [episode for episode in episodes if episode.comes_by_file]
    with tempfile.TemporaryDirectory() as folder:
        north, east = Path(folder) / "northmarch.csv", Path(folder) / "eastmoor.xlsx"
        files.northmarch(north, live, now)
        files.eastmoor(east, [episode for episode in episodes if episode.returned][:6])
        _deliver(north, "northmarch", authority, feed, officer, now - timedelta(minutes=10), historic=False)
        _deliver(east, "eastmoor", authority, feed, officer, now - timedelta(minutes=8), historic=True)


def _deliver_half(
    authority: Authority, named: dict[str, Post], children: list[Invented], episodes: list[Planned], calibration: Calibration, now: datetime, seed: int,
) -> list[halves.Plant]:  # fmt: skip
    """What the police say of the last fortnight, with differences; laid beside what stands here."""
    feed, officer = Post.objects.select_related("user", "team__agency").get(user__username="service.feed"), named["data.officer"]
    others = children[calibration.missing_children :]
    unknown = [child for child in others if doubled(child, figures.DUPLICATES) is None and 11 <= now.year - child.born_on.year <= 15][:2]
    rows, plants = halves.police_rows(episodes, unknown, Random(seed), now, every=3)
    halves.deliver_yesterday(rows, authority, feed, officer, now)
    halves.compare_today(authority, feed, now)
    return plants


def _deliver_last_night(
    authority: Authority, named: dict[str, Post], children: list[Invented], calibration: Calibration, now: datetime, seed: int
) -> None:
    """The main system's own delivery of last night, of a part of the children: most of it nothing new."""
    feed = Post.objects.select_related("user", "team__agency").get(user__username="service.feed")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "main-system-last-night.zip"
        workers = list(Post.objects.filter(reference__startswith="W").order_by("reference").values_list("reference", flat=True))
        files.main_system(path, children, workers, [], calibration, now - timedelta(days=365), seed)
        at = now - timedelta(hours=6)
        _deliver(path, feeds.SSD, authority, feed, named["data.officer"], at, historic=False, part=True)


def _spawn(part: int, parts: int, state: str, seed: int, now: datetime) -> "subprocess.Popen[bytes]":
    words = ["demo", "part", "--part", str(part), "--parts", str(parts), "--state", state, "--seed", str(seed), "--now", now.isoformat()]
    return subprocess.Popen([sys.executable, "-m", "django", *words], env=os.environ.copy())


def _write_planted(
    calibration: Calibration, children: list[Invented], episodes: list[Planned], plants: list[halves.Plant], now: datetime
) -> None:
    """What was planted, for tests and for anyone who wants to check what Atlas finds."""
    late = [planned for planned in episodes if planned.told - planned.reported > timedelta(hours=24)]
    missing = [planned.child.council for planned in episodes if planned.returned is None]
    places = {place: sum(1 for planned in episodes if planned.place and planned.place[0] == place) for place, *_ in figures.PLACES}
    doubles = [(child, second) for child in children if (second := doubled(child, figures.DUPLICATES))]
    planted = {
        "now": now.isoformat(), "episodes": len(episodes), "late_notices": len(late), "missing_now": missing, "places": places,
        "group": [children[number].council for number in group.members(calibration)],
        "duplicates": [{"of": child.council, "as": other.council, "how": how} for child, (how, other) in doubles],
        "differences": [{"child": one.child, "reported": one.reported.isoformat(), "differs": one.differs} for one in plants],
    }  # fmt: skip
    path = Path(os.environ.get("ATLAS_PLANTED", settings.ROOT / ".atlas/planted.json"))
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(planted, indent=1))
