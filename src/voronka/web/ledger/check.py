"""«Check»: a real test delivery through the source's address, and how far it came."""

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from voronka.intake import queries
from voronka.intake.models import Entry, Source
from voronka.intake.reading import TEST_HEADER
from voronka.kernel import clock
from voronka.web.requests import PersonRequest

from .sources import get_source, needed

SECONDS = 5
PATIENCE = timedelta(seconds=20)
NAME, PHONE, TEXT = "Проверка связи", "+79000000000", "Проверка адреса, не заявка"


@dataclass(frozen=True)
class Step:
    """`state`: done, here (still going on) or bad."""

    state: str
    text: str


@needed
@require_POST
def check(request: PersonRequest, source_id: int) -> HttpResponse:
    """Send it and tell how the address answered."""
    source = get_source(request, source_id)
    mark = token_hex(8)
    begun = time.monotonic()
    status, why = _send(request, source, mark)
    spent = round(1000 * (time.monotonic() - begun))
    if 200 <= status < 300:
        first = Step("done", _("The address answered %(status)s in %(ms)s ms") % {"status": status, "ms": spent})
    else:
        first = Step("bad", _("The address did not take it: %(why)s") % {"why": why or status})
    return _tell(request, source, mark, first)


@needed
@require_safe
def progress(request: PersonRequest, source_id: int, mark: str) -> HttpResponse:
    """How far it has come by now."""
    return _tell(request, get_source(request, source_id), mark, Step("done", _("The address took it")))


def _tell(request: PersonRequest, source: Source, mark: str, first: Step) -> HttpResponse:
    entry = _entry(source, mark)
    steps = [first, *(_steps(entry) if first.state == "done" else [])]
    going_on = first.state == "done" and (entry is None or entry.account == Entry.Account.WAITING)
    if going_on and entry and clock.now() - entry.received_at > PATIENCE:
        steps[-1] = Step("bad", _("Nobody reads it: is the worker running?"))
        going_on = False
    context = {"source": source, "mark": mark, "steps": steps, "going_on": going_on, "entry": entry}
    return render(request, "ledger/check.html", context)


def _steps(entry: Entry | None) -> list[Step]:
    if entry is None:
        return [Step("here", _("Looking for it in the ledger"))]
    written = Step("done", _("Written into the ledger as №%(number)s") % {"number": entry.pk})
    if entry.account == Entry.Account.WAITING:
        return [written, Step("here", _("Waits to be read"))]
    inquiry = queries.entry_inquiry(entry)
    if inquiry and inquiry.identities:
        said = ", ".join(part for part in (inquiry.name, *inquiry.phones, *inquiry.emails) if part)
        read = Step("done", _("Read: %(said)s") % {"said": said})
        return [written, read, Step("done", _("A real inquiry would open a deal now; a test does not"))]
    return [written, Step("bad", entry.reason or _("It could not be read"))]


def _entry(source: Source, mark: str) -> Entry | None:
    recent = source.entries.filter(received_at__gte=clock.now() - timedelta(minutes=10))
    return recent.filter(headers__contains={TEST_HEADER: mark}).defer("body").order_by("-pk").first()


def _send(request: PersonRequest, source: Source, mark: str) -> tuple[int, str]:
    """Status and what went wrong. Goes to our own address only: the one set up, else the socket we listen on."""
    base = settings.BASE_URL or f"http://{request.META['SERVER_NAME']}:{request.META['SERVER_PORT']}"
    body, content_type = _delivery(source.profile, mark)
    sent = urllib.request.Request(
        queries.address(source, base),
        data=body,
        headers={"Content-Type": content_type, TEST_HEADER: mark, "User-Agent": "Voronka"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(sent, timeout=SECONDS) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as error:
        return error.code, str(error.code)
    except OSError as error:
        return 0, str(getattr(error, "reason", error))


def _delivery(profile: str, mark: str) -> tuple[bytes, str]:
    """A delivery as the sender of this profile makes it; each test is another one."""
    if profile == "marquiz":
        contacts = {"name": NAME, "phone": PHONE}
        quiz = {"contacts": contacts, "quiz": {"id": mark, "name": TEXT}, "answers": [], "created": mark}
        return json.dumps(quiz).encode(), "application/json"
    if profile == "tilda":
        fields = {"Name": NAME, "Phone": PHONE, "Comment": TEXT, "tranid": f"check:{mark}", "formname": TEXT}
        return urlencode(fields).encode(), "application/x-www-form-urlencoded; charset=utf-8"
    fields = {"name": NAME, "phone": PHONE, "comment": TEXT, "submission_id": mark}
    if profile == "json":
        return json.dumps(fields).encode(), "application/json"
    return urlencode(fields).encode(), "application/x-www-form-urlencoded; charset=utf-8"
