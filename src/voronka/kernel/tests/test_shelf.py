"""What a process keeps of small tables is never out of date, and every kept table has its stamp."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection, transaction

from voronka.clients.models import Tag
from voronka.clients.tags import active_tags, known_tags
from voronka.kernel import clock, shelf
from voronka.staff.actions import touch
from voronka.staff.queries import everybody

pytestmark = pytest.mark.django_db


def make(title: str) -> Tag:
    return Tag.objects.create(title=title, created_at=clock.now())


def titles() -> list[str]:
    return [tag.title for tag in active_tags().values()]


def test_every_kept_table_has_a_stamp():
    import_module("voronka.urls")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%_stamp'")
        stamped = {name for (name,) in cursor.fetchall()}
    kept = {table for one in shelf.SHELF for table in one.tables}
    assert len(kept) > 10
    assert kept <= stamped


def test_a_change_is_seen_by_the_next_look():
    make("Опт")
    assert titles() == ["Опт"]
    assert known_tags() is known_tags()
    Tag.objects.update(title="Розница")
    assert titles() == ["Розница"]
    make("Опт")
    assert titles() == ["Опт", "Розница"]
    Tag.objects.all().delete()
    assert titles() == []


def test_what_was_rolled_back_is_not_kept():
    """A stamp comes never again: else the next change would be taken for the one that was taken back."""
    tag = make("Опт")
    with transaction.atomic():
        Tag.objects.update(title="Розница")
        assert titles() == ["Розница"]
        transaction.set_rollback(True)
    assert titles() == ["Опт"]
    Tag.objects.filter(pk=tag.pk).update(title="Оптовики")
    assert titles() == ["Оптовики"]


def test_a_page_asks_for_the_stamps_once(django_assert_num_queries):
    make("Опт")
    titles(), everybody()
    with shelf.one_look(), django_assert_num_queries(1):
        titles(), titles(), everybody()


def test_people_are_kept_while_they_only_come_and_go(cast):
    before = everybody()
    with clock.freeze(clock.now() + timedelta(minutes=5)):
        touch(cast.owner)
    assert everybody() is before
    cast.owner.locations.clear()
    assert everybody()[cast.owner.pk].location_ids == []
