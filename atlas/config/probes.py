"""What a machine asks: is the process there (`/health`), may it be sent people (`/ready`), and how does it go (`/metrics`). No child stands behind any."""

import hmac
from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from atlas.config.measuring import figures
from atlas.gate.catalogue import findings, is_of_another_version
from atlas.gate.door import address_of
from atlas.gate.readonly import read_only
from atlas.running.queries import beatings

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
KEPT_SECONDS = 60  # the shape of the database is asked once a minute, however often somebody asks


def health(request: HttpRequest) -> HttpResponse:
    """Answer that this process is up. Reads nothing."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 where people may be sent here, else 503; why, to whoever runs the service alone."""
    told = stands()
    is_ready = all(told[name] is True for name in ("database", "migrations", "gate"))
    said = {"ready": is_ready, **(told if may_measure(request) else {})}
    return JsonResponse(said, status=200 if is_ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """The figures, to whoever runs the service: from this machine, or with the token of the settings."""
    if not may_measure(request):
        raise Http404
    return HttpResponse(figures(), content_type=OPENMETRICS)


def may_measure(request: HttpRequest) -> bool:
    """Whether this comes from the machine itself, past no proxy that is not ours, or carries the token."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.ATLAS_METRICS_TOKEN and hmac.compare_digest(given.encode(), settings.ATLAS_METRICS_TOKEN.encode()):
        return True
    is_passed_on = "HTTP_X_FORWARDED_FOR" in request.META and not settings.ATLAS_PROXIES
    return not is_passed_on and ip_address(address_of(request)).is_loopback


def stands() -> dict[str, object]:
    """Whether the database answers, has every migration, and a whole gate; and which processes beside the pages are late."""
    try:
        shape = cache.get_or_set("shape_of_database", _shape, timeout=KEPT_SECONDS) or {}
        stands = read_only()
        return {
            "database": True,
            **shape,
            "read_only": stands.words() if stands else "",
            "late": [one.expected.words for one in beatings() if one.is_late],
        }
    except DatabaseError:
        return {"database": False, "migrations": None, "gate": None, "late": []}


def _shape() -> dict[str, bool]:
    connection = connections["default"]
    executor = MigrationExecutor(connection)
    has_holes = bool(findings(connection))
    is_another = has_holes and is_of_another_version(connection)
    return {
        "migrations": not executor.migration_plan(executor.loader.graph.leaf_nodes()),
        "gate": is_another or not has_holes,
        "another_version": is_another,
    }
