"""The first schema that held real companies, and a base on it: where the migrations of today start from."""

import os
import subprocess
import sys

import psycopg

from benches.harness import ROOT

#: The last migration of each application in that schema.
GROUND = {
    "catalogue": "0001_initial",
    "clients": "0002_initial",
    "deals": "0003_list_orders",
    "intake": "0002_wake_the_drain",
    "kernel": "0002_event_log",
    "notices": "0002_server_key",
    "process": "0001_initial",
    "staff": "0002_people_seen_and_failed_sign_ins",
    "tasks": "0001_initial",
}

_FILL = """
    SET session_replication_role = replica;
    CREATE TEMPORARY TABLE numbers AS SELECT n FROM generate_series(1, :n:) AS n;
    INSERT INTO deals_funnel (key, title, kind, position, only_forward, no_skipping, next_step_required, is_active)
        VALUES ('first', 'Первые продажи', 'sales', 1, true, false, true, true);
    INSERT INTO deals_stage (key, title, meaning, position, goal, required, hint, is_active, funnel_id)
        SELECT 'stage' || n, 'Этап ' || n, 'open', n, '', '{}', '', true, 1 FROM generate_series(1, 8) AS n;
    INSERT INTO tasks_taskkind (key, title, icon, result_required, position)
        VALUES ('call', 'Звонок', 'phone', false, 1);
    INSERT INTO clients_company (audience, kind, name, comment, home, created_at)
        SELECT ARRAY['b:1', 's:' || n % 50], 'family', 'Клиент ' || n, '', '{}', now() FROM numbers;
    INSERT INTO clients_contact (name, position, is_child, fields, created_at, company_id)
        SELECT 'Клиент ' || n, '', false, '{}', now(), n FROM numbers;
    INSERT INTO clients_identity (kind, value, raw, contact_id)
        SELECT 'phone', '+7' || 9000000000 + n, '', n FROM numbers;
    INSERT INTO deals_deal (audience, title, amount, watchers, channel, utm, first_touch, last_touch, fields, is_repeat,
                            is_unread, created_at, stage_entered_at, next_step_at, loss_comment, version, company_id,
                            contact_id, funnel_id, stage_id)
        SELECT ARRAY['b:1', 's:' || n % 50], 'Сделка ' || n, n % 90000, '{}', 'site', '{}', '{}', '{}',
               jsonb_build_object('players', n % 12), false, false, now() - n * interval '10 s',
               now() - n * interval '5 s', now() + n % 1000 * interval '1 h', '', 1, n, n, 1, 1 + n % 8
        FROM numbers;
    INSERT INTO deals_passage (entered_at, deal_id, stage_id) SELECT now(), n, 1 + n % 8 FROM numbers;
    INSERT INTO tasks_task (audience, title, due_at, created_at, rule, result, cancelled, company_id, deal_id, kind_id)
        SELECT ARRAY['b:1', 's:' || n % 50], 'Позвонить', now(), now(), '', '', false, n, n, 1
        FROM numbers;
    INSERT INTO kernel_event (at, kind, by_kind, why, depth, deal_id, company_id, funnel_id, stage_id, data, audience)
        SELECT now(), kind, 'person', '', 0, n, n, 1, 1 + n % 8, '{}', ARRAY['b:1']
        FROM numbers, unnest(ARRAY['deal.created', 'deal.moved']) AS kind;
    RESET session_replication_role;
    ANALYZE
"""


def fill(admin_url: str, deals: int) -> None:
    """So many clients, each with a contact, a phone, a deal on one of eight stages, a task and two events."""
    with psycopg.connect(admin_url, autocommit=True) as base:
        base.execute(_FILL.replace(":n:", str(deals)).encode())


def migrate_to_ground(url: str) -> None:
    """The first schema; what is not ours (the job queue, sessions) in the form of today."""
    _run(url, "[*GROUND.items(), *(leaf for leaf in leaves if leaf[0] not in GROUND)]", how="1")


def migrate_strictly(url: str) -> None:
    """From there to today's schema; raises when a migration would lock a full table."""
    _run(url, "leaves", how="strictly")


def _run(url: str, targets: str, *, how: str) -> None:
    script = f"""
import django; django.setup()
from benches.parts.ground import GROUND
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
leaves = executor.loader.graph.leaf_nodes()
executor.migrate({targets})
"""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "voronka.settings",
        "VORONKA_SECRET_KEY": "only-for-migrating",
        "VORONKA_DB_ROLE": "",
        "VORONKA_MIGRATING": how,
    }
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
