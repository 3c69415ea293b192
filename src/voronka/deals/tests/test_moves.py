"""PR-3, PR-4, PR-5: guards live in the one action that moves a deal."""

import pytest

from voronka.deals.actions import change_deal, move_deal, take_deal
from voronka.deals.models import Deal, LossReason, Passage
from voronka.kernel.errors import Conflict, FieldErrors, MissingFields, Refusal
from voronka.kernel.models import Event
from voronka.tasks.actions import cancel_task, create_task
from voronka.tasks.models import TaskKind

BOOKING = {"game_date": "28.11.2026", "place": "Лофт"}


@pytest.fixture
def taken(cast, inquiry):
    deal = inquiry()
    return take_deal(deal.pk, by=cast.owner.actor)


def test_taking_passes_the_unsorted_stage(taken, cast, stage):
    assert taken.stage == stage("work")
    assert taken.responsible == cast.owner
    assert [event.kind for event in Event.objects.filter(deal_id=taken.pk).order_by("id")] == [
        "deal.created",
        "deal.taken",
        "deal.moved",
    ]


def test_a_stage_asks_for_its_fields(taken, cast, stage):
    with pytest.raises(MissingFields) as asked:
        move_deal(taken.pk, by=cast.owner.actor, to=stage("booked"))
    assert asked.value.fields == ["game_date", "place"]
    deal = move_deal(taken.pk, by=cast.owner.actor, to=stage("booked"), values=BOOKING)
    assert (deal.stage.key, deal.fields["game_date"], deal.fields["place"]) == ("booked", "2026-11-28", "loft")


def test_fields_of_skipped_stages_are_asked_too(taken, cast, stage):
    with pytest.raises(MissingFields) as asked:
        move_deal(taken.pk, by=cast.owner.actor, to=stage("won"))
    assert asked.value.fields == ["game_date", "place"]


def test_wrong_values_change_nothing(taken, cast, stage):
    with pytest.raises(FieldErrors) as said:
        move_deal(taken.pk, by=cast.owner.actor, to=stage("booked"), values={**BOOKING, "game_date": "31.02.2026"})
    assert set(said.value.errors) == {"game_date"}
    assert Deal.objects.get(pk=taken.pk).fields == {}


def test_only_forward(taken, cast, stage, funnel):
    funnel.only_forward = True
    funnel.save()
    move_deal(taken.pk, by=cast.owner.actor, to=stage("booked"), values=BOOKING)
    with pytest.raises(Refusal) as no:
        move_deal(taken.pk, by=cast.owner.actor, to=stage("work"))
    assert no.value.rule == "only_forward"


def test_no_skipping(taken, cast, stage, funnel):
    funnel.no_skipping = True
    funnel.save()
    with pytest.raises(Refusal) as no:
        move_deal(taken.pk, by=cast.owner.actor, to=stage("won"), values=BOOKING)
    assert no.value.rule == "no_skipping"


def test_next_step_required(taken, cast, stage, funnel):
    funnel.next_step_required = True
    funnel.save()
    with pytest.raises(MissingFields) as asked:
        move_deal(taken.pk, by=cast.owner.actor, to=stage("booked"), values=BOOKING)
    assert asked.value.fields == ["next_step"]
    task = create_task(
        by=cast.owner.actor,
        kind=TaskKind.objects.get(key="call"),
        title="Подтвердить",
        due_at=taken.created_at,
        deal_id=taken.pk,
        deal_audience=taken.audience,
    )
    assert Deal.objects.get(pk=taken.pk).next_step_at == task.due_at
    assert move_deal(taken.pk, by=cast.owner.actor, to=stage("booked"), values=BOOKING).stage.key == "booked"
    cancel_task(task.pk, by=cast.owner.actor)
    assert Deal.objects.get(pk=taken.pk).next_step_at is None


def test_loss_needs_a_reason_and_other_a_comment(taken, cast, stage):
    move = {"by": cast.owner.actor, "to": stage("lost")}
    with pytest.raises(MissingFields) as asked:
        move_deal(taken.pk, **move)
    assert asked.value.fields == ["loss_reason"]
    other = LossReason.objects.get(key="other")
    with pytest.raises(MissingFields) as asked:
        move_deal(taken.pk, **move, loss_reason=other, loss_comment="  ")
    assert asked.value.fields == ["loss_comment"]
    deal = move_deal(taken.pk, **move, loss_reason=other, loss_comment="Переехали")
    assert deal.closed_at is not None
    assert deal.loss_comment == "Переехали"


def test_every_stay_is_kept(taken, cast, stage):
    move_deal(taken.pk, by=cast.owner.actor, to=stage("booked"), values=BOOKING)
    stays = Passage.objects.filter(deal=taken).order_by("id")
    assert [stay.stage.key for stay in stays] == ["new", "work", "booked"]
    assert [stay.left_at is None for stay in stays] == [False, False, True]


def test_a_colleague_may_not_move_it(taken, cast, stage):
    with pytest.raises(Refusal):
        move_deal(taken.pk, by=cast.colleague.actor, to=stage("booked"), values=BOOKING)


def test_same_field_by_two_people_is_a_conflict_other_fields_are_not(taken, cast):
    change_deal(taken.pk, by=cast.owner.actor, values={"players": "8"}, seen={"players": ""})
    with pytest.raises(Conflict) as both:
        change_deal(taken.pk, by=cast.head.actor, values={"players": "9"}, seen={"players": ""})
    assert both.value.changed == {"players": (8, 9)}
    change_deal(taken.pk, by=cast.head.actor, values={"amount": "12 500 ₽"}, seen={"amount": "0"})
    assert str(Deal.objects.get(pk=taken.pk).amount) == "12500.00"


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("amount", "12 500,50", "12500.50"),
        ("amount", "−300 ₽", "-300.00"),
        ("players", "8", 8),
        ("game_date", "28.11.26", "2026-11-28"),
        ("place", "hall", "hall"),
    ],
)
def test_typed_text_becomes_a_value(taken, cast, field, typed, kept):
    assert change_deal(taken.pk, by=cast.owner.actor, values={field: typed})[field][1] == kept


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("amount", "много"),
        ("amount", "1e99"),
        ("amount", "NaN"),
        ("players", "восемь"),
        ("game_date", "вчера"),
        ("place", "сад"),
        ("nope", "1"),
        ("location", "999999"),
    ],
)
def test_wrong_text_names_its_field(taken, cast, field, typed):
    with pytest.raises(FieldErrors) as said:
        change_deal(taken.pk, by=cast.owner.actor, values={field: typed})
    assert set(said.value.errors) == {field}
