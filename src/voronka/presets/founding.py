"""The first act of an installation: the company, its process and the person who manages it, or nothing at all."""

from django.db import IntegrityError, transaction

from voronka.kernel import actor, clock
from voronka.kernel.access import EVERYTHING
from voronka.kernel.events import Refs, record
from voronka.kernel.models import Installation
from voronka.process.actions import activate
from voronka.staff.actions import hire_person
from voronka.staff.models import Person, Role

from . import catalogue


class AlreadyFounded(Exception):
    """There is a company here; the first run never happens twice."""


def found_company(
    *,
    company_name: str,
    preset: str,
    time_zone: str,
    name: str,
    email: str,
    password: str,
    language: str = "ru",
) -> Person:
    """Found it and return its first person. Of two at once one wins. Raises AlreadyFounded,
    FieldErrors, and KeyError for an unknown preset."""
    document = catalogue.text(preset)
    by = actor.system("first run")
    with transaction.atomic():
        _claim(company_name, preset, time_zone)
        activate(document, by=by, comment=preset)
        person = hire_person(
            by=by,
            name=name,
            email=email,
            password=password,
            role=_who_manages(),
            time_zone=time_zone,
            language=language,
        )
        record("company.founded", Refs(audience=[EVERYTHING]), by=by, data={"preset": preset, "person": person.pk})
    return person


def _claim(company_name: str, preset: str, time_zone: str) -> None:
    """The one row of the installation; a second founder waits for the first and then finds it taken."""
    try:
        with transaction.atomic():
            Installation.objects.create(
                pk=1, company_name=company_name, preset=preset, time_zone=time_zone, created_at=clock.now()
            )
    except IntegrityError as error:
        raise AlreadyFounded from error


def _who_manages() -> Role:
    """The role of the process that sees everything and manages people."""
    roles = Role.objects.filter(sees=Role.Sees.ALL, may__contains=["manage_people"])
    role = roles.order_by("position", "id").first()
    if role is None:
        raise RuntimeError("a preset needs a role that sees everything and manages people")
    return role
