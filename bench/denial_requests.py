"""The requests that are dear to answer, as one who is signed in, or whose system is let in, would send them to keep others out."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone

from atlas.systems.commands import let_system_act
from atlas.systems.models import SystemGrant
from atlas.systems.signing import Asked, sign
from bench.at_work import OURS, cookie
from bench.crowd import FORM
from tests.systems.given import Key, connected_system
from tests.world import World

Request = tuple[str, str, int, str]  # head, unit of the body, how often, its end
MEGABYTE, CALL = 1_000_000, 250_000  # a call is refused over 256 KiB; a form over 5 MB, or of more than 1,000 fields
FILE = 'name="f"; filename="a"'
DEEP = (("[", CALL, ""), ('{"a":', CALL // 5, ""), ('{"reported_at":"', 1, "2026-" * 40_000 + '"}'), ("[1,", CALL // 3, ""))


@cache
def _let_in(coordinator: object) -> tuple[Key, SystemGrant]:
    key, now = Key(), timezone.now()
    system = connected_system(coordinator.team.agency, key, at=now)  # type: ignore[attr-defined]
    return key, let_system_act(system=system, by=coordinator, at=now)  # type: ignore[arg-type]


def _head(method: str, path: str, *more: str) -> str:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *more]) + "\r\n\r\n"


def deep_json(world: World) -> Iterator[Request]:
    """Calls of the API that are nested as deep as their length allows: signed (each lets in once), and not."""
    key, grant = _let_in(world.coordinator)
    path = f"/api/v1/missing/children/{world.child.pk}/report_missing"
    for turn in range(200):
        unit, times, end = DEEP[turn % len(DEEP)]
        asked = Asked("POST", path, (unit * times + end).encode())
        token = sign(key.private, grant.system_id, grant.pk, asked, settings.ATLAS_ADDRESS, timezone.now())
        said = f"Authorization: Bearer {token if turn % 4 else 'e30.e30.x'}"
        yield (
            _head("POST", path, said, f"Idempotency-Key: deep{turn:08}", "Content-Type: application/json", "Content-Length: LENGTH"),
            unit,
            times,
            end,
        )


def huge_forms(world: World) -> Iterator[Request]:
    """Forms of five megabytes, in one field, in a thousand, in files; and one that is too long."""
    mine, parts = f"Cookie: {cookie(world.worker, OURS)}", 'name="words%d"\r\n\r\na\r\n'
    boundary = "--x\r\nContent-Disposition: form-data; "
    token = f"csrfmiddlewaretoken={FORM}&"
    for kind, unit, times, end in (
        ("x-www-form-urlencoded", "words=" + "%C3%A9" * 8, 90_000, f"&{token}a=b"), ("x-www-form-urlencoded", f"{token}words=", 1, "a" * 4_900_000),
        ("x-www-form-urlencoded", "a=" + "b" * 4_900 + "&", 990, token + "c=d"), ("x-www-form-urlencoded", "a=b&", MEGABYTE, ""),
        ("form-data; boundary=x", boundary + parts % 1, 990, "--x--\r\n"), ("form-data; boundary=x", f'{boundary}{FILE}\r\n\r\n{"a" * 50_000}\r\n', 99, "--x--\r\n"),
        ("x-www-form-urlencoded", "a" * 11, MEGABYTE, ""),
    ):  # fmt: skip
        whole = f"multipart/{kind}" if "boundary" in kind else f"application/{kind}"
        yield _head("POST", "/contacts/raise_contact/", mine, f"Content-Type: {whole}", "Content-Length: LENGTH"), unit, times, end


def odd_lists(world: World) -> Iterator[Request]:
    """Lists asked for pages, sizes, orders and days that no link of ours names."""
    asked = "page=99999999999&before=99999999&size=1000000&per_page=1000000&limit=1000000&sort=-words__password&order_by=random()&on=0001-01-01&since=0001-01-01"
    for who, paths in (
        (world.worker, ("/", f"/child/{world.child.pk}/", f"/network/child/{world.child.pk}/view_network/", "/meetings/view_tray/")),
        (world.coordinator, ("/missing/", "/missing/view_placed_here/", "/view_night/", "/view_morning/")),
        (world.manager, ("/oversight/team_work/", "/oversight/view_timeliness/", "/plans/view_plans/")),
    ):
        mine = f"Cookie: {cookie(who, OURS)}"
        yield from ((_head("GET", f"{path}?{asked}", mine), "", 0, "") for path in paths)


def hard_words(world: World) -> Iterator[Request]:
    """Searches for words that are hard to match: of one letter, of all wild cards, of nested repeats, of marks that fold."""
    mine = f"Cookie: {cookie(world.coordinator, OURS)}"
    for words in ("a " * 99, "%" * 200, "_%" * 100, "(a+)+" * 39, "é̂" * 60, "ab" * 100, "\\" * 200, "ﬃ" * 200, "z" * 200):
        yield _head("GET", f"/find_child/?name={quote(words)}&number=&born_on_0=&born_on_1=&born_on_2=", mine), "", 0, ""
        yield _head("GET", f"/find_child/?name=&number={quote(words[:60])}", mine), "", 0, ""


KINDS: dict[str, Callable[[World], Iterator[Request]]] = {
    "deep JSON": deep_json, "huge forms": huge_forms, "odd lists": odd_lists, "hard words": hard_words,
}  # fmt: skip


def written(name: str, world: World, folder: Path) -> Path:
    """The requests of an attack in a file, for the process that sends them; none for one that is only slow."""
    path = folder / "requests.json"
    path.write_text(json.dumps(list(KINDS[name](world)) if name in KINDS else []))
    return path
