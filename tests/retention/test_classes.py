"""How long records are kept is set by two people, as rows; when one child's record may go follows from what is known of the child."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, transaction

from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.retention.commands import record_retention_date, set_retention_class
from atlas.retention.models import RetentionClass
from atlas.retention.queries import classes_in_force, reckoned
from atlas.retention.rules import STILL_OPEN, Group
from atlas.statuses.commands.record import Said, record_status
from atlas.statuses.models import Spell
from tests import factories
from tests.factories import NOW
from tests.retention.given import LATER, SET, TOMORROW, Keepers, agreed, born, class_of, decided, keepers

pytestmark = pytest.mark.django_db


def day_of(given: Keepers, child: object) -> tuple[date | None, str]:
    """From when nothing keeps the child's record, two days on; and why no day can be said."""
    with acting_as(given.privacy, LATER):
        (found,) = reckoned(given.world.authority, LATER.date(), child.pk)  # type: ignore[attr-defined]
    return found.due.on, " ".join(found.due.why)


def test_what_no_statute_says_keeps_until_two_people_have_decided() -> None:
    given = keepers()
    child = born(date(2011, 3, 27))
    with acting_as(given.privacy, NOW):
        classes = classes_in_force(given.world.authority, NOW.date() + timedelta(days=999))
    assert {group for group, one in classes.items() if one.years is None} == {
        Group.CHILD_PROTECTION, Group.CHILD_IN_NEED, Group.ALLEGATION, Group.KNOWN,
    }  # fmt: skip
    decided(given, Group.KNOWN)
    assert class_of(given, Group.KNOWN, NOW).years is None  # not before the day on which it begins
    assert day_of(given, child) == (date(2036, 3, 27), "")


def test_one_person_alone_sets_nothing_also_in_the_database() -> None:
    given = keepers()
    known = class_of(given, Group.KNOWN)
    proposal = set_retention_class(retention_class=known, given=SET, because="Decided", by=given.privacy, at=NOW)
    with acting_as(given.privacy, NOW), pytest.raises(ProgrammingError), transaction.atomic():
        RetentionClass(
            authority=given.world.authority, group="known", counted_from="birth", years=1, ground="x", source="x", from_on=TOMORROW,
            instead_of=known, set_by=given.privacy, set_at=NOW,
        ).save(force_insert=True)  # fmt: skip
    agreed(proposal, given.head)
    with acting_as(given.head, LATER):
        assert class_of(given, Group.KNOWN, LATER).set_by == given.head
    with pytest.raises(Refused):
        set_retention_class(retention_class=known, given=SET, because="Decided", by=given.world.manager, at=NOW)


WRONG = [
    (Group.KNOWN, {"years": 0}, "number of years"),
    (Group.KNOWN, {"from_on": NOW.date()}, "or later"),
    (Group.KNOWN, {"source": " "}, "who decided it"),
    (Group.LOOKED_AFTER, {"years": 74}, "The law asks for 75 years"),
    (Group.LOOKED_AFTER, {"counted_from": "last_contact", "years": 90}, "The law asks for 75 years"),
]


def test_what_is_wrong_is_said() -> None:
    given = keepers()
    for group, other, said in WRONG:
        with pytest.raises(Invalid, match=said):
            set_retention_class(
                retention_class=class_of(given, group), given=replace(SET, **other), because="Decided", by=given.privacy, at=NOW  # type: ignore[arg-type]
            )  # fmt: skip


def test_the_longest_class_by_what_is_known_of_the_child() -> None:
    given = keepers()
    decided(given, Group.CHILD_IN_NEED, "last_contact", 3)
    child, feed = born(date(2011, 3, 27)), factories.feed_post()
    need = Said(Spell, "S1", date(2020, 1, 1), date(2021, 1, 1), NOW, (("status", "child_in_need"),))
    record_status(child=child, said=need, by=feed, at=NOW)
    assert day_of(given, child) == (
        date(2029, 6, 1).replace(year=NOW.year + 3, month=NOW.month, day=NOW.day),
        "",
    )  # last heard of when it was delivered
    record_status(
        child=child, said=Said(Spell, "S2", date(2021, 1, 2), date(2022, 1, 1), NOW, (("status", "looked_after"),)), by=feed, at=NOW
    )
    assert day_of(given, child) == (date(2086, 3, 27), "")
    with pytest.raises(Invalid, match="still to come"):
        record_retention_date(child=child, kind="adoption_order", on=TOMORROW, source_words="Order", by=given.privacy, at=NOW)
    record_retention_date(
        child=child, kind="adoption_order", on=date(2021, 6, 1), source_words="Court bundle, box 4", by=given.privacy, at=NOW
    )
    assert day_of(given, child) == (date(2121, 6, 1), "")
    assert day_of(given, given.world.child) == (None, STILL_OPEN)  # somebody works with this one


def test_nobody_else_is_told_anything() -> None:
    given = keepers()
    for post in (given.world.worker, given.world.coordinator):
        with acting_as(post, NOW):
            assert reckoned(given.world.authority, NOW.date()) == []
