"""A strategy discussion as it goes on: several people write on one page at once, and what comes in from others takes nothing from whoever is writing."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Served, baseline
from tests.journeys.test_spine import picture

# A meeting about a child of the social worker that goes on now, chaired by the manager; gives its key and that of what stands on its agenda.
_MEETING = """
from datetime import timedelta
from django.utils import timezone
from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.gate.context import acting_as
from atlas.gate.models import Relationship
from atlas.meetings.commands.calling import Called, call_meeting, hold_meeting
from atlas.meetings.commands.inviting import Asked, invite
from atlas.meetings.models import MeetingItem
from atlas.meetings.rules.kinds import SHIPPED_BY_KEY
now = timezone.now()
named = {one.user.username: one for one in Post.objects.select_related("user", "team__agency")}
worker, chair = named["social.worker"], named["team.manager"]
with acting_as(worker, now) as subject:
    mine = Relationship.live(subject.at).filter(holder_post=worker, kind="allocated").values("child")
    child = Child.objects.filter(pk__in=mine, born_on__isnull=False).order_by("pk").last()
called = Called(SHIPPED_BY_KEY["strategy_discussion"], now + timedelta(seconds=1), chair, 600, named["minute.taker"])
meeting = call_meeting(child=child, called=called, why="Away overnight, and back with a new telephone.", by=worker, at=now)
for username in ("social.worker", "police.exploitation", "health.nurse", "school.lead"):
    invite(meeting=meeting, asked=Asked(post=named[username]), by=chair, at=now)
hold_meeting(meeting=meeting, held_at=now + timedelta(seconds=1), by=chair, at=now + timedelta(seconds=2))
with acting_as(chair, now):
    print(meeting.pk, MeetingItem.objects.get(meeting=meeting).pk)
"""
MINE = "Priya and the officer go together tomorrow before school, and her aunt is told first."
THEIRS = "Seen in spring with an injury that was said to be a fall."


def at_the_table(page: Page, served: Served, meeting: str) -> Page:
    """Open the meeting's page."""
    page.goto(f"{served.address}/meetings/{meeting}/view_meeting/")
    return page


def say(page: Page, item: str, words: str) -> None:
    """Write what one's agency knows, at its place."""
    place = page.locator(f"#said-{item}")
    place.get_by_role("link", name="Write what your agency knows").click()
    place.get_by_label("What is known?").fill(words)
    place.get_by_role("button", name="Keep it").click()
    expect(place.locator("form")).to_have_count(1)  # the same form, with what is wrong and what was typed
    expect(place.get_by_label("What is known?")).to_have_value(words)
    baseline(page)
    place.get_by_label("How is it known, and as of when?").fill("Record of the practice, in April")
    place.get_by_role("button", name="Keep it").click()
    expect(place.locator("form")).to_have_count(0)
    expect(page.locator(f"#known-{item}")).to_contain_text(words)


def test_several_write_on_one_page_and_nobody_loses_a_word(served: Served, sign_in: Any) -> None:
    meeting, item = served.manage("shell", "-c", _MEETING).strip().splitlines()[-1].split()
    # Given a chair who writes what follows for the plan
    chair = at_the_table(sign_in("team.manager"), served, meeting)
    place = chair.locator(f"#decided-{item}-plan")
    place.get_by_role("link", name="Write").click()
    box = place.get_by_label("What follows for the safety plan")
    expect(box).to_be_focused()
    box.press_sequentially(MINE[:20])
    # When others write: one on a telephone, one without JavaScript
    nurse = at_the_table(sign_in("health.nurse", phone=True), served, meeting)
    say(nurse, item, THEIRS)
    picture(nurse, "room-phone")
    school = at_the_table(sign_in("school.lead", script=False), served, meeting)
    school.get_by_role("link", name="Write what your agency knows").click()
    assert school.url.endswith(f"?in_place=said-{item}#said-{item}")
    school.get_by_label("What is known?").fill("In school on Mondays again.")
    school.get_by_role("button", name="Keep it").click()
    expect(school.get_by_label("What is known?")).to_have_value("In school on Mondays again.")
    school.get_by_label("How is it known, and as of when?").fill("Register, this week")
    school.get_by_role("button", name="Keep it").click()
    assert school.url.endswith(f"/view_meeting/#said-{item}")
    # Then it comes in beside what the chair is typing, which stays, with the place where she types
    expect(chair.locator(f"#known-{item}")).to_contain_text(THEIRS)
    expect(chair.locator(f"#known-{item}")).to_contain_text("In school on Mondays again.")
    expect(box).to_be_focused()
    chair.keyboard.type(MINE[20:])
    expect(box).to_have_value(MINE)
    place.get_by_label("Why?").fill("She asked to be told first.")
    baseline(chair)
    picture(chair, "room-wide")
    # And a second form that is open stays when the first is sent
    action = chair.locator(f"#action-{item}")
    action.get_by_role("link", name="Ask an agency to do something").click()
    action.get_by_label("What is to be done?").fill("Ring the aunt tonight.")
    place.get_by_role("button", name="Write it down").click()
    expect(chair.locator(f"#stands-{item}-plan")).to_contain_text(MINE)
    expect(place.get_by_role("link", name="Change")).to_be_focused()
    expect(action.get_by_label("What is to be done?")).to_have_value("Ring the aunt tonight.")
    # And one press says who is there
    chair.get_by_role("button", name=re.compile("^There ?: Owen Tshabalala")).click()
    expect(chair.locator("#asked tr", has_text="Owen Tshabalala").get_by_role("button")).to_have_count(0)
    expect(action.get_by_label("What is to be done?")).to_have_value("Ring the aunt tonight.")
