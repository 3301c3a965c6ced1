"""Break-glass, rule by rule of protection.md 4.6: offered from a card, for a reason, narrow, told at once, reviewed by others (A9)."""

import re
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from atlas.accounts.sessions import PROVED
from atlas.agencies.models import Agency, AgencyKind, Post
from atlas.break_glass.commands import CARD_LASTS, Reference, break_glass, review_break_glass
from atlas.break_glass.models import BreakGlass, BreakGlassNotice, BreakGlassReview
from atlas.break_glass.queries import rates
from atlas.children.models import Child
from atlas.connections.models import Tie
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Look, Relationship
from atlas.gate.policy import CORE, Kind, Mode, Purpose, RecordKind
from atlas.gate.queries import standing
from atlas.gate.rules import may_touch
from tests import factories
from tests.break_glass.given import REASONS, block, broken, carded, guard, queued, scene, told
from tests.desk.test_find_child import FRESH
from tests.factories import NOW, at

pytestmark = pytest.mark.django_db
SENT = {"purpose": "section_47", "reason": REASONS[0], "callback": "020 7946 0777"}


def records_open(post: Post, child: Child, when: Any = NOW, mode: Mode = Mode.READ) -> set[RecordKind]:
    with acting_as(post, when, purpose=Purpose.SECTION_47) as subject:
        return {record for record in RecordKind if may_touch(standing(subject, child.pk), record, mode)}


# 1. Offered only from a match card, to roles so configured, with step-up in the last 5 minutes.


def test_it_is_offered_on_the_card_to_roles_that_hold_it(signed_in: Any) -> None:
    one = scene()
    child = one.world.child
    typed = {"name": child.name, "born_on_0": "4", "born_on_1": "3", "born_on_2": "2011"}
    page = signed_in(one.officer).post("/find_child/", typed).content.decode()
    address = re.search(r'href="(/break_glass/[^"]+)"', page)
    assert address is not None
    assert "Open a record in an emergency" in signed_in(one.officer).get(address[1]).content.decode()
    assert signed_in(one.sergeant).get(address[1]).status_code == 404  # made out to another
    health = factories.post("intelligence_officer", of=one.officer.team)
    page = signed_in(health).post("/find_child/", typed).content.decode()
    assert "Known." in page
    assert "/break_glass/" not in page


def test_a_forged_an_old_and_another_s_reference_lead_nowhere(signed_in: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    one = scene()
    text = Reference(one.world.child.pk, one.officer.pk).signed()
    assert Reference.of(text, one.officer) is not None
    assert Reference.of(text, one.sergeant) is None
    assert Reference.of(text[:-2] + "xx", one.officer) is None
    later = time.time() + CARD_LASTS + 1
    with monkeypatch.context() as patched:
        patched.setattr("django.core.signing.time.time", lambda: later)
        assert Reference.of(text, one.officer) is None
    with pytest.raises(Invalid, match="too old"):
        broken(one.officer, one.world.child.pk, reference=Reference(one.world.child.pk, one.sergeant.pk))
    # A reference alone is not enough: the database asks for the look that the search left.
    with pytest.raises(Invalid, match="too old"):
        broken(one.officer, one.world.child.pk, reference=Reference(one.world.child.pk, one.officer.pk))


def test_who_has_not_proved_within_five_minutes_is_asked_who_it_is(signed_in: Any) -> None:
    one = scene()
    address = reverse("break_glass:break_glass", args=[Reference(one.world.child.pk, one.officer.pk).signed()])
    client = signed_in(one.officer)
    session = client.session
    session[PROVED] = [str(one.officer.user_id), (NOW - timedelta(minutes=6)).timestamp()]
    session.save()
    answer = client.get(address)
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    for proved_at in (None, NOW - timedelta(minutes=6), NOW + timedelta(minutes=1)):
        with pytest.raises(Invalid, match="Show again that it is you"):
            broken(one.officer, one.world.child.pk, proved_at=proved_at)


def test_a_card_made_out_to_another_opens_nothing_by_the_command_either() -> None:
    one = scene()
    theirs = carded(one.sergeant, one.world.child.pk)
    with acting_as(one.officer, NOW, proved_at=NOW), pytest.raises(Invalid, match="card is too old"):
        break_glass(reference=theirs, purpose="section_47", reason=REASONS[0], callback="020 7946 0777", by=one.officer, at=NOW)
    with acting_as(one.sergeant, NOW):
        assert not BreakGlass.objects.exists()


@pytest.mark.parametrize(
    "role", ["privacy_officer", "school", "voluntary_worker", "return_interviewer", "intelligence_officer", "system_administrator"]
)
def test_a_role_that_does_not_hold_it_is_refused(role: str) -> None:
    one = scene()
    with pytest.raises(Refused):
        broken(factories.post(role, of=one.officer.team), one.world.child.pk)


def test_an_agency_without_a_statutory_duty_opens_nothing() -> None:
    one = scene()
    homes = factories.agency("Fern Homes", AgencyKind.HOUSING)
    with pytest.raises(Invalid, match="Your role does not open"):
        broken(factories.post("practitioner", of=factories.team("Tenancies", of=homes)), one.world.child.pk)
    reference = carded(one.officer, one.world.child.pk)
    Agency.objects.filter(pk=one.officer.team.agency_id).update(agreement_until=NOW.date() - timedelta(days=1))
    with pytest.raises((Refused, Invalid)):
        broken(Post.objects.get(pk=one.officer.pk), one.world.child.pk, reference=reference)


# 2. Purpose from five; a reason of one's own; a number to be rung back.


def test_the_purpose_is_one_of_five_that_the_role_acts_for() -> None:
    one = scene()
    for purpose in ("police_investigation", "strategy_discussion", "audit", "nothing", "looked_after"):
        with pytest.raises(Invalid, match="Choose what you act for"):
            broken(one.officer, one.world.child.pk, purpose=purpose)


def test_the_reason_is_said_in_words_of_one_s_own_and_no_copy_of_an_earlier_one() -> None:
    one = scene()
    for reason in ("urgent", "x" * 40, "urgent urgent urgent urgent urgent urgent"):
        with pytest.raises(Invalid, match="words of your own"):
            broken(one.officer, one.world.child.pk, reason=reason)
    assert broken(one.officer, one.world.child.pk)
    other = factories.child("Rowan Sample")
    for reason in (REASONS[0].upper() + "!", REASONS[0].replace("nine", "ten"), f"  {REASONS[0]}"):
        with pytest.raises(Invalid, match="You gave this reason before"):
            broken(one.officer, other.pk, reason=reason, at=NOW + timedelta(minutes=1))
    assert broken(one.sergeant, other.pk)  # the reason of another is no copy
    # The database refuses the same words too.
    with acting_as(one.officer, NOW, proved_at=NOW), connection.cursor() as cursor:
        carded(one.officer, other.pk)
        cursor.execute(
            "SELECT outcome FROM gate_break_glass(gen_random_uuid(), %s, 'section_47', %s, '1', %s, %s)",
            [other.pk, REASONS[0], NOW + timedelta(days=1), NOW + timedelta(days=2)],
        )
        assert cursor.fetchone() == ("copy",)


# 3. Core of S0, and of S1 for a statutory agency; never hidden, never blocked; read only; four hours; one child.


def test_it_opens_the_core_of_one_child_for_four_hours_and_nothing_can_be_written() -> None:
    one = scene()
    child, other = one.world.child, factories.child("Rowan Sample")
    assert records_open(one.officer, child) == set()
    assert broken(one.officer, child.pk)
    role_may = CORE & {
        RecordKind.CHILD,
        RecordKind.CONTACT,
        RecordKind.RELATIONSHIP,
        RecordKind.ALLOCATION,
        RecordKind.STATUS,
        RecordKind.MISSING,
    }
    assert records_open(one.officer, child) == role_may
    assert records_open(one.officer, child, NOW + timedelta(hours=4) - timedelta(seconds=1)) == role_may
    assert records_open(one.officer, child, NOW + timedelta(hours=4)) == set()
    assert records_open(one.officer, child, mode=Mode.WRITE) == set()
    assert records_open(one.officer, other) == set()
    with acting_as(one.officer, NOW, purpose=Purpose.SECTION_47):
        assert list(Child.objects.all()) == [child]
        assert Child.objects.update(name="Somebody") == 0


def test_a_restricted_child_is_opened_for_a_statutory_agency() -> None:
    one = scene()
    guard(one.world.child, "restricted")
    assert broken(one.officer, one.world.child.pk)
    assert RecordKind.CONTACT in records_open(one.officer, one.world.child)
    assert records_open(one.officer, one.world.child) <= CORE


@pytest.mark.parametrize("how", ["blocked", "hidden", "absent"])
def test_blocked_hidden_and_absent_are_answered_alike_and_open_nothing(signed_in: Any, how: str) -> None:
    one = scene()
    child = one.world.child
    pk = uuid4() if how == "absent" else child.pk
    reference = carded(one.officer, pk) if how != "absent" else Reference(pk, one.officer.pk)
    if how == "blocked":
        block(child, one.officer)
    elif how == "hidden":
        guard(child, "hidden", one.world.worker)
    if how != "absent":
        client = signed_in(one.officer)
        answer = client.post(reverse("break_glass:break_glass", args=[reference.signed()]), SENT)
        assert (answer.status_code, answer["Location"]) == (302, reverse("break_glass:view_core_record", args=[pk]))
    page = signed_in(one.officer).get(reverse("break_glass:view_core_record", args=[pk]))
    assert page.status_code == 404
    nobody = signed_in(one.officer).get(reverse("break_glass:view_core_record", args=[uuid4()]))
    assert FRESH.sub("", page.content.decode()) == FRESH.sub("", nobody.content.decode())
    assert b"This is not a check that nothing is known" in page.content
    assert records_open(one.officer, child) == set()
    with acting_as(one.officer, NOW):
        assert not BreakGlass.objects.exists()
        assert not Relationship.objects.filter(kind=Kind.BREAK_GLASS).exists()
        if how != "absent":
            assert Act.objects.get(command="break_glass", outcome="refused").decision == how
    reader = one.council_privacy if how == "blocked" else one.world.worker
    with acting_as(reader, NOW):
        attempts = list(BreakGlass.objects.all())
        assert [attempt.is_refused for attempt in attempts] == ([] if how == "absent" else [True])
        assert all(notice.told_at == NOW for notice in BreakGlassNotice.objects.all())


def test_who_is_shut_out_or_off_the_list_is_told_nothing() -> None:
    one = scene()
    child = one.world.child
    block(child, one.council_privacy)
    block(child, one.sergeant)
    opened = broken(one.officer, child.pk)
    assert told(opened, one.officer) == {one.police_privacy, one.world.worker, one.world.manager}
    for post in (one.council_privacy, one.sergeant):
        with acting_as(post, NOW):
            assert not BreakGlass.objects.exists()


def test_who_is_shut_out_of_a_brother_or_sister_is_told_nothing_and_opens_nothing() -> None:
    one = scene()
    child, sibling, feed = (
        one.world.child,
        factories.child("Birch Sample", of=one.world.authority),
        factories.feed_post(one.world.authority),
    )
    with acting_as(feed, NOW - timedelta(hours=1)):
        Tie(
            child=sibling, tied_id=child.pk, kind=Tie.Kind.SIBLING, grade=Tie.Grade.RECORDED, source="test", source_key="test",
            from_at=NOW - timedelta(hours=1), recorded_by=feed,
        ).save(force_insert=True)  # fmt: skip
    for post in (one.council_privacy, one.sergeant):
        block(sibling, post)
    opened = broken(one.officer, child.pk)
    assert told(opened, one.officer) == {one.police_privacy, one.world.worker, one.world.manager}
    block(sibling, one.officer)
    assert broken(one.officer, child.pk, reason=REASONS[1]) is None
    assert records_open(one.officer, child) == set()


def test_of_a_restricted_child_the_privacy_officers_are_told_off_the_list_and_of_the_others_the_named_alone(signed_in: Any) -> None:
    one = scene()
    guard(one.world.child, "restricted", one.world.worker)
    guardian = factories.guardian(one.world.authority)
    opened = broken(one.officer, one.world.child.pk)
    assert told(opened, one.officer) == {one.police_privacy, one.council_privacy, guardian, one.world.worker}
    page = signed_in(one.council_privacy).get("/view_break_glasses/").content.decode()
    assert "A child whom you may not see" in page
    assert one.world.child.name not in page


# 4. Told at once, in the application and outside it; outside with a reference only. A banner for the person.


def test_it_is_told_in_the_same_transaction_to_those_who_must_know(signed_in: Any) -> None:
    one = scene()
    opened = broken(one.officer, one.world.child.pk)
    assert told(opened, one.officer) == {one.police_privacy, one.council_privacy, one.sergeant, one.world.worker, one.world.manager}
    for post in told(opened, one.officer):
        page = signed_in(post).get("/").content.decode()
        assert "Opened in an emergency" in page, post
        assert REASONS[0] in page
    jobs = queued()
    addresses = {args["to"] for _, args in jobs}
    assert addresses == {"standards@example.test", "privacy@example.test", "07700 900222", "sergeant@example.test"}
    assert opened is not None
    for _, args in jobs:
        assert opened.reference in args["words"]
        for secret in (one.world.child.name, "Ashby", REASONS[0], "hotel", one.officer.user.name, "Sample", str(one.world.child.pk)):
            assert secret not in str(args)


def test_the_person_sees_a_banner_on_every_page_and_reads_the_core_record_alone(signed_in: Any) -> None:
    one = scene()
    child = one.world.child
    client = signed_in(one.officer)
    answer = client.post(reverse("break_glass:break_glass", args=[carded(one.officer, child.pk).signed()]), SENT)
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert "Opened in an emergency until" in page.content.decode()
    assert "You opened a record in an emergency" in client.get("/").content.decode()
    assert client.get(f"/child/{child.pk}/").status_code == 404
    with acting_as(one.officer, NOW):
        look = Look.objects.get(page="view_core_record")
        assert (look.about_child, look.through) == (child.pk, ["break_glass"])
    later = signed_in(one.officer, NOW + timedelta(hours=4, minutes=1))
    assert later.get(answer["Location"]).status_code == 404


def test_other_relationships_do_not_open_the_core_record(signed_in: Any) -> None:
    one = scene()
    assert signed_in(one.world.police).get(reverse("break_glass:view_core_record", args=[one.world.child.pk])).status_code == 404
    assert signed_in(one.world.worker).get(reverse("break_glass:view_core_record", args=[one.world.child.pk])).status_code == 404


# 5. Review by others; the guardian after two working days; six that wait lock the seventh.


def test_it_is_reviewed_by_others_and_never_by_oneself_or_one_s_line(signed_in: Any) -> None:
    one = scene()
    own = factories.post("privacy_officer", of=one.police_privacy.team)
    Post.objects.filter(pk=own.pk).update(user=one.officer.user)  # the same person in a second post
    above = factories.post("privacy_officer", of=one.police_privacy.team)
    Post.objects.filter(pk=one.sergeant.pk).update(line_manager=above)
    below = factories.post("privacy_officer", of=one.police_privacy.team, line_manager=one.officer)
    opened = broken(one.officer, one.world.child.pk)
    assert opened is not None
    assert opened.review_due_at == at("6 May 2026 23:59") + timedelta(seconds=59)
    for post in Post.objects.filter(pk__in=[own.pk, above.pk, below.pk, one.sergeant.pk, one.world.manager.pk]):
        with pytest.raises((Refused, DatabaseError)), transaction.atomic():
            review_break_glass(reviewed=opened.pk, outcome="justified", words="It was me", by=post, at=NOW)
        with pytest.raises(DatabaseError), acting_as(post, NOW):
            BreakGlassReview(break_glass=opened, outcome="justified", words="x", reviewed_at=NOW, reviewed_by=post).save(force_insert=True)
        assert signed_in(post).get(reverse("break_glass:review_break_glass", args=[opened.pk])).status_code == 404
    client = signed_in(one.police_privacy)
    assert opened.reference in client.get("/view_break_glasses/").content.decode()
    sent = {"outcome": "training", "words": "Rang the sergeant"}
    assert client.post(reverse("break_glass:review_break_glass", args=[opened.pk]), sent).status_code == 302
    assert "Rang the sergeant" in client.get("/view_break_glasses/").content.decode()
    with pytest.raises(Invalid, match="reviewed this already"):
        review_break_glass(reviewed=opened.pk, outcome="justified", words="Again", by=one.council_privacy, at=NOW)
    with acting_as(one.officer, NOW):
        assert not BreakGlassReview.objects.exists()  # what was said of oneself is not one's own to read


def test_six_that_wait_lock_the_seventh_until_one_is_reviewed() -> None:
    one = scene()
    children = [factories.child(f"Rowan Sample{number}").pk for number in range(7)]
    opened = [broken(one.officer, child, reason=reason) for child, reason in zip(children[:6], REASONS[:6], strict=True)]
    with pytest.raises(Invalid, match="wait for review"):
        broken(one.officer, children[6], reason=REASONS[6])
    second = factories.post("police_officer", of=one.officer.team)
    Post.objects.filter(pk=second.pk).update(user=one.officer.user)
    with pytest.raises(Invalid, match="wait for review"):  # the lock is the person's, whatever the post
        broken(Post.objects.get(pk=second.pk), children[6], reason=REASONS[6])
    first = opened[0]
    assert first is not None
    review_break_glass(reviewed=first.pk, outcome="justified", words="Right", by=one.council_privacy, at=NOW)
    assert broken(one.officer, children[6], reason=REASONS[6])


# 6. Rates by team and week, with the line at one in a hundred.


def test_rates_by_team_show_who_is_over_one_in_a_hundred(signed_in: Any) -> None:
    one = scene()
    broken(one.officer, one.world.child.pk)
    broken(one.world.stranger, one.world.child.pk)
    with acting_as(one.world.stranger, NOW):
        for number in range(150):
            Look.objects.create(
                event="open", page="view_child", post=one.world.stranger, about_child=one.world.child.pk, children=[], through=[],
                looked_at=NOW - timedelta(days=number % 27), policy="p",
            )  # fmt: skip
    with acting_as(one.council_privacy, NOW):
        found = {rate.team: (rate.broken, rate.opened, rate.is_over) for rate in rates(NOW)}
    assert found[one.officer.team] == (1, 0, True)
    assert found[one.world.stranger.team] == (1, 150, False)
    assert "More than 1 in 100?" in signed_in(one.council_privacy).get("/view_break_glasses/").content.decode()
    with acting_as(one.world.manager, NOW):
        assert rates(NOW) == []


# 7. Works when the queue is down: who is told stands in the transaction; what goes out is handed on later.


def test_nobody_writes_or_alters_a_break_glass_beside_its_function() -> None:
    one = scene()
    opened = broken(one.officer, one.world.child.pk)
    assert opened is not None
    statements = (
        "UPDATE break_glass_breakglass SET reason = repeat('x', 40)", "DELETE FROM break_glass_breakglass", "DELETE FROM break_glass_breakglassreview",
        "UPDATE break_glass_breakglassnotice SET told_at = now()", "DELETE FROM break_glass_breakglassnotice",
    )  # fmt: skip
    for statement in statements:
        for post in (one.officer, one.council_privacy):
            with pytest.raises(DatabaseError, match="permission denied"), acting_as(post, NOW), connection.cursor() as cursor:
                cursor.execute(statement)
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(one.officer, NOW):
        Relationship(
            child=one.world.child, kind=Kind.BREAK_GLASS, holder_post=one.officer, from_at=NOW, until_at=NOW + timedelta(hours=4), because="x",
            source_label="tests",
        ).save(force_insert=True)  # fmt: skip


def test_a9_every_one_of_many_is_told_within_sixty_seconds_and_none_is_reviewed_by_oneself() -> None:
    """Simulated: officers of two agencies and many children, some restricted, some shut; each is told to somebody at its own moment."""
    one = scene()
    people = [
        one.officer,
        one.sergeant,
        one.world.stranger,
        *(factories.post("health", of=factories.team("Nursing", of=factories.agency("Trust", AgencyKind.HEALTH))) for _ in range(3)),
    ]
    children = [factories.child(f"Alder Sample{number}") for number in range(5)]
    guard(children[0], "restricted", one.world.worker)
    block(children[1], people[0])
    for turn, (person, child) in enumerate((person, child) for person in people for child in children):
        number = turn % len(children)
        purpose = "section_47"
        broken(person, child.pk, at=NOW + timedelta(minutes=turn), reason=REASONS[number], purpose=purpose)
    when = NOW + timedelta(hours=1)
    with acting_as(one.council_privacy, when):
        made = {row.pk: row for row in BreakGlass.objects.select_related("post")}
        first = {notice.break_glass_id: notice.told_at for notice in BreakGlassNotice.objects.all()}
    assert len(made) == len(people) * len(children)
    assert all(first[pk] - row.opened_at <= timedelta(seconds=60) for pk, row in made.items())
    assert sum(row.is_refused for row in made.values()) == 1
    for reviewer in (one.council_privacy, one.police_privacy, one.guardian, *people):
        with acting_as(reviewer, when), connection.cursor() as cursor:
            cursor.execute("SELECT gate_break_glasses_reviewed()")
            assert not any(made[pk].post.user_id == reviewer.user_id for pk in cursor.fetchone()[0])
