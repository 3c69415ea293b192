"""Every event is put before the hooks that want it, in its own transaction: what is committed will be told, what is
rolled back will not. One statement for however many events, and next to nothing while there are no hooks.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION hooks_enqueue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hooks_delivery (hook_id, event_id, about, state, attempts, created_at, next_at, answer)
    SELECT hook.id, event.id,
        CASE
            WHEN event.deal_id IS NOT NULL THEN 'deal:' || event.deal_id
            WHEN event.company_id IS NOT NULL THEN 'client:' || event.company_id
            WHEN event.task_id IS NOT NULL THEN 'task:' || event.task_id
            ELSE event.kind
        END,
        'waiting', 0, event.at, event.at, ''
    FROM hooks_hook AS hook JOIN fresh AS event ON event.kind = ANY (hook.kinds)
    WHERE hook.stopped_at IS NULL
    ORDER BY event.id, hook.id;
    RETURN NULL;
END $$;
CREATE TRIGGER hooks_enqueue AFTER INSERT ON kernel_event
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION hooks_enqueue();
"""

BACKWARD = """
DROP TRIGGER hooks_enqueue ON kernel_event;
DROP FUNCTION hooks_enqueue();
"""


class Migration(migrations.Migration):
    dependencies = [("hooks", "0001_initial"), ("kernel", "0002_event_log")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
