"""The event log may only grow, and tells live listeners of every row it gets.

The notice carries ids and the audience, never contents; a payload over 8000 bytes is not possible with them
unless the audience is huge, and then listeners are told to ask (`audience: null`).
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION kernel_event_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('voronka_live', json_build_object(
        'id', NEW.id, 'kind', NEW.kind, 'person', NEW.person_id, 'deal', NEW.deal_id, 'company', NEW.company_id,
        'task', NEW.task_id, 'funnel', NEW.funnel_id, 'stage', NEW.stage_id, 'from', NEW.data -> 'from_id',
        'for', NEW.data -> 'person',
        'audience', CASE WHEN cardinality(NEW.audience) <= 200 THEN NEW.audience END
    )::text);
    RETURN NULL;
END $$;
CREATE TRIGGER kernel_event_tell AFTER INSERT ON kernel_event FOR EACH ROW EXECUTE FUNCTION kernel_event_tell();

CREATE FUNCTION kernel_event_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'kernel_event is append-only';
END $$;
CREATE TRIGGER kernel_event_keep BEFORE UPDATE OR DELETE ON kernel_event
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_event_keep();
"""

BACKWARD = """
DROP TRIGGER kernel_event_keep ON kernel_event;
DROP TRIGGER kernel_event_tell ON kernel_event;
DROP FUNCTION kernel_event_keep();
DROP FUNCTION kernel_event_tell();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
