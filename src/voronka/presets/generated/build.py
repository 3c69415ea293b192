"""Make the whole company: found it, hire its people, write its history, prove its keys. All in one transaction."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import psycopg
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import translation

from voronka.clients.spelling import collect_words
from voronka.kernel import actor, clock
from voronka.kernel.models import Installation
from voronka.process import queries, ticker
from voronka.process.actions import activate
from voronka.process.models import Firing
from voronka.staff.models import Brand, Person, Role, Seat, Team

from .. import catalogue
from ..living.days import Days
from ..living.inquiries import open_sources
from ..living.names import client
from ..living.people import Hire, Login, Staff
from ..quests.company import DAY_OFF, DAY_ON, HIRES
from ..quests.script import SCRIPT
from .clients import Clients
from .copying import Moments, Table, bare
from .history import History
from .names import Names
from .world import PRESET, World

Progress = Callable[[str], None]

ZONE = ZoneInfo("Europe/Moscow")
NAME = "Час Икс"
#: A bigger company is an older one: it takes so many inquiries a day at most.
PER_DAY, SHORTEST = 550, 90
PER_MANAGER = 10
COMES_BACK, OFFERS = 0.33, 0.01
BATCH = 4000
DAY = 86_400
MARK = "generated"


class NotOurs(Exception):
    """The base has a company that was not made here."""


def build(*, deals: int, seed: int = 1, progress: Progress = print) -> list[Login]:
    """Make `deals` deals of as many contacts, the last ones of today; what an earlier run has made is replaced.

    All but passwords follows from `seed` and the moment. Returns logins of the demo's people, who work here too.
    Raises NotOurs. Runs as the owner of the tables.
    """
    _refuse_foreign()
    end = clock.now()
    with translation.override("ru"), transaction.atomic(), clock.freeze(end):
        _empty()
        span = max(deals / PER_DAY, SHORTEST)
        logins = _found(Days(start=end - timedelta(days=14), end=end, zone=ZONE, rng=Random(seed)), deals / span, span)
        _write(deals, seed, span, progress)
        collect_words()
        _settle_timers()
    progress("ANALYZE")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return logins


def _refuse_foreign() -> None:
    if not Installation.objects.exists():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('kernel_installation'::regclass, 'pg_class')")
        if cursor.fetchone()[0] != MARK:
            raise NotOurs


def _empty() -> None:
    tables = [model._meta.db_table for app in apps.get_app_configs() for model in app.get_models()]
    ours = [name for name in tables if not name.startswith(("django_", "auth_", "procrastinate_"))]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(ours)} RESTART IDENTITY CASCADE")
        cursor.execute(f"COMMENT ON TABLE kernel_installation IS '{MARK}'")


def _found(days: Days, per_day: float, span: float) -> list[Login]:
    """The company, its people with their shifts, its sources."""
    with clock.freeze(days.end - timedelta(days=span + 2)):
        Installation.objects.create(company_name=NAME, preset=PRESET, time_zone=str(ZONE), created_at=clock.now())
        activate(catalogue.text(PRESET), by=actor.system(MARK), comment="Первый запуск")
        staff = Staff(days)
        logins = staff.hire(HIRES)
        _hire_more(staff, round(per_day / PER_MANAGER))
        staff.plan_shifts()
        open_sources(SCRIPT)
    return logins


def _hire_more(staff: Staff, count: int) -> None:
    """More managers, in pairs that share a seat; without passwords, whose hashing takes half a second each."""
    role, team = Role.objects.get(key="manager"), Team.objects.get(name="Первые продажи")
    brands, seat = list(Brand.objects.all()), None
    for number in range(count):
        name, second = client(staff.days.rng, number).name, number % 2 == 1
        seat = seat if seat and second else Seat.objects.create(name=name)
        login = f"manager{number + 1}"
        person = Person.objects.create(
            name=name,
            email=f"{login}@demo.example",
            password=make_password(None),
            role=role,
            seat=seat,
            team=team,
            created_at=clock.now(),
        )
        person.brands.set(brands)
        staff.people[login] = person
        staff.hires[login] = Hire(login=login, name=name, role=role.key, works=DAY_OFF if second else DAY_ON)


def _write(deals: int, seed: int, span: float, progress: Progress) -> None:
    """Histories are told by this thread while another one writes the last of them."""
    rng, end = Random(seed), int(clock.now().timestamp())
    first = end - int(span * DAY)
    moments = Moments(end - 25 * 365 * DAY, end)
    world = World(rng, Names(rng), moments, end)
    clients = Clients(world, deals)
    writing: Future | None = None
    with bare(world.tables, progress), ThreadPoolExecutor(1) as writer:
        for number, born in enumerate(_births(deals, first, end, rng), 1):
            _one(world, clients, born)
            if number % BATCH == 0:
                writing = _write_batch(world, writer, writing)
                progress(f"{100 * number // deals} %")
        clients.close(end)
        writing = _write_batch(world, writer, writing)
        writing.result()


def _write_batch(world: World, writer: ThreadPoolExecutor, before: Future | None) -> Future:
    if before:
        before.result()
    told = [(table, table.take()) for table in world.tables]
    return writer.submit(_copy, connection.connection, told)


def _copy(base: psycopg.Connection, told: list[tuple[Table, str]]) -> None:
    for table, text in told:
        table.write(base, text)


def _births(deals: int, first: int, end: int, rng: Random) -> Iterator[int]:
    """When each deal begins: evenly over the days, within a day as people write, one after another."""
    days = (end - first) // DAY
    midnight = end // DAY * DAY - days * DAY
    for day in range(days + 1):
        share = deals * (day + 1) // (days + 1) - deals * day // (days + 1)
        start = midnight + day * DAY
        hours = (rng.triangular(6.5, 20.5, 15.5) for _ in range(share))
        yield from sorted(min(start + int(hour * 3600), end - int(rng.random() * 1800)) for hour in hours)


def _one(world: World, clients: Clients, born: int) -> None:
    chance = world.rng.random()
    known = clients.come_back() if chance < COMES_BACK else None
    key = "partners" if chance > 1 - OFFERS else "repeat" if known else "first"
    who = known or clients.come(born)
    History(world, who, world.ways[key], born, repeat=known is not None).live()


def _settle_timers() -> None:
    """What the timers would have fired by now counts as fired: the worker must not catch up with years."""
    current, now = queries.in_force(), clock.now()
    while ticker.find(current, now, ticker.Memory()):
        Firing.objects.filter(fired_at=None, due_at__lte=now).update(fired_at=now)
