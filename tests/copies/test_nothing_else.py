"""Nothing but what the allow-lists name goes with a copy: a word is planted in everything that must stay, and whatever leaves is searched for it."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from atlas.agencies.models import Post
from atlas.allocation.commands import receive_child
from atlas.children.commands import Known, Reach, record_contact_detail
from atlas.chronology.moments import Moment
from atlas.copies.commands.sending import screen_copy
from atlas.copies.making import as_text, view_of
from atlas.copies.models import Channel, Copy
from atlas.copies.workflow import CopyState
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.intelligence.commands import propose_product, record_intelligence, release_product
from atlas.missing.codes import Audience, ClosedBecause, PreventionMode, Wish, YesNo
from atlas.missing.commands.after import Seen, record_prevention_interview
from atlas.missing.commands.back import record_found, record_return
from atlas.missing.commands.offer import close_interview
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.talk import finish_sharing, record_interview, share_part
from atlas.missing.commands.telling import do_not_tell_parent
from atlas.missing.models import Episode, ReturnInterview
from atlas.people.models import ContactKind
from atlas.sealed.commands import seal_set
from tests import factories
from tests.copies.given import CLOSED, copies, copying, served, to_file
from tests.factories import NOW
from tests.intelligence.given import desk, sanitised, supplied
from tests.missing.test_spine import BACK, COMPLETE
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
STAYS = "QZHERONQZ"
MAY_GO = "I would like a key of my own"
TOLD = BACK + timedelta(hours=3)


def planted(world: World) -> Episode:
    """An episode in every field of which stands what must not leave, and all that is known besides."""
    feed = factories.feed_post()
    place = Reach(ContactKind.ADDRESS, f"9 {STAYS} Row", "QZ9 9ZZ")
    record_contact_detail(child=world.child, reach=place, source="test", by=feed, at=NOW)
    receive_child(known=Known("Wren", "Otherchild", None), responsible=world.authority, source="test", row=None, by=feed, at=NOW)
    seal_set(child=world.child, kind="refuge", values={"address": f"{STAYS} House"}, by=world.worker, at=NOW)
    said = Report(
        reported=Moment(NOW), worry=STAYS, tried=STAYS, intended=STAYS, clothing=STAYS, taken=STAYS, last_seen_place=STAYS, reporter_name=STAYS,
        reporter_contact=STAYS,
    )  # fmt: skip
    episode = report_missing(child=world.child, report=said, by=world.coordinator, at=NOW)
    do_not_tell_parent(episode=episode, whom=STAYS, reason=f"{STAYS}: an uncle of his was named by the child", by=world.manager, at=NOW)
    episode = record_found(episode=episode, found_at=Moment(BACK), words=STAYS, by=world.worker, at=BACK)
    episode = record_return(episode=episode, returned_at=Moment(BACK), returned_to=STAYS, by=world.worker, at=BACK)
    seen = Seen(
        PreventionMode.IN_PERSON, STAYS, YesNo.YES, YesNo.NO, YesNo.NO, advice=STAYS, injuries=STAYS, where=STAYS, said=STAYS, crime_reference="NM/88",
        referral=STAYS, next_time=STAYS,
    )  # fmt: skip
    record_prevention_interview(episode=episode, seen=seen, held_at=Moment(BACK), by=world.police, at=TOLD)
    return episode


def talked(world: World, episode: Episode, by: Post) -> ReturnInterview:
    """The interview: everything said, and four parts for the social worker, of which one may leave."""
    with acting_as(world.interviewer, TOLD):
        interview = ReturnInterview.objects.get(episode=episode)
    texts = dict.fromkeys(("before_words", "during_words", "after_words", "help_words", "professional_view", "held_where"), STAYS)
    conversation = replace(
        COMPLETE, texts=COMPLETE.texts | texts | {"places_answer": "mentioned", "people_answer": "mentioned"}, places=({"words": STAYS},),
        people=({"words": STAYS},),
    )  # fmt: skip
    acting: dict[str, Any] = {"by": world.interviewer, "at": TOLD}
    interview = record_interview(interview=interview, conversation=conversation, held_at=Moment(TOLD), **acting)
    parts = [
        (Audience.SOCIAL_WORKER, MAY_GO, True), (Audience.SOCIAL_WORKER, f"{STAYS}: I was with Wren Otherchild", True),
        (Audience.SOCIAL_WORKER, f"{STAYS}: I stay at QZ99ZZ now", True),
        (Audience.SOCIAL_WORKER, f"{STAYS}: adults known to the police may have met the child (1)", True),
        (Audience.SOCIAL_WORKER, STAYS, False), (Audience.POLICE, STAYS, True), (Audience.RESTRICTED, STAYS, True),
    ]  # fmt: skip
    for audience, words, is_shared in parts:
        share_part(interview=interview, audience=audience, words=words, wish=Wish.YES, is_shared=is_shared, reason="As agreed", **acting)
    finish_sharing(interview=interview, **acting)
    return close_interview(interview=interview, because=ClosedBecause.SHARED, by=by, at=CLOSED)


def test_what_must_stay_is_in_nothing_that_leaves(settings: Any, tmp_path: Path) -> None:
    settings.ATLAS_COPIES_FOLDER = str(tmp_path)
    world = make_world()
    world.manager.clearance, world.manager.vetted_until = 2, factories.at("1 January 2030 09:00").date()
    world.manager.save()
    supplier = desk("Northmarch Police", world.child)
    raw = record_intelligence(child=world.child, supplied=supplied(), by=supplier.officer, at=NOW)
    product = propose_product(raw=raw, sanitised=sanitised(), by=supplier.officer, at=NOW)
    release_product(product=product, by=supplier.second, at=NOW)
    feed = copying(world, Channel.FOLDER)
    talked(world, planted(world), by=world.manager)
    with acting_as(world.manager, CLOSED) as subject, pytest.raises(Invalid, match="being checked"):
        view_of(copies(world)["return_interview"], subject)  # not before the feed has read what would leave
    served(world, feed, CLOSED)
    assert screen_copy(copy=copies(world)["return_interview"], by=feed, at=CLOSED).screened_at == CLOSED  # read twice is once
    held = copies(world)
    assert {kind: copy.state for kind, copy in held.items()} == dict.fromkeys(
        ("missing_episode", "prevention_interview", "return_interview"), CopyState.SENT
    )
    texts = {path.name: read(path) for path in to_file(tmp_path, world)}
    with acting_as(world.manager, CLOSED) as subject:
        texts |= {f"pasted {kind}": as_text(view_of(copy, subject)) for kind, copy in held.items()}
        texts |= {f"row {row.pk}": repr(vars(row)) for row in Copy.objects.all()}
    for name, text in texts.items():
        for word in (STAYS, "QZ9 9ZZ", "Otherchild", "adults known"):
            assert word not in text and word not in name, (name, text)
    interview = texts[f"{held['return_interview'].pk}.pdf"]
    assert MAY_GO in interview and "Something that was said is not in this copy" in interview  # the control: what may go went
    assert "Do not tell a parent yet" in interview and '"do_not_tell_parent": true' in texts[f"{held['missing_episode'].pk}.json"]
    assert "NM/88" in texts[f"{held['prevention_interview'].pk}.pdf"]


def read(path: Path) -> str:
    """What stands in a file: of a PDF, its words and its metadata."""
    if path.suffix != ".pdf":
        return path.read_text()
    document = PdfReader(BytesIO(path.read_bytes()))
    return " ".join([page.extract_text() for page in document.pages] + [str(document.metadata)]).replace("\n", " ")
