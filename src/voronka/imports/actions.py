"""What people do with an import. The work itself is `imports.work`, by the jobs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors, Refusal
from voronka.kernel.events import Refs, record
from voronka.staff.models import Person

from . import jobs
from .guess import norm
from .models import Habit, Import
from .settings import Settings
from .targets import targets

RIGHT = "import_clients"
_OPEN = (Import.State.CHECKING, Import.State.READY)


def begin_import(person: Person, file: File, *, by: Actor, title: str = "") -> Import:
    """Keep the file and leave reading it to the worker. Raises Refusal, FieldErrors."""
    require(by)
    name = (title or file.name or "").rsplit("/", 1)[-1][:200]
    if not file.size:
        raise FieldErrors({"file": _("The file is empty.")})
    with transaction.atomic():
        one = Import(person=person, title=name, size=file.size, created_at=clock.now())
        one.file.save(_safe_name(name), file, save=False)
        one.save()
        _record("import.begun", one, by)
        jobs.read.configure(lock=one.why).defer(pk=one.pk)
    return one


def set_mapping(pk: int, *, by: Actor, mapping: Sequence[str], settings: Mapping[str, Any]) -> Import:
    """What the columns become and how known clients are met; the rows are looked at anew. Raises FieldErrors."""
    with transaction.atomic():
        one = _own(pk, by)
        _expect(one, *_OPEN)
        known = targets(by)
        if len(mapping) != len(one.heads) or any(key and key not in known for key in mapping):
            raise FieldErrors({"mapping": _("Choose from the list.")})
        one.mapping, one.settings = list(mapping), Settings.of({**one.settings, **settings}).as_kept()
        one.state, one.checked = Import.State.CHECKING, 0
        one.save(update_fields=["mapping", "settings", "state", "checked"])
        jobs.check.configure(lock=one.why).defer(pk=one.pk)
    return one


def run_import(pk: int, *, by: Actor) -> Import:
    """Begin, or go on after a pause."""
    with transaction.atomic():
        one = _own(pk, by)
        _expect(one, Import.State.READY, Import.State.PAUSED)
        if one.state == Import.State.READY:
            if not any(one.mapping):
                raise Refusal(_("Say of at least one column what it becomes."), rule="import")
            one.rows.all().delete()
            one.begun_at = clock.now()
            _remember(one)
            _record("import.run", one, by)
        one.state, one.error = Import.State.RUNNING, ""
        one.save(update_fields=["state", "begun_at", "error"])
        jobs.run.configure(lock=one.why).defer(pk=one.pk)
    return one


def pause_import(pk: int, *, by: Actor) -> Import:
    """What is done stays done, the rest waits."""
    with transaction.atomic():
        one = _own(pk, by)
        _expect(one, Import.State.RUNNING)
        one.state = Import.State.PAUSED
        one.save(update_fields=["state"])
    return one


def undo_import(pk: int, *, by: Actor) -> Import:
    """Take back all that it brought; what somebody has worked on since stays as it is."""
    with transaction.atomic():
        one = _own(pk, by)
        _expect(one, Import.State.DONE, Import.State.PAUSED)
        one.state, one.error = Import.State.UNDOING, ""
        one.save(update_fields=["state", "error"])
        _record("import.undo_begun", one, by)
        jobs.undo.configure(lock=one.why).defer(pk=one.pk)
    return one


def discard_import(pk: int, *, by: Actor) -> None:
    """A file that was never brought in goes with all that was read of it."""
    with transaction.atomic():
        one = _own(pk, by)
        _expect(one, *_OPEN, Import.State.FAILED)
        _record("import.discarded", one, by)
        one.delete()
        transaction.on_commit(lambda: _forget_files(one))


def require(by: Actor) -> None:
    if not by.may(RIGHT):
        raise Refusal(_("Your role may not bring clients in from files."), rule="role")


def _own(pk: int, by: Actor) -> Import:
    require(by)
    return Import.objects.select_for_update().get(pk=pk)


def _expect(one: Import, *states: str) -> None:
    if one.state not in states:
        raise Refusal(_("This is not to be done with this import now."), rule="import")


def _remember(one: Import) -> None:
    """The next file with these headings is taken so at once."""
    taken = {norm(head): target for head, target in zip(one.heads, one.mapping, strict=True) if norm(head)}
    Habit.objects.bulk_create(
        [Habit(heading=heading, target=target) for heading, target in taken.items()],
        update_conflicts=True,
        unique_fields=["heading"],
        update_fields=["target"],
    )


def _forget_files(one: Import) -> None:
    for name in (one.file.name, one.book):
        if name:
            default_storage.delete(name)


def _safe_name(name: str) -> str:
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign == ".") else "-" for sign in name)
    return plain.strip("-.")[-80:] or "file"


def _record(kind: str, one: Import, by: Actor) -> None:
    facts = {"import": one.pk, "title": one.title, "rows": one.total}
    record(kind, Refs(audience=[f"p:{one.person_id}"]), by=by, data=facts)
