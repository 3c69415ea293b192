"""The request of a signed-in person, for the type checker: what the middleware has put on it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from voronka.staff.models import Person


class PersonRequest(HttpRequest):
    """Views behind `login_required` get this one."""

    user: Person
    htmx: HtmxDetails
