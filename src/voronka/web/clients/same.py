"""While a client is typed in: who this is already, as far as the person sees."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from voronka.clients.actions import normalise
from voronka.clients.models import Identity
from voronka.clients.normal import emails
from voronka.deals.queries import same_client
from voronka.kernel import phone
from voronka.kernel.errors import FieldErrors
from voronka.web.requests import PersonRequest

LONGEST = 200


@login_required
@require_safe
def same(request: PersonRequest) -> HttpResponse:
    """Clients that these fields of a form may mean, and the e-mail that was meant by one with a slip."""
    typed = {key: request.GET.get(key, "")[:LONGEST].strip() for key in ("name", "phone", "email")}
    identities = [("phone", number) for number in phone.find(f"{typed['phone']} ; {typed['name']}")]
    identities += _email(typed["email"])
    found = same_client(request.user, name=typed["name"], identities=identities)
    return render(request, "clients/same.html", {"found": found, "meant": emails.meant(typed["email"])})


def _email(text: str) -> list[tuple[str, str]]:
    try:
        return [(Identity.Kind.EMAIL, normalise(Identity.Kind.EMAIL, text))] if text else []
    except FieldErrors:
        return []
