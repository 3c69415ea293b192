"""Whoever writes into the ledger wakes the drain: one notice a statement, so one a batch."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION intake_entry_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('voronka_intake', '');
    RETURN NULL;
END $$;
CREATE TRIGGER intake_entry_tell AFTER INSERT ON intake_entry
    FOR EACH STATEMENT EXECUTE FUNCTION intake_entry_tell();
"""

BACKWARD = """
DROP TRIGGER intake_entry_tell ON intake_entry;
DROP FUNCTION intake_entry_tell();
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
