"""AC-2: an untaken inquiry is seen by all managers of the brand; a taken one by its seat and its heads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voronka.clients.models import Company
from voronka.deals.access import audience_of
from voronka.deals.actions import add_note, assign_deal, change_deal, take_deal
from voronka.deals.models import Deal
from voronka.kernel.access import sees
from voronka.kernel.errors import Refusal
from voronka.kernel.models import Event
from voronka.staff.access import reach_of
from voronka.tasks.actions import create_task
from voronka.tasks.models import Task, TaskKind


def who_sees(cast, model, pk):
    names = ("owner", "partner", "colleague", "head", "administrator", "director", "stranger")
    return {name for name in names if model.objects.visible_to(getattr(cast, name)).filter(pk=pk).exists()}


def test_untaken_is_seen_by_the_brand(cast, inquiry):
    deal = inquiry()
    brand = {"owner", "partner", "colleague", "head", "director"}
    assert who_sees(cast, Deal, deal.pk) == brand
    assert who_sees(cast, Company, deal.company_id) == brand


def test_taken_is_seen_by_the_seat_and_the_heads(cast, inquiry):
    deal = inquiry()
    take_deal(deal.pk, by=cast.owner.actor)
    mine = {"owner", "partner", "head", "director"}
    assert who_sees(cast, Deal, deal.pk) == mine
    assert who_sees(cast, Company, deal.company_id) == mine


def test_an_inquiry_of_no_brand_is_nobodys_secret(cast, inquiry):
    assert "stranger" in who_sees(cast, Deal, inquiry(brand=None).pk)


def test_handed_over_deal_is_worked_by_the_administrator_and_read_by_the_manager(cast, inquiry):
    deal = inquiry(location=cast.location)
    take_deal(deal.pk, by=cast.owner.actor)
    assign_deal(deal.pk, by=cast.owner.actor, to=cast.administrator, keep_reading=True)
    assert who_sees(cast, Deal, deal.pk) == {"owner", "partner", "head", "administrator", "director"}
    add_note(deal.pk, by=cast.owner.actor, text="Аллергия на орехи")
    with pytest.raises(Refusal):
        change_deal(deal.pk, by=cast.owner.actor, values={"players": "9"})
    assert change_deal(deal.pk, by=cast.administrator.actor, values={"players": "9"}) == {"players": [None, 9]}


def test_open_tasks_follow_the_deal(cast, inquiry):
    deal = inquiry()
    kind = TaskKind.objects.get(key="call")
    task = create_task(
        by=cast.head.actor,
        kind=kind,
        title="",
        due_at=deal.created_at,
        deal_id=deal.pk,
        company=deal.company,
        deal_audience=deal.audience,
    )
    assert "colleague" in who_sees(cast, Task, task.pk)
    take_deal(deal.pk, by=cast.owner.actor)
    task.refresh_from_db()
    assert task.responsible == cast.owner
    assert who_sees(cast, Task, task.pk) == {"owner", "partner", "head", "director"}


def test_those_who_saw_it_untaken_learn_that_it_was_taken(cast, inquiry):
    deal = inquiry()
    take_deal(deal.pk, by=cast.owner.actor)
    event = Event.objects.get(kind="deal.taken", deal_id=deal.pk)
    assert sees(cast.colleague.reach, event.audience)


@given(
    brand=st.none() | st.integers(1, 3),
    seat=st.none() | st.integers(1, 3),
    watchers=st.lists(st.integers(1, 3), max_size=2),
    location=st.none() | st.integers(1, 2),
    handed=st.booleans(),
    my_seat=st.integers(1, 3),
    my_brands=st.lists(st.integers(1, 3), max_size=2),
    my_locations=st.lists(st.integers(1, 2), max_size=2),
)
def test_the_two_sides_of_the_gate_agree_with_the_rule_in_words(
    brand, seat, watchers, location, handed, my_seat, my_brands, my_locations
):
    audience = audience_of(brand=brand, seat=seat, watchers=watchers, location=location, handed_to_location=handed)
    mine = brand is None or brand in my_brands

    def reach(sees_what, untaken=False):
        return reach_of(sees=sees_what, sees_untaken=untaken, seat=my_seat, brands=my_brands, locations=my_locations)

    owns_or_reads = my_seat == seat or my_seat in watchers
    assert sees(reach("own", untaken=True), audience) == (owns_or_reads or (seat is None and mine))
    assert sees(reach("own"), audience) == owns_or_reads
    assert sees(reach("brand"), audience) == (owns_or_reads or mine)
    assert sees(reach("location"), audience) == (owns_or_reads or (handed and location in my_locations))
    assert sees(reach("all"), audience)
