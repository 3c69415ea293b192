"""The door of a settings page: who has the permission comes in, others are told that the page is not theirs."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase

from voronka.web.requests import PersonRequest

View = Callable[..., HttpResponseBase]


def permission_needed(permission: str) -> Callable[[View], View]:
    """Strangers are led to sign-in; people whose role lacks the permission get 403."""

    def wrap(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: PersonRequest, *args, **kwargs) -> HttpResponseBase:
            if not request.user.may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return wrap
