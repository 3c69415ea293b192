import pytest
from django.db import DatabaseError, connection, transaction

from voronka.kernel import actor
from voronka.kernel.events import Refs, record
from voronka.kernel.models import Event


def test_an_event_needs_a_transaction(transactional_db):
    with pytest.raises(RuntimeError):
        record("note.added", Refs(), by=actor.system("test"))


def test_the_log_only_grows(db):
    event = record("note.added", Refs(deal=1), by=actor.system("test"), data={"text": "раз"})
    for attempt in (lambda: Event.objects.update(kind="x"), lambda: Event.objects.filter(pk=event.pk).delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert Event.objects.get(pk=event.pk).data == {"text": "раз"}


def test_listeners_are_told_ids_and_audience_but_no_contents(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("LISTEN voronka_live")
    with transaction.atomic():
        record("note.added", Refs(deal=7, audience=["s:1"]), by=actor.system("test"), data={"text": "тайна"})
    payloads = [notice.payload for notice in connection.connection.notifies(timeout=2, stop_after=1)]
    assert '"deal" : 7' in payloads[0]
    assert "s:1" in payloads[0]
    assert "тайна" not in payloads[0]
