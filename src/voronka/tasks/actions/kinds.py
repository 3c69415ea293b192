"""Kinds of tasks, changed on screen. The document of the process no longer writes over what was changed here."""

from dataclasses import asdict, dataclass
from uuid import uuid4

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from voronka.kernel.actor import Actor
from voronka.kernel.errors import FieldErrors
from voronka.kernel.events import Refs, record

from ..models import TaskKind
from .change_task import check_minutes

LONGEST_TITLE = 80


@dataclass(frozen=True, kw_only=True)
class KindFacts:
    """`minutes`: how long it takes. `remind_before`: minutes before its time, None for no reminder."""

    title: str
    icon: str
    result_required: bool
    minutes: int
    remind_before: int | None


def add_kind(*, by: Actor, facts: KindFacts) -> TaskKind:
    with transaction.atomic():
        last = TaskKind.objects.aggregate(last=Max("position"))["last"] or 0
        kind = TaskKind(key=f"own_{uuid4().hex[:8]}", position=last + 1, is_edited=True, **asdict(_checked(facts)))
        kind.save(force_insert=True)
        _record("task_kind.added", kind, by, asdict(facts))
    return kind


def change_kind(kind: TaskKind, *, by: Actor, facts: KindFacts) -> None:
    with transaction.atomic():
        known = TaskKind.objects.select_for_update().get(pk=kind.pk)
        wanted = asdict(_checked(facts, known))
        changes = {
            name: [getattr(known, name), value] for name, value in wanted.items() if getattr(known, name) != value
        }
        if changes:
            TaskKind.objects.filter(pk=known.pk).update(is_edited=True, **wanted)
            _record("task_kind.changed", known, by, {"changes": changes})


def retire_kind(kind: TaskKind, *, by: Actor, is_active: bool = False) -> None:
    """No longer offered, or offered again. Tasks of the kind, and rules that make them, go on."""
    with transaction.atomic():
        if TaskKind.objects.filter(pk=kind.pk).exclude(is_active=is_active).update(is_active=is_active, is_edited=True):
            _record("task_kind.changed", kind, by, {"changes": {"is_active": [not is_active, is_active]}})


def _checked(facts: KindFacts, known: TaskKind | None = None) -> KindFacts:
    check_minutes(facts.minutes)
    title = facts.title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise FieldErrors({"title": _("A name of at most 80 characters.")})
    if TaskKind.objects.filter(title__iexact=title).exclude(key=known.key if known else "").exists():
        raise FieldErrors({"title": _("There is a kind of this name already.")})
    return facts


def _record(what: str, kind: TaskKind, by: Actor, data: dict) -> None:
    record(what, Refs(), by=by, data={"kind": kind.key, "title": kind.title, **data})
