"""The map: funnels as boxes with live counts, arrows with the flows of the period, the panel of a stage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from voronka.deals.models import Stage as StageRow
from voronka.kernel.filters import All, Is, dump
from voronka.process.models import BrokenRule
from voronka.process.schema import Funnel, Stage
from voronka.staff.models import Person
from voronka.web.formats import stage_step
from voronka.web.requests import PersonRequest

from . import figures
from .access import seeing_needed
from .figures import Flow, Flows, Load
from .layout import Box, Picture, Size, draw
from .panel import panel_facts
from .shown import Shown, shown_to
from .transitions import LOST, WON, Transition, transitions


@dataclass(frozen=True, kw_only=True)
class Row:
    """A stage in its funnel's box. `share`: its deals against the fullest stage of the funnel."""

    ref: str
    stage: Stage
    load: Load
    share: int
    ink: str
    url: str
    deals_url: str
    late_url: str
    changed: bool


@dataclass(frozen=True, kw_only=True)
class FunnelBox:
    funnel: Funnel
    box: Box
    rows: Sequence[Row]
    deals: int
    url: str
    outs: Sequence["Told"]


@dataclass(frozen=True, kw_only=True)
class Told:
    """A transition with its flow, as its label says it."""

    transition: Transition
    title: str
    flow: Flow
    url: str
    path: str = ""
    x: int = 0
    y: int = 0


@seeing_needed
@require_safe
def page(request: PersonRequest) -> HttpResponse:
    """The whole map; with `stage` in the address its panel is open."""
    shown, days = shown_to(request.user), figures.period(request.GET.get("days", ""))
    if not shown.version:
        return render(request, "process/none.html", {"current": "process"})
    ref = request.GET.get("stage", "")
    if ref and ref not in shown.process.stages:
        raise Http404
    facts = map_facts(request.user, shown, days, chosen=ref)
    if ref:
        facts |= panel_facts(request.user, shown, ref, days, facts["loads"])
    return render(request, "process/page.html", facts | {"current": "process"})


def map_facts(person: Person, shown: Shown, days: int, *, chosen: str = "") -> dict:
    loads, found = figures.stage_loads(person, days), figures.flows(person, days)
    picture, told = _picture(shown, found, days)
    return {
        "shown": shown,
        "loads": loads,
        "days": days,
        "periods": figures.PERIODS,
        "chosen": chosen,
        "picture": picture,
        "arrows": told,
        "boxes": [_funnel(funnel, shown, loads, picture, told, days) for funnel in shown.process.funnels],
        "broken": BrokenRule.objects.count(),
        "late": sum(load.late for load in loads.values()),
        "may_edit": person.may("manage_process"),
        "period_url": lambda other: address(days=other, stage=chosen),
    }


def address(*, days: int = 30, stage: str = "") -> str:
    asked = {**({"days": days} if days != 30 else {}), **({"stage": stage} if stage else {})}
    return f"{reverse('process')}?{urlencode(asked)}" if asked else reverse("process")


def _picture(shown: Shown, found: Flows, days: int) -> tuple[Picture, list[Told]]:
    process = shown.process
    links = transitions(process)
    flows = {link.key: _flow(link, shown, found) for link in links}
    labels = {link.key: _label(link, flows[link.key]) for link in links}
    sizes = [
        Size(key=funnel.key, stages=[f"{funnel.key}/{stage.key}" for stage in funnel.stages])
        for funnel in process.funnels
    ]
    picture = draw(sizes, links, labels)
    told = [
        Told(
            transition=arrow.transition,
            title=arrow.transition.title,
            flow=flows[arrow.transition.key],
            url=_flow_url(arrow.transition, days),
            path=arrow.path,
            x=arrow.x,
            y=arrow.y,
        )
        for arrow in picture.arrows
    ]
    return picture, told


def _flow(link: Transition, shown: Shown, found: Flows) -> Flow:
    """What the rules opened in the target funnel, and what moved there from the source."""
    stages = shown.stage_rows
    funnels = {row.funnel.key: row.funnel_id for row in stages.values()}
    opened = [found.opened.get((rule, funnels.get(link.target, 0)), Flow()) for rule in link.rules]
    total = sum(opened, Flow())
    if link.source == link.target:
        return total
    for (here, there), flow in found.moves.items():
        if is_move(here, there, link, shown.rows_by_id):
            total = total + flow
    return total


def is_move(here: int, there: int, link: Transition, rows: Mapping[int, StageRow]) -> bool:
    """Whether a move between two stages is one of the transition's: those of losses start where deals are lost."""
    if here not in rows or there not in rows:
        return False
    if (rows[here].funnel.key, rows[there].funnel.key) != (link.source, link.target):
        return False
    meaning = rows[here].meaning
    return {WON: meaning == "won", LOST: meaning == "lost"}.get(link.kind, meaning not in ("won", "lost"))


def _label(link: Transition, flow: Flow) -> str:
    """What stands on the arrow, a line of it a line here."""
    text = f"{link.title} {flow.deals}"
    return f"{text}\n{flow.amount}" if flow.amount else text


def _flow_url(link: Transition, days: int) -> str:
    asked = [("days", days), ("from", link.source), ("to", link.target), ("kind", link.kind)]
    return f"{reverse('process-flow')}?{urlencode(asked)}"


def _funnel(
    funnel: Funnel, shown: Shown, loads: Mapping[int, Load], picture: Picture, told: Sequence[Told], days: int
) -> FunnelBox:
    rows, changed = shown.stage_rows, shown.changed("Stage")
    held = [_load(rows.get(f"{funnel.key}/{stage.key}"), loads) for stage in funnel.stages]
    working = [load.deals for stage, load in zip(funnel.stages, held, strict=True) if not _closes(stage)]
    fullest = max(working, default=0) or 1
    return FunnelBox(
        funnel=funnel,
        box=picture.boxes[funnel.key],
        rows=[
            Row(
                ref=(ref := f"{funnel.key}/{stage.key}"),
                stage=stage,
                load=load,
                share=min(100, round(100 * load.deals / fullest)),
                ink=_ink(stage, place, len(funnel.stages)),
                url=address(days=days, stage=ref),
                deals_url=deals_url(rows[ref].pk) if ref in rows else "",
                late_url=f"{reverse('process-stuck')}?reason=late&stage={rows[ref].pk}" if ref in rows else "",
                changed=ref in changed,
            )
            for place, (stage, load) in enumerate(zip(funnel.stages, held, strict=True))
        ],
        deals=sum(load.deals for stage, load in zip(funnel.stages, held, strict=True) if not _closes(stage)),
        url=f"{reverse('board')}?funnel={funnel.key}",
        outs=[one for one in told if one.transition.source == funnel.key],
    )


def _closes(stage: Stage) -> bool:
    return stage.meaning in ("won", "lost")


def _load(row: StageRow | None, loads: Mapping[int, Load]) -> Load:
    return loads.get(row.pk, Load()) if row else Load()


def _ink(stage: Stage, place: int, count: int) -> str:
    if stage.meaning in ("won", "lost"):
        return f"var(--v-{stage.meaning})"
    return f"var(--v-st{stage_step(place, count)})"


def deals_url(stage: int) -> str:
    """The list of deals on a stage."""
    return f"{reverse('deals')}?{urlencode({'filter': dump(All([Is('stage', 'in', (stage,))]))})}"


@seeing_needed
@require_safe
def panel(request: PersonRequest, ref: str) -> HttpResponse:
    """The panel of one stage, over the map."""
    shown, days = shown_to(request.user), figures.period(request.GET.get("days", ""))
    if ref not in shown.process.stages:
        raise Http404
    facts = panel_facts(request.user, shown, ref, days)
    return render(request, "process/panel.html", facts | {"days": days, "may_edit": request.user.may("manage_process")})
