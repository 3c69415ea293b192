"""Placeholders of texts: what each says about the deal. Only those a text asks for are computed."""

import re
from collections.abc import Callable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..values import FIELD, Text
from ._base import Work


def of(work: Work, text: Text) -> dict[str, str]:
    return {name: value(work, name) for _kind, name in text.refers()}


def fill(work: Work, text: str) -> str:
    """Any sentence with placeholders, filled for this deal."""
    return re.sub(r"\{([^{}]*)\}", lambda found: value(work, found[1]), text)


def value(work: Work, name: str) -> str:
    if name in BUILT_IN:
        return BUILT_IN[name](work)
    return _readable(work, name, work.deal.fields.get(name))


def _readable(work: Work, name: str, kept: object) -> str:
    if kept in (None, "", []):
        return "—"
    if isinstance(kept, list):
        return ", ".join(_readable(work, name, item) for item in kept)
    if isinstance(kept, bool):
        return _("yes") if kept else _("no")
    if isinstance(kept, str):
        if work.outline.knows(f"{FIELD}:{name}", kept):
            return work.outline.title(f"{FIELD}:{name}", kept)
        if len(kept) == 10 and kept[4:5] == "-" == kept[7:8]:
            return date_format(date.fromisoformat(kept), "j E")
    return str(kept)


def _waited(work: Work) -> str:
    minutes = int((work.now - work.deal.stage_entered_at).total_seconds() // 60)
    if minutes < 120:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes) % {"num": minutes}
    if minutes < 48 * 60:
        return ngettext("%(num)d hour", "%(num)d hours", minutes // 60) % {"num": minutes // 60}
    return ngettext("%(num)d day", "%(num)d days", minutes // 1440) % {"num": minutes // 1440}


def _source(work: Work) -> str:
    source = work.deal.source
    return source.title if source else _("no source")


#: What stands for a placeholder where there is no deal: in sentences about rules.
LABELS = {
    "deal": gettext_lazy("deal number"),
    "client": gettext_lazy("client"),
    "title": gettext_lazy("subject"),
    "amount": gettext_lazy("amount"),
    "funnel": gettext_lazy("funnel"),
    "stage": gettext_lazy("stage"),
    "brand": gettext_lazy("brand"),
    "location": gettext_lazy("location"),
    "responsible": gettext_lazy("responsible"),
    "source": gettext_lazy("source"),
    "waited": gettext_lazy("how long it waits"),
}

BUILT_IN: dict[str, Callable[[Work], str]] = {
    "deal": lambda work: f"№\N{NO-BREAK SPACE}{work.deal.pk}",
    "client": lambda work: work.deal.contact.name if work.deal.contact else work.deal.company.name,
    "title": lambda work: work.deal.title,
    "amount": lambda work: f"{work.deal.amount:,.0f}".replace(",", "\N{NO-BREAK SPACE}") + "\N{NO-BREAK SPACE}₽",
    "funnel": lambda work: work.deal.funnel.title,
    "stage": lambda work: work.deal.stage.title,
    "brand": lambda work: work.deal.brand.name if work.deal.brand else "—",
    "location": lambda work: work.deal.location.name if work.deal.location else "—",
    "responsible": lambda work: work.deal.responsible.name if work.deal.responsible else "—",
    "source": _source,
    "waited": _waited,
}
