"""Who sees the process and who changes it. What may be changed is the actions' business."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from voronka.staff.models import Person
from voronka.web.requests import PersonRequest
from voronka.web.settings.access import permission_needed

View = Callable[..., HttpResponse]

#: Changing it takes the right to manage the process.
editing_needed = permission_needed("manage_process")


def may_see(person: Person) -> bool:
    """Whoever may change the process sees it, too."""
    return person.may("see_process") or person.may("manage_process")


def seeing_needed(view: View) -> View:
    @login_required
    @wraps(view)
    def guarded(request: PersonRequest, *args, **kwargs) -> HttpResponse:
        if not may_see(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
