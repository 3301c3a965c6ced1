"""Why may somebody, or not: told step by step to the privacy officer of the child's authority alone, and written down."""

import csv
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from atlas.agencies.models import Post
from atlas.allegations.commands import Alleged, record_allegation
from atlas.gate.act import Refused
from atlas.gate.commands import Question, explain
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Block
from atlas.gate.policy import Kind, Permission
from atlas.gate.rules import STEPS
from tests import factories
from tests.factories import NOW
from tests.world import World, make_world

pytestmark = pytest.mark.django_db
PASSED = [words for _, words, _ in STEPS]


def officer(world: World) -> Post:
    post = factories.post("privacy_officer", of=factories.team("Information governance"))
    factories.duty(Kind.PRIVACY, world.authority, post=post)
    return post


def asked(world: World, who: Post, permission: Permission = Permission.VIEW_CHILD) -> Question:
    return Question(who, world.child.pk, permission, NOW)


def test_every_step_is_told_up_to_the_first_that_denies() -> None:
    world = make_world()
    privacy = officer(world)
    told = explain(question=asked(world, world.worker), by=privacy, at=NOW)
    assert told == [(words, True) for words in PASSED]
    denied = explain(question=asked(world, world.stranger), by=privacy, at=NOW)
    assert [passed for _, passed in denied] == [True] * 4 + [False]
    assert "relationship" in denied[-1][0]
    of_role = explain(question=asked(world, world.worker, Permission.SET_LOCAL_LIMIT), by=privacy, at=NOW)
    assert of_role[-1] == ("the role may do this at all", False)
    with acting_as(world.worker, NOW):
        Block(child=world.child, user=world.worker.user, because="I know this family", from_at=NOW, made_by=world.worker).save(
            force_insert=True
        )
    assert explain(question=asked(world, world.worker), by=privacy, at=NOW)[-1] == (PASSED[1], False)


def test_a_guarded_child_is_explained_to_an_officer_on_the_list_alone() -> None:
    world = make_world()
    privacy = officer(world)
    factories.guard(world.child, "restricted", privacy)
    assert explain(question=asked(world, world.worker), by=privacy, at=NOW)[-1] == (PASSED[7], False)
    with pytest.raises(Refused):
        explain(question=asked(world, world.worker), by=officer(world), at=NOW)


@pytest.mark.parametrize("is_said", [False, True])
def test_about_oneself_ones_line_and_ones_team_nobody_is_told_whether_something_was_said_or_not(is_said: bool) -> None:
    world = make_world()
    apart, of_team, above = officer(world), factories.post("privacy_officer", of=world.worker.team), officer(world)
    factories.duty(Kind.PRIVACY, world.authority, post=of_team)
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    Post.objects.filter(pk=world.manager.pk).update(line_manager=above)
    of_force = factories.post("privacy_officer", of=factories.team("Information unit", of=world.police.team.agency))
    factories.duty(Kind.PRIVACY, world.authority, post=of_force)
    if is_said:
        factories.post("designated_officer", of=factories.team("Designated officers"))
        for accused in (world.worker, world.police):
            said = Alleged("council", "He took my phone", accused)
            record_allegation(child=world.child, said=said, by=world.coordinator, at=NOW)
    told = explain(question=asked(world, world.worker), by=apart, at=NOW)
    assert (told[-1] == (PASSED[1], False)) is is_said
    for by, who in ((of_team, world.worker), (above, world.worker), (of_team, of_team), (of_force, world.police), (apart, apart)):
        with pytest.raises(Refused):
            explain(question=asked(world, who), by=by, at=NOW)
        with acting_as(by, NOW), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM gate_explain(%s, %s, %s)", [who.pk, NOW, world.child.pk])
            assert not cursor.fetchall()
    assert explain(question=asked(world, world.stranger), by=of_team, at=NOW)


def test_nobody_else_is_told() -> None:
    world = make_world()
    elsewhere = factories.post("privacy_officer", of=factories.team("Elsewhere"))
    factories.duty(Kind.PRIVACY, factories.authority("Otherham"), post=elsewhere)
    for by in (elsewhere, world.manager, factories.administrator()):
        with pytest.raises(Refused):
            explain(question=asked(world, world.worker), by=by, at=NOW)


def test_the_question_is_written_down() -> None:
    world = make_world()
    privacy = officer(world)
    explain(question=asked(world, world.worker), by=privacy, at=NOW)
    with acting_as(privacy, NOW):
        assert {act.command for act in Act.objects.all()} >= {"explain", "explain view_child"}
        act = Act.objects.get(command="explain view_child")
        assert (act.child_id, act.result_id) == (world.child.pk, str(world.worker.pk))


def test_the_command_answers_one_and_many(tmp_path: Path) -> None:
    world = make_world()
    privacy, out = officer(world), StringIO()
    given: dict[str, Any] = {"officer": privacy.user.username, "who": world.worker.user.username, "at": NOW.isoformat()}
    call_command("gate", "explain", **given, child=str(world.child.pk), permission="view_child", stdout=out)
    assert out.getvalue().count("yes") == len(STEPS)
    (tmp_path / "in.csv").write_text(
        "who,child,permission,at\n"
        + f"{world.worker.user.username},no child,view_child,\n"
        + "".join(f"{post.user.username},{world.child.pk},view_child,{NOW.isoformat()}\n" for post in (world.worker, world.stranger))
    )
    call_command("gate", "explain", officer=privacy.user.username, csv=[str(tmp_path / "in.csv"), str(tmp_path / "out.csv")])
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert [row["passed"] for row in rows] == ["not told"] + ["yes"] * (len(STEPS) + 4) + ["no"]
    assert rows[0]["step"].startswith("Give --who")
    with pytest.raises(CommandError, match="Only a privacy officer"):
        call_command(
            "gate", "explain", **given | {"officer": world.manager.user.username}, child=str(world.child.pk), permission="view_child"
        )


def test_somebody_who_holds_several_posts_is_asked_about_post_by_post(tmp_path: Path) -> None:
    world = make_world()
    privacy, worker = officer(world), world.worker
    other = factories.post("school", of=factories.team("Elsewhere"))
    Post.objects.filter(pk=other.pk).update(user=worker.user)
    given: dict[str, Any] = {
        "officer": privacy.user.username, "who": worker.user.username, "at": NOW.isoformat(), "child": str(world.child.pk), "permission": "view_child",
    }  # fmt: skip
    with pytest.raises(CommandError) as asked:
        call_command("gate", "explain", **given)
    said = str(asked.value)
    assert said.startswith(f"{worker.user.username} holds several posts. Say which one, with --post and its id:")
    assert all(f"{post.pk}  {post.title}" in said and post.team.name in said for post in (worker, other))
    answers = {}
    for post in (worker, other):
        call_command("gate", "explain", **given, post=str(post.pk), stdout=(out := StringIO()))
        answers[post.pk] = "NO " in out.getvalue()
    assert answers == {worker.pk: False, other.pk: True}
    with pytest.raises(CommandError, match="does not hold that post"):
        call_command("gate", "explain", **given, post=str(world.stranger.pk))
    lines = [f"{worker.user.username},{world.child.pk},view_child,{NOW.isoformat()},{post}" for post in ("", worker.pk)]
    (tmp_path / "in.csv").write_text("who,child,permission,at,post\n" + "".join(f"{line}\n" for line in lines))
    call_command("gate", "explain", officer=privacy.user.username, csv=[str(tmp_path / "in.csv"), str(tmp_path / "out.csv")])
    rows = list(csv.DictReader((tmp_path / "out.csv").open()))
    assert [row["passed"] for row in rows] == ["not told"] + ["yes"] * len(STEPS)
    assert "holds several posts" in rows[0]["step"] and rows[1]["post"] == str(worker.pk)


def test_a_post_that_is_over_is_not_in_the_way_of_the_one_that_is_held() -> None:
    world = make_world()
    privacy = officer(world)
    past = factories.post("school", of=factories.team("Elsewhere"))
    Post.objects.filter(pk=past.pk).update(user=world.worker.user, until_on=NOW.date() - timedelta(days=30))
    call_command(
        "gate", "explain", officer=privacy.user.username, who=world.worker.user.username, at=NOW.isoformat(), child=str(world.child.pk),
        permission="view_child", stdout=(out := StringIO()),
    )  # fmt: skip
    assert out.getvalue().count("yes") == len(STEPS)


def test_an_officer_with_two_such_posts_says_in_which(tmp_path: Path) -> None:
    world = make_world()
    privacy = officer(world)
    second = factories.post("privacy_officer", of=factories.team("Elsewhere"))
    Post.objects.filter(pk=second.pk).update(user=privacy.user)
    given: dict[str, Any] = {
        "officer": privacy.user.username,
        "who": world.worker.user.username,
        "child": str(world.child.pk),
        "permission": "view_child",
    }
    with pytest.raises(CommandError, match="with --as-post and its id"):
        call_command("gate", "explain", **given)
    call_command("gate", "explain", **given, officer_post=str(privacy.pk), stdout=(out := StringIO()))
    assert "yes" in out.getvalue()
