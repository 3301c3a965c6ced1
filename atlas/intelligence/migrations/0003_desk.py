"""The grading, the dates and the regime of a raw item; the checklist and the end of a product.

What was recorded before has no grading: it counts as untested, not known, for nobody outside its author, and to be looked at at once.
"""

import datetime

import django.db.models.deletion
from django.db import migrations, models

SOURCES = [("1", "1: reliable"), ("2", "2: untested"), ("3", "3: not reliable")]
INFORMATION = [
    ("A", "A: known directly"), ("B", "B: known indirectly, and corroborated"), ("C", "C: known indirectly"), ("D", "D: not known"),
    ("E", "E: suspected to be false"),
]  # fmt: skip
HANDLINGS = [("P", "P: lawful sharing permitted"), ("C", "C: sharing permitted with conditions"), ("N", "Nobody outside the author agency")]
STATES = [("proposed", "Proposed"), ("released", "Released"), ("sent_back", "Sent back"), ("withdrawn", "Withdrawn")]
REGIMES = [("uk_gdpr", "UK GDPR"), ("part_3", "Law enforcement (Data Protection Act 2018 part 3)")]


def _added(model: str, name: str, field: "models.Field", *, once: bool = False) -> migrations.AddField:
    return migrations.AddField(model_name=model, name=name, field=field, preserve_default=not once)


class Migration(migrations.Migration):
    dependencies = [("agencies", "0005_intelligence"), ("intelligence", "0002_versions")]

    operations = [
        _added("raw", "source", models.CharField(choices=SOURCES, max_length=1, default="2"), once=True),
        _added("raw", "information", models.CharField(choices=INFORMATION, max_length=1, default="D"), once=True),
        _added("raw", "handling", models.CharField(choices=HANDLINGS, max_length=1, default="N"), once=True),
        _added("raw", "conditions", models.TextField(blank=True, default=""), once=True),
        _added("raw", "old_source", models.CharField(blank=True, max_length=10, default="", help_text="the grade of the source of an older 5x5x5 item, as it came"), once=True),
        _added("raw", "old_information", models.CharField(blank=True, max_length=10, default="", help_text="the grade of the information of an older item, as it came"), once=True),
        _added("raw", "known_on", models.DateField(null=True, help_text="when the supplier came to know it; of an older item it may not be known")),
        _added("raw", "review_on", models.DateField(default=datetime.date(2026, 11, 27)), once=True),
        _added("raw", "regime", models.CharField(choices=REGIMES, max_length=8, default="part_3"), once=True),
        migrations.AddConstraint(
            model_name="raw",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("handling", "C"), _negated=True), models.Q(("conditions", ""), _negated=True), _connector="OR"),
                name="raw_conditions_said",
            ),
        ),
        migrations.AlterField(model_name="product", name="state", field=models.CharField(choices=STATES, default="proposed", max_length=10)),
        _added("product", "regime", models.CharField(choices=REGIMES, max_length=8, default="part_3"), once=True),
        _added("product", "checklist", models.JSONField(default=dict, help_text="question of the checklist: what was looked at or changed")),
        _added("product", "ended_by", models.ForeignKey(to="agencies.post", on_delete=django.db.models.deletion.PROTECT, null=True, related_name="+", help_text="who withdrew it, or did not release it")),
        _added("product", "ended_at", models.DateTimeField(null=True)),
        _added("product", "ended_because", models.TextField(blank=True, default=""), once=True),
    ]
