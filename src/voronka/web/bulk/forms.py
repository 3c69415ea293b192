"""What each kind of act asks for, and its words."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from voronka.clients.tags import active_tags
from voronka.deals import fields
from voronka.deals.filters import stage_options
from voronka.deals.models import Deal, LossReason, Stage
from voronka.kernel import clock
from voronka.messages.ports import channels
from voronka.messages.queries import set_up
from voronka.staff.models import Person
from voronka.tasks.models import TaskKind
from voronka.web.deals import notetemplates

#: How a template comes into the text of a draft: the one chosen, and the one whose text stands there.
TEMPLATE = ("template", "taken")


def heading(kind: str) -> str:
    return {
        "assign": _("Hand over to"),
        "move": _("Move to the stage"),
        "plan": _("Task"),
        "tag": _("Tags"),
        "draft": _("Message draft"),
    }[kind]


def verb(kind: str, count: int) -> str:
    """«Передать 4 сделки»: the button says how many will change."""
    text = {
        "assign": ngettext("Hand over %(num)s deal", "Hand over %(num)s deals", count),
        "move": ngettext("Move %(num)s deal", "Move %(num)s deals", count),
        "plan": ngettext("Plan in %(num)s deal", "Plan in %(num)s deals", count),
        "tag": ngettext("Change %(num)s deal", "Change %(num)s deals", count),
        "draft": ngettext("Prepare %(num)s draft", "Prepare %(num)s drafts", count),
    }[kind]
    return text % {"num": count}


def choices(kind: str, arguments: dict[str, str], deals: QuerySet[Deal], person: Person) -> dict[str, Any]:
    """Options of the form's selects."""
    if kind == "assign":
        return {"people": Person.objects.filter(is_active=True).order_by("name").values_list("pk", "name")}
    if kind == "move":
        return {"stages": _stages(deals), "reasons": _reasons(arguments.get("stage", ""))}
    if kind == "plan":
        kinds = TaskKind.objects.order_by("position", "pk").values_list("key", "title")
        return {"kinds": kinds, "tomorrow": _tomorrow()}
    if kind == "draft":
        known = channels()
        names = [str(spec.title) for spec in fields.specs(person.actor).values()]
        return {
            "channels": [(key, known[key].title) for key in set_up()],
            "templates": list(notetemplates.of(person).values_list("pk", "title")),
            "names": [_("first name"), _("client"), *names],
        }
    return {"tags": active_tags().values()}


def with_template(form: QueryDict, person: Person) -> QueryDict:
    """The form with the text of a template that was chosen just now."""
    chosen = form.get("template", "")
    if chosen == form.get("taken", "") or not chosen.isdecimal() or len(chosen) > 18:
        return form
    filled = form.copy()
    filled["taken"] = chosen
    if template := notetemplates.of(person).filter(pk=chosen).first():
        filled["text"] = template.text
    return filled


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
