"""The Jinja2 environment of every page: globals, filters, gettext. Django's Jinja2 backend calls `environment`."""

import contextlib
import logging
from collections.abc import Callable, Hashable
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.template import engines
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from jinja2 import Environment, StrictUndefined, make_logging_undefined
from markupsafe import Markup, escape

from voronka.kernel import clock
from voronka.web import formats, icons
from voronka.web.assets import asset

logger = logging.getLogger("voronka.templates")


def environment(**options: Any) -> Environment:
    """A typo in a template is an error while we develop and test, and an empty place with a log line in production."""
    strict = getattr(settings, "STRICT_TEMPLATES", settings.DEBUG)
    env = Environment(
        **{
            "undefined": StrictUndefined if strict else make_logging_undefined(logger),
            "trim_blocks": True,
            "lstrip_blocks": True,
            "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"],
            **options,
        }
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals.update(GLOBALS)
    env.filters.update(FILTERS)
    return env


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


@lru_cache(maxsize=100)
def link(name: str) -> str:
    """Like url, but empty when there is no such page: the frame shows only what exists."""
    for known in (name, name.replace("-", "_")):
        with contextlib.suppress(NoReverseMatch):
            return url(known)
    return ""


def icon(name: str, size: str = "", label: str = "") -> Markup:
    """An icon of the sprite. `size`: "s", "l", "xl" or "". With a label it is read aloud, else it is decoration."""
    return _icon(asset("icons.svg"), name, size, label)


@lru_cache(maxsize=2000)
def _icon(sprite: str, name: str, size: str, label: str) -> Markup:
    sizes = f" v-i-{size}" if size else ""
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(f'<svg class="v-i{sizes}" {spoken}><use href="{sprite}#{escape(name)}"/></svg>')


def drawn(template: str, macro: str, facts: Hashable) -> Markup:
    """What a macro makes of these facts, kept: it may depend on nothing but them, the language and the icons."""
    return _drawn(template, macro, facts, language(), asset("icons.svg"))


@lru_cache(maxsize=4000)
def _drawn(template: str, macro: str, facts: Hashable, _language: str, _sprite: str) -> Markup:
    return getattr(_macros(template), macro)(facts)


@cache
def _macros(template: str) -> Any:
    return engines["jinja2"].env.get_template(template).module  # type: ignore[attr-defined]


def language() -> str:
    return get_language() or "en"


def _worded(write: Callable[..., str]) -> Callable[..., str]:
    """A filter that writes in the language of the request; nothing for None."""

    def filtered(value: Any, *args: Any, **kwargs: Any) -> str:
        return "" if value is None else write(value, *args, language=language(), **kwargs)

    return filtered


def _timed(write: Callable[..., str]) -> Callable[[datetime | None], str]:
    """A filter of a moment: now, zone and language are those of the request."""

    def filtered(moment: datetime | None) -> str:
        if moment is None:
            return ""
        zone = timezone.get_current_timezone()
        return write(moment, now=clock.now(), zone=zone, language=language())

    return filtered


def _dated(write: Callable[..., str]) -> Callable[[date | datetime | None], str]:
    """A filter of a day; a moment is read as the day it has in the person's zone."""

    def filtered(value: date | datetime | None) -> str:
        if value is None:
            return ""
        zone = timezone.get_current_timezone()
        day = value.astimezone(zone).date() if isinstance(value, datetime) else value
        return write(day, today=clock.now().astimezone(zone).date(), language=language())

    return filtered


def _time(moment: datetime | None) -> str:
    return "" if moment is None else formats.clock_time(moment, timezone.get_current_timezone())


def _seconds(moment: datetime | None) -> str:
    """«14:05:52» in the person's zone."""
    return "" if moment is None else moment.astimezone(timezone.get_current_timezone()).strftime("%H:%M:%S")


def _ago(moment: datetime | None) -> str:
    """How long ago, one unit: «3 ч»."""
    return "" if moment is None else formats.duration(clock.now() - moment, language())


def _left(moment: datetime) -> str:
    """Countdown text for the first paint; clock.js goes on from there."""
    return formats.countdown((moment - clock.now()).total_seconds())


def stage_ink(position: int, count: int) -> str:
    """CSS value of a stage's ink by its place among the open stages."""
    return f"var(--v-st{formats.stage_step(position, count)})"


GLOBALS: dict[str, Any] = {
    "url": url,
    "link": link,
    "static": static,
    "asset": asset,
    "icon": icon,
    "drawn": drawn,
    "channel": icons.channel,
    "task_icon": icons.task,
    "entry_icon": icons.entry,
    "stage_ink": stage_ink,
    "language": language,
    "now": clock.now,
    "timedelta": timedelta,
    "NBSP": formats.NBSP,
}

FILTERS: dict[str, Callable[..., str]] = {
    "money": _worded(formats.money),
    "money_amount": _worded(formats.money_amount),
    "number": _worded(formats.number),
    "file_size": _worded(formats.file_size),
    "duration": _worded(formats.duration),
    "exact_duration": _worded(formats.exact_duration),
    "weekday": _worded(formats.weekday),
    "date": _dated(formats.day),
    "long_date": _dated(formats.long_day),
    "near_date": _dated(formats.near_day),
    "time": _time,
    "seconds": _seconds,
    "datetime": _timed(formats.day_and_time),
    "when": _timed(formats.when),
    "rel_time": _timed(formats.relative),
    "ago": _ago,
    "left": _left,
    "iso": formats.iso,
    "phone": formats.phone,
    "plural": formats.plural,
    "initials": formats.initials,
}
