"""Odd looks say of which children their looks are."""

import django.contrib.postgres.fields
from django.db import migrations, models

# Rows from before say nothing of it yet: all whom the worker opened on the days that the reason looks at. Row security is forced on the owner
# too, so it is let go for this one statement.
OF_WHOM = """
ALTER TABLE audit_oddlook NO FORCE ROW LEVEL SECURITY;
ALTER TABLE gate_look NO FORCE ROW LEVEL SECURITY;
UPDATE audit_oddlook o SET children = CASE WHEN o.child_id IS NOT NULL THEN ARRAY[o.child_id] ELSE ARRAY(
    SELECT DISTINCT l.about_child FROM gate_look l
    WHERE l.post_id = o.post_id AND l.event = 'open' AND l.about_child IS NOT NULL
      AND l.looked_at >= (o.day - CASE o.reason WHEN 'leaver' THEN 14 ELSE 0 END)::timestamp AT TIME ZONE 'Europe/London'
      AND l.looked_at < (o.day + 1)::timestamp AT TIME ZONE 'Europe/London') END
WHERE o.reason <> 'searches';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE audit_oddlook FORCE ROW LEVEL SECURITY;
ALTER TABLE gate_look FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0008_alter_post_role'),
        ('audit', '0004_odd_reasons'),
        ('children', '0003_writes'),
        ('gate', '0012_guard'),
    ]

    operations = [
        migrations.AddField(
            model_name='oddlook',
            name='children',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
        ),
        migrations.RunSQL(OF_WHOM, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='oddlook',
            constraint=models.CheckConstraint(condition=models.Q(('reason', 'searches'), models.Q(('children', []), _negated=True), _connector='OR'), name='odd_look_says_of_whom'),
        ),
    ]
