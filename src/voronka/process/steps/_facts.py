"""Placeholders of texts: what each says about the deal. Only those a text asks for are computed."""

import re
from collections.abc import Callable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from voronka.deals import fields
from voronka.deals.field_queries import names_of
from voronka.deals.models import Deal

from ..values import FIELD, Text
from ._base import Work


def of(work: Work, text: Text) -> dict[str, str]:
    return {name: value(work, name) for _kind, name in text.refers()}


def fill(work: Work, text: str) -> str:
    """Any sentence with placeholders, filled for this deal."""
    return re.sub(r"\{([^{}]*)\}", lambda found: value(work, found[1]), text)


def value(work: Work, name: str) -> str:
    if name in OF_CLIENT:
        return OF_CLIENT[name](work)
    if work.deal is None:
        return "—"
    if name in OF_DEAL:
        return OF_DEAL[name](work, work.deal)
    kept = work.deal.fields.get(name)
    return _pointed(name, kept) or _readable(work, name, kept)


def _pointed(name: str, kept: object) -> str:
    """What the value of a field of rows or files points to. A client goes by its number: who reads the text may not be
    let to it."""
    if not isinstance(kept, int | list) or isinstance(kept, bool) or not kept:
        return ""
    spec = fields.specs().get(name)
    if spec is None or not fields.fits(spec, kept):
        return ""
    if isinstance(kept, list):
        number = len(kept)
        return ngettext("%(num)d file", "%(num)d files", number) % {"num": number} if spec.type == "file" else ""
    if spec.type == "client":
        return _("client №{number}").format(number=kept)
    return names_of(spec.type, [kept])(kept) or ""


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


def _waited(work: Work, deal: Deal) -> str:
    minutes = int((work.now - deal.stage_entered_at).total_seconds() // 60)
    if minutes < 120:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes) % {"num": minutes}
    if minutes < 48 * 60:
        return ngettext("%(num)d hour", "%(num)d hours", minutes // 60) % {"num": minutes // 60}
    return ngettext("%(num)d day", "%(num)d days", minutes // 1440) % {"num": minutes // 1440}


def _client(work: Work) -> str:
    if work.deal and work.deal.contact:
        return work.deal.contact.name
    whose = work.contact or work.company
    return whose.name if whose else "—"


def _phone(work: Work) -> str:
    contact = work.contact or (work.deal.contact if work.deal else None)
    phones = contact.identities.filter(kind="phone").order_by("id") if contact else ()
    return next((identity.value for identity in phones), "—")


#: What stands for a placeholder where there is no deal: in sentences about rules.
LABELS = {
    "deal": gettext_lazy("deal number"),
    "client": gettext_lazy("client"),
    "company": gettext_lazy("company"),
    "first_name": gettext_lazy("first name"),
    "phone": gettext_lazy("phone"),
    "title": gettext_lazy("subject"),
    "amount": gettext_lazy("amount"),
    "funnel": gettext_lazy("funnel"),
    "stage": gettext_lazy("stage"),
    "brand": gettext_lazy("brand"),
    "location": gettext_lazy("location"),
    "address": gettext_lazy("address of the location"),
    "review_url": gettext_lazy("address for reviews of the location"),
    "responsible": gettext_lazy("responsible"),
    "source": gettext_lazy("source"),
    "loss_reason": gettext_lazy("loss reason"),
    "waited": gettext_lazy("how long it waits"),
}

OF_CLIENT: dict[str, Callable[[Work], str]] = {
    "client": _client,
    "company": lambda work: work.company.name if work.company else "—",
    "first_name": lambda work: _client(work).split(" ")[0],
    "phone": _phone,
}

OF_DEAL: dict[str, Callable[[Work, Deal], str]] = {
    "deal": lambda work, deal: f"№\N{NO-BREAK SPACE}{deal.pk}",
    "title": lambda work, deal: deal.title,
    "amount": lambda work, deal: f"{deal.amount:,.0f}".replace(",", "\N{NO-BREAK SPACE}") + "\N{NO-BREAK SPACE}₽",
    "funnel": lambda work, deal: deal.funnel.title,
    "stage": lambda work, deal: deal.stage.title,
    "brand": lambda work, deal: deal.brand.name if deal.brand else "—",
    "location": lambda work, deal: deal.location.name if deal.location else "—",
    "address": lambda work, deal: deal.location.address if deal.location else "—",
    "review_url": lambda work, deal: deal.location.review_url if deal.location else "—",
    "responsible": lambda work, deal: deal.responsible.name if deal.responsible else "—",
    "source": lambda work, deal: deal.source.title if deal.source else _("no source"),
    "loss_reason": lambda work, deal: deal.loss_reason.title if deal.loss_reason else "—",
    "waited": _waited,
}
