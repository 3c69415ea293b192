"""IN-3: whoever takes first owns; two clicks at once: one wins, the other is told who."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from voronka.deals.actions import AlreadyTaken, take_deal
from voronka.deals.models import Deal
from voronka.kernel.models import Event


@pytest.mark.django_db(transaction=True)
def test_two_take_at_once(cast, inquiry):
    deal = inquiry()
    people = [cast.owner, cast.colleague] * 3

    def click(person):
        try:
            take_deal(deal.pk, by=person.actor)
            return person.name
        except AlreadyTaken as refused:
            return refused.owner.name
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as hands:
        told = set(hands.map(click, people))
    assert told == {Deal.objects.get(pk=deal.pk).responsible.name}
    assert Event.objects.filter(kind="deal.taken", deal_id=deal.pk).count() == 1


def test_taking_again_what_is_mine_changes_nothing(cast, inquiry):
    deal = inquiry()
    take_deal(deal.pk, by=cast.owner.actor)
    before = Event.objects.count()
    take_deal(deal.pk, by=cast.owner.actor)
    assert Event.objects.count() == before
