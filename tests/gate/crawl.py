"""The crawl (protection.md table A, A3): every path of the service, as a post of every role, asked about a child foreign to it.

The posts are as strong as posts come: vetted, signed in with a second factor just proved, allocated to a child of their own and holding
every duty for their own authority. The foreign child has something in every part. What is expected is read from the oracle's tables.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from atlas.agencies.models import AgencyKind, Post, TeamPurpose
from atlas.audit.models import OddLook
from atlas.children.models import Child
from atlas.connections.models import Group, PersonOfConcern, Suggestion
from atlas.desk.models import FrontDoorQuestion
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Look, Relationship
from atlas.gate.policy import OPENINGS, ROLES, Kind, Scope
from atlas.meetings.models import Meeting, Panel, PanelMember
from atlas.places.models import Place
from atlas.profile.models import AnalysisRun, Finding
from atlas.retention.models import DueRecord, RetentionRun
from atlas.returns.models import ReturnCheck
from atlas.sharing.models import Export, ExportFile
from tests import factories
from tests.factories import NOW
from tests.gate import oracle
from tests.guards.reading import SOURCES, pages
from tests.guards.test_pages import AGAIN, Filled, filled

AT = AGAIN + timedelta(hours=1)
OWN = "Birch Sample"
AGENCY_OF = {
    "police_missing": "police", "police_officer": "police", "intelligence_officer": "police", "health": "health", "school": "school",
    "voluntary_worker": "voluntary", "return_interviewer": "voluntary",
}  # fmt: skip
CSRF = "a" * 32
# Words that stand in what is recorded about the foreign child, and nowhere else.
SAID = ("Ashby", "Older adults wait outside", "A bus driver", "At the arcade", "Somebody called Jay", "A hotel rang")
# Names of query parameters that somebody may try, besides those that the pages read.
TRIED = ("id", "pk", "child", "children", "person", "authority", "team", "post", "q", "search", "filter", "order", "order_by", "sort", "expand",
         "include", "fields", "format", "limit", "offset", "all", "as", "user")  # fmt: skip


@dataclass
class Crawled:
    """What a crawl came to. `unexpected`: each answer that should not have been, in words."""

    routes: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    own_opened: set[tuple[str, str]] = field(default_factory=set)
    unexpected: list[str] = field(default_factory=list)

    @property
    def requests(self) -> int:
        """How many requests were answered."""
        return self.statuses.total()


@dataclass
class Crawl:
    """One world, and a client of each role in it."""

    full: Filled
    own: Child
    posts: dict[str, Post]
    counted: Crawled
    marks: frozenset[str]
    whole: bool
    clients: dict[str, Client] = field(default_factory=dict)
    readers: dict[object, Client] = field(default_factory=dict)

    @classmethod
    def made(cls, folder: Path, login: "Callable[[str], Any]", *, whole: bool = False) -> "Crawl":
        """Make the world, and for each role a post of another authority that has a child of its own. `login` changes the database's login."""
        full = filled(folder)
        find_odd_look(full, login)
        elsewhere = factories.authority("Otherham")
        council = factories.agency("Otherham Council", of=elsewhere)
        factories.team("Front door", TeamPurpose.FRONT_DOOR, of=council)
        own, posts = factories.child(OWN, of=elsewhere), {}
        for role in ROLES:
            kind = AGENCY_OF.get(role.key, "council")
            agency = council if kind == "council" else factories.agency(f"Otherham {kind}", AgencyKind(kind), of=elsewhere)
            post = factories.post(role.key, of=factories.team(f"Otherham {role.key}", of=agency))
            post.clearance, post.vetted_until = 3, (AT + timedelta(days=90)).date()
            post.save()
            factories.shift(post, AT.date())
            with acting_as(factories.feed_post(elsewhere), NOW):
                Relationship(kind=Kind.ALLOCATED, child=own, holder_post=post, from_at=NOW, because="test", source_label="tests").save(
                    force_insert=True
                )
            for opening in OPENINGS:
                if opening.scope is Scope.AUTHORITY:
                    factories.duty(opening.kind, elsewhere, post=post)
            posts[role.key] = post
        ids = {str(pk) for model, pk in full.about.items() if is_about_a_child(model)}
        crawl = cls(full, own, posts, Crawled(roles=set(posts)), frozenset(ids | {*SAID}), whole)
        crawl.clients = {role: crawl.client(post) for role, post in posts.items()}
        return crawl

    def in_turn(self, roles: list[str]) -> set[str]:
        """Of these roles those whose turn it is: all, or every fourteenth, beginning one further on each page."""
        return set(roles if self.whole else roles[len(self.counted.routes) % 14 :: 14] or roles[:1])

    def client(self, post: Post) -> Client:
        """Somebody who is signed in with this post and has just proved a second factor; forged requests would be refused."""
        client = Client(enforce_csrf_checks=True)
        factories.begin_session(client, post, AT)
        client.cookies[settings.CSRF_COOKIE_NAME] = CSRF
        return client

    def reader(self, post: Post) -> Client:
        """Somebody who may open the page, signed in once: nothing is sent as this post."""
        if post.pk not in self.readers:
            self.readers[post.pk] = self.client(post)
        return self.readers[post.pk]

    def ask(self, client: Client, address: str, body: "dict[str, Any] | None" = None) -> HttpResponse:
        """One request; its answer."""
        if body is None:
            answer = client.get(address)
        else:
            answer = client.post(address, {**body, "csrfmiddlewaretoken": client.cookies[settings.CSRF_COOKIE_NAME].value})
        self.counted.statuses[answer.status_code] += 1
        return answer  # type: ignore[return-value]

    def expect(self, what: str, answer: HttpResponse, statuses: tuple[int, ...], sent: str = "") -> None:
        """Note an answer of another status, and one that holds a mark of the foreign child which was not sent to it."""
        if answer.status_code not in statuses:
            self.counted.unexpected.append(f"{what}: {answer.status_code}, expected {' or '.join(map(str, statuses))}")
        if answer.status_code < 400:
            text = answer.getvalue().decode(errors="replace") + answer.headers.get("Location", "")
            self.counted.unexpected += [f"{what}: shows {mark}" for mark in self.marks if mark in text and mark not in sent]


def find_odd_look(full: Filled, login: "Callable[[str], Any]") -> None:
    """What tick alone may write: a look at the foreign child that its own privacy officer must ask about."""
    tick, worker = factories.post("tick", of=factories.team("Systems", TeamPurpose.OTHER)), full.world.worker
    Post.objects.filter(pk=tick.pk).update(is_service=True)
    login("tick")
    with acting_as(tick, AT):
        found = OddLook(
            day=AT.date(), reason="own_surname", post=worker, person_looking=worker.user_id, agency_id=worker.team.agency_id, child=full.world.child,
            children=[full.world.child.pk], look=1, looks=1, looked_at=AT, found_at=AT, due_on=AT.date(),
        )  # fmt: skip
        OddLook.objects.bulk_create([found])
        alike = Suggestion(child=full.world.child, user=worker.user, reason=Suggestion.Reason.STREET, found_at=AT)
        Suggestion.objects.bulk_create([alike])
    full.about |= {OddLook: found.pk, Suggestion: alike.pk}
    login("app")


def crawled(folder: Path, login: "Callable[[str], Any]", *, whole: bool = False) -> Crawled:
    """Crawl: every path as every role, about the foreign child.

    `whole`: every role asks for every page, sends every form and asks for all it may do, not a fourteenth of them in turn; and each query parameter goes alone
    with each foreign value, not all of them in one request.
    """
    crawl = Crawl.made(folder, login, whole=whole)
    for where, name, view in pages():
        crawl.counted.routes.add(where)
        if hasattr(view, "needs"):
            _page(crawl, where, name, view)
        else:
            _open(crawl, where, name)
    _nothing_is_done_or_seen(crawl)
    return crawl.counted


def _page(crawl: Crawl, where: str, name: str, view: Any) -> None:
    address = crawl.full.address(where, name, view)
    body = _body(crawl, address, view)
    if is_about_a_child(view.about):
        sends, reads = crawl.in_turn(list(crawl.clients)), crawl.in_turn(list(crawl.clients))
        for role, client in crawl.clients.items():
            if role in reads:
                crawl.expect(f"{role} {view.__name__} GET", crawl.ask(client, address), (404,))
            if role in sends:
                crawl.expect(f"{role} {view.__name__} POST", crawl.ask(client, address, body), (404,))
        if view.about is Child:
            _own(crawl, reverse(name, kwargs=_own_path(crawl, where)), view)
        return
    let_in = [role for role in crawl.clients if view.needs.value in oracle.MAY.get(role, frozenset())]
    let_in = [] if view.__name__ in OF_THE_LINE | OF_ANOTHER else let_in
    asked = crawl.in_turn(let_in) | crawl.in_turn([role for role in crawl.clients if role not in let_in])
    for role, client in crawl.clients.items():
        what, may = f"{role} {view.__name__}", role in let_in
        if role not in asked:
            continue
        statuses = (200, 302, 405, 422) if may else (404,)
        crawl.expect(f"{what} GET", crawl.ask(client, address), statuses)
        with transaction.atomic():  # what a role may do at all it does here too; the next role finds the world as it was
            crawl.expect(
                f"{what} POST", crawl.ask(client, address, body), (*statuses, 409) if may else statuses, sent=" ".join(body.values())
            )
            transaction.set_rollback(True)
        for query in _queries(crawl) if may else ():
            crawl.expect(f"{what} ?{query}", crawl.ask(client, f"{address}?{query}"), (*statuses, 404), sent=query)


def _own_path(crawl: Crawl, where: str) -> dict[str, object]:
    words = re.findall(r"<\w+:(\w+)>", where)
    return {word: crawl.own.pk if word == "pk" else crawl.full.named[word] for word in words}


def _own(crawl: Crawl, address: str, view: Any) -> None:
    """The control: the same page about each post's own child opens for exactly those roles that the oracle lets in."""
    record, _, _ = oracle.NEEDS[view.needs.value]
    may = [role for role in crawl.clients if _may_own(role, view.needs.value)]
    asked = crawl.in_turn(may) | crawl.in_turn([role for role in crawl.clients if role not in may])
    for role, client in crawl.clients.items():
        if role not in asked:
            continue
        answer = crawl.ask(client, address)
        if role not in may and answer.status_code != 404:
            crawl.counted.unexpected.append(f"{role} {view.__name__} of its own child: {answer.status_code}, expected 404")
        # A page about no kind of record opens for whoever sees the child at all.
        if role in may and answer.status_code == 404 and record is not None and view.__name__ not in FINDS_NOTHING:
            crawl.counted.unexpected.append(f"{role} {view.__name__} of its own child: 404, and the oracle lets it in")
        if answer.status_code == 200:
            crawl.counted.own_opened.add((role, view.__name__))


def _may_own(role: str, needs: str) -> bool:
    record, mode, through = oracle.NEEDS[needs]
    kinds = frozenset({"allocated", *oracle.BY_AUTHORITY})
    case = oracle.Case(role, kinds, oracle.ACTS_FOR[role][0], clearance=3, agency=AGENCY_OF.get(role, "council"))
    return oracle.decide(case, role_may=needs in oracle.MAY.get(role, frozenset()), record=record, mode=mode, through=through)


# Pages about a worker, for the worker and the worker's line alone: here nobody is of it.
OF_THE_LINE = {"put_on_shift", "swap_shift", "take_off_shift", "view_handover", "record_leave", "end_leave", "record_skill"}
# An agency that serves another authority, a kind of meeting that another council added, a card that was made out to another post, and what is another's to review.
OF_ANOTHER = {
    "name_contact_point",
    "break_glass",
    "review_break_glass",
    "view_allegation",
    "receive_allegation",
    "decide_allegation",
    "close_allegation",
    "let_system_act",
    "end_system_grant",
    "change_meeting_kind",
    "end_meeting_kind",
}
# Pages that answer *not found* about the own child too, where it lacks what they are about.
FINDS_NOTHING = {"report_wrong_fact", "answer_pattern"}


def _open(crawl: Crawl, where: str, name: str) -> None:
    """What opens without the gate (signing in, choosing a post) shows nothing of the foreign child to anybody."""
    given = {
        word: {"int": "1", "uuid": str(crawl.full.world.child.pk)}.get(kind, "none") for kind, word in re.findall(r"<(\w+):(\w+)>", where)
    }
    address = reverse(name, kwargs=given)
    asked = crawl.in_turn(list(crawl.posts))
    for role, post in crawl.posts.items():
        if role not in asked:
            continue
        with transaction.atomic():
            crawl.expect(f"{role} {name}", crawl.ask(crawl.client(post), address), (200, 302, 400, 401, 404, 405), sent=address)
            transaction.set_rollback(True)


def _body(crawl: Crawl, address: str, view: Any) -> dict[str, str]:
    """What somebody who may would send: the form of the page, filled in with plausible words."""
    for post in crawl.full.may:
        if view.needs.value in oracle.MAY.get(post.role, frozenset()):
            shown = crawl.reader(post).get(address)
            if shown.status_code == 200 and "html" in shown.headers["Content-Type"]:
                return {**Boxes.of(shown.getvalue().decode(), crawl.full.world.child.name)}
    return {"words": "Sample words"}


def _queries(crawl: Crawl) -> Iterator[str]:
    world, words = crawl.full.world, (*asked_for(), *TRIED)
    few = str(world.child.pk), str(world.authority.pk), "Ashby"
    for value in (*few, str(world.worker.team_id), str(world.worker.pk), "*") if crawl.whole else few:
        if crawl.whole:
            yield from (f"{word}={value}" for word in words)
        else:
            yield "&".join(f"{word}={value}" for word in words)


@cache
def asked_for() -> tuple[str, ...]:
    """Every name of a query parameter that the service reads."""
    read = re.compile(r"\.GET(?:\.get\(|\[)\"(\w+)\"")
    return tuple(sorted({name for path in SOURCES for name in read.findall(path.read_text(encoding="utf-8"))}))


# Records that are somebody's own, one front door's, or a meeting's: a foreign one is not there, whatever the role may do.
SOMEBODY_S = {
    AnalysisRun,
    DueRecord,
    Export,
    ExportFile,
    Finding,
    FrontDoorQuestion,
    Group,
    Meeting,
    Panel,
    PanelMember,
    PersonOfConcern,
    Place,
    RetentionRun,
    ReturnCheck,
}


def is_about_a_child(model: Any) -> bool:
    """Whether the record that a page is about is a child, a row about one, or somebody else's own."""
    return model is Child or model in SOMEBODY_S or (model is not None and any(one.name == "child" for one in model._meta.fields))


def _nothing_is_done_or_seen(crawl: Crawl) -> None:
    """No post has done anything to the foreign child, nor has a look been written that says it saw the child."""
    foreign = crawl.full.world.child.pk
    for role, post in crawl.posts.items():
        with acting_as(post, AT):
            crawl.counted.unexpected += [
                f"{role} has done {act.command}" for act in Act.objects.filter(post=post, child_id=foreign, outcome="done")
            ]
            crawl.counted.unexpected += [
                f"{role} has seen {look.page}" for look in Look.objects.filter(post=post, children__contains=[foreign])
            ]


class Boxes(HTMLParser):
    """The boxes of a page's forms, with what a person would put in them."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.found, self.select = name, dict[str, str](), ""

    @classmethod
    def of(cls, page: str, name: str) -> dict[str, str]:
        """By name, as a browser sends them. `name`: the person's, for what asks for one."""
        boxes = cls(name)
        boxes.feed(page)
        return boxes.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        box, kind = given.get("name") or "", given.get("type") or "text"
        if tag == "select":
            self.select = box
        elif tag == "option" and self.select and given.get("value") and not self.found.get(self.select):
            self.found[self.select] = given["value"] or ""
        elif tag == "textarea" and box:
            self.found[box] = "Sample words that are long enough to be a reason."
        elif tag == "input" and box and box != "csrfmiddlewaretoken" and kind not in {"submit", "file"}:
            typed = {"_0": "5", "_1": "5", "_2": "2026"}.get(box[-2:]) or (self.name if "name" in box else "Sample words")
            self.found.setdefault(box, given.get("value") or typed)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
