"""The channels of this installation, imported when they are asked for: vendors' libraries are slow to import."""

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from .port import Channel


def known() -> list[str]:
    return list(_table())


def channels() -> dict[str, Channel]:
    return {key: channel(key) for key in _table()}


def channel(key: str) -> Channel:
    """Raises KeyError for one that is not wired here."""
    return _made(_table()[key])


def _table() -> Mapping[str, str]:
    return import_string(settings.VORONKA_CONVERSATION_CHANNELS)


@cache
def _made(path: str) -> Channel:
    return import_string(path)()
