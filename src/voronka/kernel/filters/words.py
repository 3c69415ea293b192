"""A filter as people read it: «Game date until 31 Dec», «Source except Mir Kvestov»."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from . import dates, fields, ops, wire
from .fields import Base, Field
from .scope import Scope
from .tree import All, Any, Is, Not, Tree

NBSP = "\u00a0"


@dataclass(frozen=True)
class Phrase:
    """One condition in words: field, connecting word, value. A group has all of it in `field`."""

    field: str
    op: str = ""
    value: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.field, self.op, self.value) if part)


def phrase(tree: Tree, base: Base, scope: Scope) -> Phrase:
    """The whole filter as one phrase. Asks options of the fields it names: a query each."""
    return _Speaker(scope).say(tree, base)


def phrases(tree: Tree, base: Base, scope: Scope) -> list[tuple[Tree, Phrase]]:
    """The parts that stand side by side, each with its phrase: the chips of a filter."""
    speaker = _Speaker(scope)
    parts = tree.parts if isinstance(tree, All) else (tree,)
    return [(part, speaker.say(part, base)) for part in parts]


class _Speaker:
    """Keeps titles of options while one filter is told."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._titles: dict[Field, dict[object, str]] = {}

    def say(self, tree: Tree, base: Base) -> Phrase:
        if isinstance(tree, Is):
            return self._condition(tree, base)
        if isinstance(tree, Not):
            return Phrase(_("not ({phrase})").format(phrase=self.say(tree.part, base)))
        if not tree.parts:
            return Phrase(_("everything") if isinstance(tree, All) else _("nothing"))
        joint = f" {_('and')} " if isinstance(tree, All) else f" {_('or')} "
        return Phrase(joint.join(self._part(part, base) for part in tree.parts))

    def _part(self, part: Tree, base: Base) -> str:
        text = str(self.say(part, base))
        return f"({text})" if isinstance(part, All | Any) and len(part.parts) > 1 else text

    def _condition(self, condition: Is, base: Base) -> Phrase:
        field, _owner = wire.resolve(condition.field, base)
        op = ops.op_of(field.kind, condition.op)
        if op is None:
            raise wire.FilterError(_("“{field}” has no such operator.").format(field=field.title), condition.field)
        title = self._path(condition.field, base)
        if op.takes == "nothing":
            return Phrase(title, str(op.word))
        if op.takes == "tree":
            inner = self.say(condition.value, fields.base(field.source.to))  # type: ignore[arg-type,union-attr]
            everything = condition.value == All()
            return Phrase(title, str(op.word), "" if everything else _("where {phrase}").format(phrase=inner))
        return Phrase(title, str(op.word), self._value(field, op, condition.value))

    def _path(self, path: str, base: Base) -> str:
        head, _dot, rest = path.partition(".")
        field = base.fields[head]
        if not rest:
            return str(field.title)
        return f"{field.title}: {self._path(rest, fields.base(field.source.to)).lower()}"  # type: ignore[union-attr]

    def _value(self, field: Field, op: ops.Op, value: object) -> str:
        if op.takes == "length":
            return _length(op.key, str(value))
        if op.takes in ("point", "points"):
            points = value if isinstance(value, tuple) else (value,)
            return " — ".join(self._point(str(point), op.key) for point in points)
        values = value if isinstance(value, tuple) else (value,)
        return (" — " if op.takes == "pair" else ", ").join(self._one(field, item) for item in values)

    def _one(self, field: Field, value: object) -> str:
        if field.kind == "yes_no":
            return pgettext("filter", "yes") if value else pgettext("filter", "no")
        if field.kind in ("number", "money"):
            unit = "₽" if field.kind == "money" else field.unit
            return number(value) + (f"{NBSP}{unit}" if unit else "")
        if field.kind in ("text", "time"):
            return _("“{text}”").format(text=value) if field.kind == "text" else str(value)
        if isinstance(value, str) and field.kind == "person":
            return group_title(value)
        return self._title(field, value)

    def _title(self, field: Field, value: object) -> str:
        if field.named:
            return field.named(value, self.scope)
        if field not in self._titles:
            self._titles[field] = field.option_titles()
        return self._titles[field].get(value) or _("no longer there ({value})").format(value=value)

    def _point(self, text: str, op: str) -> str:
        if text in dates.NAMED:
            return point_title(text) if op == "is" else _edge_title(text)
        point = dates.resolve(text, self.scope)
        if isinstance(point, dates.Moment):
            local = point.at.astimezone(self.scope.zone)
            return f"{short_day(local, self.scope.today)} {local:%H:%M}"
        return short_day(point.first, self.scope.today)


def number(value: object) -> str:
    """12500 → «12 500» with non-breaking spaces."""
    amount = Decimal(str(value))
    whole, _dot, rest = f"{abs(amount):f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", NBSP) + (f",{rest}" if rest else "")
    return f"\u2212{grouped}" if amount < 0 else grouped


def short_day(day: date | datetime, today: date) -> str:
    """«31 Dec», with the year when it is not this one."""
    text = f"{day.day}{NBSP}{format_date(day, 'E')[:3]}"
    return text if day.year == today.year else f"{text}{NBSP}{day.year}"


def group_title(name: str) -> str:
    return {
        "me": pgettext("filter person", "me"),
        "my-seat": pgettext("filter person", "my account"),
        "my-team": pgettext("filter person", "my team"),
        "on-shift": pgettext("filter person", "whoever is on shift"),
    }[name]


def point_title(name: str) -> str:
    """A named day as the answer to «when»: «this week»."""
    return {
        "now": pgettext("filter when", "now"),
        "today": pgettext("filter when", "today"),
        "yesterday": pgettext("filter when", "yesterday"),
        "tomorrow": pgettext("filter when", "tomorrow"),
        "this-week": pgettext("filter when", "this week"),
        "last-week": pgettext("filter when", "last week"),
        "next-week": pgettext("filter when", "next week"),
        "this-month": pgettext("filter when", "this month"),
        "last-month": pgettext("filter when", "last month"),
        "next-month": pgettext("filter when", "next month"),
        "this-year": pgettext("filter when", "this year"),
        "last-year": pgettext("filter when", "last year"),
        "next-year": pgettext("filter when", "next year"),
    }[name]


def _edge_title(name: str) -> str:
    """The same after «until», «since»: «(until) the end of this week» is told by the operator."""
    return {
        "now": pgettext("filter edge", "now"),
        "today": pgettext("filter edge", "today"),
        "yesterday": pgettext("filter edge", "yesterday"),
        "tomorrow": pgettext("filter edge", "tomorrow"),
        "this-week": pgettext("filter edge", "this week"),
        "last-week": pgettext("filter edge", "last week"),
        "next-week": pgettext("filter edge", "next week"),
        "this-month": pgettext("filter edge", "this month"),
        "last-month": pgettext("filter edge", "last month"),
        "next-month": pgettext("filter edge", "next month"),
        "this-year": pgettext("filter edge", "this year"),
        "last-year": pgettext("filter edge", "last year"),
        "next-year": pgettext("filter edge", "next year"),
    }[name]


def _length(op: str, text: str) -> str:
    amount, unit = dates.length(text)
    return _ago(amount, unit) if op == "older" else _span(amount, unit)


def _span(amount: int, unit: str) -> str:
    words = {
        "m": npgettext("filter span", "%(num)s minute", "%(num)s minutes", amount),
        "h": npgettext("filter span", "%(num)s hour", "%(num)s hours", amount),
        "d": npgettext("filter span", "%(num)s day", "%(num)s days", amount),
        "w": npgettext("filter span", "%(num)s week", "%(num)s weeks", amount),
    }
    return words[unit] % {"num": amount}


def _ago(amount: int, unit: str) -> str:
    words = {
        "m": npgettext("filter ago", "%(num)s minute ago", "%(num)s minutes ago", amount),
        "h": npgettext("filter ago", "%(num)s hour ago", "%(num)s hours ago", amount),
        "d": npgettext("filter ago", "%(num)s day ago", "%(num)s days ago", amount),
        "w": npgettext("filter ago", "%(num)s week ago", "%(num)s weeks ago", amount),
    }
    return words[unit] % {"num": amount}
