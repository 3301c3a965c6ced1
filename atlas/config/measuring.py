"""What is counted of requests, and the line that each leaves in the log: the route's name, never a path, an id or a name (ADR 54)."""

import logging
import os
import time
from collections.abc import Callable, Iterable

from django.core.exceptions import SynchronousOnlyOperation
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.openmetrics.exposition import generate_latest

from atlas.running.queries import standing

GetResponse = Callable[[HttpRequest], HttpResponse]
SECONDS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.5, 3, 10)
REGISTRY = CollectorRegistry()
REQUESTS = Counter("atlas_requests", "Requests answered.", ("route", "method", "status"), registry=REGISTRY)
DURATION = Histogram("atlas_request_seconds", "How long a request took.", ("route",), buckets=SECONDS, registry=REGISTRY)
METHODS = {"GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"}
log = logging.getLogger("atlas.requests")


def measure(get_response: GetResponse) -> GetResponse:
    """Middleware, outermost: count each request, and write one line of it."""

    def answer(request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        answered = get_response(request)
        took, route = time.monotonic() - began, route_of(request)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(route, method, str(answered.status_code)).inc()
        DURATION.labels(route).observe(took)
        line = {
            **told_of(request),
            "method": method,
            "status": answered.status_code,
            "ms": round(took * 1000),
            **refused_in(request, answered.status_code),
        }
        log.info("request", extra={"answered": line})
        return answered

    return answer


def route_of(request: HttpRequest) -> str:
    """The name of the page that was asked for, which holds nothing that somebody typed; "none" for an address that is none."""
    match = getattr(request, "resolver_match", None)
    return (match.view_name or "unnamed") if match else "none"


def told_of(request: HttpRequest) -> dict[str, str]:
    """What a line may say of a request: the number that acts and looks carry too, and the page's name."""
    return {"request": getattr(request, "audited_as", ""), "route": route_of(request)}


NOT_TAKEN = (
    409,
    422,
)  # a form that was looked through, and shown again; one that only keeps a draft was not, and is not looked through here


def refused_in(request: HttpRequest, status: int) -> dict[str, list[str]]:
    """The names of the fields of which what was sent was refused, never what it was (OWASP ASVS 5.0.0, 16.3.3). Empty where nothing was."""
    form = getattr(request, "sent_form", None) if status in NOT_TAKEN else None
    fields = sorted(set(form.errors) & set(form.fields)) if form is not None else []
    return {"refused": fields} if fields else {}


class Standing:
    """How the service stands, asked of the database when the figures are fetched."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """The gauges. Where the database does not answer, that alone is said."""
        answers = GaugeMetricFamily("atlas_database_answers", "1 while the database answers.")
        try:
            stands = standing()
        except (DatabaseError, SynchronousOnlyOperation):
            answers.add_metric([], 0)
            return [answers]
        answers.add_metric([], 1)
        ages = GaugeMetricFamily("atlas_beat_age_seconds", "Since a process beside the pages last said that it works.", labels=("process",))
        jobs = GaugeMetricFamily("atlas_jobs", "What waits to be done or is being done.", labels=("queue",))
        oldest = GaugeMetricFamily("atlas_oldest_job_age_seconds", "Since the oldest of it was asked for.", labels=("queue",))
        shelf = GaugeMetricFamily("atlas_shelved_jobs", "What is on the shelf, and waits for a person.", labels=("queue",))
        for family, figures in ((ages, stands.ages), (jobs, stands.jobs), (oldest, stands.oldest), (shelf, stands.shelved)):
            for name, figure in figures.items():
                family.add_metric([name], figure)
        return [answers, ages, jobs, oldest, shelf]


def figures() -> bytes:
    """All figures as OpenMetrics text: of every worker where they share a folder (PROMETHEUS_MULTIPROC_DIR), else of this one."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    registry.register(Standing())
    text: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return text
