"""A stranger at every address there is: led to sign-in, or told that there is nothing; never let in, never an error."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from voronka.testing.cast import found_company

#: The description of the API, the same for everybody.
OPENAPI = "api/v1/openapi.json"
#: What anybody may open, and what it answers to a GET.
PUBLIC = {"sign-in": 200, "healthz": 200, "sw.js": 200, "first-run": 404, "offline": 200, OPENAPI: 200}
#: Public for other methods than GET: sign-out leads to sign-in, language sets a cookie.
PUBLIC_POST = {"sign-in", "sign-out", "language", "first-run", "healthz", OPENAPI}
CLOSED = {302, 401, 403, 404, 405}


def addresses(patterns=None, prefix: str = "") -> Iterator[str]:
    """Every address of the URLconf with 1, «x» and the like in the place of its arguments."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield filled(route)


def filled(route: str) -> str:
    while "<" in route:
        start, end = route.index("<"), route.index(">")
        kind = route[start + 1 : end].partition(":")[0]
        value = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000001"}.get(kind, "x")
        route = route[:start] + value + route[end + 1 :]
    return route


@pytest.fixture
def company(db):
    return found_company()


def test_there_is_something_to_walk():
    assert len(list(addresses())) > 20


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "patch", "delete"])
def test_a_stranger_is_let_in_nowhere(company, method):
    browser = Client(raise_request_exception=False)
    answers = {}
    for address in addresses():
        answer = getattr(browser, method)(f"/{address}")
        public = address in PUBLIC if method in ("get", "head") else address in PUBLIC_POST
        answers[address] = (answer.status_code, answer.headers.get("Location", ""))
        if not public and not (address == "" and method == "head"):
            assert answer.status_code in CLOSED, (method, address, answer.status_code)
        if answer.status_code == 302 and not public:
            assert answer.headers["Location"].startswith("/sign-in"), (method, address)
    if method == "get":
        for address, status in PUBLIC.items():
            assert answers.get(address, (status, ""))[0] == status, address


def test_no_write_goes_without_the_token_of_a_page(cast):
    """CSRF: a form on a foreign page sends the cookies but not the token. 401: the API heeds no cookies."""
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(cast.director)
    #: Proves itself by something only the sender knows; see its view.
    exempt = {"push/renewals"}
    for address in addresses():
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(browser, method)(f"/{address}")
            if address not in exempt and address not in ("healthz", "sw.js", OPENAPI):
                assert answer.status_code in (401, 403, 404, 405), (method, address, answer.status_code)


def test_signed_in_pages_are_not_kept_by_caches(cast, as_person):
    answer = as_person(cast.owner).get("/notices")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert settings.SESSION_COOKIE_HTTPONLY


def test_before_the_first_run_everything_leads_there(db):
    browser = Client()
    for address in ("", "sign-in", "day", "settings/people", "notices"):
        answer = browser.get(f"/{address}")
        assert (answer.status_code, answer.headers["Location"]) == (302, "/first-run")
