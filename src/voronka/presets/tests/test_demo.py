"""The demo company, small: everybody, every stage, every account; and true in every row."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Q

from voronka.deals.models import Deal, Passage
from voronka.intake.models import Entry
from voronka.kernel import clock as kernel_clock
from voronka.kernel.models import Event, Installation
from voronka.presets import demo
from voronka.process.models import BrokenRule
from voronka.staff.models import Person
from voronka.tasks.models import Task

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_living_company(clock):
    clock.set(datetime(2026, 11, 22, 7, 7, 36, tzinfo=UTC))  # a Sunday on which something happens in the last minutes
    days = []
    logins = demo.build(preset="quests", past=timedelta(days=16), progress=days.append)
    assert len(days) >= 15
    assert {login.role for login in logins} == {"Менеджер", "Администратор", "РОП", "Маркетолог", "Директор"}
    assert all(Person.objects.get(email=login.email).check_password(login.password) for login in logins[:1])
    assert Installation.objects.get().preset == "quests"
    assert Person.objects.values("seat").annotate(n=Count("pk")).filter(n=2).count() == 2

    assert not BrokenRule.objects.exists()
    assert not Event.objects.filter(kind__in=["rule.refused", "rule.cut", "rule.broken"]).exists()
    accounts = set(Entry.objects.values_list("account", flat=True))
    assert accounts >= {"deal", "attached", "duplicate", "spam", "rejected", "failed"}
    assert Entry.objects.filter(account="failed").count() == 3

    first = Deal.objects.filter(funnel__key="first")
    assert set(first.values_list("stage__key", flat=True)) == {
        "unsorted", "taken", "picked", "booked", "call1", "played", "reviewed", "lost",
    }  # fmt: skip
    untaken = first.filter(taken_at=None)
    now = kernel_clock.now()
    assert untaken.filter(created_at__lt=now - timedelta(minutes=5)).exists()
    assert untaken.filter(created_at__gt=now - timedelta(minutes=5)).count() >= 2
    assert not first.filter(stage__key="booked").exclude(responsible__role__key="administrator").exists()

    assert not Event.objects.filter(at__gt=now).exists()
    assert not Passage.objects.filter(left_at__lt=F("entered_at")).exists()
    ids = list(Event.objects.order_by("id").values_list("at", flat=True))
    assert ids == sorted(ids)
    open_tasks = Task.objects.filter(done_at=None)
    assert open_tasks.filter(due_at__lt=now).exists() and open_tasks.filter(due_at__gt=now).exists()
    assert not open_tasks.filter(Q(deal__closed_at__isnull=False)).exists()

    with pytest.raises(demo.NotEmpty):
        demo.build(preset="quests")


def test_no_demo_for_a_preset_without_a_story():
    with pytest.raises(KeyError, match="quests"):
        demo.build(preset="empty")


def test_the_command_keeps_away_from_a_base_where_a_worker_runs():
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    with pytest.raises(CommandError, match="worker"):
        call_command("demo")
    assert not Installation.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
