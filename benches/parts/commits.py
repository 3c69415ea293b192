"""How fast this PostgreSQL commits one row and one queued job: asked by its own pgbench, no Python in between."""

import os
import re
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg

from benches.harness import RunningVoronka
from voronka.cli.embedded import binaries

_TABLE = "CREATE TABLE IF NOT EXISTS bench_row (id bigserial PRIMARY KEY, at timestamptz DEFAULT now(), body text)"
#: The job is queued as procrastinate queues it; scheduled far ahead, so that no worker takes it up.
_SCRIPT = """
BEGIN;
INSERT INTO bench_row (body) VALUES (repeat('x', 600));
SELECT procrastinate_defer_jobs_v1(ARRAY[JOB::procrastinate_job_to_defer_v1]);
COMMIT;
"""


_JOB = """ROW('bench', 'bench.task', 0, NULL, NULL, '{"entry": 1}', now() + interval '9 years')"""


def commit_rate(system: RunningVoronka, *, connections: int, seconds: int) -> float:
    """Transactions a second from this many connections, prepared statements, over the same socket."""
    with psycopg.connect(system.owner_url, autocommit=True) as base:
        base.execute(_TABLE)
    where = urlsplit(system.owner_url)
    environment = {
        **os.environ,
        "PGHOST": unquote(where.hostname or ""),
        "PGPORT": str(where.port or 5432),
        "PGUSER": where.username or "",
        "PGPASSWORD": unquote(where.password or ""),
        "PGDATABASE": where.path.strip("/"),
    }
    if "%2F" in where.netloc or "%2f" in where.netloc:
        environment["PGHOST"] = unquote(where.netloc.rpartition("@")[2].partition(":")[0])
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "commit.sql"
        script.write_text(_SCRIPT.replace("JOB", _JOB))
        command: list[str] = [
            str(binaries(None) / "pgbench"),
            "-n",
            "-M",
            "prepared",
            "-c",
            str(connections),
            "-j",
            "2",
        ]
        command += ["-T", str(seconds), "-f", str(script)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-1000:])
    with psycopg.connect(system.owner_url, autocommit=True) as base:
        base.execute("DELETE FROM procrastinate_jobs WHERE queue_name = 'bench'")
        base.execute("DROP TABLE bench_row")
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    assert found, done.stdout
    return float(found.group(1))
