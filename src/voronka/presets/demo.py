"""A living company on an empty base: everything in it was done by the actions that people and rules call."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import translation

from voronka.kernel import actor, clock
from voronka.kernel.models import Installation
from voronka.process import ticker
from voronka.process.actions import activate

from . import catalogue
from .living.days import Days
from .living.people import Login
from .quests import story as quests

ZONE = ZoneInfo("Europe/Moscow")
PAST = timedelta(days=91)
LAST_HALF_HOUR = timedelta(minutes=30)

#: Preset → the name of its company and what happens there.
STORIES = {"quests": ("Час Икс", quests.Story)}

Progress = Callable[[str], None]


class NotEmpty(Exception):
    """The base has a company already."""


def build(*, preset: str, seed: int = 1, progress: Progress = print, past: timedelta = PAST) -> list[Login]:
    """Make the company; returns everybody's login. Passwords are new each time, all else follows from `seed`."""
    if preset not in STORIES:
        raise KeyError(f"there is no demo company for «{preset}»; there is for: {', '.join(STORIES)}")
    if Installation.objects.exists():
        raise NotEmpty("the base has a company already")
    name, make = STORIES[preset]
    end = clock.now()
    days = Days(start=end - past, end=end, zone=ZONE, rng=random.Random(seed))
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")  # a demo cut short is made anew
    with translation.override("ru"), hurried():
        with clock.freeze(days.start - timedelta(days=2)):
            Installation.objects.create(company_name=name, preset=preset, time_zone=str(ZONE), created_at=clock.now())
            activate(catalogue.text(preset), by=actor.system("demo"), comment="Первый запуск")
            story = make(days)
            logins = story.settle_in()
        try:
            days.live(lambda day: progress(f"{day:%d.%m.%Y}"), until=end - LAST_HALF_HOUR)
            story.now()
            days.live(lambda day: None, until=days.end)
            ticker.tick()
        finally:
            story.close()
    return logins


@contextmanager
def hurried() -> Iterator[None]:
    """Thousands of acts by one writer on a base that is thrown away if this fails: no waiting for the disk at each
    commit, and no savepoint around each action inside an action."""
    savepoints = connection.features.uses_savepoints
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        connection.features.uses_savepoints = savepoints
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


__all__ = ["Login", "build"]
