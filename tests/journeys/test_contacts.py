"""A school is worried on a telephone; the front door finds nobody, records the child, decides and answers; the school reads the answer."""

from typing import Any

from playwright.sync_api import expect

from tests.journeys.conftest import Served, baseline, go_to
from tests.journeys.test_spine import picture

WORDS = "An older cousin waits in a car at the gate, three days running."


def test_a_worry_reaches_the_front_door_and_an_answer_comes_back(sign_in: Any, served: Served) -> None:
    school = sign_in("school.lead", phone=True)
    go_to(school, "Worried about a child")
    baseline(school)
    school.get_by_role("button", name="I am worried about a child").click()
    expect(school.locator("main")).to_contain_text("If a child is in danger now ring 999. This form is read")
    school.get_by_label("Who is the child?").fill("Linden Journey")
    school.get_by_role("button", name="Send to the front door").click()
    baseline(school)
    expect(school.locator("main")).to_contain_text("There is a problem")
    expect(school.get_by_label("Who is the child?")).to_have_value("Linden Journey")
    school.get_by_label("What worries you? What happened, and when?").fill(WORDS)
    school.get_by_label("Exploitation, or older or new company that worries you").check()
    school.get_by_role("group", name="Is the child safe now?").get_by_label("I am not sure").check()
    school.get_by_label("Not yet").check()
    picture(school, "raise-contact-narrow")
    school.get_by_role("button", name="Send to the front door").click()
    expect(school.locator("main")).to_contain_text("With the front door")
    door = sign_in("front.door")
    go_to(door, "Contacts")
    baseline(door)
    picture(door, "contacts-wide")
    door.get_by_role("link", name="Linden Journey").click()
    baseline(door)
    door.get_by_role("button", name="Which child is it?").click()
    expect(door.locator("main")).to_contain_text("Nobody here is called so")
    baseline(door)
    door.get_by_role("link", name="None of these: record the child").click()
    door.get_by_role("button", name="Record the child, and match the contact").click()
    door.get_by_role("button", name="Decide").click()
    baseline(door)
    door.get_by_label("Level 2", exact=False).check()
    door.get_by_label("Early help", exact=True).check()
    for label, words in (
        ("Which words of the threshold document do you go by?", "Level 2: new company"),
        ("Why?", "New company; no harm is known."),
        ("What else did you weigh, and why not that?", "An assessment: not yet."),
        ("Why is this enough, and not more than is needed?", "School holds him well."),
    ):
        door.get_by_label(label, exact=True).fill(words)
    door.get_by_role("button", name="Record the decision").click()
    baseline(door)
    picture(door, "contact-wide")
    door.get_by_role("button", name="Answer whoever raised it").click()
    door.get_by_label("Here, on their own page").check()
    door.get_by_label("What are they told?").fill("Thank you. Early help rings the family this week.")
    door.get_by_role("button", name="Record it, and close the contact").click()
    expect(door.locator("main")).to_contain_text("Closed")
    school.reload()
    expect(school.locator("main")).to_contain_text("Early help rings the family this week.")
    expect(school.locator("main")).not_to_contain_text("no harm is known")
    school.context.clear_cookies()
    school.goto(f"{served.address}/worried/")
    baseline(school)
    picture(school, "worried-narrow")
