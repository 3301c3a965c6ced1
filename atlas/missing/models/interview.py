"""The return interview: offered, arranged, held, passed on; with what the child said, in the child's words."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from atlas.chronology.models import moment_of, precision_field
from atlas.chronology.moments import Moment, Precision
from atlas.gate.act import Invalid
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind
from atlas.missing.codes import (
    AnswerList,
    Audience,
    ClosedBecause,
    Considered,
    HowKnown,
    Mentioned,
    NotOffered,
    OfferAnswer,
    OfferMethod,
    Wish,
)
from atlas.missing.models.counted import MEASURED, counted, minutes_from_return
from atlas.missing.models.episode import Episode
from atlas.missing.rules.interview import Independence
from atlas.missing.workflow import INTERVIEW_STEPS, OPEN_INTERVIEW, InterviewState


class AboutInterview(AboutChild):
    """A row of a return interview."""

    record_kind = RecordKind.INTERVIEW

    class Meta:
        abstract = True


class ReturnInterview(AboutInterview):
    """The interview owed for one episode. One conversation may answer for several: the others then name it in `held_with`."""

    authority_columns: ClassVar[tuple[str, ...]] = ("responsible_authority", "host_authority")
    # Whoever records that a child is back owes the interview, and need not be able to read one: a duty worker at night, the police.
    added_as = (RecordKind.MISSING, "state = 'due' AND interviewer_id IS NULL AND held_at IS NULL")

    class Reply(models.TextChoices):
        ACCEPTED = "accepted", "It talks with the child"
        REFUSED = "refused", "It does not talk with the child"

    episode = models.OneToOneField(Episode, on_delete=models.PROTECT, related_name="interview")
    responsible_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    host_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=InterviewState.choices, default=InterviewState.DUE)
    due_at = models.DateTimeField(null=True)
    interviewer = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="return_interviews")
    team = models.ForeignKey("agencies.Team", on_delete=models.PROTECT, null=True, related_name="return_interviews")
    # The episode's return, held here too (written by `copy_return`): the measures then read one table.
    returned_at = models.DateTimeField(null=True)
    returned_precision = precision_field(default=Precision.UNKNOWN)
    return_recorded_at = models.DateTimeField(null=True)
    return_team = models.ForeignKey(
        "agencies.Team", on_delete=models.PROTECT, null=True, related_name="+", db_index=False, help_text="recorded the return as it stands"
    )
    # Who owes it is `responsible_authority`; who delivers it is apart: empty until the owing authority, where it is another, has said.
    deliverer = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, null=True, related_name="+")
    reply = models.CharField(max_length=8, choices=Reply.choices, blank=True)
    reply_taken = models.ForeignKey("sharing.GuestAnswer", on_delete=models.PROTECT, null=True, related_name="+")
    first_offered_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)

    held_at = models.DateTimeField(null=True)
    held_precision = precision_field(default=Precision.UNKNOWN)
    held_where = models.CharField(max_length=200, blank=True)
    held_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    held_with = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="answers_for")
    cares_for_child = models.BooleanField(default=False)
    works_in_placement = models.BooleanField(default=False)
    # Judged when the interview is recorded and when a return is corrected: against the return as known now, and as first recorded.
    timeliness = models.CharField(max_length=10, blank=True)
    timeliness_at_first = models.CharField(max_length=10, blank=True)
    shared_timeliness = models.CharField(max_length=10, blank=True)
    independence = models.CharField(max_length=24, choices=[(i.value, i.value) for i in Independence], blank=True)

    # Said before the first question: what stays here, what must be passed on, to whom.
    explained_at = models.DateTimeField(null=True)
    seen_alone = models.BooleanField(null=True)
    advocate_offered_at = models.DateTimeField(null=True)
    advocate_answer = models.CharField(max_length=200, blank=True)
    how_child_communicates = models.CharField(max_length=200, blank=True)
    interpreter = models.CharField(max_length=200, blank=True)
    considered_missing = models.CharField(max_length=20, choices=Considered.choices, blank=True)
    before_words = models.TextField(blank=True)
    during_words = models.TextField(blank=True)
    after_words = models.TextField(blank=True)
    help_words = models.TextField(blank=True)
    professional_view = models.TextField(blank=True)
    places_answer = models.CharField(max_length=20, choices=Mentioned.choices, default=Mentioned.NOT_ASKED)
    people_answer = models.CharField(max_length=20, choices=Mentioned.choices, default=Mentioned.NOT_ASKED)
    draft_saved_at = models.DateTimeField(null=True)

    refused_words = models.TextField(blank=True, help_text="the child's own words for saying no")
    not_offered_because = models.CharField(max_length=12, choices=NotOffered.choices, blank=True)
    not_offered_reason = models.TextField(blank=True)
    not_offered_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")
    shared_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=12, choices=ClosedBecause.choices, blank=True)
    closed_reason = models.TextField(blank=True)
    # Computed by the database from the columns above, so that they are never out of step: what the measures read.
    counted = models.GeneratedField(expression=counted(), output_field=models.IntegerField(), db_persist=True)
    offer_minutes = models.GeneratedField(
        expression=minutes_from_return("first_offered_at"), output_field=models.IntegerField(), db_persist=True
    )
    told_minutes = models.GeneratedField(
        expression=minutes_from_return("return_recorded_at"), output_field=models.IntegerField(), db_persist=True
    )

    class Meta:
        indexes = (
            *(
                models.Index(fields=[f"{side}_authority", "returned_at"], name=f"interview_{side}", include=MEASURED[side])
                for side in ("responsible", "host")
            ),
            models.Index(fields=["due_at"], name="interview_open", condition=Q(state__in=[str(s) for s in OPEN_INTERVIEW])),
            models.Index(fields=["child"], name="interview_child"),
            models.Index(fields=["interviewer"], name="interview_interviewer", condition=Q(state__in=[str(s) for s in OPEN_INTERVIEW])),
        )

    @property
    def held(self) -> Moment | None:
        """When the conversation was."""
        return moment_of(self.held_at, self.held_precision) if self.held_at else None

    @property
    def is_open(self) -> bool:
        """Whether the child has still to be met."""
        return self.state in OPEN_INTERVIEW

    def move(self, step: str) -> None:
        """Take one step of the workflow. Raises Invalid where the interview is not in a state from which it may be taken."""
        may_start_from, ends_in = INTERVIEW_STEPS[step]
        if self.state not in may_start_from:
            raise Invalid(
                f"This return interview is already “{self.get_state_display()}”, so this cannot be recorded any more. Reload the page."
            )
        self.state = ends_in


class Offer(AboutInterview):
    """One offer: to the child in person, or through a carer (counted apart: it is no offer to the child)."""

    append_only = True
    version = None  # never altered

    interview = models.ForeignKey(ReturnInterview, on_delete=models.PROTECT, related_name="offers")
    offered_at = models.DateTimeField()
    offered_precision = precision_field(default=Precision.MINUTE)
    to_child = models.BooleanField()
    via = models.CharField(max_length=120, blank=True)
    method = models.CharField(max_length=14, choices=OfferMethod.choices)
    answer = models.CharField(max_length=8, choices=OfferAnswer.choices, default=OfferAnswer.THINKING)
    words = models.TextField(blank=True, help_text="the answer, in the child's words")
    offered_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["interview", "offered_at"], name="offer_interview"),)


class Appointment(AboutInterview):
    """A time and place at which the interviewer and the child were to meet, and what came of it."""

    class Came(models.TextChoices):
        PLANNED = "planned", "Arranged"
        MET = "met", "Met"
        NOT_MET = "not_met", "We did not manage to meet"
        MOVED = "moved", "Moved to another time"

    interview = models.ForeignKey(ReturnInterview, on_delete=models.PROTECT, related_name="appointments")
    meets_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    with_post = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
    came = models.CharField(max_length=8, choices=Came.choices, default=Came.PLANNED)
    words = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=["interview"], name="appointment_interview"),)


class Answer(AboutInterview):
    """One coded answer. `none_said` and `did_not_want_to_say` are full answers; a question without any was not asked."""

    interview = models.ForeignKey(ReturnInterview, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=10, choices=AnswerList.choices)
    code = models.CharField(max_length=20)
    how_known = models.CharField(max_length=8, choices=HowKnown.choices, blank=True)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["interview", "question", "code"], name="answer_once"),)


class LocationMention(AboutInterview):
    """A place that the child named, with what the child said of it; and which place it is, once a person has said so."""

    class Settled(models.TextChoices):
        PLACE = "place", "A place that agencies look at"
        HOME = "home", "Somebody’s home: it is not looked at as a place"
        UNCLEAR = "unclear", "Which place it is cannot be told"

    interview = models.ForeignKey(ReturnInterview, on_delete=models.PROTECT, related_name="locations")
    words = models.CharField(max_length=300)
    kind = models.CharField(max_length=8, blank=True)
    area = models.CharField(max_length=60, blank=True, help_text="district or postcode sector, never a home")
    is_withdrawn = models.BooleanField(default=False)
    settled = models.CharField(max_length=7, choices=Settled.choices, blank=True)
    # Where the place is deleted, the database empties the link, and the mention waits again: whoever deletes it need not see what the child said.
    place = models.ForeignKey("places.Place", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(place__isnull=True) | Q(settled="place"), name="location_mention_place"),
            models.CheckConstraint(condition=Q(settled="") | Q(settled_at__isnull=False), name="location_mention_settled"),
        )
        indexes = (models.Index(fields=["interview"], name="location_mention_interview"),)


class AssociateMention(AboutInterview):
    """A person whom the child named, as the child named them. It makes nobody a suspect."""

    interview = models.ForeignKey(ReturnInterview, on_delete=models.PROTECT, related_name="associates")
    words = models.CharField(max_length=300)
    nickname = models.CharField(max_length=100, blank=True)
    age_words = models.CharField(max_length=60, blank=True)
    how_met = models.CharField(max_length=200, blank=True)
    online = models.CharField(max_length=200, blank=True)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=["interview"], name="associate_mention_interview"),)


class Part(AboutInterview):
    """A part of what was said, for one audience: the child's wish, our decision and reason, when the child was told, when it went."""

    interview = models.ForeignKey(ReturnInterview, on_delete=models.PROTECT, related_name="parts")
    audience = models.CharField(max_length=14, choices=Audience.choices)
    words = models.TextField()
    wish = models.CharField(max_length=10, choices=Wish.choices)
    is_shared = models.BooleanField()
    reason = models.TextField(blank=True)
    child_told_at = models.DateTimeField(null=True)
    passed_on_at = models.DateTimeField(null=True)
    passed_to = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=["interview"], name="part_interview"),)
