"""What each kind of act asks for, and its words."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voronka.clients.tags import active_tags
from voronka.deals.filters import stage_options
from voronka.deals.models import Deal, LossReason, Stage
from voronka.kernel import clock
from voronka.staff.models import Person
from voronka.tasks.models import TaskKind


def heading(kind: str) -> str:
    return {"assign": _("Hand over to"), "move": _("Move to the stage"), "plan": _("Task"), "tag": _("Tags")}[kind]


def verb(kind: str, count: int) -> str:
    """«Передать 4 сделки»: the button says how many will change."""
    text = {
        "assign": ngettext("Hand over %(num)s deal", "Hand over %(num)s deals", count),
        "move": ngettext("Move %(num)s deal", "Move %(num)s deals", count),
        "plan": ngettext("Plan in %(num)s deal", "Plan in %(num)s deals", count),
        "tag": ngettext("Change %(num)s deal", "Change %(num)s deals", count),
    }[kind]
    return text % {"num": count}


def choices(kind: str, arguments: dict[str, str], deals: QuerySet[Deal]) -> dict[str, Any]:
    """Options of the form's selects."""
    if kind == "assign":
        return {"people": Person.objects.filter(is_active=True).order_by("name").values_list("pk", "name")}
    if kind == "move":
        return {"stages": _stages(deals), "reasons": _reasons(arguments.get("stage", ""))}
    if kind == "plan":
        kinds = TaskKind.objects.order_by("position", "pk").values_list("key", "title")
        return {"kinds": kinds, "tomorrow": _tomorrow()}
    return {"tags": active_tags().values()}


def _stages(deals: QuerySet[Deal]) -> list[tuple[object, str]]:
    """Of the one funnel they are in, or of all."""
    funnels = list(deals.order_by().values_list("funnel_id", flat=True).distinct()[:2])
    return stage_options(funnels[0] if len(funnels) == 1 else None)


def _reasons(stage: str) -> list[tuple[str, str]]:
    lost = Stage.objects.filter(pk=stage, meaning=Stage.Meaning.LOST).first() if stage.isdecimal() else None
    if lost is None:
        return []
    return list(LossReason.objects.filter(funnel=lost.funnel_id, is_active=True).values_list("key", "title"))


def _tomorrow() -> str:
    """Tomorrow at ten where the person is, as a form writes it."""
    day = clock.today(timezone.get_current_timezone()) + timedelta(days=1)
    return f"{day.isoformat()}T10:00"
