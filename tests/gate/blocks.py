"""The drill of blocks (protection.md table A, A6; 4.4): to whoever is shut out of a child, every page is as if the family did not exist.

Every subject is shut out of each child of each family in turn. Each address is asked then, by GET and by POST; and again with the block away and
every row about the child and whoever is tied to it taken out of the database. The two answers must be the same, byte by byte. Nothing stays:
each world is a transaction that is taken back. The connection is the superuser's, which works as the service's login for all but the taking out.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from atlas.agencies.models import AgencyKind, Post
from atlas.children.models import Child
from atlas.connections.commands import record_tie
from atlas.connections.models import Tie
from atlas.feeds.commands.delivery import commit_delivery
from atlas.feeds.models import Delivery
from atlas.gate.context import acting_as
from atlas.gate.models import Block, BlockSource, Relationship
from atlas.gate.policy import OPENING, Kind, Scope
from atlas.sharing.models import Export
from tests import factories
from tests.factories import NOW
from tests.gate import oracle
from tests.gate.crawl import AT, find_odd_look
from tests.gate.test_matrix import everything_about
from tests.gate.two_worlds import as_service, first_difference, undone
from tests.guards.reading import gated_pages
from tests.guards.test_pages import Filled, filled
from tests.sharing.given import asked, run

HOUR = timedelta(hours=1)
# What is drawn anew for each answer: the form's key and base, the token against forgery. What it stands on is signed with the moment.
DRAWN = re.compile(
    rb'(name="(?:csrfmiddlewaretoken|key|base)"[^>]*value="|name="\w*key" value="|data-key=")[^"]*|:\w{6}:[\w-]{43}(?=["&/])|(?<=/enrol/)[\w-]{40,}'
)
MADE = re.compile(r"(?<=/proposals/)[\w-]{36}")  # the id of what the request itself has made
SILENT = (BlockSource.MANAGER, BlockSource.WISH, BlockSource.SUGGESTION, BlockSource.ALLEGATION)
# Who stands towards the family in each way; who is in `filled()` already (line, front door, custodian of none) besides.
HOLDERS = {
    Kind.ALLOCATED: ("practitioner", "health"), Kind.LINE: ("manager", "head_of_service"), Kind.TEAM_DUTY: ("practitioner",),
    Kind.FRONT_DOOR: ("front_door",), Kind.MISSING_RESPONSE: ("police_missing",), Kind.MISSING_DUTY: ("police_missing", "front_door"),
    Kind.RETURN_INTERVIEW: ("return_interviewer",), Kind.MISSING_COORDINATOR: ("missing_coordinator",), Kind.EMERGENCY_DUTY: ("emergency_duty",),
    Kind.TRANSFER: ("manager",), Kind.ADVICE: ("practitioner",), Kind.KNOWN_TO: ("school", "health", "voluntary_worker"), Kind.MEETING_MEMBER: ("police_officer",),
    Kind.REVIEWING: ("practitioner",), Kind.SHARED: ("police_officer",), Kind.BREAK_GLASS: ("police_officer", "practitioner"),
    Kind.INTELLIGENCE_DESK: ("intelligence_officer",), Kind.CUSTODIAN: ("practitioner",), Kind.PRIVACY: ("privacy_officer",),
    Kind.INFORMATION_RIGHTS: ("information_rights",), Kind.INSPECTION: ("privacy_officer",), Kind.SELF_OR_CARER: ("practitioner",),
}  # fmt: skip
AGENCIES = {"police": ("police_missing", "police_officer", "intelligence_officer"), "health": ("health",), "school": ("school",),
            "voluntary": ("voluntary_worker", "return_interviewer")}  # fmt: skip
UNRELATED = ("data_officer", "caldicott_guardian", "system_administrator", "business_support")


@dataclass
class Compared:
    """What came of it. `opened`: answers with a page, to somebody who is shut out; `before`: those that name the family to the same person
    before the block. `differing`: subject, address, and where the answers part.
    """

    blocks: int = 0
    compared: int = 0
    opened: int = 0
    named_before: int = 0
    differing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """One request, and what one needs for the page."""

    address: str
    needs: str
    sent: tuple[tuple[str, str], ...] | None = None

    def __str__(self) -> str:
        return self.address if self.sent is None else f"{self.address} {dict(self.sent)}"


@dataclass(frozen=True)
class Answer:
    """What came back: status, where to, body."""

    status: int
    location: str
    body: bytes


@dataclass
class Blocks:
    """The world, who is shut out of it in turn, and what is asked."""

    full: Filled
    subjects: list[Post]
    families: list[list[Child]]
    asked: list[Asked]

    @classmethod
    def made(cls, folder: Path, login: Callable[[str], Any]) -> "Blocks":
        """Make a family of three with something in every part, a guarded child, and a post for every way in which one stands towards them."""
        full = filled(folder)
        find_odd_look(full, login)
        delivery, officer = (
            Delivery.objects.get(pk=str(full.named["delivery"])),
            next(post for post in full.may if post.role == "data_officer"),
        )
        commit_delivery(delivery=delivery, by=officer, at=AT - HOUR)  # a row of it waits: is it the child?
        with acting_as(full.world.coordinator, AT):
            exported = Export.objects.get(pk=full.about[Export])
        assert run(exported, full.world.coordinator, AT - HOUR)
        given = asked(full.world.coordinator, AT - HOUR, recipient=full.world.police, outside_name="", outside_organisation="")
        assert run(given, full.world.coordinator, AT - HOUR)
        with acting_as(factories.feed_post(), AT):
            family = [full.world.child, Child.objects.get(name="Robin Rowan")]
            guarded = Child.objects.get(name="Elm Guarded")
        sibling = factories.child("Ash Rowan")
        everything_about(sibling, factories.feed_post())
        privacy = next(post for post in full.may if post.role == "privacy_officer")
        said = {"kind": Tie.Kind.SIBLING, "grade": Tie.Grade.TOLD, "source": "Their mother"}
        record_tie(child=full.world.child, other=sibling, **said, by=privacy, at=NOW)  # type: ignore[arg-type]
        family.append(sibling)
        other = factories.child("Linden Other")  # somebody who stays in both worlds
        everything_about(other, factories.feed_post())
        subjects = [
            *full.may,
            full.world.interviewer,
            *(_holder(kind, role, [*family, other]) for kind in HOLDERS for role in HOLDERS[kind]),
        ]
        subjects += [factories.post(role, of=factories.team(f"{role} alone")) for role in UNRELATED]
        login("postgres")
        made = cls(full, subjects, [family, [guarded]], [])
        made.asked = list(made._everything())
        return made

    def _everything(self) -> Iterator[Asked]:
        """Every page by GET and by POST, about each record that there is of its kind; and every search for each of the children."""
        names = [child.name for family in self.families for child in family]
        for where, name, view in gated_pages():
            for address in self._addresses(where, name, view):
                yield Asked(address, view.needs.value)
                yield Asked(address, view.needs.value, (("words", "Sample words"), ("because", "Sample words")))
        search = reverse("desk:find_child")
        for name in names:
            yield Asked(search, "find_child", (("name", name),))
            yield Asked(search, "find_child", (("name", name), ("born_on_0", "4"), ("born_on_1", "3"), ("born_on_2", "2011")))

    def _addresses(self, where: str, name: str, view: Any) -> list[str]:
        words = re.findall(r"<\w+:(\w+)>", where)
        if "pk" not in words:
            return [self.full.address(where, name, view)]
        with connection.cursor() as cursor:  # the superuser: every record, whoever may see it
            meta = view.about._meta
            family = [child.pk for family in self.families for child in family]
            column = next((one for one in ("child_id", "person_id") if one in {field.column for field in meta.concrete_fields}), "")
            of_family = f"WHERE {column} = ANY (%s)" if column else "WHERE %s::uuid[] IS NOT NULL"
            cursor.execute(
                f"SELECT DISTINCT ON ({column or meta.pk.column}) {meta.pk.column} FROM {meta.db_table} {of_family} LIMIT 4", [family]
            )
            found = {pk for (pk,) in cursor.fetchall()} | ({self.full.about[view.about]} if view.about in self.full.about else set())
        given = {word: self.full.named[word] for word in words if word != "pk"}
        return sorted(reverse(name, kwargs={**given, "pk": pk}) for pk in found)

    def compare(self, most: int = 0, *, each_child: bool = True, tell: Callable[[Compared], object] = lambda so_far: None) -> Compared:
        """Every subject, shut out of every child (or of one of each family).

        `most`: of so many of the requests that its role may make at all, spread over them (0: all, those too that it may not). `tell`: told of each subject.
        """
        done = Compared()
        for place, post in enumerate(self.subjects):
            may = [one for one in self.asked if not most or one.needs in oracle.MAY.get(post.role, frozenset())]
            step = max(1, len(may) // most) if most else 1
            asked = may[place % step :: step]
            for family in self.families:
                children = family if each_child else [family[place % len(family)]]
                own = [Asked(reverse("desk:view_child", args=[child.pk]), "view_child") for child in children]
                self.shut(post, children, [*own, *(one for one in asked if one not in own)], done)
            tell(done)
        return done

    def shut(self, post: Post, children: list[Child], asked: list[Asked], done: Compared) -> None:
        """One subject, shut out of these children one after the other."""
        names = [child.name.encode() for child in children]
        done.named_before += sum(any(name in one.body for name in names) for one in answers(post, [one for one in asked if not one.sent]))
        for child in children:
            with undone():
                take_out(shut_with(child))
                without = answers(post, asked)
            with undone():
                shut_out(post, child, SILENT[done.blocks % len(SILENT)])
                blocked = answers(post, asked)
            done.blocks += 1
            for one, shown, expected in zip(asked, blocked, without, strict=True):
                done.compared += 1
                done.opened += shown.status == 200
                if shown != expected:
                    done.differing.append(f"{post.role} ({post.team.name}), {child.name}: {one}: {parting(shown, expected)}")


def _holder(kind: Kind, role: str, children: list[Child]) -> Post:
    """A post of this role that stands so towards these children (or their authority)."""
    agency_kind = next((key for key, roles in AGENCIES.items() if role in roles), "council")
    agency = factories.agency() if agency_kind == "council" else factories.agency(f"Sample {agency_kind}", AgencyKind(agency_kind))
    post = factories.post(role, of=factories.team(f"{kind} {role}", of=agency))
    post.clearance, post.vetted_until = 3, (AT + timedelta(days=90)).date()
    post.save()
    holder = post if kind is not Kind.LINE else factories.post("practitioner", of=factories.team(f"Below {role}"), line_manager=post)
    factories.shift(post, AT.date())
    by_team = kind in (Kind.TEAM_DUTY, Kind.EMERGENCY_DUTY)
    if OPENING[kind].scope is Scope.AUTHORITY:
        factories.duty(kind, factories.authority(), post=None if by_team else holder, team=holder.team if by_team else None)
        return post
    with acting_as(factories.feed_post(), NOW):
        for child in children:
            Relationship(
                kind=Kind.ALLOCATED if kind is Kind.LINE else kind, child=child, holder_post=None if by_team else holder,
                holder_team=holder.team if by_team else None, because="test", source_label="tests", from_at=AT - HOUR,
                until_at=AT + HOUR if OPENING[kind].most else None,
            ).save(force_insert=True)  # fmt: skip
    return post


def shut_out(post: Post, child: Child, source: BlockSource) -> None:
    """Shut the person out of a child, since just before now, without a word to them."""
    maker = factories.administrator()
    with acting_as(maker, AT):
        Block(child=child, user=post.user, because="drill", source=source, from_at=AT - HOUR / 60, made_by=maker).save(force_insert=True)


def shut_with(child: Child) -> list[UUID]:
    """The child, and whoever a block on the child covers too: brothers and sisters, the household."""
    ties = Tie.objects.filter(is_error=False).values_list("child", "tied")
    return sorted({child.pk, *(one for tie in ties if child.pk in tie for one in tie)})


def take_out(family: list[UUID]) -> None:
    """Let these children never have been: every row that is about one of them goes, and their ids in lists of ids."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no foreign key, no trigger: the record of acts is taken from too
        for model in apps.get_models():
            table, columns = model._meta.db_table, {one.column for one in model._meta.concrete_fields}
            named = {"child_id", "person_id", "tied_id", "about_child"} & columns | ({"id"} if table == "people_person" else set())
            for column in sorted(named):
                cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY (%s)", [family])
            if "children" in columns:
                cursor.execute(f"DELETE FROM {table} WHERE children <> '{{}}' AND children <@ %s::uuid[]", [family])
        # A list that somebody saw held the others alone; a file that held them was never made.
        cursor.execute(
            "UPDATE gate_look SET children = ARRAY(SELECT one FROM unnest(children) one WHERE NOT one = ANY (%s)) WHERE children && %s::uuid[]",
            [family, family],
        )
        # What a delivery said of them was never in it; nor was the row that may be about one of them.
        cursor.execute("DELETE FROM feeds_row WHERE values -> '_candidates' ?| %s::text[]", [[str(one) for one in family]])
        counted = "SELECT count(*) FROM unnest(f.children) one WHERE NOT one = ANY (%s)"
        cursor.execute(
            f"UPDATE sharing_export e SET children_counted = ({counted}) FROM sharing_exportfile f WHERE f.export_id = e.id AND f.children && %s::uuid[]",
            [family, family],
        )
        cursor.execute("DELETE FROM sharing_exportfile WHERE children && %s::uuid[]", [family])
        cursor.execute("SET LOCAL session_replication_role = origin")


def answers(post: Post, asked: list[Asked]) -> list[Answer]:
    """The answers to somebody who is signed in with this post. Nothing that one request leaves behind reaches the next."""
    client = Client()
    factories.begin_session(client, post, AT)
    given = []
    for one in asked:
        with undone(), as_service():
            answer = client.get(one.address) if one.sent is None else client.post(one.address, dict(one.sent))
            body, location = answer.getvalue(), MADE.sub("", answer.headers.get("Location", ""))
            given.append(Answer(answer.status_code, location, DRAWN.sub(rb"\1", body)))
    return given


def parting(one: Answer, other: Answer) -> str:
    """Where two answers part."""
    if (one.status, one.location) != (other.status, other.location):
        return f"{one.status} {one.location} | {other.status} {other.location}"
    return first_difference(one.body, other.body)
