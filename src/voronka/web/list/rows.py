"""Rows of the list: what stands in each cell, made once for a page in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from voronka.deals import fields, queries
from voronka.deals.fields import FieldSpec
from voronka.deals.models import Deal, Stage
from voronka.kernel import clock
from voronka.web import formats
from voronka.web.board.tiles import (
    Step,
    client_name,
    language,
    limit_text,
    next_step,
    share_of_limit,
    subject,
    tone_of,
    whose,
)


@dataclass(frozen=True)
class Cell:
    text: str
    cls: str = ""
    right: bool = False


@dataclass(frozen=True, kw_only=True)
class Row:
    id: int
    url: str
    live_url: str
    channel: str
    channel_title: str
    client: str
    subject: str
    declared: Sequence[Cell]
    stage: str
    stage_ink: str
    amount: Decimal | None
    person: dict[str, str] | None
    step: Step | None
    closed: bool
    age: str
    age_title: str
    tone: str
    unread: bool


#: Kinds of declared fields that make a column of their own, one of each.
SHOWN = (("choice",), ("date", "datetime"), ("number",))


def declared_columns(known: Mapping[str, FieldSpec]) -> list[FieldSpec]:
    """The first declared choice, day and number: what a deal of this trade is told by."""
    found = []
    for kinds in SHOWN:
        spec = next((one for one in known.values() if one.declared and one.type in kinds), None)
        if spec:
            found.append(spec)
    return found


def columns(shown: Sequence[FieldSpec]) -> list[dict[str, Any]]:
    """Heads of the table in order. `cls` hides where the screen is narrow."""
    declared = [
        {"key": spec.key, "title": spec.title, "sort": True, "right": _is_figure(spec), "cls": _cls(spec)}
        for spec in shown
    ]
    return [
        {"key": "number", "title": "№", "sort": True},
        {"key": "client", "title": _("Client"), "sort": True},
        *([] if any(spec.type in SHOWN[0] for spec in shown) else [{"key": "title", "title": _("Subject")}]),
        *declared,
        {"key": "stage", "title": _("Stage"), "sort": True},
        {"key": "amount", "title": _("Amount"), "sort": True, "right": True},
        {"key": "responsible", "title": _("Led by"), "sort": True},
        {"key": "step", "title": _("Nearest step"), "sort": True},
        {"key": "age", "title": _("In the stage"), "sort": True, "right": True},
    ]


def rows_of(deals: Iterable[Deal], *, known: Mapping[str, FieldSpec], inks: Mapping[int, str], query: str) -> list[Row]:
    """One query: the nearest tasks."""
    deals = list(deals)
    steps = queries.nearest_tasks(deal.pk for deal in deals if deal.next_step_at)
    shown = declared_columns(known)
    return [_row(deal, steps.get(deal.pk), known, shown, inks, query) for deal in deals]


def inks_of(stages: Iterable[Stage]) -> dict[int, str]:
    """Ink of each stage by its place in its funnel; won is green, lost grey."""
    by_funnel: dict[int, list[Stage]] = {}
    for stage in stages:
        by_funnel.setdefault(stage.funnel_id, []).append(stage)
    inks = {}
    for line in by_funnel.values():
        open_ids = [stage.pk for stage in line if not stage.is_closing]
        for stage in line:
            place = formats.stage_step(open_ids.index(stage.pk), len(open_ids)) if stage.pk in open_ids else 0
            inks[stage.pk] = f"var(--v-st{place})" if place else f"var(--v-{stage.meaning})"
    return inks


def _row(
    deal: Deal,
    task: Any,
    known: Mapping[str, FieldSpec],
    shown: Sequence[FieldSpec],
    inks: Mapping[int, str],
    query: str,
) -> Row:
    now, closed = clock.now(), deal.closed_at is not None
    limit = limit_text(deal.stage)
    age = formats.duration(now - deal.stage_entered_at, language())
    return Row(
        id=deal.pk,
        url=f"/deals/{deal.pk}",
        live_url=f"/deals/{deal.pk}/row?{query}",
        channel=deal.channel,
        channel_title=deal.source.title if deal.source else "",
        client=client_name(deal),
        subject=subject(deal, known) or deal.title,
        declared=[Cell(shown_value(spec, deal.fields.get(spec.key)), _cls(spec), _is_figure(spec)) for spec in shown],
        stage=deal.stage.title,
        stage_ink=inks.get(deal.stage_id, "var(--v-st1)"),
        amount=deal.amount or None,
        person=whose(deal.responsible),
        step=next_step(task, now) if task else None,
        closed=closed,
        age=age,
        age_title=_("In stage %(age)s of %(limit)s") % {"age": age, "limit": limit} if limit and not closed else "",
        tone="" if closed else tone_of(share_of_limit(deal, now)),
        unread=deal.is_unread and deal.responsible_id is not None,
    )


def shown_value(spec: FieldSpec, value: Any) -> str:
    """A declared value as people read it; «» when it is not filled."""
    if fields.is_empty(value):
        return ""
    if spec.type in ("choice", "choices", "yes_no") or not fields.fits(spec, value):
        return fields.as_written(spec, value)
    if spec.type == "money":
        return formats.money(Decimal(value), language())
    if spec.type == "number":
        return formats.number(value, language())
    if spec.type in ("date", "datetime"):
        return _day(str(value))
    return str(value)


def _day(text: str) -> str:
    today = clock.now().astimezone(timezone.get_current_timezone()).date()
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return text
    hour = f" {text[11:16]}" if len(text) > 10 else ""
    return formats.day(day, today=today, language=language()) + hour


def _cls(spec: FieldSpec) -> str:
    """A day is kept longest where there is little room."""
    return "v-c-day" if spec.type in SHOWN[1] else "v-c-wide"


def _is_figure(spec: FieldSpec) -> bool:
    return spec.type in ("number", "money")
