"""From a police file to an interview held in time and to the timeliness page, in a real browser, by the people who would do it."""

import csv
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from atlas.chronology.moments import LONDON, day_words
from atlas.clocks.calendar import named_bank_holidays
from tests.journeys.conftest import Served, baseline, go_to

PICTURES = Path(__file__).resolve().parents[2] / ".atlas/pictures"


def picture(page: Page, name: str) -> None:
    """Keep what was seen."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def london(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%d/%m/%Y %H:%M}"


def fill_moment(page: Page, legend: str, at: datetime) -> None:
    """Type a date and time into its boxes."""
    local = at.astimezone(LONDON)
    group = page.locator("fieldset", has_text=legend).first
    for label, value in (("Day", local.day), ("Month", local.month), ("Year", local.year)):
        group.get_by_label(label, exact=True).fill(str(value))
    group.get_by_label("Time, 24 hours").fill(f"{local:%H:%M}")


def fill_day(page: Page, legend: str, day: Any) -> None:
    group = page.locator("fieldset", has_text=legend).first
    for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(label, exact=True).fill(str(value))


def settled_child(served: Served) -> tuple[str, str, str]:
    """A child of the main system who is not missing: name, surname and date of birth, as the police would write them."""
    words = served.manage("shell", "-c", _ASK).strip().splitlines()[-1]
    forename, surname, born = words.split("|")
    return forename, surname, born


_ASK = """
from collections import Counter
from django.utils import timezone
from atlas.agencies.models import Post
from atlas.gate.context import acting_as
from atlas.missing.models import Episode
from atlas.people.models import Name
from atlas.children.models import Child
from atlas.linkage.models import Pair
from atlas.linkage.queries import known_to_main_system
feed = Post.objects.select_related("user", "team").get(user__username="service.feed")
with acting_as(feed, timezone.now()):
    twice = {pk for pair in Pair.objects.values_list("child", "other_child") for pk in pair}  # Fernleigh records some children twice
    names = Counter(Child.objects.values_list("name", flat=True))
    settled = Child.objects.exclude(pk__in=Episode.objects.values("child")).filter(born_on__isnull=False).order_by("pk")
    known = known_to_main_system(settled)
    child = next(one for one in settled if names[one.name] == 1 and one.pk not in twice and one.pk in known)
    name = Name.objects.get(person=child.pk, is_in_use=True)
    print(f"{name.forename}|{name.surname}|{child.born_on:%d/%m/%Y}")
"""


def test_a_police_report_becomes_an_interview_held_in_time(served: Served, sign_in: Any) -> None:
    now = datetime.now(UTC)
    forename, surname, born = settled_child(served)

    # Given the police deliver a report, with a row that must be put aside
    file = served.folder / "northmarch-journey.csv"
    header = [
        "MISPER REF",
        "Forename(s)",
        "Surname",
        "DOB",
        "Sex",
        "Last Seen",
        "Reported",
        "Recorded",
        "LA Notified",
        "Risk",
        "Status",
        "Returned",
    ]
    seen, told = now - timedelta(hours=5), now - timedelta(hours=4)
    rows = [
        ["NM/J1/26", forename, surname, born, "F", london(seen), london(told), london(told), london(told), "Medium", "Outstanding", ""],
        [
            "NM/J2/26",
            forename,
            surname,
            "01/01/1980",
            "F",
            london(seen),
            london(told),
            london(told),
            london(told),
            "Medium",
            "Outstanding",
            "",
        ],
    ]
    with file.open("w", newline="") as text:
        csv.writer(text).writerows([header, *rows])
    page = sign_in("data.officer")
    go_to(page, "Deliveries")
    baseline(page)
    page.get_by_role("button", name="Receive a delivery").click()
    page.get_by_label("Northmarch Police").check()
    page.get_by_label("The file").set_input_files(file)
    page.get_by_role("button", name="Read it and show what it would do").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("northmarch-journey.csv")
    page.get_by_role("button", name="Take what can be taken").click()
    page.get_by_role("button", name="Yes").click()
    expect(page.locator("main")).to_contain_text("and not a child")
    baseline(page)
    picture(page, "delivery")

    # When the coordinator sees the child missing now, acknowledges the alert, and records the return
    page = sign_in("missing.coordinator")
    page.get_by_role("link", name="Missing now").click()
    expect(page.locator("main")).to_contain_text("This does not report the child missing to the police")
    baseline(page)
    picture(page, "missing-now")
    page.get_by_role("link", name=f"{forename} {surname}").click()
    baseline(page)
    picture(page, "episode")
    page.get_by_role("link", name=re.compile("Acknowledge it")).click()
    page.get_by_role("button", name="I am acting on this").click()
    page.get_by_role("link", name="Missing now").click()
    page.get_by_role("link", name=f"{forename} {surname}").click()
    page.get_by_role("button", name="Record the return").click()
    page.get_by_role("button", name="Record the return").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the day, month and year")
    baseline(page)
    picture(page, "return-error")
    fill_moment(page, "When was the child back", now - timedelta(hours=1))
    page.get_by_role("button", name="Record the return").click()
    expect(page.locator("main")).to_contain_text("Return interview")
    expect(page.locator("main")).to_contain_text("left")
    page.get_by_text("Why it is due then").first.click()
    expect(page.locator("main")).to_contain_text("statutory guidance")

    # Then the interviewer offers it, talks with the child on a phone, and records it in time
    page = sign_in("interviewer", phone=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("What must I do now?")
    baseline(page)
    picture(page, "my-work-phone")
    page.get_by_role("link", name=f"{forename} {surname}").first.click()
    page.get_by_role("button", name="Offer it").click()
    page.get_by_label("By telephone").check()
    fill_moment(page, "When?", now - timedelta(minutes=50))
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Record the offer").click()
    page.get_by_role("button", name="Talk with the child").click()
    expect(page.locator("main")).to_contain_text("Say this before the first question")
    baseline(page)
    page.get_by_label("Before: what was happening?").fill("We had a row and I needed air.")
    page.get_by_label("Boredom").check()
    page.get_by_label("Friends of the same age").check()
    expect(page.locator("[data-saved]")).to_contain_text("Kept for you", timeout=20_000)
    picture(page, "talk-phone")
    page.get_by_role("button", name="Record the interview").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Before: what was happening?")).to_have_value("We had a row and I needed air.")
    harm = page.locator("fieldset", has_text="Did anyone hurt or scare you?").first
    harm.get_by_label("None said").check()
    page.locator("fieldset", has_text="Were any places named?").first.get_by_label("None said").check()
    page.locator("fieldset", has_text="Were any people named?").first.get_by_label("Did not want to say").check()
    page.get_by_label("What would help, and what should happen next time?").fill("If someone listened first.")
    fill_moment(page, "When did you talk?", now - timedelta(minutes=10))
    page.get_by_role("button", name="Record the interview").click()
    expect(page.locator("main")).to_contain_text("What the child said")
    expect(page.locator("main")).to_contain_text("If someone listened first.")
    baseline(page)
    picture(page, "interview-phone")

    # And the timeliness page counts it, with the list behind the number
    page = sign_in("missing.coordinator")
    go_to(page, "Timeliness")
    baseline(page)
    picture(page, "timeliness")
    for link in ("of the time of a return$", "^What children told each interviewer"):
        page.get_by_role("link", name=re.compile(link)).click()
        baseline(page)
        page.get_by_role("link", name="Timeliness").last.click()
    page.get_by_role("row", name=re.compile("^Held in time, of all returns")).get_by_role("link").first.click()
    if page.get_by_role("link", name="Next page").count():  # the latest stand last, fifty on a page
        page.get_by_role("link", name="Next page").click()
    expect(page.locator("main")).to_contain_text(f"{forename} {surname}")
    baseline(page)


def test_the_first_page_works_without_script_and_a_stranger_finds_nothing(served: Served, sign_in: Any) -> None:
    page = sign_in("social.worker", script=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("What must I do now?")
    page = sign_in("administrator")
    answer = page.goto(f"{served.address}/missing/")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("main")).to_contain_text("This is not a check that nothing is known")
    baseline(page)
    picture(page, "not-found")


def test_the_child_s_page_answers_at_a_glance_and_the_manager_sees_who_looked(served: Served, sign_in: Any) -> None:
    page = sign_in("team.manager")
    page.get_by_role("navigation", name="Main").get_by_text("More").click()
    baseline(page)
    page.keyboard.press("Escape")
    for name in ("Team's work", "Unallocated", "Timeliness", "Missing now", "Find a child"):
        go_to(page, name)
        baseline(page)
        picture(page, re.sub(r"\W+", "-", name.lower()))
    child = served.manage("shell", "-c", _MANAGED).strip().splitlines()[-1]
    page.goto(f"{served.address}/child/{child}/")
    expect(page.get_by_role("heading", name="Chronology")).to_be_visible()
    baseline(page)
    picture(page, "child")
    page.get_by_role("link", name=re.compile("^This is wrong ?: Allocated worker")).click()
    baseline(page)
    picture(page, "wrong-fact")
    page.get_by_label("What is wrong, and what is right?").fill("Another worker since Monday")
    page.get_by_label("How do you know?").fill("I allocated the child")
    page.get_by_role("button", name="Ask for it to be put right").click()
    expect(page.locator("main")).to_contain_text("said to be wrong by")
    page.set_viewport_size({"width": 390, "height": 844})
    baseline(page)
    picture(page, "child-phone")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="Who has looked at this child?").click()
    expect(page.locator("main")).to_contain_text("Your own looks are not shown here")  # the line sees its workers, never itself
    expect(page.locator("main")).not_to_contain_text(", Team manager")
    baseline(page)
    picture(page, "looks")


_MANAGED = """
from django.utils import timezone
from atlas.agencies.models import Post
from atlas.gate.context import acting_as
from atlas.missing.models import Episode
manager = Post.objects.select_related("user", "team__agency").get(user__username="team.manager")
with acting_as(manager, timezone.now()) as subject:
    print(Episode.objects.visible_to(subject).order_by("-reported_at").first().child_id)
"""


def test_a_local_limit_and_a_proclaimed_holiday_stand_beside_the_national_ones(sign_in: Any) -> None:
    """A head of service sets Fernleigh's own time limit and records a proclaimed holiday; on a phone, without script, by keyboard."""
    tomorrow = datetime.now(LONDON).date() + timedelta(days=1)
    page = sign_in("head.of.service", phone=True, script=False)
    page.get_by_role("link", name="Time limits").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Time limits")

    # When a looser limit is tried, the national one and what may be set are said, and what was typed is kept
    page.get_by_role("link", name="Set a local limit for: Return interview").click()
    page.get_by_label("Fernleigh").check()
    page.get_by_label("How many?").fill("96")
    page.get_by_label("Hours", exact=True).check()
    page.get_by_label("Who decided it, and when?").fill("Fernleigh protocol")
    fill_day(page, "From which day?", tomorrow)
    page.get_by_role("button", name="Set this time limit").click()
    expect(page.get_by_role("alert")).to_contain_text("The national limit is 72 hours")
    expect(page.get_by_role("alert")).to_contain_text("Set 72 hours or less")
    expect(page.get_by_label("Who decided it, and when?")).to_have_value("Fernleigh protocol")
    picture(page, "local-limit-refused-phone")

    # Then a tighter one is set with the keyboard alone
    page.get_by_label("How many?").fill("48")
    page.get_by_role("button", name="Set this time limit").focus()
    page.keyboard.press("Enter")
    row = page.get_by_role("row", name=re.compile("^Return interview"))
    expect(row).to_contain_text("72 hours")
    expect(row).to_contain_text("Fernleigh: 48 hours")
    expect(row).to_contain_text(f"From {day_words(tomorrow)}")
    picture(page, "time-limits-phone")

    # And a holiday is proclaimed, which everybody can read
    page = sign_in("head.of.service")
    page.get_by_role("link", name="Time limits").click()
    baseline(page)
    page.get_by_role("link", name="Set a local limit for: Pass on").click()
    baseline(page)
    page.get_by_role("link", name="Back").click()
    page.get_by_role("button", name="Change a bank holiday").click()
    baseline(page)
    monday = tomorrow + timedelta(days=7 - tomorrow.weekday())
    while monday in named_bank_holidays():
        monday += timedelta(days=7)
    fill_day(page, "Which day?", monday)
    page.get_by_label("A bank holiday: not counted as a working day").check()
    page.get_by_label("What is it called?").fill("Day of thanksgiving")
    page.get_by_label("Where was it published?").fill("Royal proclamation")
    page.get_by_role("button", name="Record this change").click()
    expect(page.get_by_role("row", name=day_words(monday))).to_contain_text("a bank holiday")
    picture(page, "time-limits")
    page = sign_in("social.worker")
    page.get_by_role("link", name="Time limits").click()
    expect(page.locator("main")).to_contain_text("Day of thanksgiving")
    expect(page.get_by_role("link", name="Set a local limit")).to_have_count(0)
    baseline(page)


def test_an_alert_reaches_a_real_mailbox_with_a_reference_and_no_name(served: Served) -> None:
    served.manage("tick", login="tick")
    inbox = served.folder / "mailbox" / "new"
    until = datetime.now(UTC) + timedelta(seconds=30)
    letters: list[str] = []
    alerts: list[str] = []
    while not alerts and datetime.now(UTC) < until:  # other journeys' letters (a new second factor, a sign-in) lie there too
        time.sleep(0.5)
        letters = [letter.read_text() for letter in inbox.glob("*")]
        alerts = [letter for letter in letters if "Reference" in letter]
    assert alerts
    names = served.manage("shell", "-c", _NAMES).strip().splitlines()[-1].split("|")
    assert not [name for name in names for letter in letters if name in letter]


_NAMES = """
from django.utils import timezone
from atlas.agencies.models import Post
from atlas.gate.context import acting_as
from atlas.missing.models import Episode
feed = Post.objects.select_related("user", "team").get(user__username="service.feed")
with acting_as(feed, timezone.now()):
    print("|".join(sorted({episode.child.name for episode in Episode.objects.select_related("child")})))
"""
