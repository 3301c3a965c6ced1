"""The classes that come with Atlas, as rows: what was found of law, and for the rest that the council has to decide (protection.md 3.3)."""

import uuid
from datetime import date

from django.db import migrations

# Whom it is about, counted from, years, from the death of a child who died before 18, whether a statute says so, ground, source.
CARE = "Care Planning, Placement and Case Review (England) Regulations 2010, regulation 50: until the 75th birthday, or 15 years from the death of a child who died before 18"
ORDER = "Disclosure of Adoption Information (Post-Commencement Adoptions) Regulations 2005, regulation 6: at least 100 years from the order"
NONE = "No statute says how long, and councils differ"
CLASSES = (
    ("looked_after", "birth", 75, 15, True, "Law", CARE),
    ("adopted", "order", 100, None, True, "Law", ORDER),
    ("child_protection", "last_contact", None, None, False, "Local policy", f"{NONE}: some keep until the 25th birthday, one keeps 35 years after the last contact"),
    ("child_in_need", "last_contact", None, None, False, "Local policy", f"{NONE}: one keeps until three years after the 18th birthday"),
    ("allegation", "end", None, None, False, "Local policy", f"{NONE}: one keeps 10 to 100 years by the outcome"),
    ("intelligence", "review", 0, None, False, "The supplier", "The supplier’s review date travels with what it supplied: nothing goes before it"),
    ("known", "last_contact", None, None, False, "Local policy", NONE),
)  # fmt: skip
SINCE = date(2026, 1, 1)


def add(apps: object, editor: object) -> None:
    model = apps.get_model("retention", "RetentionClass")  # type: ignore[attr-defined]
    for group, counted_from, years, early, is_law, ground, source in CLASSES:
        model.objects.create(
            id=uuid.uuid5(uuid.NAMESPACE_URL, f"atlas retention class {group}"), group=group, counted_from=counted_from, years=years,
            years_after_early_death=early, is_law=is_law, ground=ground, source=source, from_on=SINCE,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_retention")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
