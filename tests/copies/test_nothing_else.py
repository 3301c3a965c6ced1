"""Nothing but what the allow-lists name goes with a copy: a word is planted in everything that must stay, and whatever leaves is searched for it."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from atlas.agencies.models import AgencyKind, Post
from atlas.allocation.commands import receive_child
from atlas.children.commands import Known, Reach, record_contact_detail
from atlas.chronology.moments import Moment
from atlas.copies.commands.sending import screen_copy
from atlas.copies.making import as_text, view_of
from atlas.copies.models import Channel, Copy
from atlas.copies.workflow import CopyState
from atlas.exploitation.codes import AssessmentKind, ExploitationType, ItemKind, Level, Said, Sign, SourceGrade
from atlas.exploitation.commands.assessment import (
    add_contribution,
    add_dissent,
    enter_local_score,
    name_types,
    start_exploitation_assessment,
    write_analysis,
    write_views,
)
from atlas.exploitation.commands.items import end_item
from atlas.exploitation.commands.judge import agree_lower_level
from atlas.exploitation.commands.measures import Considered, record_concern_for_others, start_measure
from atlas.exploitation.commands.nrm import refer_to_nrm
from atlas.exploitation.models import NrmReferral
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
from atlas.plans.commands.lines import LineGiven, add_line, break_line, record_progress
from atlas.plans.commands.plan import Agreed, agree_plan, start_plan
from atlas.sealed.commands import seal_set
from tests import factories
from tests.copies.given import CLOSED, copies, copying, served, to_file
from tests.exploitation.given import harmed, judged, seen
from tests.factories import NOW
from tests.intelligence.given import desk, sanitised, supplied
from tests.missing.test_spine import BACK, COMPLETE
from tests.plans.given import answers, fresh
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
STAYS = "QZHERONQZ"
MAY_GO = "I would like a key of my own"
TELEPHONE = "07700 900111"
TOLD, LATER = BACK + timedelta(hours=3), NOW + timedelta(hours=1)


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


def guarded(world: World) -> None:
    """The manager is cleared for intelligence, and there is some."""
    world.manager.clearance, world.manager.vetted_until = 2, factories.at("1 January 2030 09:00").date()
    world.manager.save()
    supplier = desk("Northmarch Police", world.child)
    raw = record_intelligence(child=world.child, supplied=supplied(), by=supplier.officer, at=NOW)
    product = propose_product(raw=raw, sanitised=sanitised(), by=supplier.officer, at=NOW)
    release_product(product=product, by=supplier.second, at=NOW)


def leaving(folder: Path, world: World, by: Post, at: Any) -> dict[str, str]:
    """Everything that left or can be pasted, and the rows that say so: each is searched for what must stay."""
    held = copies(world, at)
    texts = {path.name: read(path) for path in to_file(folder, world)}
    with acting_as(by, at) as subject:
        texts |= {f"pasted {kind}": as_text(view_of(copy, subject)) for kind, copy in held.items()}
        texts |= {f"row {row.pk}": repr(vars(row)) for row in Copy.objects.all()}
    for name, text in texts.items():
        for word in (STAYS, "QZ9 9ZZ", "QZ99ZZ", "Otherchild", "adults known", TELEPHONE):
            assert word not in text and word not in name, (name, text)
    return texts


def test_what_must_stay_is_in_nothing_that_leaves(settings: Any, tmp_path: Path) -> None:
    settings.ATLAS_COPIES_FOLDER = str(tmp_path)
    world = make_world()
    guarded(world)
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
    texts = leaving(tmp_path, world, world.manager, CLOSED)
    interview = texts[f"{held['return_interview'].pk}.pdf"]
    assert MAY_GO in interview and "Something that was said is not in this copy" in interview  # the control: what may go went
    assert "Do not tell a parent yet" in interview and '"do_not_tell_parent": true' in texts[f"{held['missing_episode'].pk}.json"]
    assert "NM/88" in texts[f"{held['prevention_interview'].pk}.pdf"]


def test_of_a_plan_and_an_assessment_what_must_stay_is_in_nothing_that_leaves(settings: Any, tmp_path: Path) -> None:
    settings.ATLAS_COPIES_FOLDER = str(tmp_path)
    world = make_world()
    guarded(world)
    feed = copying(world, Channel.FOLDER)
    place = Reach(ContactKind.ADDRESS, f"9 {STAYS} Row", "QZ9 9ZZ")
    record_contact_detail(child=world.child, reach=place, source="test", by=feed, at=NOW)
    receive_child(known=Known("Wren", "Otherchild", None), responsible=world.authority, source="test", row=None, by=feed, at=NOW)
    planned(world)
    assessed(world)
    seal_set(
        child=world.child, kind="location", values={"address": f"{STAYS} House"}, by=world.worker, at=NOW
    )  # after the copies were owed
    served(world, feed, LATER)
    held = copies(world, LATER)
    assert {kind: copy.state for kind, copy in held.items()} == dict.fromkeys(("safety_plan", "exploitation_assessment"), CopyState.SENT)
    texts = leaving(tmp_path, world, world.worker, LATER)
    for kind, words in (
        ("safety_plan", ("Aunt Ola", MAY_GO)),
        ("exploitation_assessment", (MAY_GO, "1: emerging", "Police told 14:10", "Northmarch Police")),
    ):
        document = texts[f"{held[kind].pk}.pdf"]
        for word in (*words, "Something that was said is not in this copy"):  # the control: what may go went
            assert word in document, (kind, word, document)


def planned(world: World) -> None:
    """A plan in every field of which stands what must not leave, beside what may; its place is not sealed yet."""
    plan = start_plan(child=world.child, by=world.worker, at=NOW)
    police = factories.agency("Northmarch Police", AgencyKind.POLICE)
    due: dict[str, Any] = {"due_on": (NOW + timedelta(days=9)).date(), "whose": "other", "owner_words": "PC Lane"}
    for given in (
        LineGiven("my_view", MAY_GO), LineGiven("safe_places", f"The library. {STAYS} PLACE"), LineGiven("safe_people", "Aunt Ola", telephone=TELEPHONE),
        LineGiven("worries", f"{STAYS}: seen with Wren Otherchild"), LineGiven("worries", "At night", risk_words=f"{STAYS} with Wren Otherchild"),
        LineGiven("agency", "Asks", evidence=f"{STAYS}: she is at QZ99ZZ", **due), LineGiven("disruption", STAYS, agency=police, **due),
        LineGiven("health", f"{STAYS}: adults known to the police may have met the child (1)", **due), LineGiven("contexts", STAYS, left_out_of=("professional",), **due),
    ):  # fmt: skip
        line = add_line(plan=plan, given=given, by=world.worker, at=NOW)
    record_progress(line=line, status="done", words=STAYS, by=world.worker, at=NOW)
    break_line(line=line, words=STAYS, by=world.worker, at=NOW)
    said = Agreed("agreed", f"{STAYS}: Wren Otherchild chose the word")
    agree_plan(plan=plan, answers=answers(world, plan, NOW, reason=MAY_GO, also=STAYS), agreed=said, by=world.manager, at=NOW)
    add_line(
        plan=fresh(world, plan, NOW), given=LineGiven("my_view", STAYS), by=world.worker, at=NOW
    )  # of the version that is not agreed yet


def assessed(world: World) -> None:
    """An assessment in every field of which stands what must not leave, beside what may, and all that is no part of it."""
    acting: dict[str, Any] = {"by": world.worker, "at": NOW}
    begun = start_exploitation_assessment(child=world.child, kind=AssessmentKind.FULL, **acting)
    other, where, told = (
        f"{STAYS}: with Wren Otherchild",
        f"{STAYS}: stays at QZ99ZZ",
        f"{STAYS}: adults known to the police may have met the child (1)",
    )
    for words, source in ((MAY_GO, "The child"), (other, "School"), ("In the park", other), (where, "School"), (told, "School")):
        seen(world, begun, words=words, source=source)
    for kind in (ItemKind.VULNERABILITY, ItemKind.PROTECTIVE, ItemKind.CONTEXT):
        seen(world, begun, kind=kind, code="", words=other, source="")
    gone = seen(world, begun, words=STAYS)
    end_item(item=gone, words=STAYS, **acting)
    harmed(world, words=other, source="School")
    harmed(world, action=where)
    harmed(world, words=MAY_GO)
    name_types(
        assessment=begun, types=[ExploitationType.CRIMINAL], radicalisation=Sign.YES, asked_words=other, kept=[("risky", STAYS)], **acting
    )
    write_views(assessment=begun, child_said=Said.SAID, child_words=MAY_GO, parent_said=Said.SAID, parent_words=other, **acting)
    write_analysis(assessment=begun, why_now=other, hypothesis=MAY_GO, mind=where, **acting)
    add_contribution(assessment=begun, who=STAYS, agency=world.police.team.agency, words=STAYS, **acting)
    add_dissent(assessment=begun, who="Youth justice", words=other, **acting)
    enter_local_score(assessment=begun, scheme=STAYS, score=STAYS, band=STAYS, band_level=Level.SIGNIFICANT, answers=STAYS, **acting)
    lower = judged(world, begun, Level.EMERGING, level_words=MAY_GO, agreed=other, differs=STAYS)
    assert lower.state == "waiting" and any(MAY_GO in prompt or STAYS in prompt for prompt in lower.prompts)
    agree_lower_level(assessment=lower, reason=other, by=world.manager, at=NOW)
    start_measure(child=world.child, kind="hotel", owner=STAYS, started_on=NOW.date(), against=STAYS, **acting)
    refer_to_nrm(
        child=world.child, referred_on=NOW.date(), responder=NrmReferral.Responder.POLICE, route=NrmReferral.Route.SINGLE, safe=STAYS,
        types=[ExploitationType.CRIMINAL], **acting,
    )  # fmt: skip
    record_concern_for_others(
        child=world.child, words=STAYS, source=STAYS, grade=SourceGrade.UNTESTED, seen_on=NOW.date(), review_on=(NOW + timedelta(days=90)).date(),
        considered=Considered(STAYS, STAYS, STAYS, STAYS), **acting,
    )  # fmt: skip


def read(path: Path) -> str:
    """What stands in a file: of a PDF, its words and its metadata."""
    if path.suffix != ".pdf":
        return path.read_text()
    document = PdfReader(BytesIO(path.read_bytes()))
    return " ".join([page.extract_text() for page in document.pages] + [str(document.metadata)]).replace("\n", " ")
