"""The year is played: every episode of the plan is brought about by the same commands that staff call."""

from datetime import datetime, timedelta

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.chronology.moments import Moment, Precision
from atlas.clocks.commands import give_missed_reason
from atlas.clocks.models import Clock
from atlas.clocks.rules import MissedReason
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.missing.codes import Audience, ClosedBecause, Grade, HowTold, NotOffered, OfferAnswer, OfferMethod, Wish
from atlas.missing.commands.back import record_return
from atlas.missing.commands.episode import record_police_grade
from atlas.missing.commands.offer import close_interview, decide_not_offered, offer_interview, record_not_reached
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.step import take_step
from atlas.missing.commands.talk import Conversation, finish_sharing, record_interview, share_part
from atlas.missing.commands.telling import record_told
from atlas.missing.commands.trigger import add_trigger_action, write_trigger_plan
from atlas.missing.models import Episode, ReturnInterview
from atlas.missing.rules.interview import RETURN_INTERVIEW
from atlas.tasks.commands import accept_overnight, acknowledge_alert
from atlas.tasks.models import Alert, OvernightLine
from atlas.tasks.rules import begins_at
from demo.year import Planned

OLD = timedelta(days=10)
PLAN = {
    "kept_by": "foster", "keeper_words": "The foster carer, 07700 900145, day and night", "made_with": "child",
    "looks_words": "Tall, short dark hair, mostly a grey hooded top and white trainers.", "worry_words": "Older people who wait by car near the park.",
    "people_words": "March from school, and March's brother.", "places_words": "The skate park, the arcade by the station.",
    "telephone_words": "07700 900146, an old black Android telephone.", "reach_words": "Text me, do not ring. Tell me nobody is cross.",
    "return_words": "Food, a shower, and no questions until the morning.",
}  # fmt: skip


class Player:
    """Plays planned episodes with the named people of Fernleigh."""

    def __init__(self, named: dict[str, Post], now: datetime) -> None:
        self.coordinator, self.police, self.interviewer = named["missing.coordinator"], named["police.missing"], named["interviewer"]
        self.now = now

    def play(self, planned: Planned, child: Child) -> None:
        """One episode, as far as it has come by now."""
        episode = self._report(planned, child)
        if planned.returned is None:
            self._look_for(episode, child, planned.told + timedelta(minutes=10))
            return
        at = max(planned.returned, planned.told + timedelta(minutes=1)) + timedelta(minutes=20)
        precision = Precision(planned.return_precision)
        returned = Moment.on(day_of(planned.returned)) if precision == Precision.DATE else Moment(planned.returned, precision)
        if returned.latest is not None and returned.latest < planned.last_seen:
            returned = Moment(planned.returned, Precision.MINUTE)
        episode = record_return(episode=episode, returned_at=returned, returned_to="Home", by=self.coordinator, at=at)
        with acting_as(self.coordinator, at):
            interview = ReturnInterview.objects.get(episode=episode)
        self._interview(planned, interview, at)

    def take_over(self, child: Child) -> None:
        """Each night of a child that is over was taken over in its morning, by the coordinator."""
        with acting_as(self.coordinator, self.now):
            lines = list(OvernightLine.objects.filter(child=child, accepted_at=None).order_by("morning_on", "pk").distinct("morning_on"))
        for line in lines:
            if (at := begins_at(line.morning_on) + timedelta(minutes=20)) <= self.now:
                accept_overnight(line=line, by=self.coordinator, at=at)

    def _look_for(self, episode: Episode, child: Child, at: datetime) -> None:
        """What is done for a child who is missing now: a trigger plan to go by, the first step, and the social worker told."""
        if at > self.now:
            return
        plan = write_trigger_plan(child=child, words=PLAN, by=self.coordinator, at=at - timedelta(days=20))
        add_trigger_action(
            plan=plan, trigger="30 minutes late and no answer", actor="Carer", action="Text first, then ring March, then walk to the skate park",
            within_minutes=30, by=self.coordinator, at=at - timedelta(days=20),
        )  # fmt: skip
        take_step(episode=episode, step="step_plan", words="Read; grade asked for.", by=self.coordinator, at=at)
        record_told(episode=episode, who="social_worker", name="Duty social worker", how=HowTold.TELEPHONE, by=self.coordinator, at=at)

    def _report(self, planned: Planned, child: Child) -> Episode:
        report = Report(
            reported=Moment(planned.reported, Precision.MINUTE), last_seen=Moment(planned.last_seen, Precision.ABOUT), worry="Not home when expected.",
            police_reference=f"NM/{child.pk.hex[:6]}", police_force="Northmarch Police", council_told=Moment(planned.told, Precision.MINUTE),
            reporter_name="Carer", last_seen_place="Near home",
        )  # fmt: skip
        episode = report_missing(child=child, report=report, by=self.coordinator, at=planned.told)
        grade = Grade(planned.grade)
        record_police_grade(
            episode=episode, grade=grade, graded_at=planned.reported, grader="Sgt Farrow", named_reason="Sgt Farrow: whereabouts thought known",
            by=self.police, at=planned.told + timedelta(minutes=2),
        )  # fmt: skip
        if planned.returned is not None or planned.told < self.now - timedelta(hours=6):
            with acting_as(self.coordinator, planned.told):
                alert = Alert.objects.get(about_id=episode.pk)
            acknowledge_alert(alert=alert, by=self.coordinator, at=min(planned.told + timedelta(minutes=9), self.now))
        return episode

    def _interview(self, planned: Planned, interview: ReturnInterview, returned_at: datetime) -> None:
        if planned.offered_at is None:
            if returned_at < self.now - OLD:
                decide_not_offered(
                    interview=interview, because=NotOffered.OTHER, reason="Decided with the placement; the child was seen by the worker.",
                    by=self.coordinator, at=returned_at + timedelta(days=2),
                )  # fmt: skip
            return
        if planned.offered_at > self.now:
            return
        self._offer(planned, interview)
        if planned.held_at is not None and planned.held_at < self.now:
            self._talk(planned, interview)
        elif planned.held_at is None:
            self._unheld(planned, interview)

    def _offer(self, planned: Planned, interview: ReturnInterview) -> None:
        at = planned.offered_at
        assert at is not None
        offered = Moment(at, Precision.MINUTE)
        if planned.via_carer:
            offer_interview(
                interview=interview, offered_at=offered, method=OfferMethod.THROUGH_CARER, via="Carer", by=self.interviewer, at=at
            )
        answer = {"yes": OfferAnswer.YES, "no": OfferAnswer.NO}.get(planned.answer, OfferAnswer.THINKING)
        offer_interview(
            interview=interview, offered_at=offered, method=OfferMethod.TELEPHONE, answer=answer, words=planned.words.get("words", ""),
            by=self.interviewer, at=at,
        )  # fmt: skip

    def _talk(self, planned: Planned, interview: ReturnInterview) -> None:
        held = planned.held_at
        assert held is not None
        texts = {**planned.words, "places_answer": "mentioned" if planned.place else "none_said", "people_answer": "none_said"}
        conversation = Conversation(
            texts=texts, answers={"push": [planned.push], "with": [planned.withwhom], "harm": [planned.harm]},
            harm_known={planned.harm: "child"} if planned.harm.startswith("H") else {},
            places=[{"words": planned.place[0], "kind": planned.place[1]}] if planned.place else [],
        )  # fmt: skip
        interview = record_interview(
            interview=interview, conversation=conversation, held_at=Moment(held, Precision.MINUTE), by=self.interviewer, at=held
        )
        if interview.timeliness == "late":
            with acting_as(self.interviewer, held):
                clock = Clock.objects.get(about_id=interview.episode_id, limit=RETURN_INTERVIEW.key)
            give_missed_reason(clock=clock, reason=MissedReason.NO_WORKER, by=self.interviewer, at=held)
        shared = held + timedelta(hours=20)
        if shared > self.now:
            return
        for audience in (Audience.SOCIAL_WORKER, Audience.POLICE):
            share_part(interview=interview, audience=audience, words="What would keep the child safe next time.", wish=Wish.YES, is_shared=True,
                       child_told_at=held, passed_to=str(audience.label), by=self.interviewer, at=shared)  # fmt: skip
        finish_sharing(interview=interview, by=self.interviewer, at=shared)
        close_interview(interview=interview, because=ClosedBecause.SHARED, by=self.coordinator, at=shared)

    def _unheld(self, planned: Planned, interview: ReturnInterview) -> None:
        assert planned.offered_at is not None
        if planned.answer == "not_reached":
            at = min(planned.offered_at + timedelta(days=3), self.now)
            record_not_reached(interview=interview, words="Rang three times and called at home twice.", by=self.interviewer, at=at)
        closes = planned.offered_at + timedelta(days=6)
        if closes < self.now - OLD:
            because = ClosedBecause.SAID_NO if planned.answer == "no" else ClosedBecause.NOT_REACHED
            close_interview(
                interview=interview,
                because=because,
                reason="Offered again; the child may still change their mind.",
                by=self.coordinator,
                at=closes,
            )
