"""Doing to a file what a person does, without the pages; and the base as it is, to be compared."""

import io

import openpyxl
from django.core.files.base import ContentFile
from django.db import connection

from voronka.imports import actions, undo, work
from voronka.imports.models import Import

TABLES = (
    "clients_company", "clients_contact", "clients_identity", "clients_address", "clients_requisites", "clients_note",
    "deals_deal", "deals_passage", "tasks_task", "imports_link",
)  # fmt: skip


def looked_at(person, content: bytes | str, name: str = "clients.csv", **settings) -> Import:
    """Uploaded, read and looked at."""
    content = content.encode() if isinstance(content, str) else content
    one = actions.begin_import(person, ContentFile(content, name=name), by=person.actor)
    work.read(one.pk)
    if settings:
        one.refresh_from_db()
        mapping = settings.pop("mapping", one.mapping)
        actions.set_mapping(one.pk, by=person.actor, mapping=mapping, settings=settings)
        work.check(one.pk)
    one.refresh_from_db()
    return one


def brought_in(person, content: bytes | str, name: str = "clients.csv", **settings) -> Import:
    one = looked_at(person, content, name, **settings)
    actions.run_import(one.pk, by=person.actor)
    work.run(one.pk)
    one.refresh_from_db()
    return one


def taken_back(person, one: Import) -> Import:
    actions.undo_import(one.pk, by=person.actor)
    undo.undo(one.pk)
    one.refresh_from_db()
    return one


def fates(one: Import) -> dict[int, tuple[str, str]]:
    return {row.number: (row.state, row.reason) for row in one.rows.order_by("number")}


def states(one: Import) -> dict[int, str]:
    return {row.number: row.state for row in one.rows.order_by("number")}


def state_of_base() -> dict[str, list]:
    """Rows of every table that an import writes; versions of deals only count changes, so they are left out."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t) - 'version' FROM {table} AS t ORDER BY id")
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def xlsx(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
