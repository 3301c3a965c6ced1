"""Agencies, authorities, teams, users, posts and shifts. No row here is about a child."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from atlas.agencies.codes import SkillKind
from atlas.gate.policy import ROLE, ROLES, Clearance


class Authority(models.Model):
    """A local authority that owes children a duty (responsible) or hosts them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=100, unique=True)
    # The ladder of alerts ends here: a telephone that a person answers at any hour.
    staffed_number = models.CharField(max_length=30)
    front_door_number = models.CharField(max_length=30)
    is_partner = models.BooleanField(default=True, help_text="A member of this partnership, not only a neighbour.")

    def __str__(self) -> str:
        return self.name


class AgencyKind(models.TextChoices):
    COUNCIL = "council", "Council"
    POLICE = "police", "Police"
    HEALTH = "health", "Health"
    SCHOOL = "school", "School"
    VOLUNTARY = "voluntary", "Voluntary sector"
    HOUSING = "housing", "Housing"


class Agency(models.Model):
    """An organisation of the partnership."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12, choices=AgencyKind.choices)
    authorities = models.ManyToManyField(Authority, related_name="agencies")
    agreement = models.CharField(max_length=60, blank=True, help_text="The sharing agreement that the agency takes part by.")
    agreement_until = models.DateField(null=True, blank=True, help_text="After this day its posts open nothing.")

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class TeamPurpose(models.TextChoices):
    """What a team is for; the flow finds the team on duty by it."""

    CASEWORK = "casework", "Works with allocated children"
    FRONT_DOOR = "front_door", "Front door"
    MISSING = "missing", "Answers for missing children"
    EMERGENCY_DUTY = "emergency_duty", "Emergency duty"
    RETURN_INTERVIEWS = "return_interviews", "Return interviews"
    OTHER = "other", "Other"


class Team(models.Model):
    """A team of an agency."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=20, choices=TeamPurpose.choices, default=TeamPurpose.CASEWORK)
    telephone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    reference = models.CharField(max_length=48, blank=True, help_text="The team's id in the main case system.")
    district = models.CharField(max_length=4, blank=True, help_text="the postcode district of the team's base")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["agency", "name"], name="team_once_per_agency"),)

    def __str__(self) -> str:
        return self.name


# Columns of a person that tick may not read.
SECRET = ("password", "council_subject", "is_superuser", "is_staff", "date_joined", "odd_sign_in_at")


class SuspendedBecause(models.TextChoices):
    """Why an account is suspended."""

    NOT_USED = "not_used", "Not used for 30 days"
    ADMINISTRATOR = "administrator", "By an administrator"


class WithoutSecrets(UserManager["User"]):
    """People without what lets somebody sign in as them: how a person is read through a post, under any login."""

    use_in_migrations = False

    def get_queryset(self) -> "models.QuerySet[User]":
        """Everybody; what is left out is read when it is asked for, by a login that may."""
        return super().get_queryset().defer(*SECRET)


class User(AbstractUser):
    """A person who signs in: one human, one account, across all posts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    telephone = models.CharField(max_length=30, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_because = models.CharField(max_length=16, choices=SuspendedBecause.choices, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    council_subject = models.CharField(
        max_length=255, null=True, blank=True, unique=True, help_text="Who this is at the council's sign-on."
    )
    # A session carries the number under which it began: a higher one here ends it at its next request.
    session_epoch = models.PositiveIntegerField(default=0)
    odd_sign_in_at = models.DateTimeField(null=True, blank=True, help_text="The last sign-in from a device or network not seen before.")

    # What a proposal about a person is not bound to: it changes as they sign in and out.
    moves_by_itself: ClassVar[tuple[str, ...]] = (
        "password",
        "last_login",
        "opened_at",
        "session_epoch",
        "odd_sign_in_at",
        "suspended_at",
        "suspended_because",
        "is_active",
        "telephone",
        "email",
    )

    objects = UserManager()  # type: ignore[misc]
    without_secrets = WithoutSecrets()

    class Meta(AbstractUser.Meta):
        base_manager_name = "without_secrets"

    def refresh_from_db(self, using: str | None = None, fields: Any = None, from_queryset: Any = None) -> None:
        """Read again what this person is: all of it, or the fields named."""
        whole = from_queryset if from_queryset is not None or fields is not None else User.objects.all()
        super().refresh_from_db(using, fields, whole)

    @property
    def name(self) -> str:
        """The name as colleagues know it."""
        return self.get_full_name() or self.username

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A user's place: agency, team, role, line manager, from and until."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=100)
    role = models.CharField(max_length=24, choices=[(role.key, role.name) for role in ROLES])
    line_manager = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reports")
    deputy = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    # Of one that was ended at once: then the day before is its last, so that from this moment nothing that asks for a day finds it.
    ended_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=48, blank=True, help_text="The worker's id in the main case system.")
    is_service = models.BooleanField(default=False, help_text="A post that no person holds: a feed, or tick.")
    clearance = models.PositiveSmallIntegerField(choices=[(level.value, level.name) for level in Clearance], default=Clearance.BASIC)
    vetting_reference = models.CharField(max_length=40, blank=True)
    vetted_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")) | Q(ended_at__isnull=False), name="post_ends_after_start"
            ),
        )
        indexes = (models.Index(fields=["line_manager"], name="post_line_manager"),)

    def __str__(self) -> str:
        return f"{self.user.name}, {self.title}"

    @property
    def role_name(self) -> str:
        """The role in the words of the screen."""
        return ROLE[self.role].name

    def clearance_on(self, day: date) -> int:
        """The clearance that counts on that day: intelligence and sealed sets only while the vetting lasts."""
        lasts = self.vetted_until is not None and self.vetted_until >= day
        return self.clearance if lasts or self.clearance < Clearance.INTELLIGENCE else int(Clearance.RESTRICTED)

    def stands_on(self, day: date) -> bool:
        """Whether the post is held on that day."""
        return self.from_on <= day and (self.until_on is None or self.until_on >= day)


class TsTzRange(Func):
    """The period between two moments, end left out."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Shift(models.Model):
    """A line of the rota: this post is on duty for this team, or (leave) away from it, from when until when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="shifts")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="shifts")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    is_leave = models.BooleanField(default=False)
    covered_by = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="+", help_text="who stands in during leave")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="shift_ends_after_start"),
            ExclusionConstraint(
                name="shift_no_overlap",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (TsTzRange("from_at", "until_at"), RangeOperators.OVERLAPS),
                ],
            ),
        )
        indexes = (
            models.Index(fields=["team", "from_at"], name="shift_team"),
            models.Index(fields=["post", "until_at"], name="shift_post"),  # the gate asks for the shift that is on now
        )


class Skill(models.Model):
    """What a post is trained in, until when; or a language (`words`). The latest entry of a kind stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="skills")
    kind = models.CharField(max_length=16, choices=SkillKind.choices)
    words = models.CharField(max_length=60, blank=True)
    until_on = models.DateField(null=True, help_text="the last day on which the training counts")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["language", "woman_or_man"], until_on__isnull=True)
                | (~Q(kind__in=["language", "woman_or_man"]) & Q(until_on__isnull=False)),
                name="training_expires",
            ),
            models.CheckConstraint(condition=~Q(kind__in=["language", "woman_or_man"]) | ~Q(words=""), name="language_named"),
        )
        indexes = (models.Index(fields=["post"], name="skill_post"),)

    def counts_on(self, day: date) -> bool:
        """Whether it counts on that day."""
        return self.until_on is None or self.until_on >= day


class ContactPoint(models.Model):
    """Whom one asks in an agency, and who stands in: one for each agency."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, related_name="contact_point")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    named_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(post=F("deputy")), name="contact_point_has_deputy"),)
