"""Presence goes over the bus and nowhere else; the conflict of a field is told with whose and when."""

import json

import psycopg
import pytest

from voronka.deals.actions import change_deal
from voronka.kernel.live import CHANNEL
from voronka.kernel.models import Event
from voronka.testing.office import Office
from voronka.web.live import make_hub


@pytest.mark.django_db(transaction=True)
def test_open_pages_hear_who_is_here(office: Office, as_person):
    deal = office.deal()
    before = Event.objects.count()
    with psycopg.connect(make_hub()._conninfo, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        as_person(office.cast.owner).post(
            f"/deals/{deal.pk}/presence", {"field": "players", "page": "p1", "hello": "1"}
        )
        heard = [json.loads(one.payload) for one in listener.notifies(timeout=2, stop_after=1)]
    assert heard[0] | {"audience": set(heard[0]["audience"])} == {
        "kind": "presence",
        "card": deal.pk,
        "page": "p1",
        "who": office.cast.owner.pk,
        "name": office.cast.owner.name,
        "initials": "МТ",
        "field": "players",
        "hello": True,
        "gone": False,
        "audience": set(deal.audience),
    }
    assert Event.objects.count() == before
    assert as_person(office.cast.stranger).post(f"/deals/{deal.pk}/presence").status_code == 404


def test_a_conflict_names_the_other_and_both_values(office: Office, as_person):
    deal = office.deal()
    change_deal(deal.pk, by=office.cast.partner.actor, values={"players": "8"})
    form = "application/x-www-form-urlencoded"
    late = as_person(office.cast.owner).patch(f"/deals/{deal.pk}/fields", "players=9&version=", content_type=form)
    told = late.json()
    assert (late.status_code, told["theirs"], told["version"]) == (409, "8", "8")
    for text in (office.cast.partner.name, "8\xa0чел.", "9\xa0чел.", 'data-digit="1"', 'data-digit="2"'):
        assert text in told["dialog"], text
