"""How a request comes to a client: through the gate, or it is 404 like one that does not exist."""

from typing import Any

from django.http import Http404, QueryDict

from voronka.clients.models import Address, Company, Contact, Identity, Requisites
from voronka.kernel.access import EVERYTHING
from voronka.web.requests import PersonRequest


def require_clients(request: PersonRequest) -> Any:
    """The person, when the role sees clients at all."""
    if not request.user.may("see_clients"):
        raise Http404
    return request.user


def client_of(request: PersonRequest, company_id: int) -> Company:
    return _one(Company.objects.visible_to(require_clients(request)).select_related("responsible"), company_id)


def contact_of(request: PersonRequest, contact_id: int) -> Contact:
    return _one(Contact.objects.visible_to(require_clients(request)).select_related("company"), contact_id)


def identity_of(request: PersonRequest, identity_id: int) -> Identity:
    person = require_clients(request)
    rows = Identity.objects.select_related("contact__company")
    if EVERYTHING not in person.reach:
        rows = rows.filter(contact__company__audience__overlap=sorted(person.reach))
    return _one(rows, identity_id)


def address_of(request: PersonRequest, address_id: int) -> Address:
    return _one(Address.objects.visible_to(require_clients(request)), address_id)


def requisites_of(request: PersonRequest, requisites_id: int) -> Requisites:
    return _one(Requisites.objects.visible_to(require_clients(request)), requisites_id)


def typed(request: PersonRequest) -> QueryDict:
    """The form of a PATCH."""
    return QueryDict(request.body)


def _one(rows: Any, pk: int) -> Any:
    found = rows.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found
