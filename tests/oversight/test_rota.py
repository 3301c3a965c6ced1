"""The rota: who may put whom on it, what it says of gaps, and that the database holds what the commands hold (real-life.md point 5)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from atlas.agencies.models import Post, Shift, TeamPurpose
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.oversight.commands import name_contact_point, put_on_shift, record_leave, record_skill, swap_shift, take_off_shift
from atlas.oversight.rota_rules import gaps, must_be_covered
from tests import factories
from tests.factories import NOW, at
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
NIGHT = at("5 May 2026 17:00"), at("6 May 2026 08:00")
NEXT = at("6 May 2026 17:00"), at("7 May 2026 08:00")


def night_team(world: World) -> tuple[Post, Post, Post]:
    """A manager of emergency duty, and two workers below."""
    team = factories.team("Emergency duty", TeamPurpose.EMERGENCY_DUTY)
    manager = factories.post("manager", of=team)
    return manager, *(factories.post("emergency_duty", of=team, line_manager=manager) for _ in range(2))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("purpose", "first", "needed"),
    [
        ("emergency_duty", date(2026, 5, 1), [("1 May 2026 17:00", "2 May 2026 08:00"), ("2 May 2026 08:00", "3 May 2026 08:00")]),
        (
            "emergency_duty",
            date(2026, 5, 4),
            [("4 May 2026 08:00", "5 May 2026 08:00"), ("5 May 2026 17:00", "6 May 2026 08:00")],
        ),  # a bank holiday
        ("missing", date(2026, 5, 4), [("5 May 2026 08:00", "5 May 2026 17:00")]),
        ("casework", date(2026, 5, 4), []),
    ],
)
def test_when_a_team_must_have_somebody(purpose: str, first: date, needed: list[tuple[str, str]]) -> None:
    assert must_be_covered(purpose, first, 2) == [(at(begins), at(ends)) for begins, ends in needed]


def test_what_nobody_covers_is_a_gap() -> None:
    eight = at("5 May 2026 20:00")
    assert gaps([NIGHT], []) == [NIGHT]
    assert gaps([NIGHT], [NIGHT]) == []
    assert gaps([NIGHT], [(NIGHT[0], eight), (eight + timedelta(hours=1), NIGHT[1])]) == [(eight, eight + timedelta(hours=1))]
    assert gaps([NIGHT], [(eight, NEXT[1])]) == [(NIGHT[0], eight)]


def test_who_is_put_on_swapped_and_taken_off_and_who_is_refused_in_words() -> None:
    world = make_world()
    manager, one, other = night_team(world)
    stands: dict[str, Any] = {"from_at": NIGHT[0], "until_at": NIGHT[1], "by": manager, "at": NOW}
    shift = put_on_shift(post=one, **stands)
    record_leave(post=other, covered_by=one, from_at=NEXT[0], until_at=NEXT[1] + timedelta(days=1), by=manager, at=NOW)
    later = {**stands, "from_at": NEXT[0], "until_at": NEXT[1]}
    for said, post, given in (
        ("is on leave from 6 May 2026 17:00", other, later),
        ("is on the rota already", one, stands),
        ("cannot put yourself", manager, stands),
        ("own line alone", world.worker, stands),
        ("before the beginning", other, {**stands, "until_at": NIGHT[0]}),
        ("This time is over", other, {**stands, "from_at": NOW - timedelta(hours=9), "until_at": NOW - timedelta(hours=1)}),
        ("24 hours at most", other, {**stands, "until_at": NEXT[1]}),
    ):
        with pytest.raises(Invalid, match=said):
            put_on_shift(post=post, **given)
    with pytest.raises(Refused):
        put_on_shift(post=other, **{**stands, "by": one})
    with pytest.raises(Invalid, match="on leave"):
        swap_shift(
            shift=put_on_shift(post=one, **{**stands, "from_at": NEXT[0], "until_at": NEXT[0] + timedelta(hours=2)}),
            to=other,
            by=manager,
            at=NOW,
        )
    theirs = put_on_shift(
        post=other, **{**stands, "from_at": NEXT[1] + timedelta(days=2), "until_at": NEXT[1] + timedelta(days=2, hours=8)}
    )
    swap_shift(shift=shift, to=other, instead=theirs, by=manager, at=NOW)
    held = set(Shift.objects.filter(is_leave=False, from_at__in=[NIGHT[0], theirs.from_at]).values_list("post", "from_at"))
    assert held == {(other.pk, NIGHT[0]), (one.pk, theirs.from_at)}
    taken = take_off_shift(shift=Shift.objects.get(post=other, from_at=NIGHT[0]), by=manager, at=NIGHT[0] + timedelta(hours=1))
    assert taken.until_at == NIGHT[0] + timedelta(hours=1)  # what is over stays written
    with pytest.raises(Invalid, match="not over"):
        take_off_shift(shift=taken, by=manager, at=NIGHT[1])


def test_the_login_alone_gives_nobody_a_duty_nor_a_skill_nor_a_contact_point() -> None:
    world = make_world()
    manager, one, other = night_team(world)
    shift = put_on_shift(post=one, from_at=NIGHT[0], until_at=NIGHT[1], by=manager, at=NOW)
    over = factories.shift(other, date(2026, 5, 1), 8)
    record_skill(post=one, kind="gangs", until_on=date(2027, 1, 1), by=manager, at=NOW)  # type: ignore[arg-type]
    point = name_contact_point(agency=one.team.agency, post=one, deputy=other, by=manager, at=NOW)
    statements = (
        ("UPDATE agencies_shift SET post_id = %s WHERE id = %s", [manager.pk, shift.pk]),  # to oneself
        ("UPDATE agencies_shift SET post_id = %s WHERE id = %s", [world.worker.pk, shift.pk]),  # to somebody outside the line
        ("UPDATE agencies_shift SET team_id = %s WHERE id = %s", [world.missing_team.pk, shift.pk]),
        ("UPDATE agencies_shift SET is_leave = true WHERE id = %s", [shift.pk]),
        ("DELETE FROM agencies_shift WHERE id = %s", [over.pk]),
        ("INSERT INTO agencies_shift SELECT gen_random_uuid(), from_at, until_at, false, %s, team_id, NULL FROM agencies_shift WHERE id = %s",
         [manager.pk, shift.pk]),
        ("UPDATE agencies_skill SET until_on = '2040-01-01' WHERE post_id = %s", [one.pk]),
        ("DELETE FROM agencies_skill WHERE post_id = %s", [one.pk]),
        ("UPDATE agencies_contactpoint SET post_id = %s WHERE id = %s", [world.police.pk, point.pk]),
        ("DELETE FROM agencies_contactpoint WHERE id = %s", [point.pk]),
    )  # fmt: skip
    for post in (manager, one, world.stranger):
        for statement, given in statements:
            with (
                acting_as(post, NOW),
                connection.cursor() as cursor,
                pytest.raises(DatabaseError, match=r"whoever is above|by a manager"),
                transaction.atomic(),
            ):
                cursor.execute(statement, given)
    with (
        acting_as(one, NOW),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):  # nor does a colleague, in good order
        cursor.execute("UPDATE agencies_shift SET post_id = %s WHERE id = %s", [other.pk, shift.pk])


def test_the_page_shows_two_weeks_gaps_and_who_is_away(signed_in: Any) -> None:
    world = make_world()
    manager, one, other = night_team(world)
    put_on_shift(post=one, from_at=NIGHT[0], until_at=NIGHT[1], by=manager, at=NOW)
    record_leave(post=other, covered_by=one, from_at=NEXT[0], until_at=NEXT[1], by=manager, at=NOW)
    client = signed_in(manager, NOW)
    page = client.get(reverse("oversight:view_rota")).content.decode()
    for words in (
        one.user.name,
        "17:00 to 08:00 the next day",
        "Fill this gap",
        f"Away: {other.user.name}",
        "product default, not law",
    ):
        assert words in page, words
    assert "Fill this gap" not in signed_in(world.worker, NOW).get(reverse("oversight:view_rota")).content.decode()
    client = signed_in(manager, NOW)
    address = reverse("oversight:put_on_shift", args=[manager.team_id])
    page = client.get(f"{address}?from=2026-05-06T17:00&until=2026-05-07T08:00").content.decode()
    assert 'value="17:00"' in page
    assert manager.user.name not in page.split("Who?")[1]
    given = {"post": str(other.pk), "key": "k" * 36}
    for name, moment in (("from_at", NEXT[0]), ("until_at", NEXT[1])):
        given |= {
            f"{name}_{number}": str(part)
            for number, part in enumerate((moment.day, moment.month, moment.year, f"{moment:%H:%M}", "minute"))
        }
    answered = client.post(address, given)
    assert answered.status_code == 422
    assert "is on leave" in answered.content.decode()
    shift = Shift.objects.get(post=one)
    swap = reverse("oversight:swap_shift", args=[shift.pk])
    assert "nobody can take this shift" not in client.get(swap).content.decode()
    swapped = client.post(swap, {"to": f"post:{other.pk}", "key": "s" * 36})
    assert swapped.status_code == 302
    assert (
        client.post(
            reverse("oversight:take_off_shift", args=[Shift.objects.get(post=other, is_leave=False).pk]), {"key": "t" * 36}
        ).status_code
        == 302
    )
    assert not Shift.objects.filter(is_leave=False).exists()


def test_a_shift_that_nobody_else_can_take_says_so(signed_in: Any) -> None:
    world = make_world()
    manager, one, other = night_team(world)
    shift = put_on_shift(post=one, from_at=NIGHT[0], until_at=NIGHT[1], by=manager, at=NOW)
    Post.objects.filter(pk=other.pk).update(until_on=NOW.date() - timedelta(days=1))
    page = signed_in(manager, NOW).get(reverse("oversight:swap_shift", args=[shift.pk])).content.decode()
    assert "nobody can take this shift" in page
