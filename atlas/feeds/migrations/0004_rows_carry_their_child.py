"""Rows that were taken before they carried their child get it: from the record that they brought, or from a row of the same key."""

from django.db import migrations

# Row security is forced on the owner too, so it is let go for these statements.
CARRY = """
ALTER TABLE feeds_row NO FORCE ROW LEVEL SECURITY;
DO $$
DECLARE
    label text;
    place text;
    named text;
BEGIN
    FOR label IN SELECT DISTINCT result_label FROM feeds_row WHERE child_id IS NULL AND result_id IS NOT NULL LOOP
        place := lower(replace(label, '.', '_'));
        SELECT min(c.column_name::text) INTO named FROM information_schema.columns c
        WHERE c.table_schema = 'public' AND c.table_name = place AND c.column_name IN ('child_id', 'person_id');
        CONTINUE WHEN named IS NULL;
        EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', place);
        EXECUTE format('UPDATE feeds_row r SET child_id = t.%I FROM %I t WHERE r.child_id IS NULL AND r.result_label = %L AND r.result_id = t.%I',
                       named, place, label, CASE place WHEN 'children_child' THEN 'person_id' ELSE 'id' END);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', place);
    END LOOP;
    UPDATE feeds_row r SET child_id = k.child_id
    FROM feeds_delivery d, feeds_row k JOIN feeds_delivery e ON e.id = k.delivery_id
    WHERE r.child_id IS NULL AND r.source_key <> '' AND d.id = r.delivery_id AND e.source = d.source
      AND k."table" = r."table" AND k.source_key = r.source_key AND k.child_id IS NOT NULL;
END $$;
ALTER TABLE feeds_row FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("feeds", "0003_writes")]

    operations = [migrations.RunSQL(CARRY, migrations.RunSQL.noop)]
