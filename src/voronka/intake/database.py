"""Asyncio connections for the acceptor and the drain, to the base that Django uses and with its role."""

from typing import Any

import psycopg
from django.db import connections

CONNECT_SECONDS = 3


def parameters() -> dict[str, Any]:
    """What Django would connect with, without what only Django understands."""
    known = connections["default"].get_connection_params()
    dropped = ("cursor_factory", "context", "pool", "server_side_binding")
    ours = {"connect_timeout": CONNECT_SECONDS, "prepare_threshold": 1}
    return {key: value for key, value in known.items() if key not in dropped} | ours


async def connect(name: str) -> psycopg.AsyncConnection:
    """One connection in autocommit: each statement is a transaction."""
    return await psycopg.AsyncConnection.connect(**parameters(), autocommit=True, application_name=f"voronka {name}")
