"""What each row would do: make a client, add to a known one, join somebody's family, nothing. The preview shows these
plans and the work writes the same ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voronka.clients.models import Company
from voronka.kernel.actor import Actor

from .draft import Draft
from .models import Row
from .places import Place, Places
from .seen import Known, SeenCompany, SeenContact, is_somebody_else, may_touch
from .settings import OVERWRITE, SKIP, Settings

Changes = dict[str, list[Any]]
_BY = {
    "phone": gettext_lazy("the same phone"),
    "email": gettext_lazy("the same e-mail"),
    "inn": gettext_lazy("the same INN"),
    "company": gettext_lazy("the company is here"),
    "external": gettext_lazy("came before"),
}


@dataclass
class Plan:
    """`makes_company`, `makes_contact`: whether the client and the person are new. The rest is what is added to them;
    `contact_changes`, `company_changes`: {column: [old, new]}. `deal`: the known one that the row tells of.
    """

    draft: Draft
    state: str = Row.State.SKIPPED.value
    reason: str = ""
    company: SeenCompany | None = None
    contact: SeenContact | None = None
    makes_company: bool = False
    makes_contact: bool = False
    contact_changes: Changes = field(default_factory=dict)
    company_changes: Changes = field(default_factory=dict)
    ways: list[tuple[str, str, str]] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    requisites: Mapping[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    place: Place | None = None
    deal: int | None = None

    @property
    def adds(self) -> bool:
        """Whether anything of the client changes."""
        return bool(
            self.contact_changes
            or self.company_changes
            or self.ways
            or self.addresses
            or self.requisites
            or self.tags
            or self.notes
        )


class Planner:
    """`beyond`: plans are not written, so what they make is remembered for all rows that follow."""

    def __init__(self, settings: Settings, by: Actor, *, beyond: bool) -> None:
        self.settings, self.by, self.beyond = settings, by, beyond
        self.known, self.places = Known(settings), Places(settings)

    def plan(self, drafts: Sequence[Draft]) -> list[Plan]:
        self.known.load([draft for draft in drafts if not draft.errors], lock=not self.beyond)
        return [self._one(draft) for draft in drafts]

    def _one(self, draft: Draft) -> Plan:
        plan = Plan(draft)
        if draft.errors:
            plan.state, plan.reason = Row.State.REFUSED.value, "; ".join(draft.errors)
            return plan
        plan.contact = self.known.contact_of(draft)
        known_deal = self.known.deals.get(draft.external.get("deal", ""))
        if plan.contact:
            plan.company = plan.contact.company
        elif known_deal:
            plan.company = known_deal[1]
        else:
            plan.company = self.known.company_of(draft)
        if plan.company and not may_touch(self.by.reach, plan.company):
            plan.state, plan.reason = Row.State.REFUSED.value, _("this is a client whom you don't see")
            return plan
        if draft.deal:
            plan.place = self.places.place(draft.deal)
            plan.deal = known_deal[0] if known_deal else None
        if plan.contact and is_somebody_else(draft, plan.contact):
            self._join(plan, plan.contact.company, _family_reason(plan.contact))
        elif plan.contact:
            self._meet(plan, _met_by(draft, plan.contact))
        elif known_deal:
            self._meet(plan, str(_BY["external"]))
        elif plan.company and (draft.name or draft.identities):
            self._join(plan, plan.company, _firm_reason(draft, plan.company))
        elif plan.company:
            self._meet(plan, str(_BY["inn"] if draft.requisites.get("inn") in plan.company.inns else _BY["company"]))
        else:
            self._make(plan)
        return plan

    def _make(self, plan: Plan) -> None:
        draft = plan.draft
        name = draft.company or draft.name or draft.title
        plan.company = SeenCompany(kind=draft.kind, name=name, comment=draft.comment, made_by=draft.number)
        plan.makes_company, plan.state = True, Row.State.MADE.value
        plan.reason = _("nobody has this phone or e-mail") if draft.identities else _("nobody is known by this yet")
        if draft.name or draft.identities:
            self._new_contact(plan)
        self._details(plan)
        self.known.remember(plan.contact, plan.company, draft, beyond=self.beyond)

    def _join(self, plan: Plan, company: SeenCompany, reason: str) -> None:
        plan.company, plan.state, plan.reason = company, Row.State.JOINED.value, reason
        self._new_contact(plan)
        self._details(plan)
        self.known.remember(plan.contact, company, plan.draft, beyond=self.beyond)

    def _new_contact(self, plan: Plan) -> None:
        draft = plan.draft
        assert plan.company is not None
        plan.makes_contact, plan.ways = True, draft.identities
        plan.contact = SeenContact(
            company=plan.company,
            name=draft.name or draft.company or _("No name"),
            position=draft.position,
            birthday=draft.birthday,
            ways={(kind, value) for kind, value, _raw in draft.identities},
            made_by=draft.number,
        )

    def _meet(self, plan: Plan, reason: str) -> None:
        """A known client: what the row adds to it."""
        if self.settings.known == SKIP:
            plan.notes = []
            self._settle(plan, [reason, _("known clients are left alone")])
            return
        if plan.contact:
            self._change_contact(plan, plan.contact)
        self._details(plan)
        self.known.remember(
            plan.contact, plan.contact.company if plan.contact else _company(plan), plan.draft, beyond=self.beyond
        )
        self._settle(plan, [reason, *_told(plan)])

    def _settle(self, plan: Plan, told: Iterable[str]) -> None:
        news = plan.adds or (plan.place is not None and (plan.deal is None or self.settings.known != SKIP))
        plan.state = (Row.State.UPDATED if news else Row.State.SKIPPED).value
        parts = list(told)
        plan.reason = "; ".join(parts if news or len(parts) > 1 else [*parts, _("nothing new")])

    def _change_contact(self, plan: Plan, contact: SeenContact) -> None:
        draft = plan.draft
        wanted: dict[str, Any] = {"position": draft.position, "birthday": draft.birthday, "name": draft.name}
        for column, new in wanted.items():
            old = getattr(contact, column)
            if new and new != old and (not old or old == _("No name") or self.settings.known == OVERWRITE):
                plan.contact_changes[column] = [old, new]
                setattr(contact, column, new)
        family = contact.company
        renamed = plan.contact_changes.get("name")
        # a lone person's family is called like the person
        if renamed and family.kind == Company.Kind.FAMILY and family.name == renamed[0]:
            plan.company_changes["name"] = [family.name, contact.name]
            family.name = contact.name
        plan.ways = [way for way in draft.identities if way[:2] not in contact.ways and not self.known.has(way[:2])]
        contact.ways |= {(kind, value) for kind, value, _raw in plan.ways}

    def _details(self, plan: Plan) -> None:
        """What belongs to the client as a whole. Changed at once, so that a later row of the file sees it so."""
        draft, company = plan.draft, _company(plan)
        plan.addresses = [text for text in dict.fromkeys(draft.addresses) if text.casefold() not in company.addresses]
        company.addresses |= {text.casefold() for text in plan.addresses}
        number = draft.requisites.get("inn", "")
        if draft.requisites and number not in company.inns:
            plan.requisites = draft.requisites
            company.inns.add(number)
        plan.notes = draft.notes
        plan.tags = [title for title in draft.tags if title.casefold() not in {one.casefold() for one in company.tags}]
        company.tags += plan.tags
        if plan.makes_company:
            return
        wanted = {"comment": draft.comment, "name": draft.company if company.kind != Company.Kind.FAMILY else ""}
        for column, new in wanted.items():
            old = getattr(company, column)
            if new and new != old and (not old or self.settings.known == OVERWRITE):
                plan.company_changes[column] = [old, new]
                setattr(company, column, new)


def _company(plan: Plan) -> SeenCompany:
    assert plan.company is not None
    return plan.company


def _met_by(draft: Draft, contact: SeenContact) -> str:
    shared = next((kind for kind, value, _raw in draft.identities if (kind, value) in contact.ways), "external")
    if contact.made_by:
        return _("the same as in row %(row)s") % {"row": contact.made_by}
    return str(_BY.get(shared, _("the same messenger")))


def _family_reason(contact: SeenContact) -> str:
    if contact.made_by:
        return _("the phone of %(name)s in row %(row)s: one client") % {"name": contact.name, "row": contact.made_by}
    return _("the phone of %(name)s: one client") % {"name": contact.name}


def _firm_reason(draft: Draft, company: SeenCompany) -> str:
    if company.made_by:
        return _("the company of row %(row)s: a further contact") % {"row": company.made_by}
    same_inn = draft.requisites.get("inn") in company.inns
    return _("the same INN: a further contact") if same_inn else _("the company is here: a further contact")


_TITLES = {
    "position": gettext_lazy("position"),
    "birthday": gettext_lazy("birthday"),
    "name": gettext_lazy("name"),
    "comment": gettext_lazy("comment"),
}


def _told(plan: Plan) -> list[str]:
    """What is added, in words."""
    added = [str(_TITLES[column]) for column in [*plan.contact_changes, *plan.company_changes]]
    added += [{"phone": _("phone"), "email": _("e-mail")}.get(kind, kind) for kind, _value, _raw in plan.ways]
    added += [_("address")] * bool(plan.addresses) + [_("requisites")] * bool(plan.requisites)
    added += [_("tags")] * bool(plan.tags) + [_("note")] * bool(plan.notes)
    if plan.place:
        added.append(_("deal") if plan.deal is None else _("deal as it is now"))
    return [_("adds %(what)s") % {"what": ", ".join(dict.fromkeys(added))}] if added else []
