"""People of concern and groups: the list, one entry, and what lets one be written down, looked at again, deleted. Every look is written."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from atlas.connections import commands
from atlas.connections.concern_forms import GroupForm, PersonForm, RemoveForm, RenewForm
from atlas.connections.grounds import OnGrounds
from atlas.connections.looks import note_looks
from atlas.connections.models import Group, PersonOfConcern
from atlas.connections.queries import entries_of
from atlas.gate.days import day_of
from atlas.gate.page import PageRequest, acting, answer, page
from atlas.gate.policy import ROLE, Permission

NOT_UNDER_18 = "Nobody under 18 stands here. A young person whose contact with a child worries you is a child first: ring the front door."
GONE = (
    "This entry is deleted, and there is no list of what was deleted. Agendas on which it stood say only what kind of thing stood there. "
    "Why it was taken to a meeting, and what agencies wrote and decided there, stays in the record of that meeting."
)
AGAIN = "Read it as if it were about you. What no longer holds, take out. What nobody looks at again is deleted."


def people() -> Any:
    """People of concern with what their page names."""
    return PersonOfConcern.objects.select_related("agency", "added_by__user", "reviewed_by__user")


def groups() -> Any:
    """Groups with what their page names."""
    return Group.objects.select_related("agency", "added_by__user", "reviewed_by__user")


def shown_of(request: PageRequest, entry: OnGrounds, writes: Permission) -> dict[str, Any]:
    """What the page of an entry shows beside it."""
    own = entry.agency_id == request.post.team.agency_id
    today = day_of(request.at)
    return {
        "entry": entry,
        "may_write": own and writes in ROLE[request.post.role].permissions,
        "today": today,
        "is_current": entry.is_current(today),
    }


@page(needs=Permission.VIEW_PEOPLE_OF_CONCERN)
def view_people_of_concern(request: PageRequest) -> HttpResponse:
    """The people of concern and the groups that are open to whoever asks; first those of their own agency that must be looked at again."""
    found = entries_of(people(), day_of(request.at)), entries_of(groups(), day_of(request.at))
    note_looks(request, "view_people_of_concern", [*found[0].all, *found[1].all])
    may = ROLE[request.post.role].permissions
    shown = {"people": found[0], "groups": found[1], "may": may, "P": Permission}
    return render(request, "connections/view_people_of_concern.html", shown)


@page(about=PersonOfConcern, needs=Permission.VIEW_PERSON_OF_CONCERN, rows=people)
def view_person_of_concern(request: PageRequest, person: PersonOfConcern) -> HttpResponse:
    """One person of concern, in what capacity, on what grounds."""
    note_looks(request, "view_person_of_concern", [person])
    return render(request, "connections/view_person_of_concern.html", shown_of(request, person, Permission.RENEW_PERSON_OF_CONCERN))


@page(about=Group, needs=Permission.VIEW_GROUP, rows=groups)
def view_group(request: PageRequest, group: Group) -> HttpResponse:
    """One group, on what grounds."""
    note_looks(request, "view_group", [group])
    return render(request, "connections/view_group.html", shown_of(request, group, Permission.RENEW_GROUP))


@page(needs=Permission.RECORD_PERSON_OF_CONCERN)
def record_person_of_concern(request: PageRequest) -> HttpResponse:
    """Write down an adult as a person of concern."""
    form = PersonForm.of(request)

    def act(given: dict[str, Any]) -> object:
        return commands.record_person_of_concern(given=form.given(), **acting(request))

    return _answer(request, form, act, "view_person_of_concern", "A person of concern", lead=(NOT_UNDER_18,))


@page(needs=Permission.RECORD_GROUP)
def record_group(request: PageRequest) -> HttpResponse:
    """Write down a group."""
    form = GroupForm.of(request)

    def act(given: dict[str, Any]) -> object:
        return commands.record_group(given=form.given(), **acting(request))

    return _answer(
        request, form, act, "view_group", "A group", lead=("It lists nobody. A child in it is a child first, with an item of their own.",)
    )


@page(about=PersonOfConcern, needs=Permission.RENEW_PERSON_OF_CONCERN, rows=people)
def renew_person_of_concern(request: PageRequest, person: PersonOfConcern) -> HttpResponse:
    """Look at it again."""
    form = RenewForm.of(request)

    def act(given: dict[str, Any]) -> object:
        return commands.renew_person_of_concern(person=person, grounds=form.grounds(), **acting(request))

    return _answer(request, form, act, "view_person_of_concern", "Look at it again", person, (AGAIN,))


@page(about=Group, needs=Permission.RENEW_GROUP, rows=groups)
def renew_group(request: PageRequest, group: Group) -> HttpResponse:
    """Look at it again."""
    form = RenewForm.of(request)

    def act(given: dict[str, Any]) -> object:
        return commands.renew_group(group=group, grounds=form.grounds(), **acting(request))

    return _answer(request, form, act, "view_group", "Look at it again", group, (AGAIN,))


@page(about=PersonOfConcern, needs=Permission.REMOVE_PERSON_OF_CONCERN, rows=people)
def remove_person_of_concern(request: PageRequest, person: PersonOfConcern) -> HttpResponse:
    """Delete it."""

    def act(given: dict[str, Any]) -> object:
        return commands.remove_person_of_concern(person=person, **acting(request))

    return _answer(request, RemoveForm.of(request), act, "", "Delete a person of concern", person, (GONE,))


@page(about=Group, needs=Permission.REMOVE_GROUP, rows=groups)
def remove_group(request: PageRequest, group: Group) -> HttpResponse:
    """Delete it."""

    def act(given: dict[str, Any]) -> object:
        return commands.remove_group(group=group, **acting(request))

    return _answer(request, RemoveForm.of(request), act, "", "Delete a group", group, (GONE,))


def _answer(
    request: PageRequest, form: Any, act: Any, to: str, heading: str, entry: OnGrounds | None = None, lead: tuple[str, ...] = ()
) -> HttpResponse:
    back = reverse("connections:view_people_of_concern")

    def then(done: Any) -> str:
        return reverse(f"connections:{to}", args=[done.pk]) if to else back

    return answer(request, form, act, then=then, heading=heading, caption=str(entry or ""), back=back, lead=lead)
