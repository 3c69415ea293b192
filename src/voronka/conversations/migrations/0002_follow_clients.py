"""Whoever sees a client sees its conversation: the audience follows, with the seat of who took it."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION conversation_audience(client text[], seat bigint) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(DISTINCT token ORDER BY token), '{}')
    FROM unnest(client || CASE WHEN seat IS NULL THEN '{}'::text[] ELSE ARRAY['s:' || seat] END) AS token
$$;
CREATE OR REPLACE FUNCTION conversation_follow_client() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE conversations_conversation SET audience = conversation_audience(NEW.audience, taken_seat)
    WHERE company_id = NEW.id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER conversation_follow_client AFTER UPDATE OF audience ON clients_company FOR EACH ROW
    WHEN (OLD.audience IS DISTINCT FROM NEW.audience) EXECUTE FUNCTION conversation_follow_client();
"""

BACKWARD = """
DROP TRIGGER conversation_follow_client ON clients_company;
DROP FUNCTION conversation_follow_client();
DROP FUNCTION conversation_audience(text[], bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
