"""A night, whole: a child whom another authority placed here goes missing, is looked for, comes home, is heard on a doorstep; and what leaves is right.

The child is Stowbridge's, and lives in Fernleigh. Both authorities work in one Atlas; the colleague of Stowbridge who answers for the interview has no
account. The clock of the service is the night's own, so that duty, ladder, morning list and collection are those of the hour.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from atlas.chronology.moments import LONDON, day_words
from atlas.returns.layouts import collection_of, year_of
from tests.journeys.conftest import Made, baseline, enter_on, go_to
from tests.journeys.night import Night, ask_for_table, fetched, fits, nights, said, says, zipped
from tests.journeys.test_no_signal import rests
from tests.journeys.test_spine import fill_day, fill_moment, picture

FORENAME, SURNAME, NUMBER = "Tamsin", "Quillfeather", "S4001207"
CHILD = f"{FORENAME} {SURNAME}"
DUTY_MOBILE, GUEST_MOBILE = "07700 900005", "07700 900788"
TOLD = "I was at the pier with two friends. I left because nobody said that my visit home was off. " * 8
HELP = "Tell me the day before, not on the day. "


@pytest.fixture
def night(made: Made, chromium: Browser, tmp_path: Path) -> Iterator[Night]:
    """Tonight, or the next evening before a working day."""
    with nights(made, chromium, tmp_path) as held:
        yield held


def test_a_night_across_borders_from_the_call_to_the_return_of_the_year(night: Night) -> None:
    # Given a child of Stowbridge's who lives in Fernleigh, and whose worker is on leave tonight
    notice_is_recorded(night)
    main_system_of_stowbridge_delivers(night)
    worker_goes_on_leave(night)
    # When the child goes missing at 23:40, the ladder passes over the worker on leave, and the duty worker answers on a phone
    police_report_at_night(night)
    duty_worker_answers(night)
    child_is_back(night)
    # Then the day takes the night over by name, and Stowbridge says without an account that it holds the interview
    morning_is_taken_over(night)
    link = responsible_authority_is_asked(night)
    guest_accepts(night, link)
    answer_is_taken_over(night)
    # And the child is heard on a doorstep without signal, and nothing that was typed is lost
    page = talk_on_a_doorstep(night)
    what_was_said_is_passed_on(night, page)
    # And Stowbridge's main system files it, and Stowbridge's return carries the night, and Fernleigh's does not
    main_system_files_it(night)
    year_ends(night)


def born_on(night: Night) -> date:
    return date(night.evening.year - 14, 3, 9)


def notice_is_recorded(night: Night) -> None:
    """The coordinator writes down the notice; the number out of hours is what somebody will need at night."""
    for hours in ("09:30", "10:00"):  # what was due by day is told by day
        night.at(hours)
        night.tick()
    page = night.enter("missing.coordinator")
    go_to(page, "Placed here by others")
    page.get_by_role("button", name="Record a notice").click()
    page.get_by_label("First name").fill(FORENAME)
    page.get_by_label("Surname").fill(SURNAME)
    fill_day(page, "Date of birth", born_on(night))
    page.get_by_label("Female").check()
    page.get_by_label("Stowbridge").check()
    fill_day(page, "When did the placement begin?", night.evening - timedelta(days=60))
    fill_day(page, "When did that authority give notice?", night.evening - timedelta(days=62))
    page.get_by_label("What did it say of risk?").fill("Went to the pier twice when a visit home fell through.")
    page.get_by_label("The child’s worker there").fill("Ines Calder")
    page.get_by_label("The worker’s telephone").fill("020 7946 0211")
    page.get_by_label("That authority’s number out of hours").fill("020 7946 0200")
    page.get_by_label("I looked: this child is not recorded here yet").check()
    page.get_by_role("button", name="Record the notice").click()
    says(page, CHILD, "Notice in time", "At any hour: 020 7946 0200")


def main_system_of_stowbridge_delivers(night: Night) -> None:
    """Stowbridge's own system says who the child is there, who works with her, and that she is looked after; and takes copies by folder."""
    night.at("11:00")
    since = f"{night.evening - timedelta(days=400):%Y-%m-%d}"
    tables = {
        "ssd_person": {"pers_person_id": NUMBER, "pers_forename": FORENAME, "pers_surname": SURNAME, "pers_dob": f"{born_on(night):%Y-%m-%d}", "pers_sex": "F"},
        "ssd_involvements": {"invo_involvements_id": "SI1", "invo_professional_id": "S0001", "invo_professional_role_id": "Allocated worker",
                             "invo_person_id": NUMBER, "invo_involvement_start_date": since},
        "ssd_cla_episodes": {"clae_cla_episode_id": "SL1", "clae_person_id": NUMBER, "clae_cla_episode_start_date": since, "clae_cla_primary_need_code": "N1"},
        "ssd_legal_status": {"lega_legal_status_id": "SG1", "lega_person_id": NUMBER, "lega_legal_status": "C2", "lega_legal_status_start_date": since},
    }  # fmt: skip
    page = night.enter("stowbridge.data")
    go_to(page, "Deliveries")
    page.get_by_role("link", name="How copies go back to the main system").click()
    page.get_by_label("folder", exact=False).first.check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Receive a delivery").click()
    page.get_by_label("Main case system (Standard Safeguarding Dataset)").check()
    page.get_by_label("This is part of the children only").check()
    page.get_by_label("The file").set_input_files(zipped(night.served.folder / "stowbridge.zip", tables))
    page.get_by_role("button", name="Read it and show what it would do").click()
    page.get_by_role("button", name="Take what can be taken").click()
    page.get_by_role("button", name="Yes").click()
    says(page, "stowbridge.zip")


def worker_goes_on_leave(night: Night) -> None:
    """The manager writes down that the child's worker is away, and covers."""
    night.at("16:00")
    page = night.enter("stowbridge.manager")
    go_to(page, "Team's work")
    page.get_by_role("link", name="Ines Calder").first.click()
    page.get_by_role("link", name="Record leave or sickness", exact=False).click()
    fill_moment(page, "Away from", night.when("17:00"))
    fill_moment(page, "Until", night.when("17:00", days=3))
    page.get_by_label("Beatrix Ferrow").check()
    page.get_by_role("button", name="Record it").click()
    says(page, "Will be away", "Beatrix Ferrow, Team manager, Stowbridge, covers")


def police_report_at_night(night: Night) -> None:
    """The home rang 101; the missing persons officer writes it down once, in the place that everybody reads."""
    night.at("23:41")
    page = night.enter("police.missing")
    go_to(page, "Find a child")
    page.get_by_label("Name").first.fill(CHILD)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=f"Report missing {CHILD}").click()
    says(page, "This does not report the child missing to the police")
    fill_moment(page, "When was the child last seen?", night.when("21:15"))
    page.get_by_label("Where, and by whom?").fill("By the carer, at supper")
    page.get_by_label("Why are you worried?").fill("Left without her telephone after a visit was called off.")
    page.get_by_label("Where may the child be, and with whom?").fill("The pier, as twice before")
    page.get_by_label("Who is reporting?").fill("Night carer")
    page.get_by_label("Their telephone number").fill("01632 960177")
    fill_moment(page, "When were the police told?", night.when("23:40"))
    page.get_by_label("Police reference").fill("NM/4417/26")
    page.get_by_role("button", name="Report missing in Atlas").click()
    says(page, CHILD, "Placed here by Stowbridge")
    night.held["episode"] = page.url.removeprefix(night.served.address)
    baseline(page)
    picture(page, "night-reported")


def duty_worker_answers(night: Night) -> None:
    """Nobody of the child's own is there; whoever covers for the worker is told first, then duty where the child lives; the worker on leave is not."""
    night.tick()
    night.at("23:58")  # fifteen minutes later
    night.tick()
    page = night.enter(phone=True)
    words = night.received(page, DUTY_MOBILE, "^Atlas alert")
    assert FORENAME not in words
    assert SURNAME not in words
    enter_on(page, night.served, "night.worker")
    alert = page.get_by_role("region", name="Alert", exact=False).filter(has_text=CHILD)
    expect(alert).to_contain_text("A child is missing")
    picture(page, "night-my-work-phone")
    fits(page)
    alert.get_by_role("link", name="I rang somebody").click()
    told = page.get_by_role("list").filter(has_text="Beatrix Ferrow")
    expect(told).to_contain_text("Gwen Abiola")
    expect(told).not_to_contain_text("Ines Calder")
    says(page, "Whoever is on leave or has left is passed over")
    picture(page, "night-call-phone")
    page.get_by_label("Stowbridge: the number that is always answered", exact=False).check()
    page.get_by_label("Spoke with them").check()
    page.get_by_role("button", name="Save", exact=True).click()
    alert.get_by_role("link", name="I am acting on this").click()
    page.get_by_role("button", name="I am acting on this").click()
    go_to(page, "Night")
    card = page.get_by_role("region", name=CHILD)
    expect(card).to_contain_text("Stowbridge, living in Fernleigh")
    expect(card.get_by_role("link", name="01632 960177")).to_be_visible()
    expect(card.get_by_role("link", name="020 7946 0200")).to_be_visible()
    expect(card).to_contain_text("Beatrix Ferrow, covers for Ines Calder")
    expect(card).not_to_contain_text("Nobody has acknowledged")
    fits(page)
    baseline(page)
    picture(page, "night-phone")


def child_is_back(night: Night) -> None:
    """The carer rings at 04:10; the duty worker, on the phone, needs one page and one time."""
    night.at("04:18", days=1)
    page = night.enter("night.worker", phone=True)
    go_to(page, "Night")
    page.get_by_role("region", name=CHILD).get_by_role("link", name="The child is back").click()
    fill_moment(page, "When was the child back", night.when("04:10", days=1))
    page.get_by_role("button", name="Record the return").click()
    says(page, "Return interview")
    fits(page)
    picture(page, "night-back-phone")


def morning_is_taken_over(night: Night) -> None:
    """At ten past eight the coordinator reads what happened, and takes it over by name."""
    night.at("08:10", days=1)
    page = night.enter("missing.coordinator")
    go_to(page, "Morning list")
    card = page.get_by_role("region", name=CHILD)
    for words in ("Reported missing", "is acting on it", "Returned"):
        expect(card).to_contain_text(words)
    picture(page, "night-morning")
    card.get_by_role("link", name="I take this over", exact=False).click()
    page.get_by_role("button", name="I take this over").click()
    expect(page.get_by_role("region", name=CHILD)).to_contain_text("taken over by Amara Lindqvist")
    baseline(page)


def responsible_authority_is_asked(night: Night) -> str:
    """The coordinator asks the authority that owes the interview; the link names no child."""
    night.at("10:20", days=1)
    page = night.enter("missing.coordinator")
    night.go(page, night.held["episode"])
    page.get_by_role("link", name="Return interview", exact=False).first.click()
    night.held["interview"] = page.url.removeprefix(night.served.address)
    page.get_by_role("link", name="Ask Stowbridge whether it will talk with the child").click()
    page.get_by_label("Their worker’s name").fill("Tobias Renn")
    page.get_by_label("Authority and team").fill("Stowbridge, looked-after team")
    page.get_by_label("Their mobile number").fill(GUEST_MOBILE)
    page.get_by_label("Who made sure that the number is theirs?").fill("Amara Lindqvist")
    fill_day(page, "On which day?", night.when("10:20", days=1).date())
    page.locator("fieldset", has_text="Does the family know about this?").get_by_label("Yes").check()
    page.get_by_role("button", name="Make the link").click()
    says(page, "Send this to Tobias Renn now", "The link is shown this once")
    picture(page, "night-link")
    link = page.locator("code").inner_text()
    assert not [name for name in (FORENAME, SURNAME) if name.lower() in page.locator(".govuk-inset-text").inner_text().lower()]
    return link


def guest_accepts(night: Night, link: str) -> None:
    """Somebody without an account, on a phone: a code to the number that was checked, one question, one answer."""
    page = night.enter(phone=True)
    page.goto(link)
    page.get_by_role("button", name="Send me a code").click()
    code = night.received(page, GUEST_MOBILE, r"^\d{6}")[:6]
    page.get_by_label("The code from the text message").fill(code)
    page.get_by_role("button", name="Go on").click()
    says(page, CHILD, "Stowbridge owes the child a return interview within 72 hours")
    fits(page)
    baseline(page)
    picture(page, "night-guest-phone")
    page.get_by_label("Yes: we hold the return interview").check()
    page.get_by_role("button", name="Send").click()
    says(page, "Sent", "Reference")


def answer_is_taken_over(night: Night) -> None:
    """The yes waits among the coordinator's work; taken over, it says who delivers."""
    night.at("11:05", days=1)
    page = night.enter("missing.coordinator")
    page.get_by_role("row", name=CHILD).get_by_role("link").first.click()
    page.get_by_role("link", name="Take over what they answered").click()
    says(page, "Tobias Renn")
    page.get_by_role("button", name="Take it over").click()
    says(page, "Delivered by", "Stowbridge")
    picture(page, "night-taken")


def talk_on_a_doorstep(night: Night) -> Page:
    """Stowbridge's interviewer opens the form, the signal goes, the child talks; an hour later it is sent, whole."""
    night.at("16:30", days=1)
    page = night.enter("stowbridge.interviewer", phone=True)
    page.get_by_role("link", name=CHILD).first.click()
    page.get_by_role("button", name="Talk with the child").click()
    page.wait_for_selector("html[data-ready]")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    form = page.url
    page.context.set_offline(True)
    page.locator("[name=before_words]").fill(TOLD)
    held = rests(page, len(TOLD))
    page.locator("[name=help_words]").fill(HELP)
    rests(page, held + len(HELP))
    expect(page.locator("[data-saved]")).to_contain_text("No signal")
    night.at("17:25", days=1)
    page.context.set_offline(False)
    page.goto(form)
    assert "/accounts/login/" in page.url
    enter_on(page, night.served, "stowbridge.interviewer")
    page.goto(form)
    offered = page.get_by_role("region", name="Not sent yet")
    expect(offered).to_contain_text("You had typed this")
    page.wait_for_selector("html[data-ready]")
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("[name=before_words]")).to_have_value(TOLD)
    expect(page.locator("[name=help_words]")).to_have_value(HELP)
    complete(page, night)
    says(page, "What the child said", "Tell me the day before", "Stowbridge")
    fits(page)
    picture(page, "night-talked-phone")
    return page


def complete(page: Page, night: Night) -> None:
    """What the form still needs, and then it is recorded."""
    for question in ("Did anyone hurt or scare you?", "Were any places named?", "Were any people named?"):
        page.locator("fieldset", has_text=question).first.get_by_label("None said").check()
    page.get_by_label("Boredom").check()
    page.get_by_label("Friends of the same age").check()
    fill_moment(page, "When did you talk?", night.when("16:40", days=1))
    page.get_by_role("button", name="Record the interview").click()


def what_was_said_is_passed_on(night: Night, page: Page) -> None:
    """Part by part, as the child wished; then the interview is closed by the coordinator who answers for it."""
    page.get_by_role("button", name="Pass on what was said").click()
    for audience, words in (
        ("Social worker", "Tell her the day before when a visit falls through."),
        ("Police", "Nothing beyond where she was."),
    ):
        page.locator("fieldset", has_text="Who is this part for?").get_by_label(audience).check()
        page.get_by_label("What is passed on (or kept back)?").fill(words)
        page.locator("fieldset", has_text="What did the child wish?").get_by_label("The child agreed").check()
        page.get_by_label("Pass it on").check()
        page.get_by_label("Passed on to (name and agency)").fill("Beatrix Ferrow, Stowbridge")
        page.get_by_role("button", name="Save this part").click()
        expect(page.locator("main")).to_contain_text(words)
    page.get_by_role("button", name="Every part has gone where it should").click()
    says(page, "Nothing more is asked of you")
    page = night.enter("stowbridge.coordinator")
    page.get_by_role("link", name="Close the return interview", exact=False).click()
    page.get_by_role("button", name="Close the interview").click()
    page.get_by_label("Held and passed on").check()
    page.get_by_role("button", name="Close the interview").click()
    says(page, "Closed")


def main_system_files_it(night: Night) -> None:
    """What is finished goes to Stowbridge's main system by its folder; the receipts say that it was filed."""
    night.run(_SERVE)
    folder = night.served.folder / "copies" / "XSTOW"
    notes = {path.stem: path.read_text() for path in (folder / "to_file").glob("*.json")}
    mine = {copy: json.loads(note) for copy, note in notes.items() if NUMBER in note}
    assert {note["kind"] for note in mine.values()} == {"missing_episode", "return_interview"}
    for copy, note in mine.items():
        assert note["person"] == NUMBER
        row = note["ssd_missing"]
        assert row["miss_missing_episode_start_date"] == f"{night.evening}T21:15"
        assert row["miss_missing_episode_end_date"] == f"{night.evening + timedelta(days=1)}T04:10"
        receipt = {"layout": "atlas-receipt-1", "copy": copy, "state": "filed", "reference": f"ST-{copy[:8]}"}
        (folder / "receipts" / f"{copy}.json").write_text(json.dumps(receipt))
    assert not [path for path in (folder.parent / "XFERN").rglob("*.json") if NUMBER in path.read_text()]  # no other system hears of her
    night.run(_SERVE)
    page = night.enter("stowbridge.coordinator")
    night.go(page, night.held["interview"])
    says(page, "In the main system: filed")
    night.go(page, night.held["episode"])
    says(page, "In the main system: filed")
    picture(page, "night-filed")


_SERVE = """
from django.utils import timezone
from atlas.agencies.models import Authority
from atlas.copies.jobs import serve
from atlas.feeds.queries import feed_post
stowbridge = Authority.objects.get(code="XSTOW")
serve(stowbridge, feed_post(stowbridge), timezone.now)
print("served")
"""


def year_ends(night: Night) -> None:
    """In April each coordinator looks at the Missing table of the year: the row is Stowbridge's, who owes it, and stands in no table of Fernleigh's."""
    first, last = year_of(collection_of(night.evening))
    night.set_to(datetime.combine(last + timedelta(days=6), time(10), LONDON))
    night.served.manage("demo", "make")  # Fernleigh stands; whom nobody has played for months is let in again
    row = [NUMBER, said(born_on(night)), "M", said(night.evening), said(night.evening + timedelta(days=1))]
    theirs, ours = night.enter("stowbridge.coordinator"), night.enter("missing.coordinator")
    for page in (theirs, ours):
        go_to(page, "Exports")
        page.get_by_role("link", name="What stands in it, and what must be asked first").click()
        page.get_by_role("link", name=f"{day_words(first)} to {day_words(last)}").click()
    expect(theirs.get_by_role("row").filter(has_text=NUMBER)).to_contain_text(row[3])
    expect(ours.locator("main")).not_to_contain_text(NUMBER)
    picture(theirs, "night-missing-table")
    for page in (theirs, ours):
        ask_for_table(page, last)
    assert [one for one in fetched(theirs) if one[0] == NUMBER] == [row]
    own = fetched(ours)
    assert own  # the children of its own stand in it
    assert not [one for one in own if one[0] == NUMBER]
