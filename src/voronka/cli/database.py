"""Roles and rights. The application's role never owns a table and is never a superuser.

Embedded: `voronka_owner` owns the base and migrates, `voronka_app` runs web and worker.
Outside, one address given: its login owns and migrates, web and worker drop to the role `<base>_app`.
Outside, two addresses: DATABASE_OWNER_URL migrates, the login of DATABASE_URL runs web and worker.
"""

import hashlib
import os
from contextlib import suppress
from importlib.metadata import version
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from voronka.cli.addresses import Addresses
from voronka.cli.console import Failure
from voronka.cli.folder import PACKAGE
from voronka.cli.words import _

OLDEST_SERVER = 15
EXTENSIONS = ("pg_trgm", "btree_gin", "btree_gist", "unaccent")
OWNER, APP, DATABASE = "voronka_owner", "voronka_app", "voronka"


def connect(url: str, **options) -> psycopg.Connection:
    """Connect outside any transaction, or say in a sentence why not."""
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10, **options)
    except psycopg.OperationalError as error:
        raise Failure(
            _("No connection to PostgreSQL at {where}: {why}").format(
                where=without_password(url), why=str(error).strip().splitlines()[0]
            ),
            remedy=_("Check DATABASE_URL and that the server runs and lets this host in."),
        ) from error


def without_password(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.username or ''}@{parts.hostname or ''}:{parts.port or 5432}{parts.path}"


# -- embedded -------------------------------------------------------------------------------


def prepare_embedded(admin_url: str, *, owner_password: str, app_password: str) -> None:
    """Roles, base, extensions and default rights on a fresh cluster; harmless to repeat."""
    with connect(admin_url) as server:
        ensure_login(server, OWNER, owner_password)
        ensure_login(server, APP, app_password)
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not found:
            create = sql.SQL("CREATE DATABASE {} OWNER {}")
            server.execute(create.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
        server.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(DATABASE)))
    base_url = admin_url.rsplit("/", 1)[0] + f"/{DATABASE}"
    with connect(base_url) as base:
        ensure_extensions(base)
        grant(base, owner=OWNER, app=APP)


def drop_embedded(admin_url: str) -> None:
    with connect(admin_url) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))


def has_company(addresses: Addresses) -> bool:
    """Whether the first-run page has been passed: only an empty base is filled with a demo."""
    with connect(addresses.owner) as base:
        return base.execute("SELECT 1 FROM kernel_installation").fetchone() is not None


def ensure_login(server: psycopg.Connection, role: str, password: str) -> None:
    if not role_exists(server, role):
        server.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
    server.execute(
        sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}").format(
            sql.Identifier(role), sql.Literal(password)
        )
    )


def role_exists(server: psycopg.Connection, role: str) -> bool:
    return server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is not None


# -- rights ---------------------------------------------------------------------------------


def ensure_extensions(base: psycopg.Connection) -> None:
    present = {row[0] for row in base.execute("SELECT extname FROM pg_extension")}
    for name in EXTENSIONS:
        if name not in present:
            base.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))


def grants(*, database: str, owner: str, app: str, major: int) -> list[sql.Composed]:
    """The statements that let the application use what the owner has made or will make."""
    names = {
        "database": sql.Identifier(database),
        "owner": sql.Identifier(owner),
        "app": sql.Identifier(app),
        "tables": sql.SQL("SELECT, INSERT, UPDATE, DELETE" + (", MAINTAIN" if major >= 17 else "")),
    }
    lines = (
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {app}",
        "GRANT USAGE ON SCHEMA public TO {app}",
        "GRANT {tables} ON ALL TABLES IN SCHEMA public TO {app}",
        "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT {tables} ON TABLES TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {app}",
    )
    return [sql.SQL(line).format(**names) for line in lines]


def grant(base: psycopg.Connection, *, owner: str, app: str) -> None:
    for statement in grants(database=base.info.dbname, owner=owner, app=app, major=base.info.server_version // 10000):
        base.execute(statement)


# -- outside --------------------------------------------------------------------------------


def outside() -> Addresses | None:
    """What DATABASE_URL and DATABASE_OWNER_URL name; None when the embedded server is meant."""
    app = os.environ.get("DATABASE_URL")
    if not app:
        return None
    if owner := os.environ.get("DATABASE_OWNER_URL"):
        return Addresses(owner=owner, app=app)
    role = os.environ.get("VORONKA_DB_ROLE", f"{urlsplit(app).path.strip('/') or 'voronka'}_app")
    return Addresses(owner=app, app=app, role=role)


def refuse_old_server(base: psycopg.Connection) -> None:
    found = base.info.server_version // 10000
    if found < OLDEST_SERVER:
        raise Failure(
            _("This PostgreSQL is {version}; {oldest} or newer is needed.").format(version=found, oldest=OLDEST_SERVER),
            remedy=_("Upgrade that server, or unset DATABASE_URL to use the embedded one."),
        )


def prepare_outside(addresses: Addresses) -> None:
    """Extensions, the application's role and its rights on an outside server, before migrating."""
    with connect(addresses.owner) as base:
        refuse_old_server(base)
        login = base.info.user
        try:
            ensure_extensions(base)
        except psycopg.errors.InsufficientPrivilege as error:
            lines = [f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS]
            raise ask_administrator(error, lines) from error
        app = addresses.role or app_login(addresses, login)
        if app == login:
            return
        try:
            if addresses.role:
                ensure_app_role(base, app, login)
            grant(base, owner=login, app=app)
        except psycopg.errors.InsufficientPrivilege as error:
            lines = [f'CREATE ROLE "{app}" NOLOGIN;', f'GRANT "{app}" TO "{login}";']
            raise ask_administrator(error, lines if addresses.role else []) from error


def app_login(addresses: Addresses, owner: str) -> str:
    """The application's own login; refused when it has rights that it must not have."""
    with connect(addresses.app) as base:
        rights = base.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert rights is not None
    name, superuser, bypasses = rights
    if superuser or bypasses or name == owner:
        raise Failure(
            _("The login {name} of DATABASE_URL owns the base or is a superuser.").format(name=name),
            remedy=_("Give the application a plain login, or leave DATABASE_OWNER_URL unset."),
        )
    return name


def ensure_app_role(base: psycopg.Connection, app: str, login: str) -> None:
    """The role that web and worker drop to; the login must be a member of it."""
    if not role_exists(base, app):
        create = sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS")
        base.execute(create.format(sql.Identifier(app)))
    become = sql.SQL("SET ROLE {}").format(sql.Identifier(app))
    try:
        base.execute(become)
    except psycopg.errors.InsufficientPrivilege:
        base.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(app), sql.Identifier(login)))
        base.execute(become)
    base.execute("RESET ROLE")


def ask_administrator(error: psycopg.Error, lines: list[str]) -> Failure:
    return Failure(
        _("The login of DATABASE_URL may not do this: {why}.").format(why=str(error).splitlines()[0]),
        remedy=_("Ask the administrator of PostgreSQL to run:") + "".join(f"\n    {line}" for line in lines),
    )


# -- has this code migrated this base already? ----------------------------------------------


def code_version() -> str:
    """A fingerprint of every migration this code has, ours and the libraries'."""
    content = hashlib.sha256()
    for library in ("django", "procrastinate"):
        content.update(f"{library} {version(library)} ".encode())
    for file in sorted(PACKAGE.glob("*/migrations/*.py")):
        content.update(file.relative_to(PACKAGE).as_posix().encode() + file.read_bytes())
    return content.hexdigest()[:20]


def is_migrated(addresses: Addresses) -> bool:
    """Whether the base says that this very code has migrated it (a comment on the schema)."""
    with connect(addresses.owner) as base:
        row = base.execute("SELECT obj_description('public'::regnamespace, 'pg_namespace')").fetchone()
    return row is not None and row[0] == f"voronka {code_version()}"


def after_restore(addresses: Addresses) -> None:
    """Rights again, since a dump carries none; the next start sees whether the dump is older than the code."""
    with connect(addresses.owner) as base:
        grant_to_application(base, addresses)
        base.execute("ANALYZE")


def grant_to_application(base: psycopg.Connection, addresses: Addresses) -> None:
    app = addresses.role or urlsplit(addresses.app).username
    if app and app != base.info.user:
        grant(base, owner=base.info.user, app=app)


def after_migration(addresses: Addresses) -> None:
    """Rights on tables that another login made, and the note that this code has been here."""
    with connect(addresses.owner) as base:
        grant_to_application(base, addresses)
        with suppress(psycopg.errors.InsufficientPrivilege):
            note = sql.Literal(f"voronka {code_version()}")
            base.execute(sql.SQL("COMMENT ON SCHEMA public IS {}").format(note))
