"""A job on behalf of a person: judged at the run and again at delivery, marked in the record, and nothing of it left where the right is lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

import verify_audit
from atlas.agencies.models import Agency, Post, User
from atlas.audit.sealing import leaf
from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid, Refused
from atlas.gate.behalf import Behalf, job_now
from atlas.gate.context import acting_as, current_subject
from atlas.gate.models import Act, Block, Outcome, Relationship
from atlas.gate.policy import Purpose
from atlas.missing.codes import ContactKind
from atlas.missing.commands.episode import record_contact_or_sighting
from atlas.missing.models import ContactOrSighting
from atlas.running.behalf import Errand, carry
from tests import factories
from tests.factories import NOW
from tests.missing.test_spine import reported
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(hours=1)


@dataclass
class Told:
    """A job that writes a sighting down on somebody's behalf; `meanwhile` happens after it was made and before it is delivered."""

    world: World
    meanwhile: Callable[[World], object] = lambda world: None
    purposes: list[Purpose] = field(default_factory=list)
    stopped: list[Refused | Invalid] = field(default_factory=list)

    def run(self, behalf: Behalf) -> bool:
        episode = reported(self.world)

        def make(by: Post, at: datetime) -> str:
            with acting_as(by, at) as subject:
                self.purposes.append(subject.purpose)
            self.meanwhile(self.world)
            return "Station"

        def deliver(place: str, by: Post, at: datetime, key: str) -> ContactOrSighting:
            return record_contact_or_sighting(
                episode=episode,
                kind=ContactKind.SIGHTING,
                happened_at=Moment(NOW),
                source="A bus driver",
                place=place,
                by=by,
                at=at,
                **keyed(key),
            )

        def stopped(by: Post, at: datetime, problem: Refused | Invalid) -> None:
            self.stopped.append(problem)

        return carry(behalf, Errand("tests.tell", make, deliver, stopped), lambda: SOON)


def keyed(key: str) -> dict[str, Any]:
    return {"key": key}


def ended(world: World) -> None:
    Post.objects.filter(pk=world.worker.pk).update(until_on=SOON.date() - timedelta(days=1))


def suspended(world: World) -> None:
    User.objects.filter(pk=world.worker.user_id).update(is_active=False)


def lapsed(world: World) -> None:
    Agency.objects.filter(pk=world.worker.team.agency_id).update(agreement_until=SOON.date() - timedelta(days=1))


def another_role(world: World) -> None:
    Post.objects.filter(pk=world.worker.pk).update(role="business_support")


def relationship_ended(world: World) -> None:
    with acting_as(factories.feed_post(), SOON):
        Relationship.objects.filter(child=world.child, holder_post=world.worker).update(until_at=SOON)


def blocked(world: World) -> None:
    with acting_as(world.worker, SOON):
        Block(child=world.child, user=world.worker.user, because="cousin", from_at=SOON, made_by=world.worker).save(force_insert=True)


def guarded(level: str) -> Callable[[World], None]:
    def guard(world: World) -> None:
        factories.guard(world.child, level, at=SOON)

    return guard


LOSSES = {
    "the post ends": ended,
    "the account is suspended": suspended,
    "the agreement lapses": lapsed,
    "another role": another_role,
    "the relationship ends": relationship_ended,
    "a block": blocked,
    "the child is restricted": guarded("restricted"),
    "the child is hidden": guarded("hidden"),
}


def behalf_of(world: World, purpose: Purpose = Purpose.MISSING_RESPONSE) -> Behalf:
    return Behalf(world.worker.pk, purpose, "key-1")


def test_what_a_job_does_is_the_person_s_and_says_that_the_service_did_it() -> None:
    world = make_world()
    told = Told(world)
    assert told.run(behalf_of(world))
    with acting_as(world.worker, SOON):
        act = Act.objects.get(command="record_contact_or_sighting")
        assert (act.post, act.on_behalf, act.purpose, act.key) == (world.worker, "tests.tell", "missing_response", "key-1")
        assert not Act.objects.exclude(on_behalf=None).exclude(pk=act.pk).exists()
    assert told.purposes == [Purpose.MISSING_RESPONSE]  # the role's first is another
    assert (job_now(), current_subject(), told.stopped) == (None, None, [])


def test_the_same_job_twice_is_once() -> None:
    world = make_world()
    told = Told(world)
    told.run(behalf_of(world))
    with acting_as(world.worker, SOON):
        episode = ContactOrSighting.objects.get().episode
    carry(
        behalf_of(world),
        Errand(
            "tests.tell", lambda by, at: None,
            lambda made, by, at, key: record_contact_or_sighting(
                episode=episode, kind=ContactKind.SIGHTING, happened_at=Moment(NOW), source="A bus driver", place="Station", by=by, at=at, **keyed(key)
            ),
            lambda by, at, problem: None,
        ),
        lambda: SOON,
    )  # fmt: skip
    with acting_as(world.worker, SOON):
        assert ContactOrSighting.objects.count() == 1


@pytest.mark.parametrize("loss", LOSSES)
def test_a_right_that_is_lost_before_delivery_stops_the_job(loss: str) -> None:
    world = make_world()
    told = Told(world, meanwhile=LOSSES[loss])
    assert not told.run(behalf_of(world))
    [problem] = told.stopped
    assert isinstance(problem, Refused)
    refused = refusals(world)
    assert (refused.decision, refused.on_behalf, refused.purpose) == (problem.decision, "tests.tell", "missing_response")
    with acting_as(world.manager, SOON):
        assert not ContactOrSighting.objects.exists()


def refusals(world: World) -> Act:
    """The refusal in the record of acts, read as the post in whose name it stands, made to stand again."""
    Post.objects.filter(pk=world.worker.pk).update(until_on=None)
    User.objects.filter(pk=world.worker.user_id).update(is_active=True)
    Agency.objects.filter(pk=world.worker.team.agency_id).update(agreement_until=None)
    with acting_as(Post.objects.get(pk=world.worker.pk), SOON):
        return Act.objects.get(outcome=Outcome.REFUSED)


def test_a_purpose_that_the_role_may_not_act_for_stops_the_job() -> None:
    world = make_world()
    told = Told(world)
    assert not told.run(behalf_of(world, Purpose.AUDIT))
    [problem] = told.stopped
    assert isinstance(problem, Refused)
    assert told.purposes == [Purpose.AUDIT]


def test_the_column_changes_no_digest_of_a_row_that_was_sealed_before_it() -> None:
    """A column added later is NULL in earlier rows, and what is NULL is no part of a sealed row, for the sealer and for the verifier."""
    before: dict[str, str | None] = {"id": "7", "post_id": "a", "policy": "p", "key": None}
    after = {**before, "on_behalf": None}
    assert leaf("gate_act", before) == leaf("gate_act", after)
    texts = {name: "\\N" if text is None else text for name, text in after.items()}
    assert verify_audit.leaf_of("gate_act", texts) == leaf("gate_act", before).hex()
    assert leaf("gate_act", {**after, "on_behalf": "x"}) != leaf("gate_act", before)


def test_a_job_carries_ids_alone() -> None:
    world = make_world()
    behalf = behalf_of(world)
    assert behalf.as_arguments() == {"post": str(world.worker.pk), "purpose": "missing_response", "key": "key-1"}
    assert Behalf.of_arguments(**behalf.as_arguments()) == behalf
