"""A right is taken away, and the very next request is made: for `bench revoke`, and in short as a test (protection.md table A, A8).

Each time another worker has a child's page open, a form on it half filled in and kept as a draft, and a session that was proved.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.test import Client
from django.urls import reverse

from atlas.accounts.commands import suspend_account
from atlas.agencies.commands import end_post
from atlas.agencies.models import Agency, Post
from atlas.allocation.commands import end_allocation, record_allocation
from atlas.allocation.models import Allocation
from atlas.children.models import Child
from atlas.chronology.moments import Moment
from atlas.connections.commands import block_worker, record_tie
from atlas.connections.models import Tie
from atlas.gate.act import Invalid, Refused
from atlas.gate.behalf import Behalf, on_behalf
from atlas.gate.commands import declare_connection
from atlas.gate.context import acting_as
from atlas.gate.models import BlockSource, Draft
from atlas.gate.policy import Kind, Purpose
from atlas.missing.models import MissingProfile
from atlas.sharing.commands.export import compile_export, deliver_export, download_export
from atlas.sharing.models import Export, ExportFile
from tests import factories
from tests.factories import NOW, begin_session
from tests.sharing.given import AFTER, asked, children_away

WHEN = NOW - timedelta(days=100)


@dataclass
class Given:
    """Who loses a right to whom."""

    post: Post
    child: Child
    agency: Agency


def _post_ends(given: Given) -> None:
    end_post(post=given.post, last_on=None, by=factories.administrator(), at=NOW)


def _account_suspended(given: Given) -> None:
    suspend_account(user=given.post.user, by=factories.administrator(), at=NOW)


def _allocation_ends(given: Given) -> None:
    with acting_as(factories.feed_post(), NOW):
        allocation = Allocation.objects.get(post=given.post, child=given.child)
    end_allocation(allocation=allocation, until_at=Moment(NOW), by=factories.feed_post(), at=NOW)


def _knows_the_family(given: Given) -> None:
    declare_connection(child=given.child, because="A cousin", by=given.post, at=NOW)


def _kept_out(given: Given) -> None:
    by = factories.guardian(given.child.responsible_authority)
    block_worker(child=given.child, user=given.post.user, source=BlockSource.WISH, by=by, at=NOW)


def _kept_out_of_sibling(given: Given) -> None:
    by, other = factories.guardian(given.child.responsible_authority), factories.child(f"Sam {given.child.name.split()[-1]}")
    said = {"kind": Tie.Kind.SIBLING, "grade": Tie.Grade.TOLD, "source": "Their mother"}
    record_tie(child=given.child, other=other, **said, by=by, at=NOW)  # type: ignore[arg-type]
    block_worker(child=other, user=given.post.user, source=BlockSource.MANAGER, by=by, at=NOW)


def _agreement_lapses(given: Given) -> None:
    Agency.objects.filter(pk=given.agency.pk).update(agreement_until=NOW.date() - timedelta(days=1))


def _another_role(given: Given) -> None:
    Post.objects.filter(pk=given.post.pk).update(role="data_officer")


def _guarded(level: str) -> Callable[[Given], None]:
    def guard(given: Given) -> None:
        factories.guard(given.child, level)

    return guard


REVOCATIONS: dict[str, Callable[[Given], None]] = {
    "the post ends": _post_ends,
    "the account is suspended": _account_suspended,
    "the allocation ends": _allocation_ends,
    "the worker knows the family": _knows_the_family,
    "the worker is kept out": _kept_out,
    "the worker is kept out of a sibling": _kept_out_of_sibling,
    "the agreement lapses": _agreement_lapses,
    "another role": _another_role,
    "the child is restricted": _guarded("restricted"),
    "the child is hidden": _guarded("hidden"),
}


@dataclass
class Revoked:
    """What came of it: requests denied, of how many; what was shown, or written, all the same; and seconds from the loss to the answer."""

    tried: int = 0
    denied: int = 0
    shown: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    by_kind: dict[str, list[float]] = field(default_factory=dict)


def drilled(count: int, seed: int = 8) -> Revoked:
    """So many losses of a right, each followed by the next request: the open page again, or its form sent, or the draft looked for."""
    dice, done = random.Random(seed), Revoked()
    for number in range(count):
        kind = list(REVOCATIONS)[number % len(REVOCATIONS)]
        given = _given(number, kind)
        client, page = Client(), reverse("desk:view_child", args=[given.child.pk])
        begin_session(client, given.post, NOW)
        form = reverse("missing:set_exploitation_marker", args=[given.child.pk])
        assert given.child.name in client.get(page).content.decode()
        client.post(form, {"words": "Half a sentence", "draft": "later"})
        assert "Half a sentence" in client.get(form).content.decode()
        ask: Any = dice.choice((partial(client.get, page), partial(client.get, form), partial(client.post, form, _typed())))
        REVOCATIONS[kind](given)
        start = time.perf_counter()
        answer = ask()
        took = time.perf_counter() - start
        text = answer.content.decode()
        done.tried += 1
        done.seconds.append(took)
        done.by_kind.setdefault(kind, []).append(took)
        if answer.status_code in (302, 403, 404) and given.child.name not in text and "Half a sentence" not in text:
            done.denied += 1
        else:
            done.shown.append(f"{kind}: {answer.status_code}")
        if _left(given):
            done.shown.append(f"{kind}: written, or the draft is open")
    return done


def _given(number: int, kind: str) -> Given:
    agency = factories.agency(f"Agency {number}") if kind == "the agreement lapses" else factories.agency()
    post = factories.post("practitioner", of=factories.team(f"Team {number}", of=agency))
    child = factories.child(f"Robin Drill{number:04}")
    record_allocation(child=child, post=post, from_at=Moment(WHEN), by=factories.feed_post(), at=WHEN)
    return Given(Post.objects.select_related("user", "team__agency").get(pk=post.pk), child, agency)


def _typed() -> dict[str, str]:
    return {
        "words": "All of it",
        "since_0": "1",
        "since_1": "5",
        "since_2": "2026",
        "since_3": "10:00",
        "since_4": "minute",
        "key": "k" * 36,
    }


def _left(given: Given) -> bool:
    """Whether anything was written after the loss; and whether the database still gives the person's draft away."""
    with acting_as(factories.feed_post(), NOW):
        written = MissingProfile.objects.filter(child=given.child, exploitation_marked_at__isnull=False).exists()
    with acting_as(Post.objects.get(pk=given.post.pk), NOW):
        return written or Draft.objects.filter(child=given.child).exists()


@dataclass
class Stopped:
    """Exports of which a right was lost while they were made, or after: how many were delivered all the same, or opened."""

    jobs: int = 0
    delivered: int = 0
    files: int = 0
    opened: int = 0


EXPORTS_LOST: tuple[str, ...] = (
    "the worker knows the family",
    "the child is restricted",
    "the child is hidden",
    "another role",
    "the post ends",
)
KEPT_OUT: tuple[str, ...] = ("the worker knows the family", "the worker is kept out", "the worker is kept out of a sibling")


def exports_drilled(world: Any, count: int, kinds: tuple[str, ...] = EXPORTS_LOST) -> Stopped:
    """So many running exports whose asker loses a right before delivery; and as many that were delivered before it."""
    done = Stopped()
    for number in range(count):
        kind = kinds[number % len(kinds)]
        for is_delivered in (False, True):
            team = factories.team(f"Coordinators {number} {is_delivered}")
            post = factories.post("missing_coordinator", of=team)
            factories.duty(Kind.MISSING_COORDINATOR, world.authority, post=post)
            [child] = children_away(world, 1)
            made = asked(post)
            done.jobs, done.files = done.jobs + (not is_delivered), done.files + is_delivered
            lose = partial(REVOCATIONS[kind], Given(post, child, team.agency))
            if _run(made, post, lose, is_delivered):
                done.opened, done.delivered = done.opened + is_delivered, done.delivered + (not is_delivered)
    return done


def _run(made: Export, post: Post, lose: Callable[[], object], is_delivered: bool) -> bool:
    """Whether a byte of the export came through although the right was lost."""
    with on_behalf(Behalf(post.pk, Purpose(made.purpose), str(made.pk)), "sharing.run_export"):
        compiled = compile_export(export=made, by=post, at=AFTER)
        if is_delivered:
            deliver_export(export=made, made=compiled, by=post, at=AFTER)
        lose()
        now = Post.objects.select_related("user", "team__agency").get(pk=post.pk)
        try:
            if is_delivered:
                download_export(export=made, by=now, at=AFTER)
            else:
                deliver_export(export=made, made=compiled, by=now, at=AFTER)
        except (Refused, Invalid):
            with acting_as(now, AFTER):
                return ExportFile.objects.filter(export=made).exists() and not is_delivered
    return True
