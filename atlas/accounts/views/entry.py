"""The pages before and around a session: enrolling, choosing a second factor, staying signed in. They read no record."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from atlas.accounts.adapters import quiet
from atlas.accounts.forms import EnrolForm
from atlas.accounts.models import Came, Way
from atlas.accounts.record import note, set_password, use_enrolment
from atlas.accounts.sessions import ENROLLING, LAST_SEEN, left

CODE = "enrolment"


def enrol_link(request: HttpRequest, code: str) -> HttpResponse:
    """Take the code out of the address, so that it stands in no history and no referrer. Opening the link uses nothing up."""
    if request.user.is_authenticated:
        logout(request)
    request.session[CODE] = code
    return redirect("accounts:enrol")


def enrol(request: HttpRequest) -> HttpResponse:
    """Choose a password once, then a second factor. A wrong, used or old link hears the one sentence."""
    code = request.session.get(CODE)
    if not code or request.user.is_authenticated:
        return redirect("account_login")
    form = EnrolForm.of(request)
    if not form.is_valid():
        return render(request, "accounts/enrol.html", {"form": form}, status=422 if form.errors else 200)
    del request.session[CODE]
    at = request.at  # type: ignore[attr-defined]
    user = use_enrolment(code, at)
    if user is None:
        note(Came.WRONG_LINK, Way.ENROLMENT, at, request)
        return quiet(request)
    set_password(user, form.cleaned_data["password"])
    request.session[ENROLLING] = True
    record_authentication(request, user, "password", reauthenticated=True)
    return perform_login(request, Login(user=user, redirect_url=reverse("accounts:choose_factor")))


@login_required
def choose_factor(request: HttpRequest) -> HttpResponse:
    """Choose how to prove who one is, beside the password."""
    return render(request, "accounts/choose_factor.html", {})


@login_required
def stay(request: HttpRequest) -> HttpResponse:
    """Say how long this session lasts; sent, make it last again (WCAG 2.2.1). A script asks the same without changing anything."""
    now = timezone.now()
    if request.method == "POST":
        request.session[LAST_SEEN] = now.timestamp()
    seconds = left(request, now.timestamp())
    if request.headers.get("X-Requested-With") == "stay":
        # A page that outlived its sign-in has an old token: after a new one, the same person's typing is kept with this.
        return JsonResponse({"seconds": int(seconds), "who": str(request.user.pk), "token": get_token(request)})
    return render(request, "accounts/stay.html", {"minutes": max(1, int(seconds // 60)), "is_longer": request.method == "POST"})
