"""A living company on an empty base: everything in it was done by the actions that people and rules call."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import translation
from django.utils.module_loading import import_string

from voronka.kernel import actor, clock
from voronka.kernel.models import Installation
from voronka.process import ticker
from voronka.process.actions import activate

from . import catalogue
from .living.days import Days
from .living.people import Login
from .living.script import Script
from .living.story import Story

ZONE = ZoneInfo("Europe/Moscow")
PAST = timedelta(days=91)
LAST_HALF_HOUR = timedelta(minutes=30)

#: Preset → where its script is.
SCRIPTS = {key: f"voronka.presets.{key}.script.SCRIPT" for key in ("quests", "fitness", "production", "water", "metal")}

Progress = Callable[[str], None]


class NotEmpty(Exception):
    """The base has a company already."""


def build(
    *, preset: str, seed: int = 1, progress: Progress = print, past: timedelta = PAST, pace: float = 1.0
) -> list[Login]:
    """Make the company; returns everybody's login. Passwords are new each time, all else follows from `seed`.

    `pace`: share of the inquiries its script has.
    """
    if preset not in SCRIPTS:
        raise KeyError(f"there is no demo company for «{preset}»; there is for: {', '.join(SCRIPTS)}")
    if Installation.objects.exists():
        raise NotEmpty("the base has a company already")
    script: Script = import_string(SCRIPTS[preset])
    end = clock.now()
    days = Days(start=end - past, end=end, zone=ZONE, rng=random.Random(seed))
    with translation.override("ru"), hurried():
        with clock.freeze(days.start - timedelta(days=2)):
            _found(script, preset)
            activate(catalogue.text(preset), by=actor.system("demo"), comment="Первый запуск")
            story = Story(script, days, pace)
            logins = story.settle_in()
        try:
            days.live(lambda day: progress(f"{day:%d.%m.%Y}"), until=end - LAST_HALF_HOUR)
            story.now()
            days.live(lambda day: None, until=days.end)
            ticker.tick()
        finally:
            story.close()
    return logins


def _found(script: Script, preset: str) -> None:
    Installation.objects.create(company_name=script.company, preset=preset, time_zone=str(ZONE), created_at=clock.now())


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
