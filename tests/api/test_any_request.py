"""Whatever is sent, the API answers and never breaks: requests made by schemathesis out of its own description,
fitting and unfitting, against rows that exist and rows that don't.

The suite makes CASES of each operation and way; VORONKA_API_CASES asks for more.
"""

import os
from collections import Counter

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from voronka.catalogue.models import Product
from voronka.clients.actions import add_address, add_requisites
from voronka.deals.actions import add_line, add_note
from voronka.kernel.models import Attachment
from voronka.views.actions import save_view

CASES = int(os.environ.get("VORONKA_API_CASES", 5))


@pytest.fixture
def rows(office) -> dict[str, object]:
    """Real values, by the names that paths and bodies give them."""
    deal = office.deal(by=office.cast.owner)
    actor = office.cast.owner.actor
    product = Product.objects.filter(is_active=True)[0]
    line = add_line(deal.pk, by=actor, product=product)
    note = add_note(deal.pk, by=actor, text="Ждут")
    file = Attachment.objects.create(
        name="план.txt", content_type="text/plain", size=1, deal_id=deal.pk, created_at=note.created_at
    )
    task = office.step(deal)
    identity = deal.contact.identities.get()
    address = add_address(deal.company_id, by=actor, text="Невский, 1")
    view = save_view(by=actor, place="deals", title="Квесты", filter=["title", "has", "квест"])
    requisites = add_requisites(deal.company_id, by=actor, values={"name": "Банк", "inn": "7707083893"})
    return {
        "deal_id": deal.pk, "client_id": deal.company_id, "contact_id": deal.contact_id, "line_id": line.pk,
        "file_id": file.pk, "task_id": task.pk, "identity_id": identity.pk, "note_id": note.pk,
        "address_id": address.pk, "requisites_id": requisites.pk, "view_id": view.pk, "deal": deal.pk,
        "client": deal.company_id, "contact": deal.contact_id, "product": product.pk, "person": office.cast.head.pk,
        "responsible": office.cast.owner.pk, "brand": office.cast.brand.pk, "location": office.cast.location.pk,
        "funnel": "first", "stage": "picked", "kind": "call", "loss_reason": "price",
    }  # fmt: skip


def test_no_request_breaks_it(program, office, rows, monkeypatch):
    monkeypatch.setenv("VORONKA_API_RATE", "1000000")
    caller = program(office.cast.director).client
    caller.raise_request_exception = False
    description = schemathesis.openapi.from_dict(caller.get("/api/v1/openapi.json").json())
    said: Counter[int] = Counter()
    for found in description.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _try(operation, mode, rows, caller, said)
    print(f"{sum(said.values())} requests: {dict(sorted(said.items()))}")
    assert sum(said.values()) > 60 * CASES
    assert {200, 201, 204, 404, 422} <= set(said), said


def _try(operation, mode, rows, caller, said) -> None:
    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def tried(case, real: bool) -> None:
        if real:
            _make_real(case, rows)
        answer = _send(case, caller)
        said[answer.status_code] += 1
        assert answer.status_code < 500, case.as_curl_command()

    tried()


def _send(case, caller: Client):
    """As `requests` would write it on the wire."""
    facts = case.as_transport_kwargs(base_url="http://testserver")
    known = {key: facts[key] for key in ("method", "url", "headers", "params", "json", "data", "files") if key in facts}
    wire = requests.Request(**known).prepare()
    body = wire.body.encode() if isinstance(wire.body, str) else wire.body or b""
    kind = wire.headers.pop("Content-Type", "application/json")
    wire.headers.pop("Authorization", None)  # the caller has a real one
    return caller.generic(wire.method, wire.path_url, body, content_type=kind, headers=dict(wire.headers))


def _make_real(case, rows) -> None:
    """Point it at rows that exist, where it points at any."""
    for place in (case.path_parameters, case.query, case.body):
        if isinstance(place, dict):
            place.update({name: rows[name] for name in place.keys() & rows.keys()})
