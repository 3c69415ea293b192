"""The demo companies, small: in each all happens that its process says, and every row is true.

`VORONKA_DEMO_DAYS=91` builds them as `./voronka up --demo` does, and asks for every stage too.
"""

import os
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

#: Days that the slowest rule of a process takes, and a share of its inquiries that still brings about every case.
SHORT = {"quests": (21, 0.6), "fitness": (26, 0.4), "production": (50, 0.5), "water": (64, 0.2), "metal": (45, 0.4)}
LONG = int(os.environ.get("VORONKA_DEMO_DAYS") or 0)
#: A Sunday on which something happens in the last minutes.
END = datetime(2026, 11, 22, 7, 7, 36, tzinfo=UTC)


def build(preset: str) -> list[demo.Login]:
    days, pace = (LONG, 1.0) if LONG else SHORT[preset]
    return demo.build(preset=preset, past=timedelta(days=days), pace=pace, progress=lambda day: None)


@pytest.mark.parametrize("preset", SHORT)
def test_every_rule_that_works_has_fired(clock, preset):
    clock.set(END)
    logins = build(preset)
    fired = set(Trace.objects.values_list("rule", flat=True))
    assert [rule.key for rule in active().rules if rule.supported and rule.key not in fired] == []
    assert_nothing_went_wrong()
    assert_rows_are_true()
    assert {login.role for login in logins} == {role.title for role in active().roles}
    if LONG:
        used = set(Passage.objects.values_list("stage", flat=True))
        assert not Stage.objects.filter(is_active=True).exclude(pk__in=used).exists()
    if preset == "quests":
        assert_everybody_and_every_account(logins)


def assert_nothing_went_wrong() -> None:
    assert not BrokenRule.objects.exists()
    assert not Trace.objects.filter(outcome__in=["refused", "broken"]).exists()
    assert not Event.objects.filter(kind__in=["rule.refused", "rule.cut", "rule.broken"]).exists()


def assert_rows_are_true() -> None:
    now = kernel_clock.now()
    assert not Event.objects.filter(at__gt=now).exists()
    moments = list(Event.objects.order_by("id").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert not Passage.objects.filter(left_at__lt=F("entered_at")).exists()
    open_tasks = Task.objects.filter(done_at=None)
    assert open_tasks.filter(due_at__lt=now).exists() and open_tasks.filter(due_at__gt=now).exists()


def assert_everybody_and_every_account(logins: list[demo.Login]) -> None:
    assert all(Person.objects.get(email=login.email).check_password(login.password) for login in logins[:1])
    assert Installation.objects.get().preset == "quests"
    assert Person.objects.values("seat").annotate(n=Count("pk")).filter(n=2).count() == 2
    accounts = set(Entry.objects.values_list("account", flat=True))
    assert accounts >= {"deal", "attached", "duplicate", "spam", "rejected", "failed"}
    assert Entry.objects.filter(account="failed").count() == 3
    first = Deal.objects.filter(funnel__key="first")
    untaken, late = first.filter(taken_at=None), kernel_clock.now() - timedelta(minutes=5)
    assert untaken.filter(created_at__lt=late).exists() and untaken.filter(created_at__gt=late).count() >= 2
    assert not first.filter(stage__key="booked").exclude(responsible__role__key="administrator").exists()
    assert not Task.objects.filter(Q(done_at=None), Q(deal__closed_at__isnull=False)).exists()
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
