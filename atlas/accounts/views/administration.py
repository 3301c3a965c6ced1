"""The administrator's pages about accounts. None shows a child."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.accounts import commands, forms, queries
from atlas.accounts.commands import Line, NewAccount, NewPost, Vetted
from atlas.accounts.models import Enrolment
from atlas.agencies.commands import end_post as end
from atlas.agencies.models import Post, Team, User
from atlas.gate.act import Invalid
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import Clearance, Permission

A_PAGE = 50
SHOWN_OF_POST = ("team__agency", "line_manager__user", "deputy__user")
SECOND = (
    "A second person must approve it: another administrator, or a head of service, not in your line. One of the two is an administrator. "
    "Until then nothing changes."
)


def _to_account(user: User) -> str:
    return reverse("accounts:view_account", args=[user.pk])


@page(needs=Permission.VIEW_ACCOUNTS)
def view_accounts(request: PageRequest) -> HttpResponse:
    """The accounts of people with state, last use, factors and posts."""
    named = request.GET.get("named", "")[:100]
    rows = Paginator(queries.accounts(named), A_PAGE).get_page(request.GET.get("page"))
    found = queries.described(list(rows.object_list), request.at)
    form = forms.FindAccountForm(initial={"named": named})
    return render(
        request,
        "accounts/view_accounts.html",
        {"accounts": found, "rows": rows, "named": named, "form": form, "lacking": queries.without_officer(request.at)},
    )


@page(about=User, needs=Permission.VIEW_ACCOUNTS)
def view_account(request: PageRequest, user: User) -> HttpResponse:
    """One account: its posts, its sign-ins, and what can be done with it."""
    (account,) = queries.described([user], request.at)
    shown = {
        "account": account, "posts": [(post, post.stands_on(day_of(request.at))) for post in user.posts.select_related(*SHOWN_OF_POST)],
        "sign_ins": list(queries.sign_ins(user)[:20]), "enrolment": queries.open_enrolment(user, request.at),
        "waiting": list(queries.waiting_about(user, request.subject)), "is_self": user.pk == request.user.pk,
    }  # fmt: skip
    return render(request, "accounts/view_account.html", shown)


def _teams() -> list[Team]:
    return list(Team.objects.select_related("agency").order_by("agency__name", "name"))


@page(needs=Permission.OPEN_ACCOUNT, step_up=True)
def open_account(request: PageRequest) -> HttpResponse:
    """Open an account, and show its enrolment link once."""
    form = forms.OpenAccountForm.of(request, teams=_teams())
    back = reverse("accounts:view_accounts")
    if form.is_valid():
        given = {name: value for name, value in form.cleaned_data.items() if name not in {"key", "base", "team"}}
        team = form.teams[form.cleaned_data["team"]]
        return _enrolling(
            request, form, lambda how: commands.open_account(team=team, account=NewAccount(**given), **how), "Open an account", back
        )
    return _form(request, form, "Open an account", back)


@page(about=User, needs=Permission.OPEN_ACCOUNT, step_up=True)
def give_enrolment(request: PageRequest, user: User) -> HttpResponse:
    """Give a new enrolment link, and show it once."""
    form = forms.ConfirmForm.of(request, submit="Give a new link")
    heading, back = f"Give {user.name} a new enrolment link", _to_account(user)
    if form.is_valid():
        return _enrolling(request, form, lambda how: commands.give_enrolment(user=user, **how), heading, back)
    return _form(
        request, form, heading, back,
        lead=("An account that is suspended is opened again. An earlier link no longer works. A second factor that is there stays.",),
    )  # fmt: skip


def _enrolling(request: PageRequest, form: Any, act: Callable[[dict[str, Any]], Enrolment], heading: str, back: str) -> HttpResponse:
    """Call the command and show the link, this once: only its hash is kept. The same submission again shows none."""
    try:
        made = act(acting(request))
    except Invalid as problem:
        form.invalid(problem)
        return _form(request, form, heading, back)
    link = f"{settings.ATLAS_ADDRESS.rstrip('/')}{reverse('accounts:enrol_link', args=[made.code])}" if made.code else ""
    waits = bool(queries.waiting_about(made.user, request.subject))
    shown = {"enrolment": made, "waits": waits, "person": made.user, "link": link, "back": _to_account(made.user)}
    return render(request, "accounts/give_enrolment.html", shown)


def _form(request: PageRequest, form: Any, heading: str, back: str, lead: tuple[str, ...] = ()) -> HttpResponse:
    shown = {"form": form, "heading": heading, "lead": lead, "warning": "", "caption": "", "back": back}
    return render(request, "design/form.html", shown, status=422 if form.errors else 200)


@page(about=User, needs=Permission.SUSPEND_ACCOUNT, step_up=True)
def suspend_account(request: PageRequest, user: User) -> HttpResponse:
    """Suspend an account."""
    return answer(
        request, forms.ConfirmForm.of(request, submit="Suspend the account"), lambda given: commands.suspend_account(user=user, **given),
        then=lambda _: _to_account(user), heading=f"Suspend the account of {user.name}?", back=_to_account(user),
        lead=("Whatever they have open ends at once. Give a new enrolment link to open the account again.",),
    )  # fmt: skip


@page(about=User, needs=Permission.CLOSE_ACCOUNT, step_up=True)
def close_account(request: PageRequest, user: User) -> HttpResponse:
    """Close an account for good."""
    return answer(
        request, forms.ConfirmForm.of(request, submit="Close the account"), lambda given: commands.close_account(user=user, **given),
        then=lambda _: _to_account(user), heading=f"Close the account of {user.name}?", back=_to_account(user),
        warning="This cannot be undone.", lead=("Whatever they have open ends at once. What they did stays in the record under their name.",),
    )  # fmt: skip


@page(about=User, needs=Permission.RESET_SECOND_FACTOR, step_up=True)
def reset_second_factor(request: PageRequest, user: User) -> HttpResponse:
    """Take away a second factor that was lost."""
    return answer(
        request, forms.ConfirmForm.of(request, submit="Take them away"), lambda given: commands.reset_second_factor(user=user, **given),
        then=lambda _: _to_account(user), heading=f"Take away every second factor of {user.name}?", back=_to_account(user),
        warning="First make sure who is asking: ring the person on a number that you know.",
        lead=("They are signed out at once. They come back only with a new enrolment link.",),
    )  # fmt: skip


@page(about=User, needs=Permission.SET_COUNCIL_SUBJECT, step_up=True)
def set_council_subject(request: PageRequest, user: User) -> HttpResponse:
    """Say who a person is at the council's sign-on."""
    form = forms.SetCouncilSubjectForm.of(request, initial={"council_subject": user.council_subject or ""})
    return answer(
        request, form, lambda given: commands.set_council_subject(user=user, **given), then=lambda _: _to_account(user),
        heading=f"{user.name} at the council's sign-on", back=_to_account(user),
    )  # fmt: skip


@page(about=Post, needs=Permission.CHANGE_CLEARANCE, step_up=True)
def change_clearance(request: PageRequest, post: Post) -> HttpResponse:
    """Propose what a post is cleared for."""
    form = forms.ChangeClearanceForm.of(
        request, initial={"clearance": str(post.clearance), "reference": post.vetting_reference, "until": post.vetted_until}
    )

    def act(given: dict[str, Any]) -> Post:
        vetted = Vetted(Clearance(int(given.pop("clearance"))), given.pop("reference"), given.pop("until"))
        return commands.change_clearance(post=post, vetted=vetted, **given)

    return answer(
        request, form, act, then=lambda _: _to_account(post.user), heading=f"What {post.title} is cleared for", caption=post.user.name,
        back=_to_account(post.user), lead=(SECOND,),
    )  # fmt: skip


@page(about=User, needs=Permission.GIVE_POST, step_up=True)
def give_post(request: PageRequest, user: User) -> HttpResponse:
    """Propose that somebody is given a post."""
    form = forms.GivePostForm.of(request, teams=_teams())

    def act(given: dict[str, Any]) -> Post:
        post = NewPost(form.teams[given.pop("team")], *(given.pop(name) for name in ("title", "role", "from_on", "until_on")))
        return commands.give_post(user=user, given=post, **given)

    return answer(
        request, form, act, then=lambda _: _to_account(user), heading="Give a post", caption=user.name, back=_to_account(user),
        lead=(SECOND, "For another role, give another post, and end the earlier one."),
    )  # fmt: skip


@page(about=Post, needs=Permission.EXTEND_POST, step_up=True)
def extend_post(request: PageRequest, post: Post) -> HttpResponse:
    """Propose that a post goes on longer."""
    return answer(
        request, forms.ExtendPostForm.of(request), lambda given: commands.extend_post(post=post, **given), then=lambda _: _to_account(post.user),
        heading=f"Extend the post {post.title}", caption=post.user.name, back=_to_account(post.user), lead=(SECOND,),
    )  # fmt: skip


@page(about=Post, needs=Permission.CHANGE_LINE, step_up=True)
def change_line(request: PageRequest, post: Post) -> HttpResponse:
    """Propose who manages a post, and who stands in for it."""
    form = forms.ChangeLineForm.of(
        request,
        posts=list(queries.line_offered(post, request.at)),
        initial={"manager": str(post.line_manager_id or ""), "deputy": str(post.deputy_id or "")},
    )

    def act(given: dict[str, Any]) -> Post:
        line = Line(form.posts.get(given.pop("manager")), form.posts.get(given.pop("deputy")))
        return commands.change_line(post=post, line=line, **given)

    return answer(
        request, form, act, then=lambda _: _to_account(post.user), heading=f"Line of the post {post.title}", caption=post.user.name,
        back=_to_account(post.user), lead=(SECOND, "The line manager sees every child of the post. Neither of the two people is the new manager or deputy."),
    )  # fmt: skip


@page(about=Post, needs=Permission.END_POST, step_up=True)
def end_post(request: PageRequest, post: Post) -> HttpResponse:
    """End a post."""
    return answer(
        request, forms.EndPostForm.of(request), lambda given: end(post=post, **given), then=lambda _: _to_account(post.user),
        heading=f"End the post {post.title}?", caption=post.user.name, back=_to_account(post.user),
        lead=(
            "Ended now, the post opens nothing from this moment on, and everything that it owns goes to its manager.",
            "With a day, it opens nothing from the day after. A day to come waits until nothing is owned by the post any more.",
        ),
    )  # fmt: skip
