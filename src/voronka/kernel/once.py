"""What a device sends again because it did not hear the answer must not be done twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction

from . import clock
from .models import Sending

#: A device that has been without a line for longer may double what it sends.
KEEP = timedelta(days=30)
_LONGEST = 64


@contextmanager
def once(person_id: int, key: str) -> Iterator[bool]:
    """One transaction around an act; yields whether it is to be done. `key` is made by the device, empty: always.

    A repeat that comes while the first is still under way waits for it: done if that fails, left out if it succeeds.
    """
    name = key.replace("\x00", "")[:_LONGEST]
    with transaction.atomic():
        yield not name or _is_first(person_id, name)


def _is_first(person_id: int, key: str) -> bool:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_sending (person_id, key, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [person_id, key, now],
        )
        is_first = cursor.rowcount == 1
    if is_first:
        Sending.objects.filter(person_id=person_id, at__lt=now - KEEP).delete()
    return is_first
