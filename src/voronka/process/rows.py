"""The rows a document stands for. Everything is found by key, so ids and history stay through changes.

What a new document leaves out: funnels, stages, reasons, fields and goods are switched off; roles and kinds of
tasks nobody uses are deleted. Brands, locations and teams are company data: a document adds and renames them,
never removes.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from voronka.catalogue.models import Product
from voronka.clients.models import Segment
from voronka.deals import models as deals
from voronka.deals.jobs import convert_values
from voronka.kernel.actor import Actor
from voronka.kernel.errors import Refusal
from voronka.staff import models as staff
from voronka.tasks.models import TaskKind

from .schema import Company, Field, Funnel, Process, Role, Stage
from .stranded import resettle


def write(process: Process, *, by: Actor, moved: Mapping[str, str]) -> dict[str, int]:
    """Make the rows be what the document says; deals of stages that go are moved by the plan `moved`.

    Returns how many deals left each stage. Raises Refusal when something in use would vanish.
    """
    _company(process.company)
    _roles(process.roles)
    _task_kinds(process)
    _products(process)
    _segments(process)
    _fields(process)
    for position, funnel in enumerate(process.funnels):
        _funnel(funnel, position, process)
    resettled = resettle(process, moved, by=by)
    _switch_off(process)
    return resettled


def _put(model: type[Model], wanted: Mapping[str, Mapping[str, Any]], **whose: Any) -> list[Any]:
    """Rows by key, among those of `whose`: new ones are written, the others changed, all at once."""
    if not wanted:
        return []
    return model._default_manager.bulk_create(
        [model(**whose, key=key, **values) for key, values in wanted.items()],
        update_conflicts=True,
        unique_fields=[*whose, "key"],
        update_fields=list(next(iter(wanted.values()))),
    )


def _company(company: Company) -> None:
    brands = {row.key: row for row in _put(staff.Brand, {brand.key: {"name": brand.title} for brand in company.brands})}
    _put(
        staff.Location,
        {
            location.key: {
                "name": location.title,
                "brand": brands[location.brand],
                "address": location.address,
                "review_url": location.review_url,
            }
            for location in company.locations
        },
    )
    for team in company.teams:
        staff.Team.objects.get_or_create(name=team)


def _roles(roles: Iterable[Role]) -> None:
    _put(
        staff.Role,
        {
            role.key: {
                "title": role.title,
                "sees": role.sees,
                "sees_untaken": role.sees_untaken,
                "may": role.may,
                "position": position,
            }
            for position, role in enumerate(roles)
        },
    )
    for gone in staff.Role.objects.exclude(key__in=[role.key for role in roles]).order_by("position"):
        try:
            gone.delete()
        except ProtectedError as error:
            raise Refusal(
                _("The role «{title}» is still somebody's: give them another one first.").format(title=gone.title)
            ) from error


def _task_kinds(process: Process) -> None:
    """A kind that was changed on screen stays as it was made there."""
    edited = set(TaskKind.objects.filter(is_edited=True).values_list("key", flat=True))
    _put(
        TaskKind,
        {
            kind.key: {
                "title": kind.title,
                "icon": kind.icon,
                "result_required": kind.result_required,
                "position": position,
            }
            for position, kind in enumerate(process.task_kinds)
            if kind.key not in edited
        },
    )
    gone = TaskKind.objects.exclude(key__in=[kind.key for kind in process.task_kinds]).exclude(is_edited=True)
    gone.filter(tasks=None).delete()


def _products(process: Process) -> None:
    wanted = {
        programme.key: {
            "name": programme.title,
            "price": programme.price,
            "kind": "service",
            "is_upsell": False,
            "is_active": True,
        }
        for programme in process.company.programmes
    } | {
        product.key: {
            "name": product.title,
            "price": product.price,
            "kind": product.kind,
            "is_upsell": product.upsell,
            "is_active": True,
        }
        for product in process.products
    }
    _put(Product, wanted)
    Product.objects.exclude(key__in=wanted).update(is_active=False)


def _segments(process: Process) -> None:
    """Who belongs to one that goes is kept with the client."""
    _put(Segment, {segment.key: {"title": segment.title, "is_active": True} for segment in process.segments})
    Segment.objects.exclude(key__in=[segment.key for segment in process.segments]).update(is_active=False)


def _fields(process: Process) -> None:
    """What was declared or changed on screen is left alone, whether the document knows it or not."""
    for entity, fields in (("deal", process.fields.deal), ("contact", process.fields.contact)):
        rows = {row.key: row for row in deals.FieldDef.objects.select_for_update().filter(entity=entity)}
        for position, field in enumerate(fields):
            row = rows.get(field.key) or deals.FieldDef(entity=entity, key=field.key)
            if row.owner == deals.FieldDef.Owner.PROCESS:
                _field(row, field, process, position)
        gone = deals.FieldDef.objects.filter(entity=entity, owner=deals.FieldDef.Owner.PROCESS)
        gone.exclude(key__in=[field.key for field in fields]).update(is_active=False)


def _field(row: deals.FieldDef, field: Field, process: Process, position: int) -> None:
    options, before = process.options(field), (row.type, [*row.options, *row.retired_options])
    row.retired_options = [pair for pair in (*row.retired_options, *row.options) if pair[0] not in options]
    row.options = [list(pair) for pair in options.items()]
    row.title, row.type, row.group, row.unit = field.title, field.type, field.group, field.unit
    row.position, row.is_active = position, True
    row.save()
    if before[0] and before[0] != row.type:
        convert_values.defer(field=row.pk, before=before[0], options=before[1])


def _screen_fields() -> frozenset[str]:
    """Fields of deals whose stages are chosen on screen."""
    of_screen = deals.FieldDef.objects.filter(entity="deal", owner=deals.FieldDef.Owner.SCREEN)
    return frozenset(of_screen.values_list("key", flat=True))


def _limit(stage: Stage, funnel: Funnel, process: Process) -> dict[str, Any] | None:
    if stage.limit is None:
        return None
    length = stage.limit.length
    clock = process.clock_of(funnel.key, stage.clock)
    return {"amount": length.amount, "unit": length.unit, "calendar": clock}


def _funnel(funnel: Funnel, position: int, process: Process) -> None:
    row, _made = deals.Funnel.objects.update_or_create(
        key=funnel.key,
        defaults={
            "title": funnel.title,
            "kind": funnel.kind,
            "position": position,
            "only_forward": funnel.only_forward,
            "no_skipping": funnel.no_skipping,
            "next_step_required": funnel.next_step_required,
            "next_step": funnel.next_step.model_dump(mode="json") if funnel.next_step else None,
            "is_active": True,
        },
    )
    of_screen = _screen_fields()
    asked = {stage.key: [key for key in stage.required if key in of_screen] for stage in row.stages.all()}
    _put(
        deals.Stage,
        {
            stage.key: {
                "title": stage.title,
                "meaning": stage.meaning,
                "position": place,
                "limit_minutes": int(stage.limit.delta.total_seconds()) // 60 if stage.limit else None,
                "limit": _limit(stage, funnel, process),
                "may_enter": [str(role) for role in stage.may_enter],
                "approver": stage.approval or "",
                "derived": stage.derived is not None,
                "goal": stage.goal,
                "required": [
                    *(str(key) for key in stage.required if key not in of_screen),
                    *asked.get(stage.key, ()),
                ],
                "hint": stage.hint.strip(),
                "wip_limit": stage.wip.most if stage.wip else None,
                "wip_per": stage.wip.per if stage.wip else deals.Stage.WipPer.STAGE,
                "wip_enforced": bool(stage.wip and stage.wip.enforced),
                "is_active": True,
            }
            for place, stage in enumerate(funnel.stages)
        },
        funnel=row,
    )
    _put(
        deals.LossReason,
        {
            reason.key: {
                "title": reason.title,
                "comment_required": reason.comment_required,
                "position": place,
                "is_active": True,
            }
            for place, reason in enumerate(funnel.loss_reasons)
        },
        funnel=row,
    )
    row.loss_reasons.exclude(key__in=[reason.key for reason in funnel.loss_reasons]).update(is_active=False)


def _switch_off(process: Process) -> None:
    """Stages and funnels that the document leaves out; no deal stands on them any more."""
    funnels = {funnel.key for funnel in process.funnels}
    for stage in deals.Stage.objects.filter(is_active=True).select_related("funnel"):
        if f"{stage.funnel.key}/{stage.key}" not in process.stages:
            deals.Stage.objects.filter(pk=stage.pk).update(is_active=False)
    deals.Funnel.objects.filter(is_active=True).exclude(key__in=funnels).update(is_active=False)
