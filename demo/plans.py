"""Safety plans over the year: begun after a second episode, agreed with the child, and answered each time that something happens; or, in the authority
as it was before, agreed once and looked at again when the review is due.
"""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.flow import EVENT, Effect, lead
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.plans.commands.happening import record_event
from atlas.plans.commands.lines import LineGiven, add_line
from atlas.plans.commands.plan import Agreed, Answers, agree_plan, confirm_plan, start_plan
from atlas.plans.models import SafetyPlan
from atlas.plans.queries.question import unread

MOST = 24  # children with a plan in each part of the year
SMALL_MOST = 5
REVIEW = timedelta(days=84)
WRITTEN = (
    ("my_view", "I want to know before you ring anybody. I like it when it is Sam who comes.", True),
    ("worries", "Older people who wait by car near the park, mostly on Fridays.", False),
    ("signs", "Quiet after messages come; asks for money; a coat nobody bought.", False),
    ("safe_people", "Aunt Ola, in the evenings. She knows the word.", True),
    ("signals", "A blue heart to Ola means: ring me now.", True),
    ("carer", "Text first. Wait 15 minutes. Then ring Ola, then the police. Food first when back.", False),
    ("strengths", "Football on Tuesdays. Good with small children.", True),
)  # fmt: skip
SAYS = ("It is okay. I picked the word.", "I do not mind the football bit. Do not ring mum.", "It is better than the last one.", "Fine.")
HAPPENS = (Kind.SUSPENDED, Kind.NEW_COMPANY, Kind.UNEXPLAINED_THINGS, Kind.CARER_CHANGED, Kind.GOOD_NEWS, Kind.HARMED_ONLINE)
WORDS = {
    Kind.SUSPENDED: ("For three days, after a row in the corridor", "School"), Kind.NEW_COMPANY: ("Somebody in a blue car collects her", "Foster carer"),
    Kind.UNEXPLAINED_THINGS: ("A second telephone in the school bag", "School"), Kind.CARER_CHANGED: ("Asks for help with evenings", "Foster carer"),
    Kind.GOOD_NEWS: ("Back at football, three weeks in a row", "Keyworker"), Kind.HARMED_ONLINE: ("Threats by message after she said no", "The child"),
}  # fmt: skip
CHANGES = (
    "The keyworker meets her after school on Fridays",
    "School rings the carer within ten minutes",
    "A new word, chosen with the child",
)


class Planner:
    """Keeps the plans of some children as the year is played."""

    def __init__(self, state: str, coordinator: Post, seed: int, now: datetime) -> None:
        self.coordinator = coordinator
        self.is_living, self.most, self.now, self.random = (
            state != "before",
            SMALL_MOST if state == "small" else MOST,
            now,
            Random(seed + 5),
        )
        self.seen: dict[UUID, int] = {}

    def after(self, child: Child, back: datetime | None, next_at: datetime) -> None:
        """An episode is over: begin a plan after the second, answer what happened after each that follows. All before the next one."""
        if back is None:
            return
        self.seen[child.pk] = self.seen.get(child.pk, 0) + 1
        with acting_as(self.coordinator, back):
            worker = lead(child, back)[0]
        if worker is None or worker.role not in {"practitioner", "manager"}:
            return
        with acting_as(worker, back):
            plan = SafetyPlan.objects.select_related("child").filter(child=child, closed_at=None).first()
        if plan is None:
            if self.seen[child.pk] == 2 and self.most > 0:
                self.most -= 1
                self._begin(child, worker, min(back + timedelta(hours=self.random.uniform(6, 60)), next_at))
            return
        self._live(plan, child, worker, back, next_at)

    def _begin(self, child: Child, by: Post, at: datetime) -> None:
        if at > self.now:
            return
        plan = start_plan(child=child, by=by, at=at)
        for section, words, on_copy in WRITTEN:
            add_line(plan=plan, given=LineGiven(section, words, on_child_copy=on_copy), by=by, at=at)
        add_line(plan=plan, given=self._action("The school nurse sees her once a fortnight", by, at), by=by, at=at)
        self._agree(plan, by, at, "With the child and the carer, at the kitchen table.")

    def _live(self, plan: SafetyPlan, child: Child, by: Post, back: datetime, next_at: datetime) -> None:
        if self.random.random() < 0.5:
            kind, at = self.random.choice(HAPPENS), min(back + timedelta(days=self.random.uniform(1, 5)), next_at)
            if at < self.now:
                words, source = WORDS[kind]
                record_event(child=child, kind=kind, happened_at=Moment(at, Precision.ABOUT), words=words, source=source, by=by, at=at)
                back = at
        if not self.is_living:  # as it was: agreed once, and looked at when the review is due
            if plan.decided_at is not None and back - plan.decided_at >= REVIEW:
                self._confirm(plan, child, by, min(back, next_at))
            return
        answered = min(back + timedelta(hours=self.random.lognormvariate(2.9, 0.8)), next_at)
        if answered < self.now:
            self._answer(plan, child, by, answered)

    def _answer(self, plan: SafetyPlan, child: Child, by: Post, at: datetime) -> None:
        with acting_as(by, at):
            effects = {effect for entry in unread(child, plan, at) for effect in EVENT[entry.event].effects}
        if Effect.REVISE in effects or self.random.random() < 0.25:
            add_line(plan=plan, given=self._action(self.random.choice(CHANGES), by, at), by=by, at=at)
            self._agree(plan, by, at, "It has to answer where she was, and with whom.")
        elif effects:
            self._confirm(plan, child, by, at)

    def _confirm(self, plan: SafetyPlan, child: Child, by: Post, at: datetime) -> None:
        confirm_plan(plan=plan, answers=self._answers(child, plan, by, at, "Read with the carer: the plan held."), by=by, at=at)

    def _agree(self, plan: SafetyPlan, by: Post, at: datetime, because: str) -> None:
        agreed = Agreed("agreed" if self.random.random() < 0.7 else "partly", self.random.choice(SAYS))
        agree_plan(plan=plan, answers=self._answers(plan.child, plan, by, at, because), agreed=agreed, by=by, at=at)

    def _answers(self, child: Child, plan: SafetyPlan, by: Post, at: datetime, because: str) -> Answers:
        with acting_as(by, at):
            read = tuple(entry.pk for entry in unread(child, plan, at))
        return Answers(read, because, "no", "Level looked at with the manager; police and health know.", self.random.randrange(70, 900))

    def _action(self, words: str, by: Post, at: datetime) -> LineGiven:
        due = day_of(at + timedelta(days=21))
        return LineGiven(
            "agency", words, whose="post", owner_post=by, due_on=due, evidence="The keyworker’s log", risk_words="Criminal exploitation"
        )
