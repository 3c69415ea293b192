"""A call of a rule that names a hook goes to that one, whatever it wants else; one that names none, to all that want it."""

from django.db import migrations

ENQUEUE = """
CREATE OR REPLACE FUNCTION hooks_enqueue() RETURNS trigger LANGUAGE plpgsql AS $$
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
    FROM hooks_hook AS hook JOIN fresh AS event ON {wanted}
    WHERE hook.stopped_at IS NULL
    ORDER BY event.id, hook.id;
    RETURN NULL;
END $$;
"""
BY_KIND = "event.kind = ANY (hook.kinds)"
NAMED = """
    CASE
        WHEN event.kind = 'rule.called' AND event.data ? 'hook' THEN event.data ->> 'hook' = hook.title
        ELSE event.kind = ANY (hook.kinds)
    END
"""


class Migration(migrations.Migration):
    dependencies = [("hooks", "0002_outbox")]
    operations = [migrations.RunSQL(ENQUEUE.format(wanted=NAMED), ENQUEUE.format(wanted=BY_KIND))]
