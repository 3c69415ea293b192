"""An outside PostgreSQL: the application's role, its rights, and what an administrator is asked for."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from voronka.cli import database
from voronka.cli.addresses import Addresses
from voronka.cli.console import Failure
from voronka.cli.embedded import EmbeddedPostgres


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    with tempfile.TemporaryDirectory(prefix="voronka-pg-") as folder:
        Path(folder).chmod(0o755)
        settings = {"fsync": "off", "shared_buffers": "16MB"}
        home = Path(folder)
        made = EmbeddedPostgres(home / "postgres", password="p", log=home / "log", settings=settings)
        made.initialise()
        made.start()
        yield made
        made.stop()


@pytest.fixture
def base(server: EmbeddedPostgres) -> Iterator[str]:
    """A base of an administrator's making, `crm`, owned by the plain login `crm`."""
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        admin.execute("CREATE ROLE crm LOGIN PASSWORD 'p'")
        admin.execute("CREATE DATABASE crm OWNER crm")
        yield server.url("crm", "p", "crm")
        admin.execute("DROP DATABASE crm WITH (FORCE)")
        admin.execute("DROP ROLE IF EXISTS crm_app, crm, visitor")


def administer(server: EmbeddedPostgres, *statements: str) -> None:
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        for statement in statements:
            admin.execute(statement)


def works_as_plain_role(addresses: Addresses, name: str) -> None:
    """It may read and write what the owner makes, and no more."""
    with psycopg.connect(addresses.owner, autocommit=True) as owner:
        owner.execute("CREATE TABLE deal (id int GENERATED ALWAYS AS IDENTITY, title text)")
    options = f"-c role={addresses.role}" if addresses.role else ""
    with psycopg.connect(addresses.app, options=options, autocommit=True) as app:
        assert app.execute("SELECT current_user").fetchone() == (name,)
        app.execute("INSERT INTO deal (title) VALUES ('Квест')")
        assert app.execute("SELECT title FROM deal").fetchone() == ("Квест",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DROP TABLE deal")
        superuser = app.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        assert superuser == (False,)


def one_address(url: str, monkeypatch: pytest.MonkeyPatch) -> Addresses:
    monkeypatch.setenv("DATABASE_URL", url)
    addresses = database.outside()
    assert addresses is not None
    return addresses


def test_one_login_that_may_make_roles(server, base, monkeypatch) -> None:
    administer(server, "ALTER ROLE crm CREATEROLE")
    addresses = one_address(base, monkeypatch)
    database.prepare_outside(addresses)
    database.prepare_outside(addresses)
    works_as_plain_role(addresses, "crm_app")


def test_one_login_that_is_a_superuser_drops_its_rights(server, base, monkeypatch) -> None:
    addresses = one_address(server.url("postgres", "p", "crm"), monkeypatch)
    database.prepare_outside(addresses)
    works_as_plain_role(addresses, "crm_app")


def test_one_login_that_may_not_make_roles_gets_the_words_for_its_administrator(server, base, monkeypatch) -> None:
    addresses = one_address(base, monkeypatch)
    with pytest.raises(Failure) as refusal:
        database.prepare_outside(addresses)
    asked = [line.strip() for line in refusal.value.remedy.splitlines()[1:]]
    assert asked == ['CREATE ROLE "crm_app" NOLOGIN;', 'GRANT "crm_app" TO "crm";']
    administer(server, *asked)
    database.prepare_outside(addresses)
    works_as_plain_role(addresses, "crm_app")


def test_two_logins(server, base, monkeypatch) -> None:
    administer(server, "CREATE ROLE visitor LOGIN PASSWORD 'p'")
    monkeypatch.setenv("DATABASE_OWNER_URL", base)
    addresses = one_address(server.url("visitor", "p", "crm"), monkeypatch)
    database.prepare_outside(addresses)
    works_as_plain_role(addresses, "visitor")


@pytest.mark.parametrize("login", ["postgres", "crm"])
def test_two_logins_of_which_the_plain_one_is_not_plain(server, base, monkeypatch, login) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", base)
    with pytest.raises(Failure, match=login):
        database.prepare_outside(one_address(server.url(login, "p", "crm"), monkeypatch))


def test_a_base_says_which_code_has_migrated_it(server, base, monkeypatch) -> None:
    addresses = one_address(base, monkeypatch)
    assert not database.is_migrated(addresses)
    database.after_migration(Addresses(owner=base, app=base))
    assert database.is_migrated(addresses)
    monkeypatch.setattr(database, "code_version", lambda: "newer")
    assert not database.is_migrated(addresses)


def test_an_old_server_is_refused() -> None:
    old = SimpleNamespace(info=SimpleNamespace(server_version=140012))
    with pytest.raises(Failure, match="14"):
        database.refuse_old_server(old)
    database.refuse_old_server(SimpleNamespace(info=SimpleNamespace(server_version=150000)))


def test_a_server_that_is_not_there_is_named_without_its_password(monkeypatch) -> None:
    with pytest.raises(Failure) as failure:
        database.connect("postgres://crm:sesame@127.0.0.1:1/crm").close()
    assert "127.0.0.1:1" in failure.value.what and "sesame" not in failure.value.what + failure.value.remedy
