"""The HTTP API: the same gate and commands as the pages, for a person who lets a system act; anything else is let in nowhere."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import DatabaseError, connection, transaction
from django.test import Client

from atlas.accounts.models import SignIn, Way
from atlas.agencies.commands import end_post
from atlas.agencies.models import User
from atlas.allocation.commands import receive_child, record_allocation
from atlas.children.commands import Known
from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Look, Outcome
from atlas.gate.policy import ROLES, Kind
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.models import Episode, ReturnInterview
from atlas.people.models import IdentifierKind
from atlas.systems.commands import end_system, end_system_grant, let_system_act, register_system
from atlas.systems.hooks import public_key
from atlas.systems.jobs import tell_system
from atlas.systems.models import ConnectedSystem, SystemCall, SystemGrant
from atlas.systems.rules import GRANT_LIFE, MOST_CALLS
from tests import factories
from tests.factories import NOW, of_job
from tests.guards.reading import operations
from tests.missing.test_spine import BACK, returned
from tests.systems.given import Caller, Key, connected_system, proposed
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
EPISODES = "/api/v1/missing/episodes"
REPORT = {"reported": {"at": "2026-05-01T10:00:00+01:00"}, "worry": "Not home, and the telephone is off"}
HOUR = timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def calls(client: Client, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Callable[..., Caller]]":
    """Connect a system of a post's agency, let it act for the post, and give what calls; the door's clock stands at NOW, or as given."""

    def let(post: Any, at: Any = NOW, hook: str = "") -> Caller:
        monkeypatch.setattr("atlas.agencies.middleware.timezone.now", lambda: at)
        key = Key()
        system = connected_system(post.team.agency, key, at=at, hook=hook)
        return Caller(client, key, let_system_act(system=system, by=post, at=at))

    yield let


def receiver(heard: list[tuple[dict[str, str], bytes]]) -> HTTPServer:
    """A system's own server, which keeps what it was told."""

    class Hears(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Hears)
    Thread(target=server.serve_forever, daemon=True).start()
    return server


def jobs_of(task: str) -> list[dict[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s", [task])
        return [json.loads(args) if isinstance(args, str) else args for (args,) in cursor.fetchall()]


def tell_at(at: datetime, **given: str) -> None:
    """What the job does, when it runs at that moment."""
    with patch("atlas.systems.jobs.timezone.now", lambda: at), patch("atlas.systems.jobs.give_back", lambda: None):
        tell_system.func(of_job(7), **given)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def missing(world: World, at: Any = NOW) -> Episode:
    return report_missing(child=world.child, report=Report(reported=Moment(at), worry="Not home"), by=world.coordinator, at=at)


def test_a_child_is_reported_missing_once_looked_for_and_back_and_the_clock_runs(world: World, calls: Any) -> None:
    system = calls(world.coordinator)
    reported = {**REPORT, "reported": {"at": NOW.isoformat()}, "risk_factors": ["under_13"]}
    path = f"/api/v1/missing/children/{world.child.pk}/report_missing"
    first = system.post(path, reported, key="report-1")
    again = system.post(path, reported, key="report-1")
    assert (first.status_code, again.status_code, first.content) == (200, 200, again.content)
    episode = first.json()
    assert (episode["state"], episode["child"]["name"], episode["police_reference"]) == ("missing", world.child.name, "")
    other = system.post(path, {**reported, "worry": "Something else"}, key="report-1")
    assert other.status_code == 409
    assert system.post(path, reported).json()["detail"].startswith("This child is already recorded as missing.")
    seen = {"kind": "sighting", "happened": {"at": NOW.isoformat(), "precision": "about"}, "source": "A bus driver"}
    assert system.post(f"{EPISODES}/{episode['id']}/record_contact_or_sighting", seen).status_code == 200
    back = system.post(f"{EPISODES}/{episode['id']}/record_return", {"returned": {"at": NOW.isoformat()}})
    assert instant(back.json()["returned"]["at"]) == NOW
    [clock] = [one for one in system.get(f"/api/v1/clocks?about={episode['id']}").json() if one["limit"] == "return_interview"]
    assert (clock["outcome"], instant(clock["due"])) == ("running", NOW + timedelta(hours=72))
    [interview] = system.get("/api/v1/return_interviews").json()["interviews"]
    assert (interview["state"], interview["episode"]) == ("due", episode["id"])
    with acting_as(world.coordinator, NOW):
        acts = Act.objects.filter(command="report_missing", outcome=Outcome.DONE)
        assert [(act.post_id, bool(act.session)) for act in acts] == [(world.coordinator.pk, True)]


def test_each_answer_is_a_look_of_the_person_and_holds_no_place_and_no_free_word(world: World, calls: Any) -> None:
    system, episode = calls(world.worker), missing(world)
    answer = system.get(f"{EPISODES}/{episode.pk}")
    assert answer.json()["reference"] == episode.reference
    assert (answer["Cache-Control"], answer["Protective-Marking"]) == ("no-store", "OFFICIAL-SENSITIVE")
    assert b"Not home" not in answer.content
    with acting_as(world.worker, NOW):
        look = Look.objects.get(page="view_episode")
        assert (look.post_id, look.children, bool(look.session), bool(look.relationships)) == (
            world.worker.pk,
            [world.child.pk],
            True,
            True,
        )


def test_a_child_is_found_by_a_number_that_the_person_may_see_and_the_terms_are_kept(world: World, calls: Any) -> None:
    by, known = factories.feed_post(), Known("Rowan", "Sample", None, identifiers=((IdentifierKind.COUNCIL, "main", "FER-10001"),))
    child = receive_child(known=known, responsible=world.authority, host=None, source="main", by=by, at=NOW)
    record_allocation(child=child, post=world.worker, from_at=Moment(NOW), by=by, at=NOW)
    asked = "/api/v1/missing/children?kind=council&number=FER-10001"
    assert [one["id"] for one in calls(world.worker).get(asked).json()] == [str(child.pk)]
    assert calls(world.stranger).get(asked).json() == []
    with acting_as(world.worker, NOW):
        assert len(Look.objects.get(page="find_child").terms or ()) == 1


def test_return_interviews_are_offered_and_arranged_and_what_a_child_said_is_not_read(world: World, calls: Any) -> None:
    interview = returned(world)
    system, path = calls(world.interviewer, BACK + HOUR), f"/api/v1/return_interviews/{interview.pk}"
    at = BACK + HOUR
    offer = {"method": "in_person", "offered": {"at": at.isoformat()}, "answer": "yes"}
    assert system.post(f"{path}/offer_interview", offer, at=at).json()["state"] == "accepted"
    meets = {"meets_at": (at + HOUR).isoformat(), "place": "The library"}
    assert system.post(f"{path}/book_interview", meets, at=at).json()["state"] == "booked"
    carer = {**offer, "method": "through_carer"}
    refused = system.post(f"{path}/offer_interview", carer, at=at)
    assert (refused.status_code, refused.json()["field"]) == (422, "answer")
    assert set(system.get(path, at=at).json()) & {"before_words", "places", "people"} == set()
    with acting_as(world.interviewer, at):
        assert ReturnInterview.objects.get(pk=interview.pk).state == "booked"


BAD: list[tuple[dict[str, Any], str]] = [
    ({**REPORT, "reported": {"at": "2026-02-30T10:00:00Z"}}, "reported.at"),  # an impossible date
    ({**REPORT, "reported": {"on": "05/13/2026"}}, "reported.on"),  # an American one
    ({**REPORT, "reported": {"at": "2026-05-01T10:00:00"}}, "reported.at"),  # no zone
    ({**REPORT, "reported": {"at": "2026-05-01T10:00:00Z", "on": "2026-05-01"}}, "reported"),
    ({**REPORT, "reported": {}}, "reported"),
    ({**REPORT, "risk_factors": ["unheard of"]}, "risk_factors.0"),
    ({**REPORT, "worry": ""}, "worry"),
    ({"reported": {"at": "2031-05-01T10:00:00Z"}, "worry": "To come"}, "reported"),
]


@pytest.mark.parametrize(("said", "field"), BAD)
def test_what_cannot_be_is_said_at_its_field_and_changes_nothing(world: World, calls: Any, said: dict[str, Any], field: str) -> None:
    answer = calls(world.coordinator).post(f"/api/v1/missing/children/{world.child.pk}/report_missing", said)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.content
    with acting_as(world.coordinator, NOW):
        assert not Episode.objects.exists()


def test_without_a_key_or_with_a_body_that_is_none_nothing_is_done(world: World, calls: Any) -> None:
    system, path = calls(world.coordinator), f"/api/v1/missing/children/{world.child.pk}/report_missing"
    assert [system.post(path, REPORT, key=key).status_code for key in (None, "short", "with spaces in it")] == [400, 400, 400]
    assert system.post(path, b"{not json").status_code in (400, 422)
    assert system.post(path, b"x" * 300_000).status_code == 413
    with acting_as(world.coordinator, NOW):
        assert not Episode.objects.exists()


FORGED: dict[str, dict[str, Any]] = {
    "another key": {"private": Key().private},
    "another system": {"system": uuid4()},
    "another grant": {"grant": uuid4()},
    "another address": {"audience": "https://elsewhere.example/"},
    "another method": {"method": "POST"},
    "another path": {"path": f"{EPISODES}?is_open=false"},
    "another body": {"body": b"{}"},
    "too old": {"signed_at": NOW - timedelta(seconds=95)},
    "still to come": {"signed_at": NOW + timedelta(seconds=31)},
}
FORGED_CAME = ["forged", "unknown_subject", "ended", "audience", "replayed", "replayed", "replayed", "expired", "expired"]


def test_a_forged_an_old_and_a_repeated_call_get_one_answer_and_the_record_holds_the_reason(world: World, calls: Any) -> None:
    system = calls(world.coordinator)
    answers = {name: system.get(EPISODES, **other) for name, other in FORGED.items()}
    without = [system.client.get(EPISODES), system.client.get(EPISODES, headers={"Authorization": "Bearer x.y.z"})]
    assert {(one.status_code, one.content) for one in (*answers.values(), *without)} == {(401, without[0].content)}
    came = list(SignIn.objects.filter(way=Way.SYSTEM).order_by("pk").values_list("came", flat=True))
    assert came == [*FORGED_CAME, "forged", "forged"]
    token = {"Authorization": f"Bearer {system.token('GET', EPISODES, b'', NOW)}"}
    assert [system.client.get(EPISODES, headers=token).status_code for _ in range(2)] == [200, 401]
    assert SignIn.objects.filter(way=Way.SYSTEM, came="replayed").count() == 4


def test_whatever_ends_ends_at_the_next_call(world: World, calls: Any) -> None:
    admin = factories.administrator()
    second = factories.post("missing_coordinator", of=world.missing_team)
    ends: list[Callable[[SystemGrant], object]] = [
        lambda grant: end_system_grant(grant=grant, by=grant.post, at=NOW),
        lambda grant: end_system(system=grant.system, by=admin, at=NOW),
        lambda grant: User.objects.filter(pk=grant.post.user_id).update(is_active=False),
        lambda grant: User.objects.filter(pk=grant.post.user_id).update(session_epoch=7),
        lambda grant: end_post(post=grant.post, last_on=None, by=admin, at=NOW),
    ]
    for end, post in zip(ends, [world.worker, world.police, world.interviewer, world.manager, second], strict=True):
        system = calls(post)
        assert system.get(EPISODES).status_code == 200
        end(system.grant)
        assert system.get(EPISODES).status_code == 401


def test_a_grant_lasts_twelve_hours_and_calls_are_counted(world: World, calls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    system = calls(world.worker)
    late = NOW + GRANT_LIFE - timedelta(seconds=1)
    monkeypatch.setattr("atlas.agencies.middleware.timezone.now", lambda: late)
    assert system.get(EPISODES, at=late).status_code == 200
    monkeypatch.setattr("atlas.agencies.middleware.timezone.now", lambda: NOW + GRANT_LIFE)
    assert system.get(EPISODES, at=NOW + GRANT_LIFE).status_code == 401
    monkeypatch.setattr("atlas.agencies.middleware.timezone.now", lambda: late)
    SystemCall.objects.bulk_create(SystemCall(grant=system.grant, number=str(one), called_at=late) for one in range(MOST_CALLS))
    assert system.get(EPISODES, at=late).status_code == 429


def test_two_people_connect_a_system_and_one_lets_it_act_for_oneself_alone_in_the_database_too(world: World, calls: Any) -> None:
    key, agency, admin = Key(), world.worker.team.agency, factories.administrator()
    proposed(agency, key)
    assert not ConnectedSystem.objects.exists()
    for name, wrong in (("", Key().public), ("Northlight", "not a key"), ("Northlight", "00" * 31)):
        with pytest.raises(Invalid):
            register_system(agency=agency, name=name, public_key=wrong, because="Why", by=admin, at=NOW)
    made = {"agency": agency, "name": "Northlight", "public_key": key.public, "hook": "", "registered_by": admin, "registered_at": NOW}
    with pytest.raises(DatabaseError), acting_as(admin, NOW), transaction.atomic():
        ConnectedSystem.objects.create(**made)
    system = connected_system(agency, Key())
    for change in ({"public_key": "00" * 32}, {"name": "Other"}, {"agency": world.police.team.agency}):
        with pytest.raises(DatabaseError), acting_as(admin, NOW), transaction.atomic():
            ConnectedSystem.objects.filter(pk=system.pk).update(**change)
    with pytest.raises(Invalid):
        let_system_act(system=system, by=world.police, at=NOW)  # another agency's
    grant = let_system_act(system=system, by=world.worker, at=NOW)
    other = {"system": system, "post": world.manager, "purpose": grant.purpose, "session_epoch": 0, "from_at": NOW, "until_at": NOW + HOUR}
    with pytest.raises(DatabaseError), acting_as(world.worker, NOW), transaction.atomic():
        SystemGrant.objects.create(**other)
    with pytest.raises(DatabaseError), acting_as(world.worker, NOW), transaction.atomic():
        SystemGrant.objects.filter(pk=grant.pk).update(until_at=NOW + timedelta(days=9))
    with pytest.raises(Invalid, match="not yours"):
        end_system_grant(grant=grant, by=world.manager, at=NOW)


def test_every_operation_is_shut_to_every_role_for_a_foreign_child(world: World, calls: Any) -> None:
    """A3, for the API: every operation, as a post of every role that has a grant, about a child of another authority."""
    episode = missing(world)
    ids = {"episodes": episode.pk, "children": world.child.pk, "return_interviews": uuid4()}
    elsewhere = factories.authority("Otherham")
    asked = 0
    for role in [role.key for role in ROLES if "let_system_act" in role.permissions]:
        post = factories.post(role, of=factories.team(f"Otherham {role}", of=factories.agency("Otherham Council", of=elsewhere)))
        for kind in (Kind.MISSING_DUTY, Kind.MISSING_COORDINATOR):
            factories.duty(kind, elsewhere, post=post)
        system = calls(post)
        for method, where, function in operations():
            assert function.needs, where
            path = (
                where.replace("{pk}", str(ids[where.split("/")[4] if "missing" in where else "return_interviews"]))
                if "{pk}" in where
                else where
            )
            path += "?kind=council&number=FER-10001" if where.endswith("/children") else ""
            answer = system.get(path) if method == "GET" else system.post(path, VALID[function.__name__])
            asked += 1
            if function.about is not None:
                assert answer.status_code == 404, (role, where, answer.status_code, answer.content)
            elif answer.status_code == 200:
                assert str(world.child.pk) not in answer.content.decode(), (role, where)
            else:
                assert answer.status_code == 404, (role, where)
    assert asked >= 12 * 15
    assert {function.__name__ for method, _, function in operations() if method == "POST"} == set(VALID)


VALID: dict[str, dict[str, Any]] = {
    "report_missing": REPORT,
    "record_contact_or_sighting": {"kind": "sighting", "happened": {"at": NOW.isoformat()}, "source": "A bus driver"},
    "record_police_status": {"status": "MIS", "changed_at": NOW.isoformat()},
    "record_police_grade": {"grade": "HIGH", "graded_at": NOW.isoformat()},
    "record_police_reference": {"police_reference": "NM/1", "told": {"at": NOW.isoformat()}},
    "record_found": {"found": {"at": NOW.isoformat()}},
    "record_return": {"returned": {"at": NOW.isoformat()}},
    "offer_interview": {"method": "in_person", "offered": {"at": NOW.isoformat()}},
    "record_receipt": {"state": "filed", "reference": "DOC-1"},
    "book_interview": {"meets_at": NOW.isoformat(), "place": "The library"},
}


def test_a_system_is_told_which_record_changed_once_signed_and_only_while_somebody_is_there_who_may_see_it(
    world: World, calls: Any
) -> None:
    heard: list[tuple[dict[str, str], bytes]] = []
    server = receiver(heard)
    hook = f"http://127.0.0.1:{server.server_port}/atlas"
    try:
        system = calls(world.coordinator, hook=hook)
        stranger = connected_system(world.police.team.agency, Key(), hook=hook)  # nobody lets this one act
        episode = missing(world)
        record = {"label": "missing.Episode", "record": str(episode.pk)}
        queued = {(job["system"], job["record"]) for job in jobs_of("systems.tell_system")}
        assert queued == {(str(one), str(episode.pk)) for one in (system.grant.system_id, stranger.pk)}  # once each, whatever happened
        for one in (system.grant.system_id, stranger.pk):
            tell_at(NOW, system=str(one), **record)
        [(headers, body)] = heard
        assert json.loads(body) == {"what": "missing_episode", "id": str(episode.pk)}
        signed = b".".join((headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body))
        signature = b64decode(headers["webhook-signature"].removeprefix("v1a,"))
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key())).verify(signature, signed)
        factories.guard(world.child, "restricted", world.worker)
        tell_at(NOW, system=str(system.grant.system_id), **record)
        end_system(system=system.grant.system, by=factories.administrator(), at=NOW)
        tell_at(NOW, system=str(system.grant.system_id), **record)
        assert len(heard) == 1
    finally:
        server.shutdown()
    with pytest.raises(Invalid, match="https"):
        proposed(world.worker.team.agency, Key(), hook="http://example.org/")
