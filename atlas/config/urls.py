"""Every path of the service: one folder's pages under its own word."""

from allauth.account import views as account
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import include, path

from atlas.accounts.council import council_callback
from atlas.api import paths
from atlas.config.browser_reports import browser_reports
from atlas.config.papers.accessibility import STATEMENT
from atlas.config.probes import health, metrics, ready
from atlas.config.settings import ROOT
from atlas.contacts.public import worried, worried_receipt


def offline(request: HttpRequest) -> HttpResponse:
    """What is said where there is no signal: words alone, the same for everybody. The telephone keeps it beforehand."""
    return HttpResponse(get_template("design/offline.html").render({}))


def offline_worker(request: HttpRequest) -> HttpResponse:
    """The service worker that says so. It answers here, so that it stands for the whole service."""
    script = (ROOT / "atlas/design/static/atlas/offline-worker.js").read_bytes()
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


def accessibility(request: HttpRequest) -> HttpResponse:
    """How Atlas can be used by everybody, what does not work well yet, and whom to tell. Reads no record."""
    return render(request, "design/accessibility.html", {"statement": STATEMENT})


urlpatterns = [
    path("health", health, name="health"),
    path("ready", ready, name="ready"),
    path("metrics", metrics, name="metrics"),
    path("browser_reports", browser_reports, name="browser_reports"),
    path("accessibility/", accessibility, name="accessibility"),
    path("offline/", offline, name="offline"),
    path("offline-worker.js", offline_worker, name="offline_worker"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    # Under the package's own name, by which it builds the address that the council's sign-on answers to.
    path("accounts/<str:provider_id>/login/callback/", council_callback, name="openid_connect_callback"),
    path("post/", include("atlas.agencies.urls")),
    path("missing/", include("atlas.missing.urls")),
    path("exploitation/", include("atlas.exploitation.urls")),
    path("network/", include("atlas.network.urls")),
    path("transfers/", include("atlas.transfers.urls")),
    path("plans/", include("atlas.plans.urls")),
    path("meetings/", include("atlas.meetings.urls")),
    path("directwork/", include("atlas.directwork.urls")),
    path("deliveries/", include("atlas.feeds.urls")),
    path("linkage/", include("atlas.linkage.urls")),
    path("allocation/", include("atlas.allocation.urls")),
    path("advice/", include("atlas.advice.urls")),
    path("contacts/", include("atlas.contacts.urls")),
    path("guidance/", include("atlas.guidance.urls")),
    path("tasks/", include("atlas.tasks.urls")),
    path("clocks/", include("atlas.clocks.urls")),
    path("oversight/", include("atlas.oversight.urls")),
    path("profile/", include("atlas.profile.urls")),
    path("retention/", include("atlas.retention.urls")),
    path("subject_access/", include("atlas.subject_access.urls")),
    path("returns/", include("atlas.returns.urls")),
    path("copies/", include("atlas.copies.urls")),
    path("sharing/", include("atlas.sharing.urls")),
    path("systems/", include("atlas.systems.urls")),
    path("api/v1/", include((paths(), "api"))),
    path("guest/", include("atlas.sharing.guest_urls")),
    path("worried/", worried, name="worried"),
    path("worried/receipt/", worried_receipt, name="worried_receipt"),
    path("intelligence/", include("atlas.intelligence.urls")),
    path("sealed/", include("atlas.sealed.urls")),
    path("places/", include("atlas.places.urls")),
    path("connections/", include("atlas.connections.urls")),
    path("audit/", include("atlas.audit.urls")),
    path("running/", include("atlas.running.urls")),
    path("", include("atlas.accounts.urls")),
    path("", include("atlas.allegations.urls")),
    path("", include("atlas.break_glass.urls")),
    path("", include("atlas.desk.urls")),
]
handler404 = "atlas.desk.views.not_found"
handler500 = "atlas.desk.views.server_error"
