"""A form of any class of the document's schema: its typed fields become inputs, and what is typed becomes plain data.

Choices carry their value as JSON, so that `{role: head}` and «responsible» stand in one list. What no input can show
keeps its form in the document (kind «yaml»): nothing is lost by opening a form.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from io import StringIO
from operator import or_
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from django.http import QueryDict
from django.utils.translation import gettext as _
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from voronka.process import values
from voronka.process.labels import choice, label
from voronka.process.schema import Process
from voronka.process.values import Clock, Due, Duration, HookTitle, Reference, Text, Written

UNITS = ("minute", "hour", "day", "week")
#: Keys that no form shows: what a thing is called inside, which class it is, what other forms are for.
HIDDEN = frozenset({"key", "do", "event", "when", "if", "then"})
#: Keys that are shown also while they are empty.
USUAL = frozenset({"stages", "funnels", "for", "to", "text", "fields", "kinds", "rules", "template", "until"})
LONG = frozenset({"text", "hint", "description"})
#: Texts that are pages: how many lines of them one sees.
PAGES = {"Article": 18, "Script": 12}


@dataclass(frozen=True, kw_only=True)
class Input:
    """`kind`: which part of the template draws it. `value` is what is typed: a text, a list for «many», parts of a
    duration or a moment. `options`: (value, title)."""

    name: str
    label: str
    kind: str
    value: Any
    options: Sequence[tuple[str, str]] = ()
    required: bool = False
    error: str = ""
    hint: str = ""
    rows: int = 4

    @property
    def rare(self) -> bool:
        """Left out by most: empty, and nothing that must be given or is wrong."""
        key = self.name.rpartition(".")[2]
        empty = not self.value or (isinstance(self.value, tuple) and not any(self.value[::2]))
        return empty and not self.required and not self.error and key not in USUAL


@dataclass(frozen=True)
class Outside:
    """What a document names that lies outside of it: people as (e-mail, name), titles of webhooks."""

    people: Sequence[tuple[str, str]] = ()
    hooks: Sequence[str] = ()


@dataclass(frozen=True)
class Maker:
    """Makes inputs for a process: its stages, roles and fields are what can be chosen."""

    process: Process
    outside: Outside = field(default_factory=Outside)

    def inputs(
        self,
        part: type[BaseModel],
        data: Mapping[str, Any],
        *,
        prefix: str = "",
        errors: Mapping[str, str] | None = None,
        hidden: frozenset[str] = HIDDEN,
    ) -> list[Input]:
        """One a field, what must be given first."""
        made = []
        for key, info in shown(part, hidden):
            shape = self._shape(key, info.annotation)
            given = data.get(key, _default(info))
            made.append(
                Input(
                    name=f"{prefix}{key}",
                    label=label(key, part.__name__).capitalize(),
                    kind=shape.kind,
                    value=shape.typed(given),
                    options=shape.options,
                    required=info.is_required(),
                    error=(errors or {}).get(key, ""),
                    hint=shape.hint,
                    rows=PAGES.get(part.__name__, 4) if key == "text" else 4,
                )
            )
        return made

    def read(
        self, part: type[BaseModel], asked: QueryDict, *, prefix: str = "", hidden: frozenset[str] = HIDDEN
    ) -> dict[str, Any]:
        """Plain data as the document writes it: what is left empty or as it is by default is left out."""
        data = {}
        for key, info in shown(part, hidden):
            value = self._shape(key, info.annotation).read(asked, f"{prefix}{key}")
            if value is not None and (info.is_required() or value != _default(info)):
                data[key] = value
        return data

    def _shape(self, key: str, annotation: Any) -> "Shape":
        kind = _plain(annotation)
        if kind is bool:
            return Shape("check", lambda value: bool(value), _read_check)
        if kind in (int, Decimal):
            return Shape("number", _text, _read_number)
        if isinstance(kind, type) and issubclass(kind, Written):
            return self._written(key, kind)
        if get_origin(kind) is list:
            return self._many(key, _plain(get_args(kind)[0]))
        if options := self._options(key, kind):
            return Shape("select", _dumped, _read_json, options=options)
        if kind is str:
            return Shape("area" if key in LONG else "text", _text, _read_text)
        return Shape("yaml", _to_yaml, _read_yaml, hint=_("As it stands in the document."))

    def _written(self, key: str, kind: type[Written]) -> "Shape":
        if issubclass(kind, Duration):
            return Shape("duration", _duration_parts, _read_duration, options=units())
        if issubclass(kind, HookTitle):
            return Shape("text", _text, _read_text, options=[(title, title) for title in self.outside.hooks])
        if issubclass(kind, Due):
            return Shape("due", _due_parts, _read_due, options=self._date_fields())
        if options := self._options(key, kind):
            return Shape("select", _dumped, _read_json, options=options)
        placeholders = issubclass(kind, Text)
        hint = _("Words in braces are filled in: {client}, {title}, {responsible}.") if placeholders else ""
        return Shape("area" if key in LONG else "text", _text, _read_text, hint=hint if key in LONG else "")

    def _many(self, key: str, item: Any) -> "Shape":
        if options := self._options(key, item):
            return Shape("many", lambda given: [_dumped(one) for one in given or ()], _read_many, options=options)
        if item is str or (isinstance(item, type) and issubclass(item, str)):
            return Shape("text", lambda given: ", ".join(given or ()), _read_words, hint=_("Separate with commas."))
        return Shape("yaml", _to_yaml, _read_yaml, hint=_("As it stands in the document."))

    def _options(self, key: str, kind: Any) -> list[tuple[str, str]]:
        """What can be chosen, value as JSON."""
        if get_origin(kind) is Literal:
            return [(_dumped(one), choice(str(one), key)) for one in get_args(kind)]
        if get_origin(kind) in (Union, UnionType):
            found = [pair for one in get_args(kind) for pair in self._options(key, _plain(one))]
            return found if all(self._options(key, _plain(one)) for one in get_args(kind)) else []
        if isinstance(kind, type) and issubclass(kind, Clock):
            return [(_dumped("wall"), _("the clock on the wall")), *self._titles(values.CALENDAR)]
        if isinstance(kind, type) and issubclass(kind, Reference):
            return self._titles(kind.kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return self._of_model(kind)
        return []

    def _of_model(self, kind: type[BaseModel]) -> list[tuple[str, str]]:
        """`{role: head}` and the like: a class of one field."""
        if len(kind.model_fields) != 1:
            return []
        name, info = next(iter(kind.model_fields.items()))
        if name == "person":
            return [(_dumped({name: email}), person) for email, person in self.outside.people]
        prefix = _("on shift: {role}") if name == "on_shift" else "{role}"
        return [
            (_dumped({name: json.loads(value)}), prefix.format(role=title))
            for value, title in self._options(name, _plain(info.annotation))
        ]

    def _titles(self, kind: str) -> list[tuple[str, str]]:
        titles = self.process.outline.titles.get(kind, {})
        if kind != values.STAGE:
            return [(_dumped(key), str(title)) for key, title in titles.items()]
        funnels = {funnel.key: funnel.title for funnel in self.process.funnels}
        many = len(funnels) > 1
        return [
            (_dumped(ref), f"{title} · {funnels[ref.split('/')[0]]}" if many else str(title))
            for ref, title in titles.items()
        ]

    def _date_fields(self) -> list[tuple[str, str]]:
        """Moments to count from: now, or a date of the deal."""
        dates = [field for field in self.process.fields.deal if field.type in ("date", "datetime")]
        found = [("", _("from that moment"))]
        for one in dates:
            found += [
                (f"before {one.key}", _("before «{title}»").format(title=one.title)),
                (f"after {one.key}", _("after «{title}»").format(title=one.title)),
            ]
        return found


def shown(part: type[BaseModel], hidden: frozenset[str] = HIDDEN) -> list[tuple[str, FieldInfo]]:
    """Keys that a form of this class shows; things with a form of their own, as stages of a funnel, are left out."""
    named = [(info.alias or name, info) for name, info in part.model_fields.items()]
    return [(key, info) for key, info in named if key not in hidden and not _is_list_of_things(info)]


def _is_list_of_things(info: FieldInfo) -> bool:
    kind = _plain(info.annotation)
    item = _plain(get_args(kind)[0]) if get_origin(kind) is list else None
    return isinstance(item, type) and issubclass(item, BaseModel) and "key" in item.model_fields


@dataclass(frozen=True)
class Shape:
    """How one type is shown and read: `typed` makes what the input holds, `read` takes it back, None for nothing."""

    kind: str
    typed: Callable[[Any], Any]
    read: Callable[[QueryDict, str], Any]
    options: Sequence[tuple[str, str]] = ()
    hint: str = ""


def units() -> list[tuple[str, str]]:
    names = {"minute": _("minutes"), "hour": _("hours"), "day": _("days"), "week": _("weeks")}
    return [(unit, names[unit]) for unit in UNITS]


def _plain(annotation: Any) -> Any:
    """A type without its wrappings: Annotated, Optional, alias."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, UnionType) and NoneType in get_args(annotation):
            rest = tuple(one for one in get_args(annotation) if one is not NoneType)
            annotation = reduce(or_, rest)
        elif hasattr(annotation, "__value__"):
            annotation = annotation.__value__
        else:
            return annotation


def _default(info: FieldInfo) -> Any:
    if info.is_required():
        return None
    value = info.get_default(call_default_factory=True)
    return value.model_dump(mode="json", by_alias=True) if isinstance(value, BaseModel) else value


def _dumped(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _read_text(asked: QueryDict, name: str) -> str | None:
    return asked.get(name, "").replace("\r\n", "\n").strip() or None


def _read_words(asked: QueryDict, name: str) -> list[str] | None:
    return [word.strip() for word in asked.get(name, "").split(",") if word.strip()] or None


def _read_check(asked: QueryDict, name: str) -> bool:
    return bool(asked.get(name))


def _read_number(asked: QueryDict, name: str) -> int | str | None:
    text = asked.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() else text or None


def _read_json(asked: QueryDict, name: str) -> Any:
    return _loads(asked.get(name, ""))


def _read_many(asked: QueryDict, name: str) -> list | None:
    return [value for text in asked.getlist(name) if (value := _loads(text)) is not None] or None


def _loads(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _duration_parts(value: Any) -> tuple[str, str]:
    number, _space, unit = str(value or "").partition(" ")
    return number, unit.rstrip("s") or "day"


def _read_duration(asked: QueryDict, name: str) -> str | None:
    number, unit = asked.get(f"{name}.n", "").strip(), asked.get(f"{name}.unit", "")
    if not number:
        return None
    return f"{number} {unit if number == '1' else unit + 's'}"


def _due_parts(value: Any) -> tuple[str, str, str, str]:
    """Number, unit, «before game_date», time of day."""
    text = str(value or "")
    due = Due(text)
    if not text or due.in_:
        return (*_duration_parts(text), "", "")
    length = text.split(f" {due.field}")[0].rsplit(" ", 1) if due.shift else ["", "after"]
    number, unit = _duration_parts(length[0])
    at = text.rpartition(" at ")[2] if " at " in text else ""
    return number, unit, f"{length[1]} {due.field}", at


def _read_due(asked: QueryDict, name: str) -> str | None:
    length = _read_duration(asked, name)
    side, at = asked.get(f"{name}.side", ""), asked.get(f"{name}.at", "").strip()
    if not side:
        return length
    moment = f"{length} {side}" if length else side.split(" ", 1)[1]
    return f"{moment} at {at}" if at else moment


def _to_yaml(value: Any) -> str:
    if value in (None, [], {}):
        return ""
    out = StringIO()
    yaml = YAML()
    yaml.default_flow_style = True
    yaml.width = 10_000
    yaml.dump(value, out)
    return out.getvalue().strip().removesuffix("...").strip()


def _read_yaml(asked: QueryDict, name: str) -> Any:
    text = asked.get(name, "").strip()
    if not text:
        return None
    try:
        return YAML(typ="safe").load(text)
    except YAMLError:
        return text
