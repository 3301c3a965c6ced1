"""Direct work begins, each session is written down, and the work ends: with what came of its aim."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment, Precision
from atlas.directwork.models import DirectWorkSession, Programme
from atlas.directwork.rules import Interpreter, Met, Outcome, Speaks, Theme, Tool, has_lapsed
from atlas.flow import happened, lead
from atlas.gate.act import Invalid, command
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.plans.models import PlanLine
from atlas.tasks.commands import make_task

MOST_SESSIONS = 60
PLAN_SHOULD_CHANGE = "Direct work says that the plan should change: read it"
READ_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class WorkPlanned:
    """What a programme is for, with what, by whom, and how the child communicates."""

    aim: str
    theme: Theme = Theme.OUT
    tool: Tool = Tool.TALK
    tool_words: str = ""
    planned: int = 6
    speaks: Speaks = Speaks.SPEECH
    speaks_words: str = ""


@dataclass(frozen=True)
class SessionGiven:
    """What somebody writes of one session: of one that was held, or of one where we did not manage to meet."""

    happened_at: Moment
    met: Met = Met.HELD
    place: str = ""
    planned: str = ""
    done: str = ""
    took_words: str = ""
    took_part_words: str = ""
    learned: str = ""
    plan_changes: str = ""
    next_words: str = ""
    advocate: str = ""
    interpreter: str = Interpreter.NOT_NEEDED
    not_met_words: str = ""

    def checked(self, at: datetime) -> datetime:
        """When it was, where this is whole. Raises Invalid."""
        when = self.happened_at.at
        if when is None or when > at:
            raise Invalid("Say when it was, or was to be: not in the future.", "happened_at")
        if self.met == Met.NOT_MET:
            return when
        for field, sentence in (
            ("done", "Write what you did together."),
            ("took_words", "Write what the child took from it, in the child’s words. If they did not want to say, write that."),
            ("took_part_words", "Write how the child found it, in the child’s words, or as they showed it."),
            ("advocate", "Say whether an advocate was offered, and what the child said."),
        ):
            if not getattr(self, field).strip():
                raise Invalid(sentence, field)
        if self.interpreter == Interpreter.RELATED:
            raise Invalid(
                "Nobody of the family or from the home interprets for a child. Write this down as not met, and book an interpreter.",
                "interpreter",
            )
        return when


@command(needs=Permission.START_PROGRAMME)
def start_programme(*, child: Child, line: PlanLine, planned: WorkPlanned, worker: Post, by: Post, at: datetime) -> Programme:
    """Begin direct work that serves a line of the safety plan. Raises Invalid without an aim, for a line that stands no more, for a number of
    sessions that is none, and for a worker who has left. Source: practice.md 5.4; capabilities.md row 81.
    """
    if line.child_id != child.pk or line.ended_at is not None or line.plan.closed_at is not None:
        raise Invalid("Choose a line of the plan as it stands now.", "line")
    if not planned.aim.strip():
        raise Invalid("Write the aim: what the child will know, or be able to do.", "aim")
    if not 1 <= planned.planned <= MOST_SESSIONS:
        raise Invalid(f"Choose from 1 to {MOST_SESSIONS} sessions of direct work.", "planned")
    if worker.until_on is not None and worker.until_on < day_of(at):
        raise Invalid("This worker has left. Choose somebody else.", "worker")
    programme = Programme(
        child=child, plan=line.plan, line_key=line.key, line_words=line.words, theme=planned.theme, aim=planned.aim.strip(), tool=planned.tool,
        tool_words=planned.tool_words.strip(), planned=planned.planned, worker=worker, speaks=planned.speaks, speaks_words=planned.speaks_words.strip(),
        began_at=at, began_by=by,
    )  # fmt: skip
    programme.entry = happened(
        Kind.DIRECT_WORK_STARTED, child=child, at=Moment(at, Precision.MINUTE), about=programme, words=str(programme.get_theme_display())
    )
    programme.save(force_insert=True)
    return programme


@command(needs=Permission.RECORD_SESSION)
def record_session(*, programme: Programme, given: SessionGiven, by: Post, at: datetime) -> DirectWorkSession:
    """Write down one session. What should change in the plan is a task for whoever works with the child; the second time in a row that we did not
    manage to meet asks the plan itself (EV-42). Raises Invalid for work that has ended, a session to come, one without the child's words, and
    a relative or somebody from the home as interpreter (real-life.md 25).
    """
    if programme.ended_at is not None:
        raise Invalid("This work has ended. Begin new work if the child wants to go on.")
    when = given.checked(at)
    before = list(programme.sessions.order_by("number").values_list("met", flat=True))
    session = DirectWorkSession(
        child=programme.child, programme=programme, number=len(before) + 1, happened_at=when, recorded_at=at, recorded_by=by,
        **{one.name: getattr(given, one.name) for one in fields(given) if one.name != "happened_at"},
    )  # fmt: skip
    if given.met == Met.HELD:
        session.entry = happened(
            Kind.DIRECT_WORK_DONE, child=programme.child, at=given.happened_at, about=programme, words=str(programme.get_theme_display())
        )
        if given.plan_changes.strip():
            post, team = lead(programme.child, at)
            make_task(name=PLAN_SHOULD_CHANGE, entry=session.entry, about=programme, post=post, team=team, due_at=at + READ_WITHIN)
    elif has_lapsed([*before, given.met]):
        session.entry = happened(
            Kind.DIRECT_WORK_LAPSED, child=programme.child, at=given.happened_at, about=programme, words="We did not manage to meet twice"
        )
    session.save(force_insert=True)
    return session


@command(needs=Permission.END_PROGRAMME)
def end_programme(
    *, programme: Programme, outcome: Outcome, outcome_words: str, outcome_child_words: str, by: Post, at: datetime
) -> Programme:  # fmt: skip
    """End the work: what came of its aim, how we know, and what the child says that it changed. Stopped short, it asks the plan (EV-42).

    Raises Invalid without both, and where it has ended.
    """
    if programme.ended_at is not None:
        raise Invalid("This work has ended already.")
    if not outcome_words.strip():
        raise Invalid("Write what came of the aim, and how we know.", "outcome_words")
    if not outcome_child_words.strip():
        raise Invalid(
            "Write what the child says that it changed. If they did not want to say, or were not asked, write that.", "outcome_child_words"
        )
    programme.outcome, programme.outcome_words, programme.outcome_child_words = outcome, outcome_words.strip(), outcome_child_words.strip()
    programme.ended_at, programme.ended_by = at, by
    programme.save()
    kind = Kind.DIRECT_WORK_LAPSED if outcome == Outcome.STOPPED else Kind.DIRECT_WORK_ENDED
    happened(kind, child=programme.child, at=Moment(at, Precision.MINUTE), about=programme, words=str(Outcome(outcome).label))
    return programme
