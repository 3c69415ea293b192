"""What a field that leads to a client offers while one types: clients that this person sees."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from voronka.clients.models import Company, Identity
from voronka.clients.search import LAST_FIRST, top
from voronka.staff.models import Person
from voronka.web import formats
from voronka.web.requests import PersonRequest

from .access import require_clients

MOST = 8


@login_required
@require_safe
def options(request: PersonRequest) -> HttpResponse:
    """`q` is what is typed; nothing yet: those of this person who were spoken to last."""
    person = require_clients(request)
    typed = request.GET.get("q", "").strip()
    found = top(person, typed, limit=MOST)[0] if typed else _recent(person)
    phones = _phones(found)
    listed = [{"id": one.pk, "title": one.name, "note": phones.get(one.pk, "")} for one in found]
    return JsonResponse({"options": listed, "none": _("Nobody is found")})


def _recent(person: Person) -> list[Company]:
    own = Company.objects.visible_to(person).filter(audience__contains=[f"s:{person.seat_id}"])
    return list(own.order_by(*LAST_FIRST)[:MOST])


def _phones(companies: list[Company]) -> dict[int, str]:
    """One to tell namesakes by."""
    rows = Identity.objects.filter(contact__company__in=companies, kind=Identity.Kind.PHONE).order_by("-id")
    return {company: formats.phone(value) for company, value in rows.values_list("contact__company_id", "value")}
