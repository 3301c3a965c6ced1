"""What would stop a page is found in a new migration before it is one of a release: bad ones are planted, each is found; what is done as it should be is let through."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from atlas.gate.install import statements
from tests.change import linter
from tests.change.words import INSTEAD

ADD, SQL = migrations.AddField, migrations.RunSQL
LONG = models.CheckConstraint(condition=models.Q(name__gt=""), name="long")
INDEX = models.Index(fields=["name"], name="by_name")


@pytest.fixture(autouse=True)
def reads(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The SQL of a migration is told by a connection; nothing of it is run."""
    with django_db_blocker.unblock():
        yield


def before() -> ProjectState:
    """What the version before uses: places, and their teams."""
    state = ProjectState()
    models_of: list[tuple[str, list[Any]]] = [
        ("Team", [("id", models.UUIDField(primary_key=True))]),
        (
            "Place",
            [
                ("id", models.UUIDField(primary_key=True)),
                ("name", models.CharField(max_length=20)),
                ("count", models.IntegerField(null=True)),
            ],
        ),
    ]
    for name, fields in models_of:
        migrations.CreateModel(name, fields).state_forwards("places", state)
    return state


def migration(*operations: Any, atomic: bool = True, **more: Any) -> Any:
    """One that somebody has written."""
    kind = type("Migration", (migrations.Migration,), {"__module__": "tests.change", "operations": [*operations], "atomic": atomic, **more})
    return kind("0009_planted", "places")


def found(*new: Any) -> set[str]:
    """The rules by which something was found."""
    return {one.rule for one in linter.problems(new, before(), connection)}


def filled(apps: Any, editor: Any) -> None:
    """Each place is counted: nothing counted them before."""


def unsaid(apps: Any, editor: Any) -> None:
    pass


TEXT = models.CharField(max_length=20)
AWAY = migrations.RemoveField("place", "name")
BAD: dict[str, tuple[list[Any], str]] = {
    "a column that the version before reads": ([AWAY], "used-by-the-version-before"),
    "a table that it reads": ([migrations.DeleteModel("Place")], "used-by-the-version-before"),
    "a column under another name": ([migrations.RenameField("place", "name", "called")], "used-by-the-version-before"),
    "a table under another name": ([migrations.RenameModel("Place", "Spot")], "used-by-the-version-before"),
    "a column by hand": ([SQL('ALTER TABLE places_place DROP COLUMN "name"', SQL.noop)], "used-by-the-version-before"),
    "a function": ([SQL("DROP FUNCTION gate_blocked()", SQL.noop)], "used-by-the-version-before"),
    "a column of another type": ([migrations.AlterField("place", "name", models.IntegerField())], "changing-column-type"),
    "a text that is shorter": ([migrations.AlterField("place", "name", models.CharField(max_length=10))], "changing-column-type"),
    "a column that must be filled": ([ADD("place", "kind", models.CharField(max_length=9, default="a"))], "the-version-before-adds-rows"),
    "a column out of the models alone": ([migrations.SeparateDatabaseAndState(state_operations=[AWAY])], "this-version-adds-rows"),
    "an index": ([migrations.AddIndex("place", INDEX)], "require-concurrent-index-creation"),
    "a foreign key": ([ADD("place", "team", models.ForeignKey("places.Team", models.PROTECT, null=True))], "adding-foreign-key-constraint"),
    "a constraint": ([migrations.AddConstraint("place", LONG)], "constraint-missing-not-valid"),
    "a unique column": (
        [migrations.AddConstraint("place", models.UniqueConstraint(fields=["name"], name="once"))],
        "disallowed-unique-constraint",
    ),
    "a column that was empty": ([migrations.AlterField("place", "count", models.IntegerField(default=0))], "adding-not-nullable-field"),
    "rows and tables at once": ([ADD("place", "sort", TEXT), migrations.RunPython(filled, filled)], "data-apart-from-shape"),
    "rows in one transaction": ([migrations.RunPython(filled, filled)], "rows-in-one-transaction"),
    "no way back": ([migrations.RunPython(filled)], "no-way-back"),
    "SQL without a way back": ([SQL("SELECT 1")], "no-way-back"),
    "rows without a reason": ([migrations.RunPython(unsaid, unsaid)], "no-reason"),
    "SQL without a reason": ([SQL("SELECT 1", SQL.noop)], "no-reason"),
    "what Django cannot say": ([migrations.RemoveField("place", "nothing")], "not-readable"),
}


@pytest.mark.parametrize("what", BAD)
def test_each_planted_migration_is_found(what: str) -> None:
    operations, rule = BAD[what]
    assert rule in found(migration(*operations)), rule


def test_two_steps_without_a_transaction_are_found() -> None:
    two = [AddIndexConcurrently("place", INDEX), ADD("place", "more", models.IntegerField(null=True))]
    assert found(migration(*two, atomic=False)) == {"one-step-without-transaction"}


def test_what_is_done_in_steps_is_let_through() -> None:
    """Expand; backfill; and take out of the models what the release after this one takes out of the database."""
    loosened = SQL(
        'ALTER TABLE "places_place" ALTER COLUMN "name" DROP NOT NULL', 'ALTER TABLE "places_place" ALTER COLUMN "name" SET NOT NULL'
    )
    steps = (
        migration(
            ADD("place", "kind", models.CharField(max_length=9, db_default="")),
            migrations.AlterField("place", "name", models.CharField(max_length=90)),
        ),
        migration(AddIndexConcurrently("place", INDEX), atomic=False),
        migration(AddConstraintNotValid("place", LONG)),
        migration(ValidateConstraint("place", "long")),
        migration(migrations.RunPython(filled, filled), atomic=False),
        migration(
            migrations.CreateModel(
                "Note", [("id", models.UUIDField(primary_key=True)), ("place", models.ForeignKey("places.Place", models.PROTECT))]
            ),
        ),
        migration(ADD("note", "words", TEXT), migrations.AddIndex("note", models.Index(fields=["words"], name="by_words"))),
        migration(
            loosened, migrations.SeparateDatabaseAndState(state_operations=[AWAY]), __doc__="The name stands in a table of its own now."
        ),
    )
    assert found(*steps) == set()
    gone = migration(
        SQL('ALTER TABLE "places_place" DROP COLUMN "lost"', 'ALTER TABLE "places_place" ADD COLUMN "lost" text'),
        __doc__="Unused since 0.3.",
    )
    assert found(gone) == set()  # the version before does not know it


def test_what_stands_for_a_reason_is_let_through() -> None:
    operations, rule = BAD["an index"]
    assert rule not in found(migration(*operations, stands={rule: "a few hundred rows: the teams of a council"}))


def test_everything_that_is_found_is_said_in_words() -> None:
    assert {rule for _, rule in BAD.values()} <= INSTEAD.keys()
    (said,) = {str(one) for one in linter.problems([migration(*BAD["an index"][0])], before(), connection)}
    assert said.startswith("places.0009_planted: makes an index while nobody may write") and "Instead: AddIndexConcurrently" in said


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE missing_episode ADD COLUMN IF NOT EXISTS mood text",
        "CREATE INDEX IF NOT EXISTS by_mood ON missing_episode (mood)",
        "DROP FUNCTION IF EXISTS gate_blocked();\nCREATE OR REPLACE FUNCTION gate_blocked()",
        "LOCK TABLE missing_episode",
        "UPDATE missing_episode SET mood = ''",
    ],
)
def test_shape_in_the_gate_is_found(statement: str) -> None:
    assert [one.rule for one in linter.of_install([statement])] == ["shape-in-the-gate"]


def test_the_gate_holds_no_shape() -> None:
    assert [str(one) for one in linter.of_install(statements())] == []


def test_what_is_released_and_changed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = linter.released()
    name = next(iter(listed))
    monkeypatch.setattr(linter, "released", lambda: {**listed, name: "0" * 12, "places.0099_gone": "0" * 12})
    assert {(one.where, one.rule) for one in linter.findings()} >= {
        (name, "released-and-changed"),
        ("places.0099_gone", "released-and-changed"),
    }
