"""The stamp of connections (see `kernel.shelf`): what changes with every message does not move it."""

from django.db import migrations

UNHEEDED = "ARRAY['cursor', 'polled_at', 'heard_at', 'paced_until', 'paused_until', 'trouble', 'trouble_at']"

FORWARD = f"""
CREATE OR REPLACE TRIGGER channels_connection_stamp AFTER INSERT OR DELETE OR TRUNCATE ON channels_connection
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_stamp_anew();
CREATE OR REPLACE TRIGGER channels_connection_stamp_changed AFTER UPDATE ON channels_connection FOR EACH ROW
    WHEN (to_jsonb(OLD) - {UNHEEDED} IS DISTINCT FROM to_jsonb(NEW) - {UNHEEDED}) EXECUTE FUNCTION kernel_stamp_anew();
INSERT INTO kernel_stamp (name, stamp) VALUES ('channels_connection', gen_random_uuid()) ON CONFLICT DO NOTHING;
"""

BACKWARD = """
DROP TRIGGER channels_connection_stamp_changed ON channels_connection;
DROP TRIGGER channels_connection_stamp ON channels_connection;
"""


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial"), ("kernel", "0005_shelf")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
