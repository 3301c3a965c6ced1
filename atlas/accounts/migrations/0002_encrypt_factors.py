"""Encrypt the secrets of second factors that rest in clear, with the key outside the database."""

from django.db import migrations

from atlas.accounts.secrets import MARK, encrypted


def encrypt_all(apps, schema_editor):
    for factor in apps.get_model("mfa", "Authenticator").objects.filter(type__in=["totp", "recovery_codes"]).iterator():
        data = dict(factor.data)
        for name in ("secret", "seed"):
            if name in data and not data[name].startswith(MARK):
                data[name] = encrypted(data[name])
        if "migrated_codes" in data:
            data["migrated_codes"] = [one if one.startswith(MARK) else encrypted(one) for one in data["migrated_codes"]]
        if data != factor.data:
            factor.data = data
            factor.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunPython(encrypt_all, migrations.RunPython.noop)]
