"""A version after this one, for `bench change next`: a column and an index on the table of missing episodes, and another policy on every table about a child."""

from pathlib import Path

COLUMN = '''"""Planted by bench/planted_next.py."""
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("missing", "{last}")]
    operations = [migrations.AddField("episode", "planted", models.CharField(max_length=20, default="", db_default=""))]
'''
INDEX = '''"""Planted by bench/planted_next.py."""
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("missing", "{last}")]
    operations = [AddIndexConcurrently("episode", models.Index(fields=["planted"], name="episode_planted"))]
'''
FILL = '''"""Planted by bench/planted_next.py."""
from django.db import migrations
from django.db.models import Q

from atlas.gate.backfill import backfill


def fill(apps, editor):
    """Every episode says that it was planted."""
    backfill(editor.connection, apps.get_model("missing", "Episode"), Q(planted=""), planted="yes")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("missing", "{last}")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
'''
WAS, IS = 'USING (({shut_out}) IS NOT FALSE)")', 'USING (({shut_out}) IS NOT FALSE AND true)")'


def plant(folder: Path) -> None:
    """Make a tree the next version."""
    migrations = folder / "atlas/missing/migrations"
    last = max(path.stem for path in migrations.glob("0*.py"))
    for number, text in enumerate((COLUMN, INDEX, FILL), int(last[:4]) + 1):
        name = f"{number:04}_planted"
        (migrations / f"{name}.py").write_text(text.format(last=last))
        last = name
    gate = folder / "atlas/gate/install.py"
    text = gate.read_text()
    if text.count(WAS) != 1:
        raise SystemExit("The policy that is planted is not where it was: mend bench/planted_next.py.")
    gate.write_text(text.replace(WAS, IS))
