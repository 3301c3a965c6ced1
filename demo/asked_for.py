"""Requests for a child's record: a mother's, which waits to be looked at; and a girl's own, which is being answered."""

from datetime import datetime, timedelta

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.gate.days import day_of
from atlas.subject_access.commands.requests import Accepted, accept_subject_request, receive_subject_request
from atlas.subject_access.commands.weighing import gather_record
from atlas.subject_access.models import SubjectAccessRequest
from atlas.subject_access.rules import Asks


def ask(named: dict[str, Post], children: list[Child], now: datetime) -> None:
    """The privacy officer writes both down, and lets the second in."""
    privacy, officer = named["privacy.officer"], named["information.rights"]
    first, second = children[:2]
    at = now - timedelta(days=5)
    receive_subject_request(
        child=first, asks=Asks.PARENT, name="Her mother", words="Everything that social services wrote about my daughter, and where she is now",
        received_on=day_of(at - timedelta(days=1)), by=privacy, at=at,
    )  # fmt: skip
    at = now - timedelta(days=16)
    request = receive_subject_request(
        child=second, asks=Asks.CHILD, name="The young person", words="What you wrote about me when I went missing, and who said it",
        received_on=day_of(at - timedelta(days=1)), by=privacy, at=at,
    )  # fmt: skip
    accepted = Accepted(
        "Known to her advocate, who came with her", "", None, None, None, day_of(at), SubjectAccessRequest.How.IN_PERSON, 
        "She reads it in our office, with her advocate", officer,
    )  # fmt: skip
    accept_subject_request(request=request, accepted=accepted, by=privacy, at=at)
    gather_record(request=request, by=officer, at=now - timedelta(days=2))
