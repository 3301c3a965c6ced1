"""A plan that moves with a child's life: a school's worry, an assessment, a plan that the child answers on a phone, missing and back, what the child then
tells, the line that it changes, and the manager who reads all of it on one page. In real browsers, by the people who would do it.
"""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Made, Served, baseline, entering, go_to, serving
from tests.journeys.night import _telephone as telephone
from tests.journeys.test_spine import fill_day, fill_moment, picture
from tests.journeys.test_typed_once import BROUGHT, forms_from

MOBILE = "07700 900777"
NOW = datetime.now(UTC)
# A child of the social worker, who is not missing and has no plan.
_CHILD = """
from django.utils import timezone
from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.gate.context import acting_as
from atlas.gate.models import Relationship
from atlas.missing.models import Episode
from atlas.plans.models import SafetyPlan
worker = Post.objects.select_related("user", "team").get(user__username="social.worker")
with acting_as(worker, timezone.now()) as subject:
    mine = Relationship.live(subject.at).filter(holder_post=worker, kind="allocated").values("child")
    busy = Episode.objects.filter(state__in=["missing", "found"]).values("child")
    free = Child.objects.filter(pk__in=mine, born_on__isnull=False).exclude(pk__in=busy).exclude(pk__in=SafetyPlan.objects.values("child"))
    child = free.order_by("pk").first()
    print(f"{child.pk}|{child.name}|{child.born_on:%-d %B %Y}")
"""


@pytest.fixture
def texted(made: Made, chromium: Browser, tmp_path: Any) -> Iterator[tuple[Served, Any, list[tuple[str, str]]]]:
    """A Fernleigh of its own, and a telephone that receives every text that it sends."""
    texts: list[tuple[str, str]] = []
    receiver = ThreadingHTTPServer(("127.0.0.1", 0), telephone(texts))
    Thread(target=receiver.serve_forever, daemon=True).start()
    hook = f"http://127.0.0.1:{receiver.server_port}/"
    try:
        with serving(made, "plans", tmp_path / "served", ATLAS_TEXT_HOOK=hook) as running, entering(running, chromium) as enter:
            yield running, enter, texts
    finally:
        receiver.shutdown()


def has(page: Page, *words: str) -> None:
    for word in words:
        expect(page.locator("main")).to_contain_text(word)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_plan_moves_with_the_child_s_life(texted: Any) -> None:
    served, enter, texts = texted
    child, name, born = served.manage("shell", "-c", _CHILD).strip().splitlines()[-1].split("|")
    screened(enter, name, born)
    worker = enter("social.worker")
    assessed(worker, served, child)
    agreed(worker, served, child)
    typed_once(worker, served, child, name)
    mine = answered_by_child(worker, enter, texts, "Text Sam first")
    missing_and_back(enter, served, child)
    interviewed(enter, name)
    revised(worker, served, child)
    sees_what_changed(worker, enter, texts, served, child, mine)
    told_whole_story(enter, served, child)


def screened(enter: Any, name: str, born: str) -> None:
    """A school raises a contact on a phone; the front door knows the child, and asks for an assessment."""
    school = enter("school.lead", phone=True)
    go_to(school, "Worried about a child")
    press(school, "I am worried about a child")
    school.get_by_label("Who is the child?").fill(name)
    school.get_by_label("Date of birth", exact=False).fill(born)
    school.get_by_label("What worries you? What happened, and when?").fill(
        "Two older men waited by a car on Friday and she went with them."
    )
    school.get_by_label("Exploitation, or older or new company that worries you").check()
    school.get_by_role("group", name="Is the child safe now?").get_by_label("I am not sure").check()
    school.get_by_label("Not yet").check()
    press(school, "Send to the front door")
    has(school, "With the front door")
    door = enter("front.door")
    go_to(door, "Contacts")
    door.get_by_role("link", name=name).first.click()
    press(door, "Which child is it?")
    door.get_by_role("radio", name=re.compile(f"^{re.escape(name)}")).first.check()
    press(door, "Go on")
    press(door, "Decide")
    door.get_by_label("Level 4", exact=False).first.check()
    door.get_by_label("Child and family assessment", exact=True).check()
    for label in ("Which words of the threshold document do you go by?", "Why?", "What else did you weigh, and why not that?",
                  "Why is this enough, and not more than is needed?"):  # fmt: skip
        door.get_by_label(label, exact=True).fill("Older men, a car, on two Fridays: more than early help can hold.")
    press(door, "Record the decision")
    press(door, "Answer whoever raised it")
    door.get_by_label("Here, on their own page").check()
    door.get_by_label("What are they told?").fill("Thank you. Her social worker has this and will ring you.")
    press(door, "Record it, and close the contact")
    has(door, "Closed")


def assessed(worker: Page, served: Served, child: str) -> None:
    """The social worker writes down what was seen: a short screen, with the level in her judgement."""
    worker.goto(f"{served.address}/exploitation/child/{child}/view_exploitation/")
    press(worker, "Assess")
    worker.get_by_label("Screen: a first look, in minutes").check()
    press(worker, "Begin")
    assessment = worker.url
    worker.goto(assessment.replace("view_exploitation_assessment", "add_item/indicator"))
    worker.get_by_label("In a sentence").fill("Two older men with a car wait for her on Fridays.")
    worker.get_by_label("Who saw it, or said it?").fill("Larkfield school")
    worker.get_by_label("How reliable are they?").select_option(label="Reliable")
    fill_day(worker, "The last day on which it is known to have been so", NOW.date())
    press(worker, "Add it")
    worker.goto(assessment.replace("view_exploitation_assessment", "write_views"))
    worker.locator("fieldset", has_text="Did the child say what they think?").first.get_by_role("radio").first.check()
    worker.get_by_label("The child’s own words, or why nobody has asked yet").first.fill("They are just friends of my cousin.")
    press(worker, "Save")
    worker.wait_for_url(assessment)
    has(worker, "They are just friends of my cousin.")
    baseline(worker)
    press(worker, "Judge the level, and finish")
    worker.get_by_label("2: moderate", exact=False).first.check()
    worker.get_by_label("Why?").fill("The same men on two Fridays, a car, and she went with them.")
    press(worker, "Finish")
    has(worker, "2: moderate", "In the main system")


def agreed(worker: Page, served: Served, child: str) -> None:
    """A plan is written line by line, one of them the child's own, and agreed with the child."""
    worker.goto(f"{served.address}/plans/child/{child}/")
    baseline(worker)
    press(worker, "Begin a safety plan")
    press(worker, "Begin")
    line(worker, "What we are worried about", "Two older men with a car wait on Fridays.")
    line(worker, "What I will do", "Text Sam first when I want to go out.", is_child=True)
    line(worker, "Safe people", "Aunt Ola, in the evenings.", is_child=True)
    press(worker, "Write a line")
    worker.get_by_label("Which part of the plan?").select_option(label="What each agency will do")
    worker.get_by_label("What does it say?").fill("School meets her at the gate on Fridays.")
    press(worker, "Keep this line")
    expect(worker.get_by_role("alert")).to_contain_text("Say whose this is")
    expect(worker.get_by_label("What does it say?")).to_have_value("School meets her at the gate on Fridays.")
    baseline(worker)
    worker.get_by_label("Somebody else: write who").check()
    worker.get_by_label("Their name and role, if it is somebody else").fill("Ms Vale, Larkfield")
    fill_day(worker, "By when?", (NOW + timedelta(days=10)).date())
    press(worker, "Keep this line")
    press(worker, "Agree the plan")
    baseline(worker)
    press(worker, "This plan is agreed")
    expect(worker.get_by_role("alert")).to_be_visible()
    worker.get_by_label("Why?").fill("Written with her at her aunt’s table.")
    answer_all(worker)
    worker.get_by_label("The child agrees", exact=True).check()
    worker.get_by_label("What does the child say, in the child’s words?").fill("It is okay. Do not ring mum.")
    press(worker, "This plan is agreed")
    has(worker, "Still true", "version 1")
    baseline(worker)
    picture(worker, "plan-wide")


def typed_once(worker: Page, served: Served, child: str, name: str) -> None:
    """No form of plan or assessment asks for what the main system brought, and both go back to it in the words in which they were typed."""
    plan = worker.url
    asked: dict[str, str] = {}
    for start in (plan, f"{served.address}/exploitation/child/{child}/view_exploitation/"):
        worker.goto(start)
        asked |= forms_from(worker, served)
    assert len(asked) > 12, sorted(asked)
    assert {link: found for link, words in asked.items() if (found := BROUGHT.findall(words))} == {}
    served.manage("shell", "-c", "from atlas.copies.jobs import send_copies; send_copies(0)")  # as it runs every five minutes
    for kind, typed in (
        ("safety plan", ("Text Sam first when I want to go out.", "Ms Vale, Larkfield", "It is okay. Do not ring mum.")),
        (
            "assessment of exploitation",
            ("Two older men with a car wait for her on Fridays.", "The same men on two Fridays, a car, and she went with them."),
        ),
    ):
        worker.goto(f"{served.address}/copies/view_copies/")
        worker.get_by_role("link", name=re.compile(f"{re.escape(name)}.*{kind}", re.IGNORECASE)).first.click()
        pasted = worker.get_by_label("What the copy says").input_value()
        assert [words for words in typed if words not in pasted] == []
    worker.goto(plan)


def answer_all(worker: Page) -> None:
    """Answer what the events ask besides, where they ask."""
    worker.wait_for_load_state()  # fields are counted at once: the page must be whole
    if worker.get_by_label("No strategy discussion is needed").count():
        worker.get_by_label("No strategy discussion is needed").check()
    if worker.get_by_label("What it asks besides").count():
        worker.get_by_label("What it asks besides").fill("Level looked at with the manager; police know.")


def line(worker: Page, part: str, words: str, *, is_child: bool = False) -> None:
    press(worker, "Write a line")
    worker.get_by_label("Which part of the plan?").select_option(label=part)
    worker.get_by_label("What does it say?").fill(words)
    if is_child:
        worker.get_by_label("The child’s own copy may hold this line").check()
    press(worker, "Keep this line")


def answered_by_child(worker: Page, enter: Any, texts: list[tuple[str, str]], words: str) -> Page:
    """The child opens the page on a phone with a code from a text, and says of a line that it is right. Gives the phone."""
    mine = on_a_phone(worker, enter, texts)
    has(mine, words)
    expect(mine.locator("main")).not_to_contain_text("Aunt Ola")  # nobody has recorded who else can open the phone
    baseline(mine)
    picture(mine, "mine-phone")
    mine.get_by_role("button", name=re.compile(f"^That’s right.*{words}")).click()
    has(mine, "Thank you.")
    return mine


def on_a_phone(worker: Page, enter: Any, texts: list[tuple[str, str]]) -> Page:
    worker.get_by_role("link", name="as a page on their phone").click()
    baseline(worker)
    worker.get_by_label("The child’s mobile number").fill(MOBILE)
    worker.get_by_label("Yes", exact=True).check()
    worker.get_by_label("Why is it safe to have on the phone?").fill("It locks by itself, and only she opens it.")
    press(worker, "Make the link")
    link = re.search(r"https?://\S+/guest/mine/link/\S+?/", worker.locator("main").inner_text())
    assert link is not None
    mine: Page = enter(phone=True)
    mine.goto(link[0])
    before = len(texts)
    press(mine, "Send me a code")
    for _ in range(200):
        if len(texts) > before:
            break
        mine.wait_for_timeout(100)
    to, words = texts[-1]
    assert to.replace(" ", "") == MOBILE.replace(" ", "")
    code = re.search(r"\d{3} ?\d{3}", words)
    assert code is not None
    mine.get_by_label("The code from the text").fill(code[0])
    press(mine, "Go on")
    return mine


def missing_and_back(enter: Any, served: Served, child: str) -> None:
    """The coordinator reports her missing, and records that she is back."""
    page = enter("missing.coordinator")
    page.goto(f"{served.address}/missing/report_missing/{child}/")
    fill_moment(page, "When was the child last seen?", NOW - timedelta(hours=7))
    page.get_by_label("Why are you worried?").fill("Not home from school on a Friday.")
    fill_moment(page, "When were the police told?", NOW - timedelta(hours=5))
    press(page, "Report missing in Atlas")
    press(page, "Record the return")
    fill_moment(page, "When was the child back", NOW - timedelta(hours=2))
    press(page, "Record the return")
    has(page, "Return interview")


def interviewed(enter: Any, name: str) -> None:
    """She tells the interviewer of a flat and of somebody called Jay."""
    page = enter("interviewer", phone=True)
    page.get_by_role("link", name=name).first.click()
    press(page, "Offer it")
    page.get_by_label("By telephone").check()
    fill_moment(page, "When?", NOW - timedelta(minutes=50))
    page.get_by_label("Yes", exact=True).check()
    press(page, "Record the offer")
    press(page, "Talk with the child")
    page.get_by_label("Boredom").check()
    page.get_by_label("Friends of the same age").check()
    page.locator("fieldset", has_text="Did anyone hurt or scare you?").first.get_by_label("None said").check()
    for question, box, words in (
        ("Were any places named?", "Place 1", "The flat above Moss Kebab"),
        ("Were any people named?", "Person 1, as the child named them", "Somebody called Jay"),
    ):
        page.locator("fieldset", has_text=question).first.get_by_label("Named below").check()
        page.get_by_label(box, exact=True).fill(words)
    page.get_by_label("What would help, and what should happen next time?").fill("Somebody to ring when he texts.")
    fill_moment(page, "When did you talk?", NOW - timedelta(minutes=10))
    press(page, "Record the interview")
    has(page, "What the child said")


def revised(worker: Page, served: Served, child: str) -> None:
    """The plan says what happened, what that touches, and what stands in the interview alone; "still right" answers it no more than by name."""
    worker.goto(f"{served.address}/plans/child/{child}/")
    has(
        worker,
        "Needs a new version",
        "The return interview told of",
        "a place, a person",
        "The flat above Moss Kebab",
        "Somebody called Jay",
    )
    baseline(worker)
    picture(worker, "plan-revise-wide")
    worker.set_viewport_size({"width": 390, "height": 844})
    picture(worker, "plan-revise-narrow")
    worker.set_viewport_size({"width": 1280, "height": 900})
    worker.get_by_role("link", name=re.compile("^Change ?: Text Sam first")).click()
    worker.get_by_label("What does it say?").fill("Text Sam first when anybody asks me out, also on Fridays.")
    press(worker, "Keep this line")
    has(worker, "Being changed: version 2")
    press(worker, "Agree this version")
    worker.get_by_label("Why?").fill("She named a flat and a man; the plan now says whom she texts then.")
    answer_all(worker)
    worker.get_by_label("The child agrees", exact=True).check()
    worker.get_by_label("What does the child say, in the child’s words?").fill("Okay. Sam answers.")
    press(worker, "This plan is agreed")
    has(worker, "Still true", "version 2", "It answered", "The return interview told of")
    baseline(worker)


def sees_what_changed(worker: Page, enter: Any, texts: list[tuple[str, str]], served: Served, child: str, mine: Page) -> None:
    """The child reads what is new, and says that one thing is not right; the old page is shut."""
    again = on_a_phone(worker, enter, texts)
    has(again, "What is new since last time", "also on Fridays")
    again.get_by_role("button", name=re.compile("^That’s not right")).first.click()
    again.locator("textarea").fill("On Thursdays too.")
    again.get_by_role("button", name="Send it").click()
    has(again, "Thank you")
    mine.reload()
    expect(mine.locator("body")).not_to_contain_text("Text Sam first")


def told_whole_story(enter: Any, served: Served, child: str) -> None:
    """The manager reads in under a minute what changed, why, who agreed, and what the child says."""
    manager = enter("team.manager", phone=True)
    started = time.monotonic()
    manager.goto(f"{served.address}/child/{child}/")
    manager.get_by_role("link", name="Safety plan", exact=True).click()
    has(
        manager,
        "version 2",
        "Still true",
        "also on Fridays",
        "It answered",
        "The return interview told of",
        "Okay. Sam answers.",
        "Version 1",
    )
    manager.get_by_role("link", name="What was given, what the child said, and what was done about it").click()
    has(manager, "On Thursdays too.")
    assert time.monotonic() - started < 60
    baseline(manager)
