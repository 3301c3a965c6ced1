"""The world test (protection.md table A, A4): to each subject the service says the same, byte for byte, as if what is closed to it were not there.

One transaction for each subject, never committed: every page asked; then every row that row security does not show the subject deleted, with
all that is known of children of whom it sees nothing; every page asked again. What is random by construction is taken out of both.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from atlas.agencies.models import Post, TeamPurpose
from atlas.children.models import Child
from atlas.gate.context import acting_as
from atlas.gate.install import gated_models
from atlas.gate.models import Block, Relationship
from atlas.gate.policy import OPENING, OPENINGS, ROLES, Kind, Scope
from tests import factories
from tests.factories import NOW
from tests.gate.crawl import AT, Crawl
from tests.gate.test_matrix import everything_about
from tests.gate.two_worlds import as_service, first_difference, undone
from tests.guards.reading import gated_pages

HOUR = timedelta(hours=1)
OF_THE_GATE = {"gate.Relationship", "gate.Block", "gate.Restriction", "gate.NamedHolder"}  # they decide; they go with their child
OF_THE_AUDIT = {"gate.Act", "gate.Look"}
# A key and a token are drawn anew for each page; what a form is based on is signed with the moment of signing.
DRAWN = re.compile(r'(name="(?:csrfmiddlewaretoken|key)"[^>]*?value=")[^"]*|(value=")[^"]*("[^>]*?name="(?:csrfmiddlewaretoken|key)")')
OTHERWISE_COMPARED = {"Content-Length", "Set-Cookie"}  # by the body itself; the session's and the form's keys, drawn too
SIGNED = re.compile(r":\w{6}:[\w-]{43}(?=[\"&])")


@dataclass
class Compared:
    """What came of it. `differing`: subject and page of each answer that was not the same."""

    subjects: int = 0
    pages: int = 0
    deleted: int = 0
    opened: int = 0
    differing: list[str] = field(default_factory=list)


@dataclass
class Worlds:
    """Children in several states, each with something in every part, and posts that stand towards them in every way."""

    crawl: Crawl
    subjects: list[Post]
    addresses: list[str]

    @classmethod
    def made(cls, folder: Path, login: Callable[[str], Any], subjects: int, records: int, seed: int = 11) -> "Worlds":
        """Make children and subjects, and list the pages about so many records of each kind.

        The first subjects are those of the crawl; the others are tied to children by chance.
        """
        by_chance, crawl = random.Random(seed), Crawl.made(folder, login)
        children = [crawl.full.world.child, crawl.own, *_children()]
        posts = [*crawl.full.may, *crawl.posts.values()]
        by_chance.shuffle(posts)
        while len(posts) < subjects:
            posts.append(_tied(by_chance, children))
        login("postgres")
        return cls(crawl, posts[:subjects], list(_addresses(crawl, records)))

    def differing_pages(self) -> set[str]:
        """The addresses at which the two worlds differ for some subject."""
        told = self.compare().differing
        return {address for address in self.addresses if any(f" at {address}: " in one for one in told)}

    def compare(self) -> Compared:
        """Ask as every subject, twice."""
        done = Compared()
        for post in self.subjects:
            with transaction.atomic():
                _compare(post, self.addresses, done)
                transaction.set_rollback(True)
            done.subjects += 1
        return done


def _children() -> list[Child]:
    children = []
    for name, level in (("Cedar Specimen", ""), ("Dale Fictitious", ""), ("Elm Imagined", "restricted"), ("Fern Unreal", "hidden")):
        child = factories.child(name)
        everything_about(child, factories.feed_post())
        children.append(child)
        if level:
            factories.guard(child, level)
    return children


def _tied(by_chance: random.Random, children: list[Child]) -> Post:
    """A post of some role, tied to some of the children in some ways, and perhaps shut out of one."""
    role = by_chance.choice([role.key for role in ROLES])
    team = factories.team(by_chance.choice(["Safeguarding 1", "Safeguarding 2", "Missing response"]), TeamPurpose.CASEWORK)
    post = factories.post(role, of=team)
    post.clearance, post.vetted_until = by_chance.randrange(4), (AT + timedelta(days=90)).date()
    post.save()
    factories.shift(post, AT.date())
    for child in by_chance.sample(children, by_chance.randrange(1, 4)):
        kind = by_chance.choice([one.kind for one in OPENINGS if one.scope is Scope.CHILD and one.kind is not Kind.LINE])
        most = OPENING[kind].most
        with acting_as(factories.feed_post(child.responsible_authority), NOW):
            Relationship(
                kind=kind, child=child, holder_post=post, from_at=AT - HOUR, until_at=AT + min(most - HOUR, 2 * HOUR) if most else None,
                because="test", source_label="tests",
            ).save(force_insert=True)  # fmt: skip
    if by_chance.random() < 0.4:
        factories.duty(by_chance.choice([one.kind for one in OPENINGS if one.scope is Scope.AUTHORITY]), factories.authority(), post=post)
    if by_chance.random() < 0.4:
        with acting_as(post, AT):
            Block(child=by_chance.choice(children), user=post.user, because="I know this family", from_at=NOW, made_by=post).save(
                force_insert=True
            )
    return post


def _addresses(crawl: Crawl, records: int) -> Iterator[str]:
    """Every page, about every kind of record that there is, whoever may open it."""
    for where, name, view in gated_pages():
        words = re.findall(r"<\w+:(\w+)>", where)
        if "pk" not in words:
            yield crawl.full.address(where, name, view)
            continue
        with connection.cursor() as cursor:  # the superuser: every record, whoever may see it
            cursor.execute(f"SELECT {view.about._meta.pk.column} FROM {view.about._meta.db_table} ORDER BY 1 LIMIT {records}")
            given = {word: crawl.full.named[word] for word in words if word != "pk"}
            held = crawl.full.about.get(view.about)
            for pk in {held, *(pk for (pk,) in cursor.fetchall())} - {None}:
                yield reverse(name, kwargs={**given, "pk": pk})


def _compare(post: Post, addresses: list[str], done: Compared) -> None:
    with as_service():
        client = Client()
        factories.begin_session(client, post, AT)
    before = _asked(client, addresses, done)
    done.deleted += _delete_what_is_closed(post)
    after = _asked(client, addresses, Compared())
    done.pages += len(addresses)
    for address in addresses:
        if before[address] != after[address]:
            done.differing.append(f"{post.role} {post.pk} at {address}: {first_difference(before[address], after[address])}")


def _asked(client: Client, addresses: list[str], done: Compared) -> dict[str, bytes]:
    """What is said at each address, as if each were the first; nothing of it stays."""
    said = {}
    for address in addresses:
        with undone(), as_service():
            answer = client.get(address)
            text = answer.getvalue().decode(errors="replace")
            stored = SIGNED.sub("", DRAWN.sub(r"\1\2\3", text))
            headers = sorted(one for one in answer.headers.items() if one[0] not in OTHERWISE_COMPARED)
            said[address] = f"{answer.status_code} {headers} {stored}".encode()
            done.opened += answer.status_code == 200
    return said


def _delete_what_is_closed(post: Post) -> int:
    """Delete what row security does not show this post. Returns how many rows that is."""
    shown: dict[type[Model], set[Any]] = {}
    known: set[UUID] = set()
    with as_service(), acting_as(post, AT):
        for model in gated_models():
            with connection.cursor() as cursor:
                column = _child_column(model)
                cursor.execute(f"SELECT {model._meta.pk.column}, {column or 'NULL'} FROM {model._meta.db_table}")
                rows = cursor.fetchall()
            shown[model] = {pk for pk, _ in rows}
            if model._meta.label not in OF_THE_GATE | OF_THE_AUDIT:
                known |= {child for _, child in rows if child is not None}
    deleted = 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no foreign key, no trigger: the record of acts is deleted from too
        for model, pks in shown.items():
            table, pk, label = model._meta.db_table, model._meta.pk.column, model._meta.label
            if label == "gate.Look":
                cursor.execute(f"DELETE FROM {table} WHERE NOT children && %s::uuid[] AND post_id <> %s", [list(known), post.pk])
            elif label in OF_THE_GATE or label == "gate.Act":
                # What one declared oneself one goes on seeing, though it shuts one out of the child; nothing else of the gate's is left.
                own = [str(one) for one in pks] if model is Block else []
                cursor.execute(
                    f"DELETE FROM {table} WHERE child_id IS NOT NULL AND NOT child_id = ANY (%s::uuid[]) AND NOT {pk}::text = ANY (%s::text[])",
                    [list(known), own],
                )
            elif model is Child:
                # Something is shown of a child whose own row is not: that stands, since the gate asks it for the authorities, and says nothing.
                cursor.execute(
                    f"DELETE FROM {table} WHERE NOT {pk} = ANY (%s::uuid[]) AND NOT {pk} = ANY (%s::uuid[])", [list(pks), list(known)]
                )
                cursor.execute(f"UPDATE {table} SET name = 'Closed', born_on = NULL WHERE NOT {pk} = ANY (%s::uuid[])", [list(pks)])
            else:
                cursor.execute(f"DELETE FROM {table} WHERE NOT {pk}::text = ANY (%s::text[])", [[str(one) for one in pks]])
            deleted += cursor.rowcount
        cursor.execute("SET LOCAL session_replication_role = origin")
    return deleted


def _child_column(model: type[Model]) -> str:
    columns = {one.column for one in model._meta.concrete_fields}
    path = getattr(model, "child_path", "child_id")
    named = str(model._meta.pk.column) if path == "pk" and model._meta.pk else path
    return named if named in columns else ""
