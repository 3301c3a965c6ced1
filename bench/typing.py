"""What it takes to type (real-life.md point 16; performance.md section 4), in a real browser. Needs `python3 run.py demo --once`, and Chromium.

No peer: the floor is the budget, 12 fields for a missing report, 10 for a contact from a school, 25 taps beyond the child's words for an
interview, and 3 taps to confirm a safety plan, from the plan's page on, where one thing happened that asks whether it is still right. Each form is filled in as the
person would who has something to say of everything: a coordinator reports a child missing, an interviewer opens a conversation from *My work*
on a telephone, notes it whole and records it. A field is a question on the page, with whatever boxes it has, that is not filled in beforehand; those folded away
count. A tap is a press on a box, tick, fold or button, also the one that only puts the cursor into a box. Keys are what is typed besides the child's own
words. `--quick` walks each form once, on a telephone; whole, also on a desk and without JavaScript: the figures are the same, or the worst is given.
"""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from bench.loading import wait_for
from bench.measuring import last_line, table, the_cluster, use
from run import free_port, web

QUICK = "--quick" in sys.argv
NAME = "bench_typing"
FIELDS, TAPS, CONTACT_FIELDS, CONFIRM_TAPS = 12, 25, 10, 3
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
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from atlas.agencies.models import Post  # noqa: E402
from atlas.children.models import Child  # noqa: E402
from atlas.chronology.kinds import Kind  # noqa: E402
from atlas.chronology.moments import LONDON, Moment  # noqa: E402
from atlas.gate.act import may_all  # noqa: E402
from atlas.gate.context import acting_as  # noqa: E402
from atlas.gate.policy import Permission  # noqa: E402
from atlas.missing.codes import OfferAnswer, OfferMethod  # noqa: E402
from atlas.missing.commands.back import record_return  # noqa: E402
from atlas.missing.commands.offer import allocate_interview, offer_interview  # noqa: E402
from atlas.missing.commands.report import Report, report_missing  # noqa: E402
from atlas.missing.models import Episode, ReturnInterview  # noqa: E402
from atlas.plans.commands.happening import record_event  # noqa: E402
from atlas.plans.commands.plan import Answers, confirm_plan  # noqa: E402
from atlas.plans.models import SafetyPlan  # noqa: E402
from atlas.plans.queries.question import unread  # noqa: E402
from tests.factories import begin_session  # noqa: E402
from tests.journeys.conftest import ARGUMENTS, CHROMIUM  # noqa: E402

# (width, height, with JavaScript)
SCREENS = {"telephone": (390, 844, True), "desk": (1280, 900, True), "without JavaScript": (390, 844, False)}
# A question: a field's own group, not a box inside one of several boxes.
GROUPS = "form:has([name=key]) .govuk-form-group:not(.govuk-date-input .govuk-form-group):not(.govuk-form-group .govuk-form-group)"
EMPTY = """group => {
    const boxes = [...group.querySelectorAll('input:not([type=hidden]), textarea, select')];
    const untouched = box => box.matches('[type=radio], [type=checkbox]') ? !box.checked : box.matches('select') ? true : box.value === '';
    return boxes.length > 0 && boxes.every(untouched);
}"""


@dataclass
class Person:
    """Somebody who fills in a form: every press and every key is counted; what the child said is not."""

    page: Page
    taps: int = 0
    keys: int = 0
    words: int = 0
    did: list[str] = field(default_factory=list)

    def tap(self, what: Locator, name: str) -> None:
        """Press something."""
        what.click()
        self.taps += 1
        self.did.append(name)

    def tick(self, question: str, answer: str | None) -> None:
        """Choose this answer of a question, or (None) its first; unfolded first where it is folded away."""
        group = self.page.locator("fieldset", has_text=question).last
        if not group.is_visible():
            self.open_fold_of(group)
        label = group.locator("label", has_text=answer).first if answer else group.locator("label").first
        self.tap(label, f"{question} {answer or ''}")

    def open_fold_of(self, hidden: Locator) -> None:
        """Unfold what a field is folded away in."""
        fold = self.page.locator("details:not([open])").filter(has=hidden).locator("summary").first
        self.tap(fold, "unfold")

    def type(self, label: str, text: str) -> None:
        """Type something of one's own into a box."""
        box = self.page.get_by_label(label, exact=True)
        if not box.is_visible():
            self.open_fold_of(box)
        self.tap(box, label)
        self.page.keyboard.type(text)
        self.keys += len(text)

    def moment(self, question: str, at: datetime) -> None:
        """Type a day and a time where the boxes do not hold them already."""
        local, group = at.astimezone(LONDON), self.page.locator("fieldset", has_text=question).last
        for label, text in (
            ("Day", str(local.day)),
            ("Month", str(local.month)),
            ("Year", str(local.year)),
            ("Time, 24 hours", f"{local:%H:%M}"),
        ):
            box = group.get_by_label(label, exact=True)
            if box.input_value() != text and not (label == "Time, 24 hours" and box.input_value()):
                self.tap(box, f"{question} {label}")
                self.page.keyboard.press("ControlOrMeta+a")
                self.page.keyboard.type(text)
                self.keys += len(text)

    def said(self, label: str, text: str) -> None:
        """Note what the child said: neither tap nor key counts."""
        self.page.get_by_label(label, exact=True).fill(text)
        self.words += len(text)


def report(page: Page, address: str, child: Child, at: datetime) -> tuple[Person, int]:
    """A child is reported missing, with something to say of everything. Gives also how many fields were not filled in."""
    page.goto(address + reverse("missing:report_missing", args=[child.pk]))
    fields = sum(bool(group.evaluate(EMPTY)) for group in page.locator(GROUPS).all())
    person = Person(page)
    person.moment("When was the child last seen?", at - timedelta(hours=3))
    for label, text in (
        ("Where, and by whom?", "At the gate, by her form tutor"), ("Why are you worried?", "She left upset and has no coat."),
        ("Where may the child be, and with whom?", "At her cousin's"), ("What has been tried to find the child?", "Rang her and two friends"),
        ("What was the child wearing?", "School uniform"), ("What did the child take?", "A bus card"), ("Who is reporting?", "Her carer"),
        ("Their telephone number", "07700 900123"), ("Police reference", "NM/4411"),
    ):  # fmt: skip
        person.type(label, text)
    ticks = page.locator("fieldset", has_text="Tick what applies").first.locator("label")
    person.tap(ticks.first, "Tick what applies")
    person.moment("When were the police told?", at - timedelta(hours=1))
    person.tap(page.get_by_role("button", name="Report missing in Atlas"), "send")
    page.wait_for_url(lambda url: "report_missing" not in url)
    return person, fields


def contact(page: Page, address: str) -> tuple[Person, int]:
    """A school raises a contact about a child and a sister, with something to say of everything."""
    page.goto(address + reverse("contacts:raise_contact"))
    fields = sum(bool(group.evaluate(EMPTY)) for group in page.locator(GROUPS).all())
    person = Person(page)
    for label, text in (
        ("Who is the child?", "Ashby Example"), ("Date of birth, or about how old", "4 March 2011"),
        ("School, address, or where the child can be found", "Larkfield Academy"),
        ("What worries you? What happened, and when?", "An older cousin waits in a car at the gate, three days running."),
        ("Other children you are worried about too", "Robin Example, 9"),
    ):  # fmt: skip
        person.type(label, text)
    person.said("What does the child say?", "He buys me things.")
    for question, answer in (("What worries you most?", "Exploitation"), ("Is the child safe now?", "I am not sure"),
                             ("Do the parents know that you raise this?", "Not yet"), ("What do you think is needed?", None)):  # fmt: skip
        person.tick(question, answer)
    person.tap(page.get_by_role("button", name="Send to the front door"), "send")
    page.wait_for_url(lambda url: "raise_contact" not in url)
    return person, fields


CONFIRM, CONFIRM_MORE = "plan confirmed, one event", "plan confirmed, one event that asks more"


def confirm(page: Page, address: str, plan: SafetyPlan, *, asks_more: bool) -> Person:
    """From the plan's page to the plan confirmed; `asks_more`: what happened asks about a strategy discussion, the level and the police too."""
    page.goto(address + reverse("plans:view_plan", args=[plan.child_id]))
    person = Person(page)
    person.tap(page.get_by_role("button", name="It is still right"), "it is still right")
    person.type("Why?", "Read with her mother: she was at home that week.")
    if asks_more:
        person.tick("Is a strategy discussion needed?", "No")
        person.type("What it asks besides", "Police and school told.")
    person.tap(page.get_by_role("button", name="The plan is still right"), "send")
    page.wait_for_url(lambda url: "confirm_plan" not in url)
    return person


def asked(plan: SafetyPlan, kind: Kind, by: Post) -> None:
    """One thing happens to the child of an agreed plan, and nothing else is unanswered: by the commands that staff call."""
    at = timezone.now()
    with acting_as(by, at):
        plan = SafetyPlan.objects.select_related("child").get(pk=plan.pk)
        read = tuple(entry.pk for entry in unread(plan.child, plan, at))
    confirm_plan(plan=plan, answers=Answers(read, "For the benchmark", "no", "Done"), by=by, at=at)
    record_event(child=plan.child, kind=kind, happened_at=Moment(at), words="On the way home", source="School", by=by, at=at)


def plan_of(worker: Post, at: datetime) -> SafetyPlan:
    """An agreed plan of which no new version is being made, with a child whom the worker works with."""
    with acting_as(worker, at) as subject:
        agreed = (
            SafetyPlan.objects.visible_to(subject)
            .filter(closed_at=None, number__gt=0)
            .exclude(versions__agreed_at=None)
            .exclude(versions=None)
        )
        children = may_all(subject, [plan.child_id for plan in agreed], Permission.CONFIRM_PLAN)
        for plan in agreed.order_by("pk"):
            if plan.child_id in children:
                return plan
    raise SystemExit("No child of social.worker has an agreed plan: make the demo again.")


# The five cores (why, where, who with, harm, what would help), and every other coded question.
CORES = ("What made you leave?", "Where did you stay?", "Who were you with?", "Did anyone hurt or scare you?", "What should happen now?")
OTHERS = (
    "What were you going to?",
    "What else happened?",
    "Was there alcohol or drugs?",
    "How did you get around?",
    "Did you have a phone?",
)


def talk(page: Page, address: str, interview: ReturnInterview, at: datetime, questions: tuple[str, ...]) -> Person:
    """From *My work* to the interview recorded: these questions asked, a place and a person named, and words to everything that has room for them."""
    page.goto(f"{address}/")
    person = Person(page)
    person.tap(page.locator(f"a[href='{reverse('missing:view_interview', args=[interview.pk])}']").first, "open the interview")
    person.tap(page.get_by_role("button", name="Talk with the child"), "talk")
    person.tick("Have you said what stays here", "Yes")
    person.tick("Did you talk alone?", "Yes")
    person.type("Advocate offered: what did the child say?", "Not today")
    for label, words in (
        ("Before: what was happening?", "We had a row and I needed air."),
        ("While away: where, with whom, and what happened?", "We sat at the arcade until it shut."),
        ("After: how did you get back, and how are you now?", "I walked. I am tired."),
        ("What would help, and what should happen next time?", "If someone listened first."),
    ):
        person.said(label, words)
    for question in questions:
        person.tick(question, "None said" if "hurt" in question else None)
    for question, label, words in (
        ("Were any places named?", "Place 1", "The arcade by the bridge"), ("Were any people named?", "Person 1, as the child named them", "Kay"),
    ):  # fmt: skip
        person.tick(question, "Named below")
        person.said(label, words)
    person.type("Where did you talk?", "At the library")
    person.moment("When did you talk?", at - timedelta(minutes=10))
    person.tap(page.get_by_role("button", name="Record the interview"), "send")
    page.wait_for_url(lambda url: "record_interview" not in url)
    return person


def owed(children: list[Child], coordinator: Post, interviewer: Post, at: datetime) -> list[ReturnInterview]:
    """An interview owed to each of these children, offered, and given to the interviewer: by the commands that staff call."""
    made = []
    for number, child in enumerate(children):
        went = at - timedelta(hours=30 + number)
        episode = report_missing(child=child, report=Report(Moment(went), worry="Not home"), by=coordinator, at=went)
        back = went + timedelta(hours=20)
        record_return(episode=episode, returned_at=Moment(back), by=coordinator, at=back)
        with acting_as(coordinator, back):
            interview = ReturnInterview.objects.get(episode=episode)
        allocate_interview(interview=interview, interviewer=interviewer, reason="For the benchmark", by=coordinator, at=back)
        offered = {"offered_at": Moment(back), "method": OfferMethod.IN_PERSON, "answer": OfferAnswer.YES}
        offer_interview(interview=interview, by=interviewer, at=back, **offered)  # type: ignore[arg-type]
        made.append(interview)
    return made


def opened(browser: Browser, address: str, post: Post, screen: str) -> Page:
    """A page of somebody who is signed in."""
    client = Client(headers={"host": "127.0.0.1"})
    begin_session(client, post, timezone.now())
    wide, high, script = SCREENS[screen]  # a session belongs to its kind of device: begin_session names none
    context = browser.new_context(viewport={"width": wide, "height": high}, java_script_enabled=script, user_agent="typing")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key or "", "url": address}])
    return context.new_page()


def measured(browser: Browser, address: str, screens: list[str]) -> list[tuple[str, str, Person, int]]:
    """(form, screen, what it took, fields not filled in) of each form on each screen."""
    named = {
        post.user.username: post
        for post in Post.objects.select_related("user", "team__agency").filter(
            user__username__in=["missing.coordinator", "interviewer", "school.lead", "social.worker"]
        )
    }
    coordinator, interviewer = named["missing.coordinator"], named["interviewer"]
    now, found = timezone.now(), []
    with acting_as(coordinator, now):
        away = Episode.objects.filter(child__isnull=False).values("child")
        children = list(Child.objects.exclude(pk__in=away).filter(born_on__isnull=False).order_by("pk")[: 3 * len(screens)])
    interviews = iter(owed(children[len(screens) :], coordinator, interviewer, now))
    for screen, child in zip(screens, children, strict=False):
        person, fields = report(opened(browser, address, coordinator, screen), address, child, now)
        found.append(("missing report", screen, person, fields))
        person, fields = contact(opened(browser, address, named["school.lead"], screen), address)
        found.append(("contact from a school", screen, person, fields))
        for form, questions in (("interview, the five cores", CORES), ("interview, every coded question", CORES + OTHERS)):
            page = opened(browser, address, interviewer, screen)
            found.append((form, screen, talk(page, address, next(interviews), now, questions), 0))
        plan = plan_of(named["social.worker"], now)
        for form, kind in ((CONFIRM, Kind.SUSPENDED), (CONFIRM_MORE, Kind.FOUND_WITH_ADULT)):
            asked(plan, kind, named["social.worker"])
            page = opened(browser, address, named["social.worker"], screen)
            found.append((form, screen, confirm(page, address, plan, asks_more=form == CONFIRM_MORE), 0))
    return found


def main() -> None:
    """Serve the copy, fill in the forms, print what it took."""
    screens = ["telephone"] if QUICK else list(SCREENS)
    port = free_port()
    server = subprocess.Popen(web(port, workers=1))
    try:
        wait_for(port)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            found = measured(browser, f"http://127.0.0.1:{port}", screens)
            browser.close()
    finally:
        server.terminate()
        server.wait(timeout=20)
    rows = [(form, screen, fields or "", person.taps, person.keys, person.words) for form, screen, person, fields in found]
    table(("form", "screen", "fields not filled in", "taps", "keys", "the child's own letters"), rows)
    worst = {form: max(one.taps for kind, _, one, _ in found if kind == form) for form in dict.fromkeys(row[0] for row in rows)}
    last_line(
        report_fields=max(fields for form, _, _, fields in found if form == "missing report"),
        contact_fields=max(fields for form, _, _, fields in found if form == "contact from a school"), contact_taps=worst["contact from a school"],
        report_taps=worst["missing report"],
        report_keys=max(one.keys for kind, _, one, _ in found if kind == "missing report"),
        interview_taps=worst["interview, the five cores"], interview_taps_whole=worst["interview, every coded question"],
        interview_keys=max(one.keys for kind, _, one, _ in found if kind.startswith("interview")),
        confirm_taps=worst[CONFIRM], confirm_taps_asked_more=worst[CONFIRM_MORE],
        over_budget=sum(fields > (CONTACT_FIELDS if "contact" in form else FIELDS) for form, _, _, fields in found)
        + sum(one.taps > (TAPS if kind.startswith("interview") else CONFIRM_TAPS) for kind, _, one, _ in found if kind in {"interview, the five cores", CONFIRM}),
    )  # fmt: skip


main()
