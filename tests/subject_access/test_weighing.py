"""What Atlas holds is gathered whole, marked, and weighed: on a ground of law, with a reason, and after whoever must be asked was asked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps

from atlas.children.commands import Reach, record_contact_detail
from atlas.gate.act import Invalid
from atlas.gate.models import AboutChild
from atlas.gate.policy import OPENING, Kind
from atlas.people.models import ContactKind
from atlas.subject_access.commands.weighing import Weighed, gather_record, give_unmarked, record_opinion, weigh_item
from atlas.subject_access.marks import Why
from atlas.subject_access.models import AnswerItem
from atlas.subject_access.record import NOT_IN_IT, in_words, said_fields, tables
from atlas.subject_access.rules import Asked, Asks, Ground
from atlas.subject_access.whole import ABOUT_OTHERS, OF_ALL, SAID_BY_OTHERS, SAYS_WHERE
from tests import factories
from tests.factories import NOW
from tests.intelligence.given import desk, sanitised, supplied
from tests.subject_access.given import GIVE, LATER, WORRY, asking, gathered, items, missing_once, seen_again, without_words

pytestmark = pytest.mark.django_db
OUT = Weighed(AnswerItem.Outcome.LEAVE_OUT, ground=Ground.OTHER_PERSON, because="It is all about somebody else")


def of(label: str, found: list[AnswerItem]) -> AnswerItem:
    """The item of that table."""
    return next(one for one in found if one.label == label)


def test_every_table_about_a_child_is_in_an_answer_or_has_its_reason() -> None:
    labels = {model._meta.label for model in apps.get_models() if issubclass(model, AboutChild)}
    opened = OPENING[Kind.INFORMATION_RIGHTS].reads
    gathered_labels = {model._meta.label for model in tables()}
    for label in labels:
        kind = apps.get_model(label).record_kind
        assert (label in gathered_labels) == (kind in opened and label not in NOT_IN_IT), label
    assert set(NOT_IN_IT) <= labels
    assert {*ABOUT_OTHERS, *SAID_BY_OTHERS, *SAYS_WHERE} <= gathered_labels
    assert len(gathered_labels) > 60
    for model in tables():
        assert said_fields(model), model._meta.label  # a table of which nothing is said belongs to NOT_IN_IT
        assert not any(field.is_relation or field.primary_key for field in said_fields(model))


def test_the_record_is_gathered_in_the_order_of_the_child_s_life_without_keys() -> None:
    given = asking()
    missing_once(given.world)
    request = gathered(given)
    found = items(request, given.officer)
    episode = of("missing.Episode", found)
    said = " ".join(text for _, text in episode.lines)
    assert WORRY in said
    assert episode.agency == "Fernleigh Council"
    assert [one.number for one in found] == sorted(one.number for one in found)
    everything = " ".join(f"{name} {text}" for one in found for name, text in one.lines)
    assert str(given.world.child.pk) not in everything
    assert str(given.world.worker.pk) not in everything


def test_nothing_that_the_request_does_not_open_is_gathered() -> None:
    from atlas.intelligence.commands import propose_product, record_intelligence, release_product
    from atlas.sealed.commands import seal_set

    given = asking()
    supplier = desk("Northmarch Police", given.world.child)
    raw = record_intelligence(child=given.world.child, supplied=supplied(), by=supplier.officer, at=NOW)
    product = propose_product(raw=raw, sanitised=sanitised(), by=supplier.officer, at=NOW)
    release_product(product=product, by=supplier.second, at=NOW)
    seal_set(child=given.world.child, kind="source", values={"name": "Quintilla Vashti"}, by=factories.feed_post(), at=NOW)
    found = items(gathered(given), given.officer)
    everything = " ".join(text for one in found for _, text in one.lines)
    assert sanitised().wording not in everything
    assert supplied().wording not in everything
    assert "Quintilla" not in everything


def test_marks_say_what_to_look_at_and_where() -> None:
    given = asking()
    missing_once(given.world)
    episode = of("missing.Episode", items(gathered(given), given.officer))
    marked = {(episode.lines[line][1][start:end], why) for line, start, end, why in episode.marks}
    assert ("Jaxon Quill", Why.NAME) in marked
    assert ("the neighbour", Why.OTHER) in marked
    assert ("anonymously", Why.SOURCE) in marked
    assert not any("walk" in words for words, _ in marked)


def test_where_the_child_is_is_marked_whole_for_anybody_but_the_child() -> None:
    given = asking()
    reach = Reach(ContactKind.TELEPHONE, "07700 900123")
    record_contact_detail(child=given.world.child, reach=reach, source="test", by=factories.feed_post(), at=NOW)
    by_child = of("people.ContactDetail", items(gathered(given), given.officer))
    parent = gathered(given, Asks.PARENT, right_words="Birth certificate", child_understands=False)
    by_parent = of("people.ContactDetail", items(parent, given.officer))
    assert [OF_ALL, 0, 0, Why.REACH] not in by_child.marks
    assert [OF_ALL, 0, 0, Why.REACH] in by_parent.marks


def test_a_removal_has_a_ground_a_reason_and_whoever_must_be_asked_was_asked() -> None:
    given = asking()
    missing_once(given.world)
    request = gathered(given)
    episode = of("missing.Episode", items(request, given.officer))
    for weighed, field in (
        (Weighed(AnswerItem.Outcome.LEAVE_OUT, because="x"), "ground"),
        (Weighed(AnswerItem.Outcome.PART, because="x"), "words"),
        (replace(OUT, because=" "), "because"),
        (replace(OUT, ground=Ground.CHILD_ABUSE), "ground"),  # the child's own record
        (replace(OUT, ground=Ground.HEALTH_HARM), "ground"),
        (replace(without_words(episode, "Jaxon Quill", Ground.PRIVILEGE)), "ground"),
    ):
        with pytest.raises(Invalid) as problem:
            weigh_item(item=episode, weighed=weighed, by=given.officer, at=LATER)
        assert problem.value.field == field
    old = (LATER - timedelta(days=200)).date()
    for on, stands in ((old, False), (LATER.date(), True)):
        record_opinion(
            request=request, asked=Asked.HEALTH, who_words="Dr Example, paediatrician", words="It would harm", given_on=on, by=given.officer, at=LATER
        )  # fmt: skip
        if stands:
            weigh_item(item=episode, weighed=replace(OUT, ground=Ground.HEALTH_HARM), by=given.officer, at=LATER)
        else:
            with pytest.raises(Invalid, match="within the last six months"):
                weigh_item(item=episode, weighed=replace(OUT, ground=Ground.HEALTH_HARM), by=given.officer, at=LATER)


def test_gathered_again_what_changed_is_undecided_what_is_new_is_added_and_the_rest_stands() -> None:
    given = asking()
    episode = missing_once(given.world)
    request = gathered(given)
    for one in items(request, given.officer):
        weigh_item(item=one, weighed=GIVE, by=given.officer, at=LATER)
    before = len(items(request, given.officer))
    seen_again(given.world, episode)
    gather_record(request=request, by=given.officer, at=LATER + timedelta(minutes=5))
    after = items(request, given.officer)
    undecided = {one.label for one in after if not one.outcome}
    assert len(after) > before
    assert "missing.ContactOrSighting" in undecided
    assert "children.Child" not in undecided


def test_what_is_not_marked_is_given_by_the_page_and_what_is_marked_is_not() -> None:
    given = asking()
    missing_once(given.world)
    request = gathered(given)
    found = items(request, given.officer)
    many = give_unmarked(request=request, numbers=[one.number for one in found], by=given.officer, at=LATER)
    after = items(request, given.officer)
    assert many == sum(not one.marks for one in found) > 0
    assert all(bool(one.outcome) == (not one.marks) for one in after)


def test_what_is_kept_in_parts_is_said_in_its_words_alone() -> None:
    lines = [
        {"key": "view-1", "words": "I like it when Priya texts before", "may_answer": True},
        {"key": "view-2", "words": "", "may_answer": False},
    ]
    said = in_words({"title": "My plan", "blocks": [{"key": "view", "title": "My view", "lines": lines}], "given_to": "the child"})
    assert said == "My plan; My view; I like it when Priya texts before; given to: the child"


def test_an_entry_says_its_moment_once_and_what_happened_in_a_line_that_can_be_taken_out() -> None:
    """The heading stays where an item is left out: what happened (that a parent may not be told, say) must not stand in it."""
    given = asking()
    episode = missing_once(given.world)
    seen_again(given.world, episode)
    found = [one for one in items(gathered(given, at=LATER), given.officer, LATER) if one.label == "chronology.Entry"]
    assert {one.heading for one in found} == {"Entry"}
    for one in found:
        assert "Kind" in dict(one.lines) and one.happened not in dict(one.lines).values(), one.lines
