"""The co-located team's tray: who is trained in what, who may be named for an interview, and whom one asks in an agency (real-life.md 12)."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from atlas.agencies.codes import Sex, SkillKind
from atlas.agencies.districts import district_of
from atlas.agencies.models import ContactPoint, Post, Shift, Skill, Team
from atlas.agencies.queries import skills_of
from atlas.allocation.commands import name_trusted_adult, record_talk_wish
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import LONDON, Moment
from atlas.design.words import day
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import Subject, acting_as
from atlas.missing.codes import OfferMethod
from atlas.missing.commands.episode import set_exploitation_marker
from atlas.missing.commands.offer import allocate_interview, book_interview, offer_interview
from atlas.missing.models import ReturnInterview
from atlas.missing.queries.choosing import candidates, what_the_child_wants
from atlas.oversight.commands import name_contact_point, record_skill
from atlas.sealed.commands import seal_set
from atlas.statuses.commands.record import Said, record_status
from atlas.statuses.models import Placement
from tests import factories
from tests.factories import NOW
from tests.missing.test_spine import BACK, returned
from tests.world import World, make_world
from tests.writes.forms import opened

pytestmark = pytest.mark.django_db
AFTER = BACK + timedelta(hours=1)


def untrained(world: World) -> Post:
    """An interviewer whose training ran out the day before, and who speaks Romanian."""
    post = factories.post("return_interviewer", of=world.interviewer.team, line_manager=world.manager)
    Skill.objects.filter(post=post).delete()
    factories.train(post, SkillKind.MISSING, until_on=AFTER.date() - timedelta(days=1))
    record_skill(post=post, kind=SkillKind.LANGUAGE, words="Romanian", by=world.manager, at=AFTER)
    return post


def test_the_tray_and_the_page_of_naming_show_what_speaks_for_each(signed_in: Any) -> None:
    world = make_world()
    post, interview = untrained(world), returned(world)
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    name_trusted_adult(child=world.child, name="Aunt Rosa", who="an aunt", by=world.worker, at=AFTER)
    name_contact_point(agency=world.worker.team.agency, post=world.worker, deputy=world.manager, by=world.manager, at=AFTER)
    client = signed_in(world.coordinator, AFTER)
    page = client.get(reverse("oversight:view_tray")).content.decode()
    for words in (world.child.name, "Name the interviewer", "Missing children: ran out on 4 May 2026", "Romanian", "Missing children until 1 January 2040",
                  f"{world.worker.user.name}, Practitioner", f"deputy {world.manager.user.name}", "nobody is named"):  # fmt: skip
        assert words in page, words
    Shift.objects.create(post=world.worker, team=world.worker.team, from_at=NOW, until_at=AFTER + timedelta(days=1), is_leave=True)
    assert "Away" in client.get(reverse("oversight:view_tray")).content.decode()
    page = client.get(reverse("missing:allocate_interview", args=[interview.pk])).content.decode()
    for words in ("The child trusts Aunt Rosa (an aunt)", "Independent of the council", "Not the child’s worker, of the same council",
                  "Nothing in the diary that you may see", "Lacks missing children", "Romanian"):  # fmt: skip
        assert words in page, words
    assert "woman or a man is not written down" in page
    allocate_interview(interview=interview, interviewer=world.interviewer, by=world.coordinator, at=AFTER)
    assert world.child.name not in client.get(reverse("oversight:view_tray")).content.decode()
    page = client.get(reverse("missing:allocate_interview", args=[interview.pk])).content.decode()
    assert "1 interview to hold" in page
    assert post.user.name in page


def test_nobody_without_the_training_is_named_without_a_reason_that_is_kept() -> None:
    world = make_world()
    post, interview = untrained(world), returned(world)
    with pytest.raises(Invalid, match="no training that counts today in: Missing children"):
        allocate_interview(interview=interview, interviewer=post, by=world.coordinator, at=AFTER)
    interview = allocate_interview(interview=interview, interviewer=post, reason="The child asked for her", by=world.coordinator, at=AFTER)
    with acting_as(world.worker, AFTER):
        entry = Entry.objects.get(kind=Kind.INTERVIEW_ALLOCATED)
        assert entry.words == f"{post}. Without training in Missing children: The child asked for her"
    record_skill(post=post, kind=SkillKind.MISSING, until_on=date(2027, 1, 1), by=world.manager, at=AFTER)
    set_exploitation_marker(child=world.child, words="Older adults", since=Moment(AFTER), by=world.worker, at=AFTER)
    with pytest.raises(Invalid, match="in: Exploitation"):
        allocate_interview(interview=interview, interviewer=post, by=world.coordinator, at=AFTER)


def test_training_is_recorded_by_the_line_with_an_end_and_the_latest_entry_stands(signed_in: Any) -> None:
    world = make_world()
    post = untrained(world)
    for said, given in (("last day", {"kind": SkillKind.GANGS}), ("Name the language", {"kind": SkillKind.LANGUAGE})):
        with pytest.raises(Invalid, match=said):
            record_skill(post=post, by=world.manager, at=AFTER, **given)  # type: ignore[arg-type]
    record_skill(post=post, kind=SkillKind.MISSING, until_on=date(2027, 1, 1), by=world.manager, at=AFTER)
    assert [(skill.kind, skill.until_on) for skill in skills_of([post])[post.pk]] == [("language", None), ("missing", date(2027, 1, 1))]
    with pytest.raises(Invalid, match="own line alone"):
        record_skill(post=world.stranger, kind=SkillKind.GANGS, until_on=date(2027, 1, 1), by=world.manager, at=AFTER)
    with pytest.raises(Refused):
        record_skill(post=post, kind=SkillKind.GANGS, until_on=date(2027, 1, 1), by=post, at=AFTER)
    assert signed_in(world.manager, AFTER).post(reverse("oversight:record_skill", args=[post.pk]), {}).status_code == 422
    assert signed_in(world.manager, AFTER).get(reverse("oversight:record_skill", args=[world.stranger.pk])).status_code == 404


def test_a_contact_point_is_two_people_of_that_agency() -> None:
    world = make_world()
    agency = world.worker.team.agency
    for said, post, deputy in (("holds no post of", world.police, world.stranger), ("somebody else", world.worker, world.worker)):
        with pytest.raises(Invalid, match=said):
            name_contact_point(agency=agency, post=post, deputy=deputy, by=world.manager, at=NOW)
    for post in (world.worker, world.stranger):
        name_contact_point(agency=agency, post=post, deputy=world.manager, by=world.manager, at=NOW)
    assert ContactPoint.objects.get().post == world.stranger


def test_what_the_child_wants_what_is_booked_and_how_far_it_is(tmp_path: Path, settings: Any, signed_in: Any) -> None:
    """Capabilities row 51: independence, language, location; real-life.md 12: sex, diary, distance, never of a sealed place."""
    world = make_world()
    interview = returned(world)
    subject = Subject.of(world.coordinator, AFTER)
    assert "woman or a man is not written down" in " ".join(wants(subject, interview))
    for minute, (sex, language) in enumerate((("man", ""), ("woman", "Romanian"))):
        said_at = AFTER - timedelta(minutes=5 - minute)
        record_talk_wish(child=world.child, sex=Sex(sex), language=language, words="Not at school.", by=world.worker, at=said_at)
    with pytest.raises(Refused):
        record_talk_wish(child=world.child, sex=Sex.MAN, by=world.police, at=AFTER)
    assert "The child would rather talk with a woman, in Romanian. Not at school." in wants(subject, interview)
    before = opened(signed_in(world.worker, AFTER), reverse("allocation:record_talk_wish", args=[world.child.pk]))  # nothing is typed twice
    assert (before["sex"], before["language"], before["words"]) == ("woman", "Romanian", "Not at school.")
    with pytest.raises(Invalid, match="as the worker says it"):
        record_skill(post=world.worker, kind=SkillKind.WOMAN_OR_MAN, words="tall", by=world.manager, at=AFTER)
    Post.objects.filter(pk=world.interviewer.pk).update(line_manager=world.manager)
    record_skill(post=world.interviewer, kind=SkillKind.WOMAN_OR_MAN, words="woman", by=world.manager, at=AFTER)
    offer_interview(interview=interview, offered_at=Moment(AFTER), method=OfferMethod.IN_PERSON, by=world.coordinator, at=AFTER)
    assert interview.due_at is not None
    due = interview.due_at.astimezone(LONDON).replace(hour=9, minute=30)
    book_interview(interview=interview, meets_at=due, place="The library", with_post=world.interviewer, by=world.coordinator, at=AFTER)
    assert f"booked on {day(due)} at 09:30" in named(world, interview)
    assert "Woman" in named(world, interview)
    assert "Distance not known" in named(world, interview)
    (tmp_path / "districts.csv").write_text("district,latitude,longitude\nZX1,51.40,0.02\nZX9,51.50,0.02\n")
    settings.ATLAS_DISTRICTS = str(tmp_path / "districts.csv")
    Team.objects.filter(pk=world.interviewer.team_id).update(district="ZX1")
    said = Said(Placement, "P1", date(2026, 1, 1), None, AFTER, (("kind", "K2"), ("postcode", "ZX9 9ZZ")))
    record_status(child=world.child, said=said, by=factories.feed_post(), at=AFTER)
    assert "About 11 km" in named(world, interview)
    seal_set(child=world.child, kind="location", values={"address": "A house"}, by=factories.feed_post(), at=AFTER)
    assert "is sealed: no distance is shown" in named(world, interview)
    assert " km" not in named(world, interview)


def wants(subject: Subject, interview: ReturnInterview) -> list[str]:
    """What the page of naming says that the child wants."""
    with acting_as(subject.post, AFTER) as acting:
        return what_the_child_wants(acting, interview)


def named(world: World, interview: ReturnInterview) -> str:
    """What the page of naming says of the interviewer."""
    with acting_as(world.coordinator, AFTER) as acting:
        posts = Post.objects.select_related("user", "team__agency").filter(pk=world.interviewer.pk)
        return candidates(acting, interview, list(posts))[0].words


@pytest.mark.parametrize(("postcode", "district"), [("ZX9 9ZZ", "ZX9"), ("zx1a", "ZX1A"), ("", ""), ("not one", ""), ("ZX99ZZ", "ZX9")])
def test_the_district_of_a_postcode(postcode: str, district: str) -> None:
    assert district_of(postcode) == district
