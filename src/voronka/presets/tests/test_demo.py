"""The demo company, small: everybody, every stage, every account; and true in every row."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Q

from voronka.deals.models import Deal, Passage, Stage
from voronka.intake.models import Entry
from voronka.kernel import clock as kernel_clock
from voronka.kernel.models import Event, Installation
from voronka.presets import demo
from voronka.process.models import BrokenRule, Trace
from voronka.process.queries import active
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


#: Days that the slowest rule of each process takes, and a share of its inquiries that still brings about every case.
SHORT = {"fitness": (26, 0.5)}


@pytest.mark.parametrize("preset", SHORT)
def test_every_rule_has_fired_in_the_story(clock, preset):
    clock.set(datetime(2026, 11, 22, 7, 7, 36, tzinfo=UTC))
    days, pace = SHORT[preset]
    demo.build(preset=preset, past=timedelta(days=days), pace=pace, progress=lambda day: None)
    fired = set(Trace.objects.values_list("rule", flat=True))
    assert [rule.key for rule in active().rules if rule.supported and rule.key not in fired] == []
    assert not BrokenRule.objects.exists()
    assert not Trace.objects.filter(outcome__in=["refused", "broken"]).exists()
    assert not Event.objects.filter(kind="rule.cut").exists()
    stages = {(stage.funnel_id, stage.key) for stage in Stage.objects.filter(is_active=True)}
    used = set(Passage.objects.values_list("stage__funnel_id", "stage__key"))
    assert used >= stages


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
