"""An export: what may leave, for whom, until when; each step written down for every child in it; nothing where the right is lost."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from atlas.agencies.models import Post
from atlas.config.classification import privacy_class
from atlas.config.privacy import PrivacyClass
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Act, Block, Look, Relationship
from atlas.gate.policy import Kind, Purpose
from atlas.sharing.commands.disclosure import disclose
from atlas.sharing.commands.export import compile_export, deliver_export, download_export, export
from atlas.sharing.exports.files import inert
from atlas.sharing.exports.lists import lists
from atlas.sharing.exports.store import locked, opened
from atlas.sharing.models import Export, ExportFile
from tests import factories
from tests.factories import NOW
from tests.sharing.given import AFTER, asked, children_away, run, wanted
from tests.sharing.views_drill import GROUNDS, text_of_pdf
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def fetched(made: Export, by: Post, at: Any = AFTER) -> bytes:
    with acting_as(by, at, purpose=Purpose(made.purpose)):
        return download_export(export=made, by=by, at=at)[0]


def ready(world: World, **given: Any) -> Export:
    made = asked(world.coordinator, **given)
    assert run(made, world.coordinator)
    return made


def again(made: Export, by: Post, at: Any = AFTER) -> Export:
    with acting_as(by, at):
        return Export.objects.get(pk=made.pk)


def test_a_list_leaves_for_one_recipient_with_only_what_was_ticked(world: World) -> None:
    children = children_away(world, 3)
    made = ready(world, columns=("child", "returned"))
    text = fetched(made, world.coordinator).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert all(child.name in text for child in children)
    assert world.child.name not in text  # was never missing
    assert not re.search(r"QXNN\d+QX|Fernleigh Council, Fernleigh\b|MTP|last sighting", text)
    assert made.reference in rows[1][0]
    assert world.coordinator.user.name in rows[1][0]
    assert "Sam Outside, Review panel" in text
    table = [row for row in rows if len(row) == 5]
    assert len(table) == 4
    assert all(row[-1] == made.reference for row in table[1:])
    held = again(made, world.coordinator)
    assert (held.state, held.rows, held.children_counted) == ("ready", 3, 3)


def test_the_service_does_it_on_behalf_of_whoever_asked_and_each_step_names_every_child(world: World) -> None:
    children = {child.pk for child in children_away(world, 3)}
    made = asked(world.coordinator)
    job = ProcrastinateJob.objects.get(task_name="sharing.run_export")
    assert job.args == {"export": str(made.pk), "post": str(world.coordinator.pk), "purpose": "missing_response", "key": str(made.pk)}
    assert run(made, world.coordinator)
    fetched(made, world.coordinator)
    with acting_as(world.coordinator, AFTER):
        for command, on_behalf in (("deliver_export", "sharing.run_export"), ("download_export", None)):
            acts = Act.objects.filter(command=command, about_id=made.pk, child_id__isnull=False)
            assert {act.child_id for act in acts} == children
            assert {act.on_behalf for act in acts} == {on_behalf}
            assert all(act.relationships for act in acts)
        look = Look.objects.get(event="export")
        assert (set(look.children), look.on_behalf, look.purpose) == (children, "sharing.run_export", "missing_response")
        assert Act.objects.get(command="compile_export").on_behalf == "sharing.run_export"
    assert not run(made, world.coordinator)  # the same job again: it has been made
    assert again(made, world.coordinator).state == "ready"


def test_who_looked_at_this_child_shows_the_export_and_each_fetching(world: World, signed_in: Any) -> None:
    [child] = children_away(world, 1)
    made = ready(world)
    client = signed_in(world.coordinator, AFTER)
    address = reverse("sharing:download_export", args=[made.pk])
    for _ in range(2):
        answer = client.post(address)
        assert answer.status_code == 200
        assert answer["Content-Disposition"] == f'attachment; filename="{made.reference}.csv"'
        assert child.name in answer.content.decode()
    with acting_as(world.coordinator, AFTER):
        assert Look.objects.filter(event="download", page="download_export", children=[child.pk]).count() == 2
    privacy = factories.post("privacy_officer", of=factories.team("Information governance"))
    factories.duty(Kind.PRIVACY, world.authority, post=privacy)
    page = signed_in(privacy, AFTER).get(reverse("audit:view_looks", args=[child.pk])).content.decode()
    assert "Download export" in page
    assert ">Export" in page


@pytest.mark.parametrize(
    "given",
    [
        {"columns": ("worry",)}, {"columns": ()}, {"listed": "everything"}, {"reason": " "}, {"days": 0}, {"days": 29},
        {"outside_name": ""}, {"outside_organisation": ""}, {"purpose": Purpose.AUDIT}, {"period": (date(2026, 5, 2), date(2026, 5, 1))},
        {"period": (date(2020, 5, 1), date(2020, 5, 2))},
    ],
)  # fmt: skip
def test_what_is_not_whole_is_refused_in_words(world: World, given: dict[str, Any]) -> None:
    children_away(world, 1)
    with pytest.raises(Invalid):
        asked(world.coordinator, **given)


def test_a_role_that_may_not_export_is_refused(world: World, signed_in: Any) -> None:
    children_away(world, 1)
    for post in (world.worker, world.police, factories.administrator(), factories.feed_post()):
        with pytest.raises(Refused):
            export(wanted=wanted(), by=post, at=NOW)
    assert signed_in(world.worker, NOW).get(reverse("sharing:export", args=["missing_episodes"])).status_code == 404


def test_more_than_the_most_children_do_not_leave_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    children_away(world, 3)
    monkeypatch.setattr("atlas.sharing.commands.export.MOST_CHILDREN", 2)
    with pytest.raises(Invalid, match="3 children"):
        asked(world.coordinator)


def test_who_is_shut_is_simply_absent(world: World) -> None:
    """Blocked and guarded children do not stand in it, and nothing says that they are left out."""
    blocked, restricted, hidden, named, plain = children_away(world, 5)
    with acting_as(world.coordinator, NOW):
        Block(child=blocked, user=world.coordinator.user, because="x", from_at=NOW, made_by=world.coordinator).save(force_insert=True)
    factories.guard(restricted, "restricted")
    factories.guard(hidden, "hidden")
    factories.guard(named, "restricted", world.manager)
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    text = fetched(ready(world), world.coordinator).decode()
    assert [child.name in text for child in (blocked, restricted, hidden, named, plain)] == [False, False, False, False, True]
    made = asked(world.manager)
    assert run(made, world.manager)
    text = fetched(made, world.manager).decode()
    assert [child.name in text for child in (blocked, restricted, hidden, named, plain)] == [True, False, False, True, True]


def test_a_recipient_with_a_post_gets_only_children_who_are_not_shut_to_them(world: World) -> None:
    shut, plain = children_away(world, 2)
    police = factories.post("police_officer", of=factories.team("Public protection", of=factories.agency("Northmarch Police")))
    with acting_as(police, NOW):
        Block(child=shut, user=police.user, because="cousin", from_at=NOW, made_by=police).save(force_insert=True)
    made = ready(world, recipient=police, outside_name="", outside_organisation="")
    text = fetched(made, police).decode()
    assert plain.name in text
    assert shut.name not in text
    with pytest.raises(Refused):  # nobody else
        fetched(made, world.manager)
    with acting_as(police, AFTER):
        Block(child=plain, user=police.user, because="cousin", from_at=AFTER, made_by=police).save(force_insert=True)
    with pytest.raises(Refused):  # to the recipient it is not there any more
        fetched(made, police)
    assert plain.name in fetched(made, world.coordinator).decode()


def test_a_recipient_finds_the_export_from_what_is_shared_with_them(world: World, signed_in: Any) -> None:
    children_away(world, 1)
    made = ready(world, recipient=world.police, outside_name="", outside_organisation="")
    client = signed_in(world.police, AFTER)
    assert reverse("sharing:view_exports") in client.get(reverse("sharing:view_shared")).content.decode()
    assert made.reference in client.get(reverse("sharing:view_exports")).content.decode()
    assert "Fetch the file" in client.get(reverse("sharing:download_export", args=[made.pk])).content.decode()


def test_how_many_children_an_export_holds_is_not_said_to_whoever_is_shut_out_of_one(world: World, signed_in: Any) -> None:
    shut, _ = children_away(world, 2)
    made = ready(world, recipient=world.police, outside_name="", outside_organisation="")
    pages = [reverse("sharing:view_exports"), reverse("sharing:download_export", args=[made.pk])]
    for post in (world.coordinator, world.police):
        shown = [signed_in(post, AFTER).get(page).content.decode() for page in pages]
        assert all(made.reference in one for one in shown)
        assert "2 children" in shown[0]
        with acting_as(post, NOW):
            Block(child=shut, user=post.user, because="cousin", from_at=NOW, made_by=post).save(force_insert=True)
    # Whoever made it keeps that it was made; whom it was given to has nothing of it any more.
    mine = [signed_in(world.coordinator, AFTER).get(page).content.decode() for page in pages]
    assert all(made.reference in one for one in mine)
    assert "2 children" not in mine[0]
    assert ">2<" not in mine[1].replace(" ", "").replace("\n", "")
    assert made.reference not in signed_in(world.police, AFTER).get(pages[0]).content.decode()
    assert signed_in(world.police, AFTER).get(pages[1]).status_code == 404


def lose_post(world: World, child: Any) -> None:
    Post.objects.filter(pk=world.coordinator.pk).update(until_on=NOW.date() - timedelta(days=1))


def lose_role(world: World, child: Any) -> None:
    Post.objects.filter(pk=world.coordinator.pk).update(role="health")


def lose_duty(world: World, child: Any) -> None:
    with acting_as(factories.administrator(), NOW):
        Relationship.objects.filter(holder_post=world.coordinator).update(until_at=NOW)
    with acting_as(factories.feed_post(), NOW):  # and what the open episodes opened to the team
        Relationship.objects.filter(holder_team=world.coordinator.team, child__isnull=False).update(until_at=NOW)


def lose_to_block(world: World, child: Any) -> None:
    with acting_as(world.coordinator, NOW):
        Block(child=child, user=world.coordinator.user, because="x", from_at=NOW, made_by=world.coordinator).save(force_insert=True)


def lose_to_list(world: World, child: Any) -> None:
    factories.guard(child, "restricted")


LOSSES = (lose_post, lose_role, lose_duty, lose_to_block, lose_to_list)


@pytest.mark.parametrize("lose", LOSSES)
def test_a_right_lost_while_it_is_made_stops_it_before_delivery(
    world: World, lose: Callable[[World, Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    child, *_ = children_away(world, 2)
    made, real = asked(world.coordinator), compile_export

    def slowly(**given: Any) -> Any:
        compiled = real(**given)
        lose(world, child)
        return compiled

    monkeypatch.setattr("atlas.sharing.jobs.compile_export", slowly)
    assert not run(made, world.coordinator)
    with connection.cursor() as cursor, acting_as(factories.feed_post(), AFTER):
        cursor.execute("SELECT count(*) FROM sharing_exportfile")
        assert cursor.fetchone() == (0,)
    Post.objects.filter(pk=world.coordinator.pk).update(until_on=None, role="missing_coordinator")
    post = Post.objects.get(pk=world.coordinator.pk)
    assert again(made, post).state == "stopped"
    with acting_as(post, AFTER):
        assert not ExportFile.objects.exists()
        refused = Act.objects.get(command="deliver_export", outcome="refused")
        assert (refused.on_behalf, refused.about_id) == ("sharing.run_export", str(made.pk))
        assert not Look.objects.filter(event="export").exists()


@pytest.mark.parametrize("lose", LOSSES)
def test_a_right_lost_after_delivery_shuts_the_file(world: World, lose: Callable[[World, Any], None], signed_in: Any) -> None:
    child, *_ = children_away(world, 2)
    made = ready(world)
    client = signed_in(world.coordinator, AFTER)
    lose(world, child)
    cache.clear()
    answer = client.post(reverse("sharing:download_export", args=[made.pk]))
    assert answer.status_code in (302, 404, 409), answer.status_code
    assert child.name.encode() not in answer.content
    with acting_as(Post.objects.get(pk=world.coordinator.pk), AFTER):
        assert ExportFile.objects.exists() == (lose is lose_role)  # the database itself gives no byte of it, while a child in it is shut


def test_at_rest_it_is_locked_to_its_export_and_its_secret(world: World) -> None:
    [child] = children_away(world, 1)
    made = ready(world)
    with acting_as(world.coordinator, AFTER):
        file = ExportFile.objects.get()
    assert child.name.encode() not in bytes(file.content)
    content, secret = locked(b"words", made.pk)
    assert opened(content, secret, made.pk) == b"words"
    for wrong in ((content, bytes(32), made.pk), (content, secret, world.child.pk), (content[:-1] + b"?", secret, made.pk)):
        with pytest.raises(InvalidTag):
            opened(*wrong)


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", '=HYPERLINK("x")'])
def test_no_text_is_a_formula(text: str) -> None:
    assert inert(text) == f"'{text}"
    assert inert("Ashby") == "Ashby"


def test_a_workbook_holds_no_formula_hidden_sheet_cache_link_or_name_of_a_machine(world: World) -> None:
    """E5, read part by part; `bench spreadsheets` asks LibreOffice."""
    children_away(world, 3)
    made = ready(world, format=Export.Format.XLSX, outside_name='=HYPERLINK("http://x.example")')
    book = zipfile.ZipFile(io.BytesIO(fetched(made, world.coordinator)))
    names = sorted(book.namelist())
    assert [name for name in names if "worksheets/" in name] == ["xl/worksheets/sheet1.xml"]
    assert not [
        name
        for name in names
        if re.search(r"pivot|external|calcChain|vba|query|connection|comments|drawing|embed|media", name, re.IGNORECASE)
    ]
    parts = {name: book.read(name).decode() for name in names}
    sheet, whole = parts["xl/worksheets/sheet1.xml"], "\n".join(parts.values())
    assert not re.search(r"<f[ >/]|hyperlink|state=\"(veryH|h)idden|hidden=\"1\"|definedName name=\"_xlnm._FilterDatabase", whole)
    assert sheet.count('t="s"') + len(re.findall(r'<c r="[A-Z]+\d+" s="\d+"><v>', sheet)) == sheet.count("<v>")  # text and dates alone
    assert "<dc:creator></dc:creator>" in parts["docProps/core.xml"]
    assert "<cp:lastModifiedBy></cp:lastModifiedBy>" in parts["docProps/core.xml"]
    assert made.reference in sheet  # the foot of each printed page
    assert made.reference in parts["xl/sharedStrings.xml"]


def test_on_paper_the_mark_stands_on_every_page_and_nothing_else_is_in_it(world: World) -> None:
    from pypdf import PdfReader

    children = children_away(world, 12)
    made = ready(world, format=Export.Format.PDF)
    body = fetched(made, world.coordinator)
    text = text_of_pdf(body)
    assert not re.search(r"QXNN\d+QX", text)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(body)).pages]
    assert len(pages) > 1
    assert all(made.reference in page and world.coordinator.user.name in page for page in pages)
    assert all(any(child.name in page for page in pages) for child in children)


def test_every_column_says_the_class_of_what_it_is_read_from_and_none_is_free_or_a_place() -> None:
    from django.apps import apps
    from django.db.models import TextField

    for listed in lists().values():
        for column in (listed.dated, *listed.columns):
            for name in column.of:
                label, _, field = name.rpartition(".")
                found = apps.get_model(label)._meta.get_field(field)
                assert not isinstance(found, TextField), name
                found_class = privacy_class(label, field, is_link=found.is_relation)
                assert found_class is not PrivacyClass.SPECIAL or found.choices, name  # a code, never words
                assert not re.search(r"place|address|postcode|words|reason|contact", field), name


def test_nothing_of_a_place_or_of_free_words_stands_in_any_list_with_every_column(world: World) -> None:
    child, _ = children_away(world, 2)
    Post.objects.filter(pk=world.worker.pk).update(line_manager=world.manager)
    disclose(
        child=child, recipient=world.police, items=[f"who:{child.pk}"], grounds=replace(GROUNDS, reason="QXNN0009QX"), by=world.worker, at=NOW
    )  # fmt: skip
    for listed in lists().values():
        keys = tuple(column.key for column in listed.columns)
        by = world.manager if listed.key == "disclosures" else world.coordinator
        made = asked(by, listed=listed.key, columns=keys)
        assert run(made, by), listed.key
        text = fetched(made, by).decode()
        assert not re.search(r"QXNN\d+QX", text), listed.key
        assert "Sample000" in text


def test_the_pages_lead_from_the_list_to_the_file(world: World, signed_in: Any) -> None:
    children_away(world, 1)
    client = signed_in(world.coordinator, NOW)
    assert reverse("sharing:export", args=["missing_episodes"]) in client.get(reverse("sharing:view_exports")).content.decode()
    form = client.get(reverse("sharing:export", args=["missing_episodes"])).content.decode()
    assert "last_seen_place" not in form
    typed = {
        "outside_name": "Sam Outside", "outside_organisation": "Review panel", "purpose": "missing_response", "reason": "Review", "from_on_0": "1",
        "from_on_1": "4", "from_on_2": "2026", "until_on_0": "31", "until_on_1": "5", "until_on_2": "2026", "columns": ["child", "returned"],
        "format": "csv", "days": "7", "key": "k" * 36,
    }  # fmt: skip
    address = reverse("sharing:export", args=["missing_episodes"])
    assert client.post(address, typed).status_code == 302
    client.post(address, typed)
    with acting_as(world.coordinator, AFTER):
        made = Export.objects.get()
    page = client.get(reverse("sharing:view_exports")).content.decode()
    assert made.reference in page
    assert "Being made" in page
    run(made, world.coordinator)
    assert "Ready" in client.get(reverse("sharing:view_exports")).content.decode()
    assert client.get(reverse("sharing:export", args=["secrets"])).status_code == 404
    assert client.post(address, {**typed, "reason": "", "key": "x" * 36}).status_code == 422


def test_delivering_asks_again_by_itself(world: World) -> None:
    child, *_ = children_away(world, 1)
    made = asked(world.coordinator)
    compiled = compile_export(export=made, by=world.coordinator, at=AFTER)
    lose_to_block(world, child)
    with pytest.raises(Refused):
        deliver_export(export=made, made=compiled, by=world.coordinator, at=AFTER)


def test_whoever_was_only_given_something_takes_none_of_it_out(world: World) -> None:
    [child] = children_away(world, 1)
    other = factories.post("manager", of=factories.team("Elsewhere"))
    disclose(child=child, recipient=other, items=[f"who:{child.pk}"], grounds=GROUNDS, by=world.worker, at=NOW)
    with pytest.raises(Invalid, match="nothing to export"):
        asked(other, AFTER, listed="disclosures", columns=("child",))
