"""What has happened with a client, told in sentences: its own events, and those of the deals that a person sees now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from markupsafe import Markup

from voronka.clients.filters import IDENTITY_TITLES, kind_options
from voronka.clients.merges import parts_of
from voronka.clients.models import Company, Merge
from voronka.deals import fields, notes
from voronka.deals.fields import FieldSpec
from voronka.deals.models import Deal
from voronka.deals.queries import UNSPOKEN
from voronka.deals.related import seen_others
from voronka.imports.queries import titles_of
from voronka.kernel.access import EVERYTHING
from voronka.kernel.actor import Actor
from voronka.kernel.models import Event
from voronka.process.queries import rule_title
from voronka.staff.models import Person
from voronka.staff.queries import names_of
from voronka.web import formats, icons
from voronka.web.deals.sayings import say
from voronka.web.deals.telling import Said, Teller, bold, line, quoted
from voronka.web.deals.timeline import choices_of, day_title

PAGE = 30


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the macro `entry` of parts/timeline.html shows, and the deal it is about."""

    id: int
    icon: str
    at: datetime
    title: Markup
    body: Markup | str
    kind: str
    tone: str
    deal_id: int | None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Newest first; `before` is the cursor of older events."""

    days: Sequence[tuple[str, Sequence[Entry]]]
    before: int | None


def page(
    company: Company,
    person: Person,
    *,
    before: int | None = None,
    known: Mapping[str, FieldSpec] | None = None,
) -> Page:
    """A page in at most five queries. An event of a deal is told while the deal is seen, whatever was seen then."""
    events = _visible(company, person)
    if before is not None:
        events = events.filter(pk__lt=before)
    found = list(events.order_by("-id")[: PAGE + 1])
    shown = found[:PAGE]
    told = _teller(company, shown, known, person.actor)
    entries = [entry for event in shown if (entry := _entry(event, told))]
    zone = timezone.get_current_timezone()
    days = [
        (day_title(day), list(group))
        for day, group in groupby(entries, key=lambda entry: entry.at.astimezone(zone).date())
    ]
    return Page(days=days, before=shown[-1].pk if len(found) > PAGE else None)


def _visible(company: Company, person: Person) -> Any:
    events = Event.objects.filter(company_id__in=parts_of("company", company.pk)).exclude(kind__in=UNSPOKEN)
    if EVERYTHING in person.reach:
        return events
    deals = Deal.objects.visible_to(person).filter(company=company).values("pk")
    own = Q(deal_id=None) & (Q(task_id=None) | Q(audience__overlap=sorted(person.reach)))
    joined = Merge.objects.filter(kind=Merge.Kind.DEAL, client=company.pk, undone_at=None).values("other")
    heard = Q(deal_id__in=joined, audience__overlap=sorted(person.reach))
    return events.filter(own | Q(deal_id__in=deals) | heard)


def _teller(company: Company, events: Sequence[Event], known: Mapping[str, FieldSpec] | None, by: Actor) -> Teller:
    fields_known = fields.specs(by) if known is None else known
    ids: set[Any] = set()
    for event in events:
        changed = event.data.get("changes", {})
        ids |= {event.person_id, event.data.get("person"), *(changed.get("responsible") or ())}
    return Teller(
        imports=titles_of(events),
        people=names_of(ids),
        known=fields.changed_specs((e.data for e in events), fields_known, by),
        choices=choices_of(events, fields_known, by),
        rules=rule_title,
        client=company.name,
        notes=notes.brought_by(events),
        deals=seen_others((event.data for event in events), by),
    )


def _entry(event: Event, told: Teller) -> Entry | None:
    write = SAYINGS.get(event.kind)
    said = write(event, told) if write else say(event, told)
    if said is None:
        return None
    return Entry(
        id=event.pk,
        icon=icons.entry(said.icon or event.kind),
        at=event.at,
        title=said.title,
        body=said.body,
        kind=said.kind,
        tone=said.tone,
        deal_id=event.deal_id,
    )


def _who(event: Event, told: Teller, his: str, hers: str, **parts: object) -> Said:
    return Said(title=line(hers if told.she(event) else his, who=told.who(event), **parts), icon="client.changed")


def _registered(event: Event, told: Teller) -> Said:
    text, name = _("Client entered: %(name)s"), bold(event.data.get("name", ""))
    if event.why in told.imports:
        return _who(event, told, *[_("%(who)s: client entered, %(name)s")] * 2, name=name)
    return Said(title=line(text, name=name), icon="client.changed")


def _changed(event: Event, told: Teller) -> Said:
    what = Markup("; ").join(_change(key, pair) for key, pair in event.data.get("changes", {}).items())
    return _who(
        event,
        told,
        pgettext("he", "%(who)s changed: %(what)s"),
        pgettext("she", "%(who)s changed: %(what)s"),
        what=what,
    )


def _change(key: str, pair: list) -> Markup:
    titles = {
        "name": _("name"),
        "comment": _("note"),
        "kind": _("kind"),
        "position": _("role"),
        "birthday": _("birthday"),
        "is_child": _("child"),
    }
    old, new = (_value(key, value) for value in pair)
    title = titles.get(key, key)
    return Markup("{} {} → <b>{}</b>").format(title, old, new) if old else Markup("{} <b>{}</b>").format(title, new)


def _value(key: str, value: Any) -> str:
    if value in (None, "", False):
        return _("none") if value != "" else ""
    if key == "kind":
        return str(dict(kind_options()).get(value, value))
    if key == "birthday":
        return formats.long_day(date.fromisoformat(value), today=date.min)
    return _("yes") if value is True else str(value)


def _contact_added(event: Event, told: Teller) -> Said:
    his, hers = pgettext("he", "%(who)s added %(name)s"), pgettext("she", "%(who)s added %(name)s")
    return _who(event, told, his, hers, name=bold(event.data.get("name", "")))


def _identity(event: Event, told: Teller) -> Said:
    data = event.data
    value = formats.phone(data.get("value", "")) if data.get("kind") == "phone" else data.get("value", "")
    what = line("%(kind)s %(value)s", kind=str(IDENTITY_TITLES.get(data.get("kind"), "")), value=bold(value))
    if event.kind == "identity.removed":
        his, hers = pgettext("he", "%(who)s removed %(what)s"), pgettext("she", "%(who)s removed %(what)s")
    else:
        his, hers = pgettext("he", "%(who)s added %(what)s"), pgettext("she", "%(who)s added %(what)s")
    return _who(event, told, his, hers, what=what)


def _address(event: Event, told: Teller) -> Said:
    return _thing(event, told, _("the address %(text)s"), quoted(event.data.get("text", "")))


def _requisites(event: Event, told: Teller) -> Said:
    return _thing(event, told, _("requisites, INN %(text)s"), event.data.get("inn", ""))


def _thing(event: Event, told: Teller, name: str, text: str) -> Said:
    what = line(name, text=bold(text))
    if event.kind.endswith(".removed"):
        his, hers = pgettext("he", "%(who)s removed %(what)s"), pgettext("she", "%(who)s removed %(what)s")
    elif event.kind.endswith(".changed"):
        his, hers = pgettext("he", "%(who)s changed %(what)s"), pgettext("she", "%(who)s changed %(what)s")
    else:
        his, hers = pgettext("he", "%(who)s added %(what)s"), pgettext("she", "%(who)s added %(what)s")
    return _who(event, told, his, hers, what=what)


def _merged(event: Event, told: Teller) -> Said:
    his, hers = (
        pgettext("he", "%(who)s merged %(what)s into this"),
        pgettext("she", "%(who)s merged %(what)s into this"),
    )
    return _who(event, told, his, hers, what=bold(event.data.get("name", "")))


def _parted(event: Event, told: Teller) -> Said:
    his, hers = pgettext("he", "%(who)s parted %(what)s again"), pgettext("she", "%(who)s parted %(what)s again")
    return _who(event, told, his, hers, what=bold(event.data.get("name", "")))


def _consent(event: Event, told: Teller) -> Said:
    name, basis = bold(event.data.get("name", "")), event.data.get("basis", "")
    gone = event.kind == "consent.withdrawn"
    text = _("%(name)s withdrew a consent: %(basis)s") if gone else _("%(name)s gave a consent: %(basis)s")
    return Said(title=line(text, name=name, basis=basis), icon="client.changed")


def _denied(event: Event, told: Teller) -> Said:
    reason = event.data.get("reason", "")
    body = event.data.get("comment", "")
    return Said(title=line(_("The client refused: %(reason)s"), reason=bold(reason)), body=body, icon="client.changed")


def _returned(event: Event, told: Teller) -> Said:
    return Said(title=line(_("The refusal is taken back")), icon="client.changed")


def _handed_out(event: Event, told: Teller) -> Said:
    title = line(_("The client's data was handed out by %(who)s"), who=told.who(event))
    return Said(title=title, icon="client.changed")


SAYINGS: Mapping[str, Callable[[Event, Teller], Said]] = {
    "client.registered": _registered,
    "client.changed": _changed,
    "contact.added": _contact_added,
    "contact.changed": _changed,
    "identity.added": _identity,
    "identity.removed": _identity,
    "address.added": _address,
    "address.removed": _address,
    "requisites.added": _requisites,
    "requisites.changed": _requisites,
    "requisites.removed": _requisites,
    "client.merged": _merged,
    "client.parted": _parted,
    "consent.given": _consent,
    "consent.withdrawn": _consent,
    "client.denied": _denied,
    "client.returned": _returned,
    "client.handed_out": _handed_out,
}
