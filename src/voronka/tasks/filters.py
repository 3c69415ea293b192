"""What can be asked about tasks, and the views everybody has."""

from types import MappingProxyType

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from voronka.kernel.filters import All, Base, Column, Field, Is, Missing, Related, View
from voronka.staff.filters import person_options

from .models import Task, TaskKind


def base() -> Base:
    return Base("tasks", Task, MappingProxyType({field.key: field for field in _FIELDS}))


def _kind_options() -> list[tuple[object, str]]:
    return list(TaskKind.objects.order_by("position", "pk").values_list("key", "title"))


_FIELDS = (
    Field(key="title", title=_("Task"), kind="text", source=Column("title")),
    Field(key="kind", title=_("Kind of task"), kind="choice", source=Column("kind__key"), options=_kind_options),
    Field(
        key="responsible",
        title=_("Responsible"),
        kind="person",
        source=Column("responsible_id"),
        options=person_options,
    ),
    Field(key="author", title=_("Given by"), kind="person", source=Column("created_by_id"), options=person_options),
    Field(key="open", title=_("Open"), kind="yes_no", source=Missing("done_at")),
    Field(key="due_at", title=_("Deadline"), kind="datetime", source=Column("due_at")),
    Field(key="created_at", title=_("Created"), kind="datetime", source=Column("created_at")),
    Field(key="done_at", title=_("Done at"), kind="datetime", source=Column("done_at")),
    Field(key="cancelled", title=_("Cancelled"), kind="yes_no", source=Column("cancelled")),
    Field(key="result", title=_("Result"), kind="text", source=Column("result")),
    Field(key="rule", title=_("Made by rule"), kind="text", source=Column("rule")),
    Field(
        key="deal",
        title=_("Deal"),
        kind="relation",
        source=Related(to="deals", link="pk", outer="deal_id"),
    ),
    Field(
        key="client",
        title=_("Client"),
        kind="relation",
        source=Related(to="clients", link="pk", outer="company_id"),
    ),
)

OPEN = Is("open", "=", True)
MINE = All([OPEN, Is("responsible", "in", ("me",))])

VIEWS = (
    View(key="mine", title=_("Mine"), tree=MINE),
    View(key="late", title=_("Overdue"), tree=All([OPEN, Is("due_at", "<", "now")]), tone="late"),
    View(key="today", title=_("Today"), tree=All([OPEN, Is("due_at", "is", "today")]), tone="today"),
    View(key="later", title=_("Later"), tree=All([OPEN, Is("due_at", ">", "today")])),
    View(key="done", title=pgettext_lazy("tasks", "Done"), tree=Is("open", "=", False)),
)
