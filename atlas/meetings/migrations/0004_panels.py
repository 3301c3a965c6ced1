"""The terms of reference of a panel become points. No panel could be opened before, so none has words to carry over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_agencies_held_to_account")]

    operations = [
        migrations.RemoveField(model_name="panel", name="terms"),
        migrations.AddField(
            model_name="panel",
            name="terms",
            field=models.JSONField(default=dict, help_text="point of the terms of reference (rules/terms.py): what was agreed on it"),
        ),
    ]
