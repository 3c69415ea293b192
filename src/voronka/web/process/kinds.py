"""The lists of keyed things in a document that have forms of their own."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from pydantic import BaseModel

from voronka.process import schema
from voronka.process.editing import Place


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A list of the document: the class of its things, where it stands, what a form shows at once."""

    part: type[BaseModel]
    place: tuple[str, ...]
    title: str | Promise
    one: str | Promise
    main: tuple[str, ...] = ()

    def at(self, inside: str) -> Place:
        return tuple(inside if step == "*" else step for step in self.place)


KINDS: Mapping[str, Kind] = {
    "funnels": Kind(
        part=schema.Funnel, place=("funnels",), title=gettext_lazy("Funnels"), one=gettext_lazy("Funnel"),
        main=("title", "kind", "only_forward", "no_skipping", "next_step_required"),
    ),
    "stages": Kind(
        part=schema.Stage, place=("funnels", "*", "stages"), title=gettext_lazy("Stages"), one=gettext_lazy("Stage"),
        main=("title", "meaning", "limit", "required"),
    ),
    "loss_reasons": Kind(
        part=schema.LossReason, place=("funnels", "*", "loss_reasons"), title=gettext_lazy("Reasons of loss"),
        one=gettext_lazy("Reason of loss"),
    ),
    "templates": Kind(
        part=schema.Template, place=("templates",), title=gettext_lazy("Message templates"),
        one=gettext_lazy("Message template"),
    ),
    "task_kinds": Kind(
        part=schema.TaskKind, place=("task_kinds",), title=gettext_lazy("Kinds of tasks"),
        one=gettext_lazy("Kind of tasks"),
    ),
    "calendars": Kind(
        part=schema.Calendar, place=("calendars",), title=gettext_lazy("Working calendars"),
        one=gettext_lazy("Working calendar"),
    ),
    "deal_fields": Kind(
        part=schema.Field, place=("fields", "deal"), title=gettext_lazy("Fields of deals"),
        one=gettext_lazy("Field of deals"),
    ),
    "segments": Kind(
        part=schema.Segment, place=("segments",), title=gettext_lazy("Segments"), one=gettext_lazy("Segment")
    ),
    "scripts": Kind(part=schema.Script, place=("scripts",), title=gettext_lazy("Scripts"), one=gettext_lazy("Script")),
    "articles": Kind(
        part=schema.Article, place=("articles",), title=gettext_lazy("Knowledge base"), one=gettext_lazy("Article")
    ),
}  # fmt: skip

#: Lists with a page of their own; stages stand on the map.
PAGES = tuple(key for key in KINDS if key not in ("stages", "funnels"))
