"""Two people for one act, in a database in which things are committed."""

from datetime import timedelta
from typing import Any

import pytest

from atlas.gate.act import Conflict
from atlas.gate.commands import approve_proposal
from atlas.gate.context import acting_as
from atlas.gate.models import Restriction
from tests import factories
from tests.factories import NOW
from tests.gate.test_proposals import Guarded, clear, in_database_only


def test_an_earlier_approval_opens_nothing_later(own_database: Any) -> None:
    given = Guarded()
    approve_proposal(proposal=given.propose(), by=given.privacy, at=NOW)
    assert given.is_lifted
    with acting_as(given.privacy, NOW):
        assert Restriction.objects.filter(pk=given.restriction.pk).update(until_at=NOW + timedelta(days=1)) == 0


def test_where_one_of_the_two_must_hold_a_role(own_database: Any) -> None:
    first, second = (factories.post("head_of_service", of=factories.team(name)) for name in ("Leadership", "Quality"))
    proposal = clear(factories.post("practitioner"), first)
    with pytest.raises(Conflict, match="second person"):
        approve_proposal(proposal=proposal, by=second, at=NOW)
    in_database_only(proposal, second)
