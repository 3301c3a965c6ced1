"""A missing episode, with everything that is appended to it while the child is missing."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from atlas.chronology.models import Entry, moment_of, precision_field
from atlas.chronology.moments import Moment, Precision
from atlas.feeds.models import Row
from atlas.gate.act import Invalid
from atlas.gate.models import AboutChild
from atlas.gate.policy import RecordKind
from atlas.missing.codes import ContactKind, CouncilStatus, EndedBecause, Grade, GradeScheme, PoliceStatus, SourceGrade
from atlas.missing.workflow import EPISODE_STEPS, OPEN_EPISODE, EpisodeState


class AboutMissing(AboutChild):
    """A row about a child who is or was missing."""

    record_kind = RecordKind.MISSING

    class Meta:
        abstract = True


class MissingProfile(AboutMissing):
    """What those who look for a child need to know beforehand; and since when there is a live concern about exploitation.

    The concern itself is a chronology entry; its date is held here too, where missing response may read it.
    """

    child = models.OneToOneField("children.Child", on_delete=models.PROTECT, related_name="missing_profile")
    exploitation_marked_at = models.DateTimeField(null=True)
    exploitation_words = models.CharField(max_length=300, blank=True)
    health = models.TextField(blank=True)
    places = models.TextField(blank=True)
    people = models.TextField(blank=True)


class Episode(AboutMissing):
    """A period during which a child is missing (or away): reported, looked for, found, returned.

    Police status and council status stand side by side and may differ; each change is appended. `found` and `returned`
    are two moments, and only the second starts the clock of the return interview.
    """

    authority_columns: ClassVar[tuple[str, ...]] = ("responsible_authority", "host_authority")

    reference = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=10, choices=EpisodeState.choices, default=EpisodeState.MISSING)
    responsible_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    host_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")

    last_seen_at = models.DateTimeField(null=True)
    last_seen_precision = precision_field(default=Precision.UNKNOWN)
    noticed_at = models.DateTimeField(null=True)
    expected_back_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(help_text="to the police, or where the police are not yet rung, to Atlas")
    reported_precision = precision_field(default=Precision.MINUTE)
    police_recorded_at = models.DateTimeField(null=True)
    council_told_at = models.DateTimeField(null=True)
    council_told_precision = precision_field(default=Precision.UNKNOWN)
    parent_told_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(null=True)
    found_precision = precision_field(default=Precision.UNKNOWN)
    found_words = models.CharField(max_length=300, blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_precision = precision_field(default=Precision.UNKNOWN)
    returned_to = models.CharField(max_length=200, blank=True)
    # Later changes are listed; measures are also judged on what was first recorded (real-life.md point 14).
    first_returned_at = models.DateTimeField(null=True)
    first_returned_precision = precision_field(default=Precision.UNKNOWN)
    return_recorded_at = models.DateTimeField(null=True)

    police_reference = models.CharField(max_length=60, blank=True, help_text="empty: not yet rung")
    police_force = models.CharField(max_length=60, blank=True)
    police_status = models.CharField(max_length=3, choices=PoliceStatus.choices, blank=True)
    council_status = models.CharField(max_length=1, choices=CouncilStatus.choices, blank=True)
    grade = models.CharField(max_length=4, choices=Grade.choices, blank=True)

    reporter_name = models.CharField(max_length=120, blank=True)
    reporter_role = models.CharField(max_length=80, blank=True)
    reporter_contact = models.CharField(max_length=120, blank=True)
    last_seen_place = models.CharField(max_length=300, blank=True)
    worry = models.TextField(blank=True, help_text="why the reporter is worried")
    tried = models.TextField(blank=True, help_text="what was tried to find the child, with result and time")
    intended = models.TextField(blank=True, help_text="where the child may be, and with whom")
    clothing = models.TextField(blank=True)
    taken = models.TextField(blank=True, help_text="money, travel card, keys, telephone, medication")
    risk_factors = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    risk_words = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=8, choices=EndedBecause.choices, blank=True, help_text="without a return")
    strategy_decision = models.CharField(max_length=12, blank=True)
    strategy_reason = models.TextField(blank=True)

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", help_text="the report")
    row = models.ForeignKey(Row, on_delete=models.PROTECT, null=True, related_name="+")
    source_key = models.CharField(max_length=100, blank=True)
    is_historic = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["child"], condition=Q(state__in=[str(s) for s in OPEN_EPISODE], is_historic=False), name="episode_one_open"
            ),
            models.UniqueConstraint(fields=["source_key"], condition=~Q(source_key=""), name="episode_once_per_source"),
        )
        indexes = (
            models.Index(fields=["reported_at"], name="episode_open", condition=Q(state__in=[str(s) for s in OPEN_EPISODE])),
            models.Index(fields=["child", "-reported_at"], name="episode_child"),
            models.Index(fields=["responsible_authority", "returned_at"], name="episode_responsible"),
            models.Index(fields=["host_authority", "returned_at"], name="episode_host"),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Whether the child is still missing, or found and not yet back."""
        return self.state in OPEN_EPISODE

    @property
    def reported(self) -> Moment:
        """When the child was reported missing."""
        return Moment(self.reported_at, Precision(self.reported_precision))

    @property
    def last_seen(self) -> Moment | None:
        """When the child was last seen."""
        return moment_of(self.last_seen_at, self.last_seen_precision)

    @property
    def found(self) -> Moment | None:
        """When the child was found; not the return."""
        return moment_of(self.found_at, self.found_precision)

    @property
    def returned(self) -> Moment | None:
        """When the child was back at home or in the care setting."""
        return moment_of(self.returned_at, self.returned_precision) if self.state == EpisodeState.RETURNED else None

    def move(self, step: str) -> None:
        """Take one step of the workflow. Raises Invalid where the episode is not in a state from which it may be taken."""
        may_start_from, ends_in = EPISODE_STEPS[step]
        if self.state not in may_start_from:
            raise Invalid(
                f"This missing episode is {self.get_state_display().lower()}, so this cannot be recorded any more. Reload the page."
            )
        self.state = ends_in


class ReturnCorrection(AboutMissing):
    """The recorded time of a return was changed: from what to what, by whom, why. Appended; the first time stays on the episode.

    It holds the episode's authorities, as the interview does, so that whoever counts the return also sees what was changed.
    """

    append_only = True
    version = None  # never altered
    authority_columns: ClassVar[tuple[str, ...]] = ("responsible_authority", "host_authority")

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="return_corrections")
    responsible_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    host_authority = models.ForeignKey("agencies.Authority", on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField(null=True)
    from_precision = precision_field(default=Precision.UNKNOWN)
    to_at = models.DateTimeField(null=True)
    to_precision = precision_field(default=Precision.UNKNOWN)
    reason = models.TextField()
    corrected_at = models.DateTimeField()
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    @property
    def before(self) -> Moment | None:
        """The return as it was recorded until then."""
        return moment_of(self.from_at, self.from_precision)

    @property
    def after(self) -> Moment | None:
        """The return as it was recorded from then on."""
        return moment_of(self.to_at, self.to_precision)


class StatusChange(AboutMissing):
    """The police's or the council's status of an episode changed: appended, never overwritten."""

    append_only = True
    version = None  # never altered

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="status_changes")
    by_agency = models.CharField(max_length=8, choices=[("police", "Police"), ("council", "Council")])
    from_status = models.CharField(max_length=3, blank=True)
    to_status = models.CharField(max_length=3)
    changed_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["episode"], name="status_change_episode"),)

    @property
    def status_words(self) -> str:
        """The new status as staff read it."""
        choices: dict[str, str] = dict(PoliceStatus.choices if self.by_agency == "police" else CouncilStatus.choices)
        return str(choices.get(self.to_status, self.to_status))


class PoliceGrade(AboutMissing):
    """A police grade: scheme, grade, who graded it, when, why, and who answers for *no apparent risk* despite a concern."""

    append_only = True
    version = None  # never altered

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="grades")
    scheme = models.CharField(max_length=8, choices=GradeScheme.choices, default=GradeScheme.APP2017)
    grade = models.CharField(max_length=4, choices=Grade.choices)
    graded_at = models.DateTimeField()
    grader = models.CharField(max_length=120, blank=True)
    reasons = models.TextField(blank=True)
    review_at = models.DateTimeField(null=True)
    named_reason = models.TextField(
        blank=True, help_text="sergeant or above: why no apparent risk, although there is a concern about exploitation"
    )
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=["episode", "-graded_at"], name="grade_episode"),)


class ContactOrSighting(AboutMissing):
    """A contact with a missing child, or a sighting. It stops no clock."""

    append_only = True
    version = None  # never altered

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    happened_at = models.DateTimeField(null=True)
    happened_precision = precision_field(default=Precision.MINUTE)
    source = models.CharField(max_length=120)
    source_grade = models.CharField(max_length=1, choices=SourceGrade.choices, default=SourceGrade.UNTESTED)
    place = models.CharField(max_length=300, blank=True)
    words = models.TextField(blank=True)
    recorded_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "contacts or sightings"
        indexes = (models.Index(fields=["episode"], name="contact_or_sighting_episode"),)

    @property
    def happened(self) -> Moment | None:
        """When it was."""
        return moment_of(self.happened_at, self.happened_precision)


class Photograph(AboutMissing):
    """A photograph of the child, made anew from its pixels (nothing hidden in it survives), and served apart."""

    taken_on = models.DateField(null=True)
    image = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("agencies.Post", on_delete=models.PROTECT, related_name="+")
