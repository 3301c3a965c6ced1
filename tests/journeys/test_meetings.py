"""Agencies that hold each other to account: a strategy decision on a missing child, the discussion that is held, an action that housing refuses, a challenge
that climbs two stages by itself and is answered, and the action done, whose effect the next panel reads. In real browsers, by the people who would do it.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Made, baseline, go_to
from tests.journeys.night import Night, nights
from tests.journeys.test_living_plan import has, press
from tests.journeys.test_spine import fill_day, fill_moment, picture

DECIDED = "Away overnight for the third time, and back each time with things that nobody can explain: agencies meet today."
TO_DO = "Visit the flat opposite with the police, and say what can be done about the tenancy."
INTENDED = "Nobody waits for her there at night."
REFUSED = "The flat is a private let: housing has no power there."
SAID = {
    "social.worker": ("She says a friend of a cousin pays for the taxi.", "Visit of last week"),
    "police.exploitation": ("A car at the flat on three evenings. No name yet.", "Own patrols, this week"),
    "health.nurse": ("Seen in spring with an injury that was said to be a fall.", "Record of the practice, in April"),
}
COME = (
    "Priya Okonkwo, Social worker, Fernleigh Council", "Kit Vandermeer, Detective sergeant, exploitation, Northmarch Police",
    "Owen Tshabalala, Named nurse, Fernleigh Community Health", "Tunde Marchbank, Tenancy support officer, Fernleigh Homes",
)  # fmt: skip
THERE = ("Colm Hartnoll", "Priya Okonkwo", "Kit Vandermeer", "Owen Tshabalala", "Tunde Marchbank")
SETTLED = {
    "What is decided": ("Section 47 enquiry, social work and police together", "Harm outside the home is likely, and it grows."),
    "What follows for the safety plan": ("Read with her this week: the flat and the taxi.", "What police know is not in it yet."),
    "National Referral Mechanism: referred or not, and why": (
        "Referred today by the social worker.",
        "Lifts, money and being told where to be.",
    ),
    "Who tells the child and the family, what and when": (
        "Priya tells her when she is back, with her aunt.",
        "She asked to be told first.",
    ),
}
# A child of the social worker, who is not missing.
_CHILD = """
from django.utils import timezone
from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.gate.context import acting_as
from atlas.gate.models import Relationship
from atlas.meetings.models import MeetingItem
from atlas.missing.models import Episode
worker = Post.objects.select_related("user", "team").get(user__username="social.worker")
with acting_as(worker, timezone.now()) as subject:
    mine = Relationship.live(subject.at).filter(holder_post=worker, kind="allocated").values("child")
    busy = Episode.objects.filter(state__in=["missing", "found"]).values("child")
    met = MeetingItem.objects.filter(child__isnull=False).values("child")
    child = Child.objects.filter(pk__in=mine, born_on__isnull=False).exclude(pk__in=busy).exclude(pk__in=met).order_by("pk").first()
    print(f"{child.pk}|{child.name}")
"""


@pytest.fixture
def day(made: Made, chromium: Browser, tmp_path: Path) -> Iterator[Night]:
    """A Fernleigh of its own, whose clock this journey sets: it begins in the morning of a working day before another."""
    with nights(made, chromium, tmp_path) as held:
        held.at("08:30")
        yield held


def test_agencies_hold_each_other_to_account(day: Night) -> None:
    day.held["child"], day.held["name"] = day.run(_CHILD).split("|")
    # Given a child who is missing, and a manager who decides that agencies meet
    reported_missing(day)
    manager = decided_on(day)
    called(day, manager)
    # When each agency writes its own entry, what must be settled is settled, and the record is closed
    each_says_what_it_knows(day)
    held_and_settled(day, manager)


def reported_missing(day: Night) -> None:
    """The coordinator reports her missing."""
    page = day.enter("missing.coordinator")
    day.go(page, f"/missing/report_missing/{day.held['child']}/")
    fill_moment(page, "When was the child last seen?", day.when("07:20") - timedelta(hours=12))
    page.get_by_label("Why are you worried?").fill("Did not come home, for the third time this month.")
    fill_moment(page, "When were the police told?", day.when("07:30"))
    press(page, "Report missing in Atlas")
    has(page, "What must be done now")


def decided_on(day: Night) -> Page:
    """Her worker's manager decides, on the episode, that a strategy discussion is held."""
    page: Page = day.enter("team.manager")
    page.get_by_role("link", name="Missing now").click()
    page.get_by_role("link", name=day.held["name"]).click()
    page.get_by_text("All steps").click()
    page.get_by_role("link", name=re.compile("^Done ?: Decide whether a strategy meeting")).click()
    page.get_by_label("What was decided or done, and by whom?").fill(DECIDED)
    press(page, "It is done")
    has(page, DECIDED)
    baseline(page)
    return page


def called(day: Night, page: Page) -> None:
    """From the decision to the meeting: its kind, why and chair stand there already. Those who must be heard are asked."""
    page.get_by_role("link", name="Call the strategy discussion").last.click()
    expect(page.get_by_label("What kind of meeting?")).to_have_value("strategy_discussion")
    expect(page.get_by_label("Why is it needed?")).to_have_value(DECIDED)
    fill_moment(page, "When does it start?", day.when("08:35"))
    page.get_by_label("By telephone or video").check()
    baseline(page)
    press(page, "Call it")
    has(page, "Strategy discussion", day.held["name"])
    day.held["meeting"] = page.url.removeprefix(day.served.address)
    for who in COME:
        follow(page, "^Ask somebody")
        page.get_by_label("Who?").select_option(label=who)
        press(page, "Ask them")
    has(page, "Tunde Marchbank")
    baseline(page)
    picture(page, "meeting-called")


def each_says_what_it_knows(day: Night) -> None:
    """Worker, police and health each write their own entry, on whatever they have at hand."""
    for username, (words, source) in SAID.items():
        page = day.enter(username, phone=username == "health.nurse")
        to_meeting(day, page)
        follow(page, "^Write what your agency knows")
        page.get_by_label("What is known?").fill(words)
        page.get_by_label("How is it known, and as of when?").fill(source)
        press(page, "Keep it")
        has(page, words)
        baseline(page)


def to_meeting(day: Night, page: Page) -> None:
    """From the list of one's meetings to the one about her."""
    go_to(page, "Meetings")
    page.get_by_role("listitem").filter(has_text=day.held["name"]).get_by_role("link", name="Strategy discussion", exact=True).click()
    has(page, DECIDED)


def follow(page: Page, words: str) -> None:
    """Go where a link says; or where a button does that is one."""
    page.get_by_role("link", name=re.compile(words)).or_(page.get_by_role("button", name=re.compile(words))).first.click()


def held_and_settled(day: Night, page: Page) -> None:
    """It is held; the record cannot be closed while something is missing, and says what; once all is settled it is closed and sent."""
    day.at("08:40")
    page.reload()
    follow(page, "^It was held")
    fill_moment(page, "When did it begin?", day.when("08:35"))
    press(page, "It was held")
    has(page, "Held ")
    follow(page, "^Close the record")
    has(page, "Still needed")
    press(page, "Close the record and send it")
    expect(page.get_by_role("alert")).to_contain_text("whether they were there")
    has(page, "National Referral Mechanism: referred or not, and why")
    baseline(page)
    day.go(page, day.held["meeting"])
    for who in THERE:
        follow(page, f"^Say if they were there ?: {who}")
        page.get_by_label("There", exact=True).check()
        press(page, "Save")
        expect(page.locator("main tr", has_text=who)).to_contain_text("There")
    for point, (words, why) in SETTLED.items():
        follow(page, f"^Write {re.escape(point)}")
        if point == "What is decided":
            page.get_by_label(words).check()
        else:
            page.get_by_label(point).fill(words)
        page.get_by_label("Why?").fill(why)
        press(page, "Write it down")
        has(page, why)
    follow(page, "^Ask an agency to do something")
    page.get_by_label("What is to be done?").fill(TO_DO)
    page.get_by_label("By whom?").select_option(label=COME[-1])
    fill_day(page, "By which day?", day.evening + timedelta(days=7))
    page.get_by_label("What should be different for the child, or the place?").fill(INTENDED)
    page.get_by_label("How shall we see that it was done, and that it worked?").fill("Dates of visits, and what neighbours say.")
    press(page, "Ask for it")
    has(page, TO_DO)
    baseline(page)
    picture(page, "meeting-settled")
    follow(page, "^Close the record|^Nothing is missing")
    press(page, "Close the record and send it")
    has(page, "Record closed")
    baseline(page)
