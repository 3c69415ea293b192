"""Fixtures for every test; loaded by the root conftest."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import wraps

import pytest

from voronka.kernel import clock as kernel_clock
from voronka.testing.database import TEMPLATE

#: A working Thursday, noon in Moscow.
SOME_THURSDAY = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)


class Clock:
    """The clock of a test: stands still until it is told otherwise."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def set(self, at: datetime) -> None:
        self._stack.close()
        self._stack.enter_context(kernel_clock.freeze(at))

    def advance(self, **units: float) -> datetime:
        """`advance(minutes=5)`: move on and return the new moment."""
        self.set(kernel_clock.now() + timedelta(**units))
        return kernel_clock.now()

    def now(self) -> datetime:
        return kernel_clock.now()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> None:
    """The base of a worker is a copy of the migrated one, where there is such."""
    from django.conf import settings

    settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = os.environ.get(TEMPLATE)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Time stands still at a working Thursday noon; `clock.set(at)`, `clock.advance(minutes=5)`."""
    with ExitStack() as stack:
        frozen = Clock(stack)
        frozen.set(SOME_THURSDAY)
        yield frozen


@pytest.fixture
def cast(db):
    """People of every role; see `voronka.testing.cast`."""
    from voronka.testing.cast import hire_cast

    return hire_cast()


@pytest.fixture
def as_person(db) -> Callable:
    """Sign in somebody: `as_person(cast.owner).get("/day")`. One call, one browser of its own."""
    from django.test import Client

    def signed_in(person) -> Client:
        browser = Client()
        browser.force_login(person)
        return browser

    return signed_in


@pytest.fixture
def office(db):
    """The cast working by the quests preset, and what may happen to it; see `voronka.testing.office`."""
    from voronka.testing.office import open_office

    return open_office()


@pytest.fixture(autouse=True, scope="session")
def patient_flush() -> Iterator[None]:
    """The system that serves a browser may still be answering what the page asked for as it was closed; emptying the
    tables under it can deadlock. Whoever PostgreSQL cuts off tries again, as the system itself does.
    """
    from django.db import OperationalError
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush

    @wraps(flush)
    def patiently(operations, sql_list) -> None:
        for left in reversed(range(5)):
            try:
                return flush(operations, sql_list)
            except OperationalError as error:
                if not left or "deadlock" not in str(error):
                    raise

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", patiently)
        yield


@pytest.fixture(autouse=True)
def clean_base(request) -> None:
    """Every test starts on an empty base, also after one that committed: Django's flush leaves out the job queue's
    tables, which are not its own, and what a system that serves a browser writes after its own test.
    """
    used = set(request.fixturenames)
    if not {"db", "transactional_db"} & used and not request.node.get_closest_marker("django_db"):
        return
    if "standing" in used:  # a company that was founded once for the whole module, on an empty base
        return
    request.getfixturevalue("db")
    empty_base()


def empty_base() -> None:
    """Empty every table, if anything was left."""
    from django.db import connection
    from procrastinate.contrib.django.models import ProcrastinateJob

    from voronka.kernel.models import Installation
    from voronka.staff.models import Role

    if any(model.objects.exists() for model in (Installation, Role, ProcrastinateJob)):
        kept = {"django_migrations", "django_content_type", "auth_permission"}
        tables = [name for name in connection.introspection.table_names() if name not in kept]
        connection.ops.execute_sql_flush([f"TRUNCATE {', '.join(tables)} CASCADE"])
