"""Every path of the service: one folder's pages under its own word."""

from allauth.account import views as account
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def health(request: HttpRequest) -> HttpResponse:
    """Answer that the service is up. Reads nothing."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("health", health, name="health"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/password/change/", account.password_change, name="account_change_password"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/", include("allauth.socialaccount.urls")),
    path("accounts/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("post/", include("atlas.agencies.urls")),
    path("missing/", include("atlas.missing.urls")),
    path("deliveries/", include("atlas.feeds.urls")),
    path("allocation/", include("atlas.allocation.urls")),
    path("tasks/", include("atlas.tasks.urls")),
    path("clocks/", include("atlas.clocks.urls")),
    path("oversight/", include("atlas.oversight.urls")),
    path("sharing/", include("atlas.sharing.urls")),
    path("audit/", include("atlas.audit.urls")),
    path("", include("atlas.desk.urls")),
]
handler404 = "atlas.desk.views.not_found"
handler500 = "atlas.desk.views.server_error"
