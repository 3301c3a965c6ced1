"""What was asked of teams across agencies: by whom, of whom, about whom; and which teams may be asked about a child."""

from uuid import UUID

from django.db.models import F, Q, QuerySet

from atlas.advice.models import Referral
from atlas.agencies.models import Team, TeamPurpose
from atlas.children.models import Child
from atlas.gate.context import Subject

ACROSS_AGENCIES = (TeamPurpose.MISSING, TeamPurpose.RETURN_INTERVIEWS)
OPEN = (Referral.State.ASKED, Referral.State.ACCEPTED)


def teams_to_ask(child: Child) -> "QuerySet[Team]":
    """The teams across agencies that serve one of the child's authorities: those that may be asked about the child."""
    authorities = [child.responsible_authority_id, child.host_authority_id]
    teams = Team.objects.filter(purpose__in=ACROSS_AGENCIES, agency__authorities__in=authorities).distinct()
    return teams.select_related("agency").order_by("agency__name", "name")


def _with_people(rows: "QuerySet[Referral]") -> "QuerySet[Referral]":
    return rows.select_related("child", "team__agency", "asked_by__user", "asked_by__team__agency", "adviser__user", "decided_by__user")


def referrals_with_child() -> "QuerySet[Referral]":
    """Referrals, each with the child and everybody whom its page names."""
    return _with_people(Referral.objects.all())


def asked_of(subject: Subject) -> "QuerySet[Referral]":
    """What was asked of the subject's own team and is not answered: what nobody has taken on first, the oldest first."""
    mine = Q(state=Referral.State.ASKED) | Q(adviser=subject.post)
    rows = Referral.objects.visible_to(subject).filter(mine, team=subject.post.team_id, state__in=OPEN)
    return _with_people(rows).order_by(F("accepted_at").asc(nulls_first=True), "asked_at", "pk")


def asked_by(subject: Subject) -> "QuerySet[Referral]":
    """What the subject asked, the latest first."""
    return _with_people(Referral.objects.visible_to(subject).filter(asked_by=subject.post)).order_by("-asked_at", "pk")


def advice_about(subject: Subject, child_id: UUID) -> "QuerySet[Referral]":
    """Everything that was asked about one child, the latest first; as far as the subject may see it."""
    return _with_people(Referral.objects.of_child(subject, child_id)).order_by("-asked_at", "pk")
