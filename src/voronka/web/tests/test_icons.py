"""Icons named by kind are in the sprite, and a kind nobody named still gets one."""

import re

import pytest

from voronka.web import icons
from voronka.web.assets import DIST, manifest


@pytest.fixture(scope="module")
def sprite() -> set[str]:
    return set(re.findall(r'<symbol id="([\w-]+)"', (DIST / manifest.hashed("icons.svg")).read_text()))


def test_every_kind_has_its_icon_in_the_sprite(sprite: set[str]) -> None:
    channels = {icon for icon, _name in [*icons.CHANNELS.values(), icons.UNKNOWN_CHANNEL]}
    named = channels | set(icons.TASKS.values()) | set(icons.ENTRIES.values())
    assert named <= sprite


def test_an_unknown_kind_gets_the_icon_of_its_family_or_the_plain_one(sprite: set[str]) -> None:
    assert icons.entry("note.pinned") in sprite
    assert icons.entry("nobody.knows") == icons.ENTRY
    assert icons.task("nobody knows") == icons.TASK
    assert icons.channel(None)[0] in sprite
    assert {icons.ENTRY, icons.TASK} <= sprite
