"""Every copy that is given is recorded: how, to whom, and whether it is safe to hold; a child without a phone has the same rights (real-life.md 7)."""

from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from atlas.agencies.models import TeamPurpose
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.clocks.models import Clock
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.policy import Kind as RelationshipKind
from atlas.sharing.commands.copies import Given, answer_child, give_child_page, record_child_words, record_copy_given
from atlas.sharing.copy import Audience, CompiledCopy
from atlas.sharing.copy_pdf import pdf_of_copy
from atlas.sharing.models import ChildWords, CopyGiven, GuestRequest
from atlas.tasks.models import Task
from tests import factories
from tests.factories import NOW
from tests.sharing.guest_drill import LATER
from tests.sharing.mine_drill import COPY, MINE, giving
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
How = CopyGiven.How
READ = Given(How.READ_ALOUD, "The child, with her advocate", False, "Her cousin goes through her room.")
POLICE = CompiledCopy(Audience.POLICE, "If the child goes missing", MINE)


@pytest.fixture
def world() -> World:
    return make_world()


def record(world: World, **given: Any) -> CopyGiven:
    """A copy that was read aloud together."""
    usual = {"child": world.child, "copy": COPY, "given": READ, "by": world.worker, "at": NOW}
    return record_copy_given(**{**usual, **given})


def test_a_copy_is_frozen_with_its_hash_and_stands_in_the_chronology(world: World) -> None:
    record(world)
    record(world, copy=POLICE, given=Given(How.SENT, "PC Sample, Northmarch Police", True, "Their own system"))
    with acting_as(world.worker, LATER):
        mine, theirs = CopyGiven.objects.order_by("audience")
        assert (mine.digest, mine.is_safe_to_hold, mine.request) == (COPY.digest, False, None)
        assert CompiledCopy.of(theirs.copy) == POLICE
        told = Entry.objects.filter(kind=Kind.PLAN_COPY_GIVEN).values_list("words", flat=True)
        assert set(told) == {
            "The child: Read aloud together: nothing was handed over. To The child, with her advocate",
            "Police: Sent securely. To PC Sample, Northmarch Police",
        }


def test_the_default_is_to_rehearse_and_hand_over_nothing(world: World) -> None:
    given = Given(to_whom="The child", safe_reason="We did not ask yet.")
    assert (given.how, given.is_safe_to_hold) == (How.REHEARSED, False)
    assert record(world, given=given).how == "rehearsed"


BAD = {
    "handed over though it is not safe": Given(How.PAPER, "The child", False, "He looks in her bag."),
    "to nobody": Given(How.PAPER, " ", True, "Locked drawer"),
    "no reason": Given(How.PAPER, "The child", True, ""),
    "on a phone": Given(How.PHONE, "The child", True, "Locked"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_not_whole_is_refused_in_words(world: World, what: str) -> None:
    with pytest.raises(Invalid):
        record(world, given=BAD[what])


def test_nobody_records_it_who_does_not_work_with_the_child(world: World) -> None:
    for post in (world.stranger, world.coordinator, world.police):
        with pytest.raises(Refused):
            record(world, by=post)


def test_a_child_without_a_phone_is_heard_and_answered_all_the_same(world: World) -> None:
    given = record(world)
    kinds = ChildWords.Kind
    with pytest.raises(Invalid, match="in their words"):
        record_child_words(copy_given=given, kind=kinds.WORDS, by=world.worker, at=LATER)
    with pytest.raises(Invalid, match="from the list"):
        record_child_words(copy_given=given, kind=kinds.RIGHT, line="none", by=world.worker, at=LATER)
    with pytest.raises(Invalid, match="not the child"):
        record_child_words(copy_given=record(world, copy=POLICE), kind=kinds.RIGHT, by=world.worker, at=LATER)
    with pytest.raises(Refused):
        record_child_words(copy_given=given, kind=kinds.RIGHT, by=world.stranger, at=LATER)
    said = record_child_words(copy_given=given, kind=kinds.NOT_RIGHT, line="do-2", words="I have no charger.", by=world.worker, at=LATER)
    yes = record_child_words(copy_given=given, kind=kinds.RIGHT, line="do-1", by=world.worker, at=LATER)
    with acting_as(world.worker, LATER):
        assert Clock.objects.get(about_id=said.pk).limit == "child_answer"
        assert Task.objects.get(about_id=said.pk).owner_post == world.worker
        assert not Clock.objects.filter(about_id=yes.pk).exists()
        assert ChildWords.objects.get(pk=said.pk).written_by == world.worker
    answer_child(said=said, did="We gave you one.", by=world.worker, at=LATER)
    no = record_child_words(copy_given=given, kind=kinds.DOES_NOT_HELP, by=world.worker, at=LATER)
    with acting_as(world.worker, LATER):
        assert Entry.objects.get(about_id=no.pk).event == "EV-49"


def test_the_worker_sees_copies_and_words_and_the_link_only_once(world: World, signed_in: Any) -> None:
    given = give_child_page(**giving(world))
    client = signed_in(world.worker, LATER)
    token = given.request.token  # type: ignore[union-attr]
    for name, pk in (("view_copies_given", world.child.pk), ("view_copy_given", given.pk)):
        shown = client.get(reverse(f"sharing:{name}", args=[pk])).content.decode()
        assert "A page on the child" in shown and token not in shown
    assert client.get(reverse("sharing:view_copy_given", args=[given.pk])).status_code == 200
    form = {"why": "taken", "key": "k" * 36}
    assert client.post(reverse("sharing:withdraw_child_page", args=[given.pk]), form).status_code == 302
    assert "Withdrawn" in client.get(reverse("sharing:view_copy_given", args=[given.pk])).content.decode()


def test_emergency_duty_sees_the_copy_but_not_the_number_and_may_shut_the_page(world: World, signed_in: Any) -> None:
    team = factories.team("Emergency duty", TeamPurpose.EMERGENCY_DUTY)
    factories.duty(RelationshipKind.EMERGENCY_DUTY, world.authority, team=team)
    night = factories.post("emergency_duty", of=team)
    factories.shift(night, LATER.date())
    given = give_child_page(**giving(world))
    client = signed_in(night, LATER)
    shown = client.get(reverse("sharing:view_copy_given", args=[given.pk])).content.decode()
    assert "I send a text when I am late." in shown and "Shut the page" in shown
    assert "07700900321" not in shown
    assert client.get(reverse("sharing:view_copies_given", args=[world.child.pk])).status_code == 200
    assert client.post(reverse("sharing:withdraw_child_page", args=[given.pk]), {"why": "taken", "key": "k" * 36}).status_code == 302
    with acting_as(world.worker, LATER):
        assert GuestRequest.objects.get().state(LATER) == "Withdrawn"


@pytest.mark.parametrize("copy", [COPY, POLICE], ids=["child", "police"])
def test_the_paper_says_what_the_copy_says_is_tagged_and_the_child_s_says_nothing_of_its_origin(copy: CompiledCopy) -> None:
    made = pdf_of_copy(copy, "Printed by Sam, 5 May 2026, reference ABCD1234")
    reader = PdfReader(BytesIO(made))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert all(line.words in " ".join(text.split()) for block in copy.blocks for line in block.lines)
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root and root["/Lang"] == "en-GB"
    assert b"pdfuaid" in made or "pdfuaid" in str(reader.xmp_metadata and reader.xmp_metadata.stream.get_data())
    is_child = copy.audience == Audience.CHILD
    assert ("Printed by" in text) is not is_child
    assert ("OFFICIAL" in text) is not is_child
    assert ("0800 1111" in text) is is_child
    sizes: list[float] = []
    reader.pages[0].extract_text(
        visitor_text=lambda words, cm, tm, font, size: sizes.append(size * tm[0]) if words.strip() and "text when" in words else None
    )
    assert all(size >= (16 if is_child else 11) for size in sizes)
