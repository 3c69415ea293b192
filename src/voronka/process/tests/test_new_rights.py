"""The migration that gives new rights to companies whose document is older."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from voronka.presets import catalogue
from voronka.process import document
from voronka.process.models import Version
from voronka.staff.models import Role

pytestmark = pytest.mark.django_db

give = import_module("voronka.process.migrations.0003_new_rights").give
RIGHTS = ("share_views", "export_deals")


def old(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if line.strip().removeprefix("- ") not in RIGHTS)


def test_whoever_manages_the_process_gets_them_in_the_role_and_in_the_document():
    text = "# Наш процесс, не трогать\n" + old(catalogue.text("quests"))
    Version.objects.create(document=text, created_at=timezone.now(), is_active=True)
    head = Role.objects.create(key="head", title="РОП", sees="brand", may=["manage_process"])
    manager = Role.objects.create(key="manager", title="Менеджер", sees="own", may=["take_deals"])
    give(apps, None)
    now = Version.objects.get(is_active=True)
    roles = {role.key: role.may for role in document.load(now.document).roles}
    assert set(RIGHTS) < set(roles["head"]) and set(RIGHTS) < set(roles["director"])
    assert not set(RIGHTS) & set(roles["manager"])
    assert now.document.startswith("# Наш процесс") and Version.objects.get(is_active=False).document == text
    for role in (head, manager):
        role.refresh_from_db()
    assert set(RIGHTS) < set(head.may) and manager.may == ["take_deals"]
    give(apps, None)
    assert Version.objects.count() == 2, "a second time there is nothing to give"
