"""Agencies that hold each other to account: a strategy decision on a missing child, the discussion that is held, an action that housing refuses, a challenge
that climbs two stages by itself and is answered, and the action done, whose effect the next panel reads. In real browsers, by the people who would do it.
"""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from atlas.chronology.moments import LONDON
from atlas.clocks.calendar import add_working_days
from tests.journeys.conftest import Made, baseline, go_to
from tests.journeys.night import Night, nights
from tests.journeys.test_living_plan import has, press
from tests.journeys.test_spine import fill_day, fill_moment, picture

DECIDED = "Away overnight for the third time, and back each time with things that nobody can explain: agencies meet today."
TO_DO = "Go to the flat on Mill Lane with the police, and find out whose tenancy it is."
INTENDED = "Nobody waits for her there at night."
REFUSED = "It is let by somebody else: housing has no power there."
CHALLENGE = "Visit with licensing and the police this week, and speak with the landlord."
ANSWER = "We go on Thursday, with licensing. The landlord has been rung."
EVIDENCE = "Visited with licensing on Thursday; the landlord has changed the locks."
WORKED = "Nobody has waited there for a week. She says the taxi still comes to school."
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
    # And housing refuses, is challenged, does not answer, and the challenge climbs two stages by itself until its manager answers
    housing_refuses(day)
    challenged(day)
    climbs_two_stages(day)
    answered(day)
    # Then what was refused is done, it is seen whether it worked, and the next panel reads it
    worker = done_and_judged(day)
    panel_sees_the_effect(day, worker)


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
        send(page, "Keep it")
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


def send(page: Page, name: str) -> None:
    """Send a form that opened at its place, or on a page of its own: it has arrived once it is gone."""
    press(page, name)
    expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)


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
        page.get_by_role("button", name=re.compile(f"^There ?: {who}")).click()
        expect(page.locator("#asked tr", has_text=who).get_by_role("button")).to_have_count(0)
    for point, (words, why) in SETTLED.items():
        follow(page, f"^Write {re.escape(point)}")
        if point == "What is decided":
            page.get_by_label(words).check()
        else:
            page.get_by_label(point).fill(words)
        page.get_by_label("Why?").fill(why)
        send(page, "Write it down")
        has(page, why)
    follow(page, "^Ask an agency to do something")
    page.get_by_label("What is to be done?").fill(TO_DO)
    page.get_by_label("By whom?").select_option(label=COME[-1])
    fill_day(page, "By which day?", day.evening + timedelta(days=7))
    page.get_by_label("What should be different for the child, or the place?").fill(INTENDED)
    page.get_by_label("How shall we see that it was done, and that it worked?").fill("Dates of visits, and what neighbours say.")
    send(page, "Ask for it")
    has(page, TO_DO)
    baseline(page)
    picture(page, "meeting-settled")
    follow(page, "^Close the record|^Nothing is missing")
    press(page, "Close the record and send it")
    has(page, "Record closed")
    baseline(page)


def housing_refuses(day: Night) -> None:
    """Housing opens what it is asked on a phone; a refusal needs its reason, and is an answer."""
    day.at("08:50")
    page = day.enter("housing.officer", phone=True)
    page.get_by_role("link", name=re.compile("agency action")).first.click()
    page.get_by_role("link", name=TO_DO).click()
    press(page, "Take it on, or say why not")
    page.get_by_label("No", exact=True).check()
    press(page, "Answer")
    expect(page.get_by_role("alert")).to_contain_text("Say why not")
    page.get_by_label("If not: why, and what could be done instead?").fill(REFUSED)
    press(page, "Answer")
    has(page, "Not taken on", REFUSED)
    baseline(page)
    picture(page, "action-refused-phone")


def challenged(day: Night) -> None:
    """Her worker finds the refusal among what was asked for her, and challenges housing from there."""
    page = day.enter("social.worker")
    day.go(page, f"/child/{day.held['child']}/")
    page.get_by_role("link", name="Meetings", exact=True).last.click()
    has(page, TO_DO, REFUSED)
    baseline(page)
    page.get_by_role("link", name=TO_DO).click()
    press(page, "Challenge this")
    expect(page.get_by_label("An agency action that was not taken on, or not done")).to_be_checked()
    page.get_by_label("How do you see it, and why?").fill("A private let has a landlord, and housing knows the landlord.")
    page.get_by_label("What do you ask of them?").fill(CHALLENGE)
    page.get_by_label("How is the child safe until it is settled?").fill("She stays with her aunt, who meets her after school.")
    baseline(page)
    press(page, "Put it to them")
    has(page, "Practitioner to practitioner", CHALLENGE)
    baseline(page)


def climbs_two_stages(day: Night) -> None:
    """Nobody answers: with the time of each stage, tick takes it to those above, and they can open it."""
    for working_days in (1, 2):  # what the first stage has, and the second
        day.set_to(later(day, working_days + 1))
        day.tick()
    page = day.enter("head.of.service")
    go_to(page, "Challenges")
    has(page, "Service managers")


def later(day: Night, working_days: int) -> datetime:
    """Half past nine, so many working days from now."""
    return datetime.combine(add_working_days(day.now().astimezone(LONDON).date(), working_days), time(9, 30), LONDON)


def answered(day: Night) -> None:
    """The manager in housing answers, and takes the action on after all."""
    page = day.enter("housing.manager")
    go_to(page, "Challenges")
    page.get_by_role("link", name=CHALLENGE).click()
    has(page, "Not answered in time.", REFUSED)
    baseline(page)
    picture(page, "challenge-climbed")
    press(page, "Answer")
    page.get_by_label("What will you do, or why not?").fill(ANSWER)
    press(page, "Answer")
    has(page, "Answered", ANSWER)
    page.get_by_role("link", name=TO_DO).click()
    press(page, "Take it on after all")
    page.get_by_label("What has changed?").fill("Licensing leads, and housing goes along.")
    fill_day(page, "By which day", (day.now() + timedelta(days=5)).date())
    baseline(page)
    press(page, "Take it on")
    has(page, "Taken on", f"Before: {REFUSED}")


def done_and_judged(day: Night) -> Page:
    """It is done, with what shows it; her worker ends the challenge, and says whether it worked."""
    housing = day.enter("housing.officer", phone=True)
    go_to(housing, "Agency actions")
    housing.get_by_role("link", name=TO_DO).click()
    press(housing, "Say what came of it")
    housing.get_by_label("Yes", exact=True).check()
    housing.get_by_label("What shows it? Or why was it not done?").fill(EVIDENCE)
    press(housing, "Save")
    has(housing, "Done", EVIDENCE)
    page: Page = day.enter("social.worker")
    go_to(page, "Challenges")
    page.get_by_role("link", name=CHALLENGE).click()
    has(page, ANSWER)
    press(page, "Say how it ended")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("What shows it? Or how do you still see it?").fill(EVIDENCE)
    press(page, "End it")
    has(page, "Settled")
    page.get_by_role("link", name=TO_DO).click()
    press(page, "Say if it worked")
    page.get_by_label("It worked in part").check()
    page.get_by_label("How do you see it?").fill(WORKED)
    press(page, "Save")
    has(page, "It worked in part", WORKED)
    baseline(page)
    return page


def panel_sees_the_effect(day: Night, worker: Page) -> None:
    """The chair calls the next panel; her worker puts her on its agenda with a briefing; the panel reads what was asked of housing and what came of it."""
    chair = day.enter("chair")
    go_to(chair, "Meetings")
    chair.get_by_role("link", name="Panels and groups").click()
    chair.get_by_role("link", name="Fernleigh exploitation panel").click()
    press(chair, "Call the next meeting")
    fill_moment(chair, "When does it start?", later(day, 1))
    press(chair, "Call it, and ask everybody")
    has(chair, "Multi-agency panel")
    panel = chair.url
    day.go(worker, f"/meetings/child/{day.held['child']}/view_child_meetings/")
    has(worker, TO_DO, WORKED)
    worker.get_by_role("link", name=re.compile("^Put .* on its agenda$")).click()
    worker.get_by_label("Why is it taken to this meeting?").fill("The flat is quiet; the taxi is not.")
    press(worker, "Put it on the agenda")
    has(worker, "What came of what was asked before", TO_DO, "It worked in part", WORKED)
    baseline(worker)
    picture(worker, "panel-effect")
    follow(worker, "^A briefing from the record")
    send(worker, "Put it before the meeting")
    has(worker, "Asked of Fernleigh Homes")
    chair.goto(panel)
    has(chair, day.held["name"], TO_DO, EVIDENCE, "It worked in part", WORKED)
    baseline(chair)
