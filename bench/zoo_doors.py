"""The doors by which a file or a body from outside comes in, each as somebody comes to it: what it answers, and what it wrote."""

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from pathlib import Path
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from atlas.agencies.models import Post
from atlas.allocation.commands import record_allocation
from atlas.chronology.moments import Moment
from atlas.copies.channels import receipts_in
from atlas.missing.commands.report import Report, report_missing
from atlas.systems.commands import let_system_act
from tests import factories
from tests.factories import NOW
from tests.systems.given import Caller, Key, connected_system
from tests.world import World

# What a file may make, of which nothing is there where the file was refused.
WRITTEN = ("feeds_delivery", "feeds_row", "feeds_codemapping", "returns_returncheck", "missing_photograph", "missing_episode")
SAID = re.compile(r'class="govuk-error-message"[^>]*>(?:\s*<span[^>]*>[^<]*</span>)?\s*([^<]+)', re.DOTALL)


@dataclass(frozen=True)
class Answered:
    """What a door answered: its status, and what it said where it did not take what came."""

    status: int
    words: str

    @property
    def is_taken(self) -> bool:
        """Whether what came was taken in, to be previewed or shown."""
        return self.status < 400 and not self.words


@dataclass
class Doors:
    """One world, and somebody at each door."""

    world: World
    at: datetime
    clients: dict[str, Client] = field(default_factory=dict)
    caller: Caller | None = None
    address: str = ""

    def __post_init__(self) -> None:
        coordinator = self.world.coordinator
        reported = Report(reported=Moment(NOW), worry="Not home")
        other = factories.child("Robin Sample")  # the call is about a child who is not missing yet
        record_allocation(child=other, post=self.world.worker, from_at=Moment(NOW), by=factories.feed_post(self.world.authority), at=NOW)
        episode = report_missing(child=other, report=reported, by=coordinator, at=NOW)
        self.address = reverse("missing:add_photograph", args=[episode.pk])
        factories.feed_post(self.world.authority)
        officer, head = (factories.post(role, of=factories.team("Data")) for role in ("data_officer", "head_of_service"))
        for name, post in (("officer", officer), ("head", head), ("coordinator", coordinator)):
            self.clients[name] = self.client(post)
        key = Key()
        system = connected_system(coordinator.team.agency, key, at=self.at)
        client = Client(raise_request_exception=False, HTTP_HOST="127.0.0.1")
        self.caller = Caller(client, key, let_system_act(system=system, by=coordinator, at=self.at))

    def client(self, post: Post) -> Client:
        """Somebody who has signed in with this post; a fault of ours answers 500, as in service."""
        client = Client(raise_request_exception=False, HTTP_HOST="127.0.0.1")
        factories.begin_session(client, post, self.at)
        return client

    @property
    def names(self) -> "dict[str, Callable[[bytes], Answered]]":
        """Each door by its name."""
        return {
            "delivery": self.deliver, "workbook": self.compare, "return": self.check, "picture": self.show, "call": self.call,
            "receipt": receipt,
        }  # fmt: skip

    def deliver(self, content: bytes) -> Answered:
        """A file of a police force."""
        return self._send(
            "officer", reverse("feeds:receive_delivery"), file=content, layout="northmarch", is_historic="live", is_partial="whole"
        )

    def compare(self, content: bytes) -> Answered:
        """A workbook of Annex A."""
        day = {"day_0": "31", "day_1": "3", "day_2": "2026"}
        return self._send("head", reverse("returns:compare_annex_a"), workbook=content, **day)

    def check(self, content: bytes) -> Answered:
        """A return of looked-after children."""
        return self._send("officer", reverse("returns:check_return"), missing=content, year="2025")

    def show(self, content: bytes) -> Answered:
        """A photograph of a child."""
        return self._send("coordinator", self.address, photograph=content)

    def call(self, content: bytes) -> Answered:
        """A call of another agency's system."""
        assert self.caller is not None
        answer = self.caller.post(f"/api/v1/missing/children/{self.world.child.pk}/report_missing", content, at=self.at)
        return Answered(answer.status_code, "" if answer.status_code < 400 else answer.content.decode()[:300])

    def _send(self, who: str, to: str, **given: "bytes | str") -> Answered:
        files = {name: SimpleUploadedFile("odd.csv", value) for name, value in given.items() if isinstance(value, bytes)}
        answer = self.clients[who].post(to, {**given, **files, "key": uuid4().hex})
        return Answered(answer.status_code, "; ".join(unescape(words).strip() for words in SAID.findall(answer.content.decode())))


def receipt(content: bytes) -> Answered:
    """A receipt of the main case system, which lies in a folder."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "receipts").mkdir()
        (Path(folder) / "receipts/odd.json").write_bytes(content)
        [(_, _, read, words)] = receipts_in(Path(folder))
    return Answered(200 if read else 422, words)
