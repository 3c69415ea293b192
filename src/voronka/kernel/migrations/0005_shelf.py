"""Stamps of the tables that processes keep (see `kernel.shelf`): whoever writes one gives it another stamp.

A stamp is never used twice, not even by a transaction that is rolled back. Of people's rows what changes all day does not
count.
"""

from django.db import migrations

TABLES = [
    "kernel_installation",
    "staff_role",
    "staff_brand",
    "staff_location",
    "staff_person_brands",
    "staff_person_locations",
    "clients_tag",
    "tasks_taskkind",
    "deals_funnel",
    "deals_stage",
    "deals_lossreason",
    "deals_fielddef",
    "intake_source",
    "process_version",
    "process_brokenrule",
]
PEOPLE, UNHEEDED = "staff_person", "ARRAY['last_seen_at', 'last_login']"

FORWARD = """
CREATE TABLE IF NOT EXISTS kernel_stamp (name text PRIMARY KEY, stamp uuid NOT NULL);

CREATE OR REPLACE FUNCTION kernel_stamp_anew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO kernel_stamp (name, stamp) VALUES (TG_TABLE_NAME, gen_random_uuid())
    ON CONFLICT (name) DO UPDATE SET stamp = excluded.stamp;
    RETURN NULL;
END $$;
"""
BACKWARD = """
DROP FUNCTION kernel_stamp_anew();
DROP TABLE kernel_stamp;
"""
WRITTEN = """
CREATE OR REPLACE TRIGGER {table}_stamp AFTER {acts} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kernel_stamp_anew();
INSERT INTO kernel_stamp (name, stamp) VALUES ('{table}', gen_random_uuid())
    ON CONFLICT DO NOTHING;
"""
CHANGED = f"""
CREATE OR REPLACE TRIGGER {PEOPLE}_stamp_changed AFTER UPDATE ON {PEOPLE} FOR EACH ROW
    WHEN (to_jsonb(OLD) - {UNHEEDED} IS DISTINCT FROM to_jsonb(NEW) - {UNHEEDED}) EXECUTE FUNCTION kernel_stamp_anew();
"""


def stamped(table: str, acts: str = "INSERT OR UPDATE OR DELETE OR TRUNCATE") -> migrations.RunSQL:
    return migrations.RunSQL(WRITTEN.format(table=table, acts=acts), f"DROP TRIGGER {table}_stamp ON {table};")


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0004_attachment_field"),
        ("staff", "0001_initial"),
        ("clients", "0003_tags"),
        ("tasks", "0001_initial"),
        ("deals", "0001_initial"),
        ("intake", "0001_initial"),
        ("process", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        *(stamped(table) for table in TABLES),
        stamped(PEOPLE, "INSERT OR DELETE OR TRUNCATE"),
        migrations.RunSQL(CHANGED, f"DROP TRIGGER {PEOPLE}_stamp_changed ON {PEOPLE};"),
    ]
