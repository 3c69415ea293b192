"""Ten thousand double deals, found, merged and parted again.

The story told by a company that had an analyst join them by hand for two months: somebody leaves a phone, later writes
from a form with an e-mail only, a manager types the phone into the name, and there are two clients with two deals of
one wish, each with tasks, notes and a history. Everything else of the base is a generated company.
"""

import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from benches.harness import Result, running_voronka
from benches.parts.company import join
from benches.parts.filled import filled_folder

COMPANY, DOUBLES, QUICK = 10_000, 10_000, 1_000
SECONDS = 60
#: What tells of merges and searches themselves, and what changes by itself while a system runs.
APART = (
    "kernel_event", "clients_merge", "clients_scan", "clients_suspicion", "clients_matching", "kernel_stamp",
    "process_beat", "process_firing", "process_trace", "notices_notice", "django_session", "django_migrations",
    "clients_word",
)  # fmt: skip


def main(*, quick: bool = False) -> Result:
    result = Result("merge10k")
    wanted = QUICK if quick else DOUBLES
    folder = Path(tempfile.mkdtemp(prefix="voronka-merge-"))
    subprocess.run(["cp", "-a", f"{filled_folder(COMPANY)}/.", str(folder)], check=True)
    with running_voronka(data=folder) as system:
        join(system)
        with system.connect(owner=True) as base:
            write(base, wanted)
            before = digests(base)
            measure(result, wanted)
            after = digests(base)
            changed = sorted(table for table in before if before[table] != after[table])
            result.note("as_it_was", ", ".join(changed) or "all", holds=not changed)
    return result


def measure(result: Result, wanted: int) -> None:
    from voronka.clients.models import Merge, Scan
    from voronka.duplicates import searching
    from voronka.kernel import clock

    scan = Scan.objects.create(automatic="measured", begun_at=clock.now())
    began = time.perf_counter()
    searching.run(scan.pk)
    took = time.perf_counter() - began
    scan.refresh_from_db()
    deals = Merge.objects.filter(scan=scan, kind=Merge.Kind.DEAL).count()
    result.note("deals_merged", deals, holds=deals >= 0.99 * wanted)
    result.note("clients_merged", Merge.objects.filter(scan=scan, kind=Merge.Kind.COMPANY).count())
    result.note("state", f"{scan.state} {scan.why}".strip(), holds=scan.state == Scan.State.DONE)
    allowed = SECONDS * max(wanted / DOUBLES, 0.3)
    result.note("found_and_merged_s", took, holds=took <= allowed)
    Scan.objects.filter(pk=scan.pk).update(state=Scan.State.UNDOING)
    began = time.perf_counter()
    searching.undo(scan.pk)
    took = time.perf_counter() - began
    result.note("all_undone_s", took, holds=took <= allowed)
    result.note("still_merged", Merge.objects.filter(undone_at=None).count(), holds=True)


def write(base: psycopg.Connection, wanted: int) -> None:
    """Deals in a funnel of their own, which no rule knows; of a client with several wishes each is doubled."""
    for statement in _STORY:
        base.execute(statement, {"wanted": wanted})
    base.execute("ANALYZE")


def digests(base: psycopg.Connection) -> dict[str, str]:
    """Of every table, but for the deals' versions, which only grow."""
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename LIKE 'procrastinate%'"
    tables = [name for (name,) in base.execute(query).fetchall() if name not in APART]
    return {name: str(base.execute(_DIGEST.format(name)).fetchone()) for name in tables}


_DIGEST = """
    SELECT md5(string_agg(digest, '' ORDER BY digest))
    FROM (SELECT md5((to_jsonb(t) - 'version')::text) AS digest FROM {} AS t) AS rows
"""

_STORY = (
    """
    CREATE TEMP TABLE double AS
    SELECT number, known.company_id, known.id AS contact, known.name, known.value AS phone,
        (ARRAY['Труба профильная', 'Лист горячекатаный', 'Арматура А500', 'Балка двутавровая', 'Швеллер', 'Уголок'])
            [1 + (number / known.many) %% 6] || ' ' || (20 + (number * 7919) %% 4000) || ' мм' AS wish,
        now() - make_interval(mins => (number * 37 %% 200000)::int) AS at,
        (1000 + (number * 104729) %% 900000)::numeric AS amount
    FROM generate_series(0, %(wanted)s - 1) AS number
    JOIN (
        SELECT person.*, way.value, row_number() OVER (ORDER BY person.id) - 1 AS place, count(*) OVER () AS many
        FROM clients_contact AS person JOIN clients_company AS client ON client.id = person.company_id
        JOIN LATERAL (
            SELECT value FROM clients_identity WHERE contact_id = person.id AND kind = 'phone' ORDER BY id LIMIT 1
        ) AS way ON true
        WHERE client.kind = 'family' AND NOT person.is_child
    ) AS known ON known.place = number %% known.many
    """,
    """
    INSERT INTO deals_funnel (key, title, kind, position, only_forward, no_skipping, next_step_required, is_active)
    VALUES ('bench', 'Заявки', 'sales', 99, false, false, false, true)
    """,
    """
    INSERT INTO deals_stage (funnel_id, key, title, meaning, position, goal, hint, required, wip_per, is_active)
    SELECT id, 'talk', 'Переговоры', 'open', 0, '', '', '{}', 'stage', true FROM deals_funnel WHERE key = 'bench'
    """,
    """
    CREATE TEMP TABLE twin AS
    SELECT *, nextval(pg_get_serial_sequence('clients_company', 'id')) AS twin_company,
        nextval(pg_get_serial_sequence('clients_contact', 'id')) AS twin_contact,
        nextval(pg_get_serial_sequence('deals_deal', 'id')) AS first_deal,
        nextval(pg_get_serial_sequence('deals_deal', 'id')) AS second_deal
    FROM double
    """,
    """
    INSERT INTO clients_company (id, audience, kind, name, comment, home, tags, segments, created_at)
    SELECT twin_company, '{}', 'family', name || ' ' || phone, '', '{}', '{}', '{}', at FROM twin
    """,
    """
    INSERT INTO clients_contact (id, company_id, name, position, is_child, fields, created_at)
    SELECT twin_contact, twin_company, name || ' ' || phone, '', false, '{}', at FROM twin
    """,
    """
    INSERT INTO clients_identity (contact_id, kind, value, raw)
    SELECT twin_contact, 'email', 'client' || number || '@mail.ru', '' FROM twin
    """,
    """
    INSERT INTO deals_deal (id, audience, funnel_id, stage_id, title, company_id, contact_id, amount, watchers, channel,
        utm, first_touch, last_touch, fields, tags, is_repeat, is_unread, created_at, stage_entered_at, loss_comment,
        version)
    SELECT deal, '{b:0,u:0}', funnel_id, stage.id, wish, company, contact, amount, '{}', 'site',
        '{}', '{}', '{}', '{}', '{}', false, false, at, at, '', 1
    FROM deals_stage AS stage, (
        SELECT first_deal AS deal, company_id AS company, contact, wish, amount, at FROM twin
        UNION ALL
        SELECT second_deal, twin_company, twin_contact, wish, amount, at + interval '3 hours' FROM twin
    ) AS told WHERE stage.key = 'talk' AND stage.title = 'Переговоры'
    """,
    """
    UPDATE clients_company AS client SET audience = (
        SELECT coalesce(array_agg(DISTINCT token ORDER BY token), '{}') FROM (
            SELECT unnest(client.home) AS token
            UNION ALL SELECT unnest(deal.audience) FROM deals_deal AS deal WHERE deal.company_id = client.id
        ) AS tokens
    )
    WHERE id IN (SELECT company_id FROM twin UNION SELECT twin_company FROM twin)
    """,
    """
    INSERT INTO deals_passage (deal_id, stage_id, entered_at)
    SELECT id, stage_id, created_at FROM deals_deal WHERE funnel_id = (SELECT id FROM deals_funnel WHERE key = 'bench')
    """,
    """
    INSERT INTO tasks_task (audience, kind_id, title, deal_id, company_id, due_at, minutes, created_at, rule, result,
        cancelled)
    SELECT deal.audience, (SELECT min(id) FROM tasks_taskkind), 'Перезвонить', deal.id, deal.company_id,
        deal.created_at + interval '30 days', 0, deal.created_at, '', '', false
    FROM deals_deal AS deal WHERE funnel_id = (SELECT id FROM deals_funnel WHERE key = 'bench')
    """,
    """
    UPDATE deals_deal SET next_step_at = (SELECT min(due_at) FROM tasks_task WHERE deal_id = deals_deal.id)
    WHERE funnel_id = (SELECT id FROM deals_funnel WHERE key = 'bench')
    """,
    """
    INSERT INTO clients_note (company_id, deal_id, text, created_at)
    SELECT company_id, id, 'просил перезвонить ' || n, created_at FROM deals_deal, generate_series(1, 2) AS n
    WHERE funnel_id = (SELECT id FROM deals_funnel WHERE key = 'bench')
    """,
    """
    INSERT INTO kernel_event (at, kind, by_kind, why, depth, deal_id, company_id, funnel_id, stage_id, data, audience)
    SELECT created_at, kind, 'system', '', 0, deal.id, company_id, funnel_id, stage_id, '{}', deal.audience
    FROM deals_deal AS deal, unnest(ARRAY['deal.created', 'note.added', 'note.added', 'task.created']) AS kind
    WHERE funnel_id = (SELECT id FROM deals_funnel WHERE key = 'bench')
    """,
)
