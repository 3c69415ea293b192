"""What differs between two documents, in sentences. Things are matched by key: what only moved has not changed.

«The stage «Booking»: limit 1 day → 2 days», «Added the rule «Call back»».
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from pydantic import BaseModel

from . import document, sentences
from .labels import choice, label
from .outline import Outline
from .schema import Process, Rule
from .values import Duration, Reference, Text


@dataclass(frozen=True, kw_only=True)
class Change:
    """`act`: added, removed, changed or moved. `thing`: class of what changed, `key` its place («first/booked»).

    `subject` names it in words; of a change `label` says what about it, `before` and `after` its values.
    """

    act: str
    thing: str
    key: str
    subject: str
    label: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        if self.act in ("added", "removed"):
            return self.subject
        about = f"{self.label} " if self.label else ""
        return f"{self.subject}: {about}{self.before} → {self.after}"


@dataclass(frozen=True)
class _Side:
    """One of the two documents, for naming what it refers to."""

    process: Process

    @property
    def outline(self) -> Outline:
        return self.process.outline


def differences(before: Process, after: Process) -> list[Change]:
    """In the order of the document; nothing when both mean the same."""
    return list(_parts(before, after, _Side(before), _Side(after), place=("Process", "", _("The process"))))


@lru_cache(maxsize=64)
def between(before: str, after: str, language: str) -> Sequence[Change]:
    """What differs between two texts, told in a language; remembered, since whole documents are read for it."""
    with translation.override(language or None):
        return tuple(differences(document.trusted(before), document.trusted(after)))


Place = tuple[str, str, str]


def _parts(old: BaseModel, new: BaseModel, was: _Side, now: _Side, *, place: Place) -> Iterator[Change]:
    for name, field in type(new).model_fields.items():
        a, b = getattr(old, name, None), getattr(new, name)
        if a == b:
            continue
        key = field.alias or name
        if _is_keyed(a) or _is_keyed(b):
            yield from _lists(a or [], b or [], was, now, place=place)
        elif isinstance(a, BaseModel) and isinstance(b, BaseModel) and type(a) is type(b):
            yield from _parts(a, b, was, now, place=place)
        else:
            owner = type(new).__name__
            yield _changed(place, label(key, owner), spoken(a, was.outline, key), spoken(b, now.outline, key))


def _is_keyed(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(hasattr(item, "key") for item in value)


def _lists(old: Sequence[Any], new: Sequence[Any], was: _Side, now: _Side, *, place: Place) -> Iterator[Change]:
    olds, news = {item.key: item for item in old}, {item.key: item for item in new}
    for key, item in olds.items():
        if key not in news:
            yield _whole("removed", item, place)
    for key, item in news.items():
        if key not in olds:
            yield _whole("added", item, place)
        elif olds[key] != item:
            yield from _item(olds[key], item, was, now, place)
    kept = [key for key in olds if key in news]
    if kept != [key for key in news if key in olds]:
        titles = [[_title(side[key]) for key in side if key in kept] for side in (olds, news)]
        thing = type(next(iter(news.values()))).__name__
        yield Change(
            act="moved", thing=thing, key=place[1], subject=_where(thing, place), label=_("order"),
            before=", ".join(titles[0]), after=", ".join(titles[1]),
        )  # fmt: skip


def _item(old: Any, new: Any, was: _Side, now: _Side, outer: Place) -> Iterator[Change]:
    place = _place(new, outer)
    if not isinstance(new, Rule):
        yield from _parts(old, new, was, now, place=place)
        return
    if old.title != new.title:
        yield _changed(place, label("title"), _quoted(old.title), _quoted(new.title))
    told = [sentences.rule(side_rule, side.process) for side_rule, side in ((old, was), (new, now))]
    if told[0] != told[1]:
        yield _changed(place, "", *told)
    elif (old.when, old.if_) != (new.when, new.if_):
        yield from _parts(old.when, new.when, was, now, place=place)
    else:
        yield from _steps(old, new, was, now, place)


def _steps(old: Rule, new: Rule, was: _Side, now: _Side, place: Place) -> Iterator[Change]:
    """What the sentences of two rules don't tell: texts of notices and the like."""
    for a, b in zip(old.then, new.then, strict=False):
        if a != b and type(a) is type(b):
            yield from _parts(a, b, was, now, place=place)


def _place(item: Any, outer: Place) -> Place:
    key = f"{outer[1]}/{item.key}" if outer[0] == "Funnel" else item.key
    return type(item).__name__, key, _named(item, outer)


def _whole(act: str, item: Any, outer: Place) -> Change:
    thing, key, named = _place(item, outer)
    sentence = _("Added: {thing}") if act == "added" else _("Removed: {thing}")
    return Change(act=act, thing=thing, key=key, subject=sentence.format(thing=named[:1].lower() + named[1:]))


def _changed(place: Place, name: str, before: str, after: str) -> Change:
    return Change(act="changed", thing=place[0], key=place[1], subject=place[2], label=name, before=before, after=after)


def _title(item: Any) -> str:
    return str(getattr(item, "title", "") or item.key)


def _quoted(text: str) -> str:
    return _("«{title}»").format(title=text)


def _named(item: Any, outer: Place) -> str:
    """«The stage «Booking» («First sales»)»."""
    name = noun(type(item).__name__).format(title=_title(item))
    return f"{name} ({outer[2]})" if outer[0] == "Funnel" else name


def _where(thing: str, place: Place) -> str:
    plural = {
        "Stage": _("Stages"), "Rule": _("Rules"), "Funnel": _("Funnels"), "Field": _("Fields"),
        "LossReason": _("Reasons of loss"), "Role": _("Roles"), "TaskKind": _("Kinds of tasks"),
    }.get(thing, _("The list"))  # fmt: skip
    return f"{plural} ({place[2]})" if place[1] else plural


def noun(thing: str) -> str:
    """«The stage «{title}»» for a class of the schema."""
    return {
        "Stage": _("The stage «{title}»"),
        "Funnel": _("The funnel «{title}»"),
        "Rule": _("The rule «{title}»"),
        "LossReason": _("The reason of loss «{title}»"),
        "Field": _("The field «{title}»"),
        "Role": _("The role «{title}»"),
        "TaskKind": _("The kind of tasks «{title}»"),
        "Product": _("The product «{title}»"),
        "Programme": _("The programme «{title}»"),
        "Brand": _("The brand «{title}»"),
        "Location": _("The location «{title}»"),
        "Calendar": _("The working calendar «{title}»"),
        "Template": _("The template «{title}»"),
        "MessageTemplate": _("The template «{title}»"),
        "Script": _("The script «{title}»"),
        "Article": _("The article «{title}»"),
    }.get(thing, _("«{title}»"))


def spoken(value: Any, outline: Outline, key: str = "") -> str:
    """A value of the document as people say it."""
    if value in (None, "", [], {}):
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Duration):
        return value.words
    if isinstance(value, Reference):
        return _quoted(outline.title(value.kind, str(value)))
    if isinstance(value, Text):
        return _quoted(outline.spoken(value))
    if isinstance(value, list | tuple):
        return ", ".join(spoken(item, outline, key) for item in value)
    if isinstance(value, dict):
        return ", ".join(spoken(item, outline, key) for item in value.values())
    if isinstance(value, BaseModel):
        return _model(value, outline)
    said = choice(str(value), key)
    return said if said != str(value) or not isinstance(value, str) else _quoted(said)


def _model(value: BaseModel, outline: Outline) -> str:
    """A small thing without a key: a step by its sentence, anything else by its values."""
    if tell := getattr(value, "sentence", None):
        return str(outline.spoken(tell(outline)))
    given = value.model_dump(exclude_defaults=True)
    return ", ".join(spoken(getattr(value, name), outline, name) for name in given)
