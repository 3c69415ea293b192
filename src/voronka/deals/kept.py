"""The small tables of this package as every process keeps them, and deals that wear their rows without a join."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.db.models.query import ModelIterable

from voronka.kernel import shelf
from voronka.staff.queries import brands, everybody, locations

from .models import Deal, FieldDef, Funnel, LossReason, Stage

funnels = shelf.rows(Funnel.objects.all, Funnel)
stages = shelf.rows(
    lambda: Stage.objects.select_related("funnel").order_by("funnel__position", "position"), Stage, Funnel
)
loss_reasons = shelf.rows(LossReason.objects.all, LossReason)
fields = shelf.rows(lambda: FieldDef.objects.filter(entity="deal"), FieldDef)
sources = shelf.rows(lambda: apps.get_model("intake.Source")._default_manager.order_by("title"), "intake.Source")

_WORN: dict[str, Any] = {
    "funnel": funnels,
    "stage": stages,
    "responsible": everybody,
    "source": sources,
    "brand": brands,
    "location": locations,
    "loss_reason": loss_reasons,
}


class _Dressed(ModelIterable):
    """Deals whose funnel, stage, people and places are the kept rows."""

    def __iter__(self) -> Iterator[Deal]:
        with shelf.one_look():
            worn = [(name, f"{name}_id", rows()) for name, rows in _WORN.items()]
        for deal in super().__iter__():
            related = deal._state.fields_cache
            for name, key, rows in worn:
                pk = getattr(deal, key)
                if pk is None:
                    related[name] = None
                elif pk in rows:
                    related[name] = rows[pk]
            yield deal


def dressed(deals: QuerySet[Deal]) -> QuerySet[Deal]:
    found = deals.all()
    found._iterable_class = _Dressed
    return found
