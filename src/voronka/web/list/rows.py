"""Rows of the list: what stands in each cell, made once for a page in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from voronka.clients.models import Tag
from voronka.clients.tags import known_tags, shown
from voronka.deals import fields, queries
from voronka.deals.access import may_change
from voronka.deals.fields import FieldSpec
from voronka.deals.models import Deal, Stage
from voronka.kernel import clock
from voronka.kernel.actor import Actor
from voronka.tasks.models import Task
from voronka.web import formats
from voronka.web.board.tiles import (
    Step,
    Who,
    client_name,
    language,
    limit_text,
    next_step,
    share_of_limit,
    subject,
    tone_of,
    whose,
)

from .columns import NAMES, Column
from .edits import Edit, edited_value, edits_of
from .titles import Titles


@dataclass(slots=True)
class Cell:
    """`text` as people read it; `value` where it may be changed right here. `options`: see `Edit`."""

    column: Column
    text: str
    value: str | None
    options: str = ""


@dataclass(slots=True, kw_only=True)
class Row:
    id: int
    url: str
    live_url: str
    channel: str
    channel_title: str
    client: str
    cells: Sequence[Cell]
    stage: str
    stage_ink: str
    amount: Decimal | None
    person: Who | None
    step: Step | None
    tags: Sequence[Tag]
    closed: bool
    age: str
    age_title: str
    tone: str
    unread: bool


@dataclass(frozen=True, kw_only=True)
class Page:
    """What all rows of one page share."""

    columns: Sequence[Column]
    known: Mapping[str, FieldSpec]
    inks: Mapping[int, str]
    query: str
    by: Actor
    edits: Mapping[str, Edit]
    tags: Mapping[str, Tag]
    titles: Titles

    @classmethod
    def of(cls, columns: Sequence[Column], known: Mapping[str, FieldSpec], *, query: str, by: Actor) -> "Page":
        return cls(
            columns=columns,
            known=known,
            inks=inks_of(queries.stages()),
            query=query,
            by=by,
            edits=edits_of(columns, known),
            tags=known_tags() if any(column.key == "tags" for column in columns) else {},
            titles=Titles(by),
        )


def rows_of(deals: Iterable[Deal], page: Page) -> list[Row]:
    """One query: the nearest tasks."""
    deals = list(deals)
    steps = queries.nearest_tasks(deal.pk for deal in deals if deal.next_step_at)
    expect(deals, page.columns, page.titles)
    return [_row(deal, steps.get(deal.pk), page) for deal in deals]


def expect(deals: Iterable[Deal], columns: Sequence[Column], titles: Titles) -> None:
    """What the cells of these rows will name is read at once."""
    specs = [column.spec for column in columns if column.spec]
    titles.pointed.expect((spec, deal.fields.get(spec.key)) for deal in deals for spec in specs)


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


def _row(deal: Deal, task: Task | None, page: Page) -> Row:
    now, closed = clock.now(), deal.closed_at is not None
    limit = limit_text(deal.stage)
    age = formats.duration(now - deal.stage_entered_at, language())
    mine = may_change(page.by, deal)
    return Row(
        id=deal.pk,
        url=f"/deals/{deal.pk}",
        live_url=f"/deals/{deal.pk}/row?{page.query}",
        channel=deal.channel,
        channel_title=deal.source.title if deal.source else "",
        client=client_name(deal),
        cells=[_cell(deal, column, page, page.edits.get(column.key) if mine else None) for column in page.columns],
        stage=deal.stage.title,
        stage_ink=page.inks.get(deal.stage_id, "var(--v-st1)"),
        amount=deal.amount or None,
        person=whose(deal.responsible),
        step=next_step(task, now) if task else None,
        tags=shown(deal.tags, page.tags),
        closed=closed,
        age=age,
        age_title=_("In stage %(age)s of %(limit)s") % {"age": age, "limit": limit} if limit and not closed else "",
        tone="" if closed else tone_of(share_of_limit(deal)),
        unread=deal.is_unread and deal.responsible_id is not None,
    )


def _cell(deal: Deal, column: Column, page: Page, edit: Edit | None) -> Cell:
    text = _text(deal, column, page)
    if edit is None:
        return Cell(column, text, None)
    options = f"list-stages-{deal.funnel_id}" if column.key == "stage" else ""
    return Cell(column, text, edited_value(deal, column.key, edit, page.by), options)


def _text(deal: Deal, column: Column, page: Page) -> str:
    if column.spec:
        return shown_value(column.spec, deal.fields.get(column.key), page.titles)
    if column.key in NAMES:
        return NAMES[column.key](deal)
    write = _TEXTS.get(column.key)
    return write(deal, page) if write else ""


_TEXTS: dict[str, Any] = {
    "title": lambda deal, page: deal.title or subject(deal, page.known),
    "created": lambda deal, page: _moment(deal.created_at),
    "taken": lambda deal, page: _moment(deal.taken_at),
    "interaction": lambda deal, page: _moment(deal.company.last_interaction_at),
    "closed": lambda deal, page: _moment(deal.closed_at),
}


def shown_value(spec: FieldSpec, value: Any, titles: Titles) -> str:
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
    if spec.type == "phone":
        return formats.phone(value)
    return titles.pointed.text(spec, value) if spec.type in ("client", "file") else titles.of(spec.type, value)


def _moment(at: datetime | None) -> str:
    if at is None:
        return ""
    return formats.day_and_time(at, now=clock.now(), zone=timezone.get_current_timezone(), language=language())


def _day(text: str) -> str:
    today = clock.now().astimezone(timezone.get_current_timezone()).date()
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return text
    hour = f" {text[11:16]}" if len(text) > 10 else ""
    return formats.day(day, today=today, language=language()) + hour
