"""Axe on every state of the pages of plans, exploitation, direct work, contacts and guidance, wide and narrow. Needs `python3 run.py demo --once`, and Chromium.

No peer: the floor is no violation of WCAG 2.2 A and AA, and nothing wider than the screen. A state is a page that is empty, in error, waiting, very full
(five of each thing beside what the fictional year left), or asking about words. What a journey opens (`tests/journeys`) is looked at there too; here are the
states that none opens. `--quick` looks on a telephone alone. Where a folder is named (`bench states pictures/`), each is kept there as a picture, for a person.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.loading import wait_for
from bench.measuring import last_line, table, the_cluster, use
from run import free_port, web

QUICK = "--quick" in sys.argv
PICTURES = next((Path(word) for word in sys.argv[1:] if not word.startswith("-")), None)
NAME = "bench_states"
cluster = the_cluster()
cluster.copy("atlas", NAME)
use(NAME, cluster)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser is asked in the thread that asks the database
for words in (("migrate", "-v0"), ("gate", "install")):  # of a demo that was made before the last change
    subprocess.run([sys.executable, "-m", "django", *words], check=True, env={**os.environ, "ATLAS_AS": "owner"}, stdout=subprocess.DEVNULL)

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from atlas.children.models import Child  # noqa: E402
from atlas.contacts.models import Contact  # noqa: E402
from atlas.directwork.models import Programme  # noqa: E402
from atlas.exploitation.codes import AssessmentKind, AssessmentState  # noqa: E402
from atlas.exploitation.models import ExploitationAssessment  # noqa: E402
from atlas.gate.context import acting_as  # noqa: E402
from atlas.plans.models import PlanLine, SafetyPlan  # noqa: E402
from tests.desk import test_queries as full  # noqa: E402
from tests.exploitation.given import begun  # noqa: E402
from tests.factories import begin_session  # noqa: E402
from tests.journeys.conftest import ARGUMENTS, CHROMIUM, RULES  # noqa: E402

WIDTHS = [390] if QUICK else [1280, 390]
WORKER, DOOR, SCHOOL, MANAGER, HEAD = "social.worker", "front.door", "school.lead", "team.manager", "head.of.service"
State = tuple[str, str, str, dict[str, str], str]  # (what, who, path, what is typed, the button that sends it)


def post(username: str) -> Post:
    """Somebody of Fernleigh."""
    return Post.objects.select_related("user", "team__agency").get(user__username=username)


@dataclass
class Looking:
    """The browser, with one session of each person and width; and what was found."""

    browser: Browser
    address: str
    contexts: dict[tuple[str, int], BrowserContext] = field(default_factory=dict)
    rows: list[tuple[str, int, int, int, str]] = field(default_factory=list)

    def page(self, username: str, width: int) -> Page:
        """A page of this person's; of nobody's, where no name is given."""
        if (username, width) not in self.contexts:
            context = self.browser.new_context(viewport={"width": width, "height": 900}, user_agent="states")
            if username:
                client = Client(headers={"host": "127.0.0.1"})
                begin_session(client, post(username), timezone.now())
                key = client.session.session_key or ""
                context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.address}])
            self.contexts[username, width] = context
        return self.contexts[username, width].new_page()

    def look(self, state: State) -> None:
        """Open it, send what is typed, run axe, and see whether anything is wider than the screen."""
        what, username, path, typed, button = state
        for width in WIDTHS:
            page = self.page(username, width)
            opened = page.goto(self.address + path)
            assert opened is not None and opened.status == 200, (what, path, opened and opened.status)
            for name, words in typed.items():
                page.locator(f"[name={name}]").first.fill(words)
            if button:
                page.get_by_role("button", name=button, exact=True).first.click()
                page.wait_for_load_state()
            found = Axe().run(page, options=RULES).response["violations"]
            over = int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
            self.rows.append((what, width, len(found), max(0, over), " ".join(one["id"] for one in found)))
            if PICTURES:
                PICTURES.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=str(PICTURES / f"{what.replace(' ', '_').replace(':', '')}_{width}.png"), full_page=True)
            page.close()


def filled(worker: Post) -> dict[str, UUID]:
    """Make one plan and one child's exploitation very full, and say by name of what state which record is."""
    now = timezone.now()
    with acting_as(worker, now) as subject:
        plans = list(SafetyPlan.objects.visible_to(subject).filter(closed_at=None).select_related("child").order_by("-number"))
        agreed = next(one for one in plans if one.number and not one.versions.filter(agreed_at=None).exists())
        written = next(one for one in plans if one.versions.filter(agreed_at=None).exists())
        judged = ExploitationAssessment.objects.filter(state=AssessmentState.FINISHED).exclude(
            child__in=ExploitationAssessment.objects.exclude(state=AssessmentState.FINISHED).values("child"))  # fmt: skip
        harmed = judged.exclude(child=agreed.child).select_related("child").order_by("pk")[0].child
        busy = [agreed.child_id, written.child_id, harmed.pk]
        bare = Child.objects.visible_to(subject).exclude(pk__in=busy).exclude(pk__in=[one.child_id for one in plans]).order_by("pk")[0]
    for number in range(4):
        at = now - timedelta(hours=4) + timedelta(minutes=50 * number)
        full.lived(SimpleNamespace(worker=worker, child=agreed.child), agreed, at, number)  # type: ignore[arg-type]
        full.assessed(SimpleNamespace(worker=worker, child=harmed), at, number)  # type: ignore[arg-type]
    begun(SimpleNamespace(worker=worker, child=harmed), AssessmentKind.REVIEW, now)  # type: ignore[arg-type]
    with acting_as(worker, now):
        assessments = ExploitationAssessment.objects.filter(child=harmed)
        return {
            "agreed": agreed.pk, "living": agreed.child_id, "written": written.pk, "writing": written.child_id, "bare": bare.pk, "harmed": harmed.pk,
            "open": assessments.exclude(state=AssessmentState.FINISHED).get().pk, "judged": assessments.filter(state=AssessmentState.FINISHED)[0].pk,
            "line": PlanLine.objects.filter(plan=agreed, until_number=None).order_by("pk")[0].pk, "programme": Programme.objects.order_by("pk")[0].pk,
        }  # fmt: skip


def _of(name: str, username: str, path: str, button: str = "", **typed: str) -> State:
    return (name, username, path, typed, button)


def states(of: dict[str, UUID], contacts: dict[str, UUID]) -> list[State]:
    """Every state that is looked at."""
    plan, expl, work = "/plans/child/{}/", "/exploitation/child/{}/view_exploitation/", "/directwork/child/{}/view_direct_work/"
    line, assessment, contact = f"/plans/line/{of['line']}", f"/exploitation/assessment/{of['open']}", "/contacts/contact/{}/{}/"
    return [
        _of("plan: none", WORKER, plan.format(of["bare"])), _of("plan: very full", WORKER, plan.format(of["living"])),
        _of("plan: being written", WORKER, plan.format(of["writing"])), _of("plan: waits", WORKER, plan.format(of["harmed"])),
        _of("plans: list", MANAGER, "/plans/view_plans/"), _of("plan: begin", WORKER, f"/plans/child/{of['bare']}/start_plan/"),
        _of("confirm: error", WORKER, f"/plans/{of['agreed']}/confirm_plan/", "The plan is still right"),
        _of("agree: error", WORKER, f"/plans/{of['written']}/agree_plan/", "This plan is agreed"),
        _of("no plan: error", WORKER, f"/plans/child/{of['bare']}/decide_no_plan/", "No safety plan is needed"),
        _of("close: error", MANAGER, f"/plans/{of['agreed']}/close_plan/", "Close the plan"),
        _of("line: error", WORKER, f"/plans/{of['agreed']}/add_line/", "Keep this line"),
        _of("line: asked about words", WORKER, f"/plans/{of['agreed']}/add_line/", "Keep this line", words="Her boyfriend made her carry it"),
        _of("line: rewrite", WORKER, f"{line}/rewrite_line/"), _of("line: broken, error", WORKER, f"{line}/break_line/", "It needs a new answer"),
        _of("event: error", WORKER, f"/plans/child/{of['living']}/record_event/", "Write it down"),
        _of("pace: error", WORKER, f"/plans/child/{of['living']}/answer_pattern/company/", "Keep what I make of it"),
        _of("copy: police", WORKER, f"/plans/{of['agreed']}/record_copy_given/police/"),
        _of("copy: child", WORKER, f"/plans/{of['agreed']}/record_copy_given/child/"),
        _of("child: with a plan", WORKER, f"/child/{of['living']}/"),
        _of("exploitation: none", WORKER, expl.format(of["bare"])), _of("exploitation: very full", WORKER, expl.format(of["harmed"])),
        _of("assessment: being written", WORKER, f"{assessment}/view_exploitation_assessment/"),
        _of("assessment: judged", WORKER, f"/exploitation/assessment/{of['judged']}/view_exploitation_assessment/"),
        _of("item: error", WORKER, f"{assessment}/add_item/indicator/", "Add it"), _of("types", WORKER, f"{assessment}/name_types/"),
        _of("item: asked about words", WORKER, f"{assessment}/add_item/indicator/", "Add it", words="Her boyfriend hit her"),
        _of("judge: error", WORKER, f"{assessment}/finish_exploitation_assessment/", "Finish"),
        _of("harm: error", WORKER, f"/exploitation/child/{of['harmed']}/record_harm/", "Record it as harm"),
        _of("referral: error", WORKER, f"/exploitation/child/{of['bare']}/refer_to_nrm/", "The child was referred"),
        _of("measure: error", WORKER, f"/exploitation/child/{of['harmed']}/start_measure/", "Start it"),
        _of("harm to others: error", WORKER, f"/exploitation/child/{of['harmed']}/record_concern_for_others/", "Record it"),
        _of("direct work: none", WORKER, work.format(of["bare"])), _of("direct work", WORKER, work.format(of["writing"])),
        _of("direct work: begin, error", WORKER, f"/directwork/child/{of['writing']}/start_programme/", "Begin"),
        _of("session: error", WORKER, f"/directwork/{of['programme']}/record_session/", "Keep it"),
        _of("you said, we did", WORKER, f"/directwork/child/{of['writing']}/view_you_said/"),
        _of("contacts: queue", DOOR, "/contacts/view_contacts/"), _of("contacts: how alike", DOOR, "/contacts/view_consistency/"),
        _of("contacts: mine", SCHOOL, "/contacts/view_my_contacts/"), _of("contacts: asked of us", SCHOOL, "/contacts/view_asks/"),
        _of("contacts: raise, error", SCHOOL, "/contacts/raise_contact/", "Send to the front door"),
        _of("contact: raised", DOOR, contact.format(contacts["raised"], "view_contact")),
        _of("contact: match, error", DOOR, contact.format(contacts["raised"], "match_contact"), "Go on"),
        _of("contact: matched", DOOR, contact.format(contacts["matched"], "view_contact")),
        _of("contact: decide, error", DOOR, contact.format(contacts["matched"], "decide_contact"), "Record the decision"),
        _of("contact: decided", DOOR, contact.format(contacts["decided"], "view_contact")),
        _of("contact: answer, error", DOOR, contact.format(contacts["decided"], "answer_referrer"), "Record it, and close the contact"),
        _of("screening", WORKER, f"/contacts/child/{of['writing']}/view_screening/"),
        _of("screening: none", WORKER, f"/contacts/child/{of['bare']}/view_screening/"),
        _of("worried, without an account: error", "", "/worried/", "Send"), _of("accessibility, without an account", "", "/accessibility/"),
        _of("thresholds", DOOR, "/guidance/view_thresholds/"),
        _of("thresholds: error", HEAD, "/guidance/set_thresholds/", "Put this version into force"),
    ]  # fmt: skip


def contacts_of(door: Post) -> dict[str, UUID]:
    """A contact of each state."""
    with acting_as(door, timezone.now()):
        waits = Contact.objects.filter(closed_at=None)
        found: Callable[[Contact.State], Any] = lambda state: waits.filter(state=state).order_by("pk")[0].pk  # noqa: E731
        return {"raised": found(Contact.State.RAISED), "matched": found(Contact.State.MATCHED), "decided": found(Contact.State.DECIDED)}


def main() -> None:
    """Serve the copy, look at every state, print what axe says."""
    shown = states(filled(post(WORKER)), contacts_of(post(DOOR)))
    port = free_port()
    server = subprocess.Popen(web(port, workers=1))
    try:
        wait_for(port)
        with sync_playwright() as playwright:
            looking = Looking(playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS), f"http://127.0.0.1:{port}")
            for state in shown:
                looking.look(state)
            looking.browser.close()
    finally:
        server.terminate()
        server.wait(timeout=20)
    table(("state", "wide", "violations", "pixels too wide", "which"), looking.rows)
    last_line(
        states=len(shown),
        looked_at=len(looking.rows),
        violations=sum(row[2] for row in looking.rows),
        too_wide=sum(row[3] > 0 for row in looking.rows),
    )


main()
