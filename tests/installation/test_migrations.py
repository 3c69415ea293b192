"""Migrations run while people work: none may lock a full table, and every one leads on from the first schema."""

import psycopg
import pytest

from benches.parts.ground import migrate_strictly, migrate_to_ground
from voronka.testing.browser import database_url
from voronka.testing.database import on_base

NAME = "voronka_ground"


@pytest.fixture
def empty_base(db):
    url = database_url()
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME}")
        server.execute(f"CREATE DATABASE {NAME}")
        yield on_base(url, NAME)
        server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def test_what_was_added_since_locks_no_full_table(empty_base) -> None:
    """A new column is nullable or has a db_default, an index is made beside the work, and so on: docs/adr/0009."""
    migrate_to_ground(empty_base)
    migrate_strictly(empty_base)
