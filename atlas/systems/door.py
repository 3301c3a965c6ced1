"""The door for connected systems: who calls, for whom, and whether this call may be let in. The answer to one that may not is always the same."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from atlas.accounts.models import Came, Way
from atlas.accounts.record import note
from atlas.gate.days import day_of
from atlas.gate.policy import Purpose
from atlas.systems.models import ConnectedSystem, SystemCall, SystemGrant
from atlas.systems.queries import open_grants
from atlas.systems.rules import MOST_BODY, MOST_CALLS, REMEMBERED
from atlas.systems.signing import Asked, Call, NotSigned, issuer, read

NOT_LET_IN = "Not let in. The call must be signed by a connected system, for this request alone, for a person who lets it act now."
TOO_MANY = "Too many calls for this person. Wait a minute, then go on."
TOO_LONG = "What was sent is too long: at most 256 KiB."


class SystemDoor(HttpBearer):
    """Lets a call in as the person who granted it: from here on the gate judges it like the person's own. Nothing is proved by a second factor."""

    openapi_bearerFormat = "JWT"  # noqa: N815  (the framework's name for it)

    def __call__(self, request: HttpRequest) -> object | None:
        """The grant by which the call comes; None lets it in nowhere. Raises HttpError 413 and 429."""
        if len(request.body) > MOST_BODY:
            raise HttpError(413, TOO_LONG)
        found: object | None = super().__call__(request)
        if found is None and "Authorization" not in request.headers:
            _note(Came.FORGED, request)
        return found

    def authenticate(self, request: HttpRequest, token: str) -> object | None:
        """The open grant that a token is for; the refused are written down with their reason."""
        at: datetime = request.at  # type: ignore[attr-defined]
        try:
            system = ConnectedSystem.objects.get(pk=issuer(token))
            asked = Asked(str(request.method), request.get_full_path(), request.body)
            call = read(token, system.public_key, asked, settings.ATLAS_ADDRESS, at)
            grant = _open(system, call, at)
        except ConnectedSystem.DoesNotExist:
            _note(Came.UNKNOWN_SUBJECT, request)
            return None
        except NotSigned as problem:
            _note(Came(str(problem)), request)
            return None
        _once(request, grant, call, at)
        _stand_for(request, grant)
        return grant


def _note(came: Came, request: HttpRequest) -> None:
    note(came, Way.SYSTEM, request.at, request)  # type: ignore[attr-defined]


def _open(system: ConnectedSystem, call: Call, at: datetime) -> SystemGrant:
    """The grant, if it is open, this system's, and of a person whose account and post stand. Raises NotSigned."""
    grant = SystemGrant.objects.filter(pk=call.grant, system=system).select_related("post__user", "post__team__agency").first()
    if grant is None or not open_grants(grant.post, at).filter(pk=grant.pk).exists():
        raise NotSigned("ended")
    post, day = grant.post, day_of(at)
    if not (post.user.is_active and post.stands_on(day) and post.team.agency_id == system.agency_id):
        raise NotSigned("no_post")
    return grant


def _once(request: HttpRequest, grant: SystemGrant, call: Call, at: datetime) -> None:
    """Let a call in once, and not too many in a minute; forget what can no longer come again. Raises NotSigned's answer, and HttpError 429."""
    SystemCall.objects.filter(called_at__lt=at - REMEMBERED).delete()
    lately = SystemCall.objects.filter(grant=grant, called_at__gt=at.replace(second=0, microsecond=0)).count()
    if lately >= MOST_CALLS:
        raise HttpError(429, TOO_MANY)
    try:
        with transaction.atomic():
            SystemCall(grant=grant, number=call.number, called_at=at).save(force_insert=True)
    except IntegrityError:
        _note(Came.REPLAYED, request)
        raise HttpError(401, NOT_LET_IN) from None


def _stand_for(request: HttpRequest, grant: SystemGrant) -> None:
    """Let the request be the person's: their post and purpose, through this system."""
    request.user = grant.post.user
    request.post, request.purpose, request.proved_at = grant.post, Purpose(grant.purpose), None  # type: ignore[attr-defined]
    request.came_through = f"system:{grant.pk}"  # type: ignore[attr-defined]
