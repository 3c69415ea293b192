"""Bulk work on screen: through the gate, previewed, begun, stopped and taken back by its own hand only."""

from datetime import timedelta

import pytest

from voronka.bulk import work
from voronka.bulk.models import Act, Row
from voronka.deals.actions import change_deal
from voronka.deals.models import Deal
from voronka.kernel import clock

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def ids(*deals) -> str:
    return ",".join(str(deal.pk) for deal in deals)


def test_a_preview_names_what_changes_and_counts_what_stays(office, as_person):
    cast = office.cast
    mine, foreign = office.deal("Моя Клиентка"), office.deal("Чужая", by=cast.colleague)
    browser = as_person(cast.owner)
    form = {"kind": "assign", "ids": ids(mine, foreign)}
    empty = browser.post("/bulk/preview", form).content.decode()
    assert "Выберите" in empty and "v-err" not in empty
    told = browser.post("/bulk/preview", {**form, "person": cast.partner.pk}).content.decode()
    assert "Передать 1 сделку" in told and "Моя Клиентка" in told and "Мария Тен" in told
    assert "Чужая" not in told, "what one may not see is not even counted"
    head = as_person(cast.head).post("/bulk/preview", {**form, "person": cast.partner.pk}).content.decode()
    assert "Передать 2 сделки" in head


def test_reasons_to_stay_open_their_deals(office, as_person):
    deal = office.deal("Без даты", stage="picked")
    form = {"kind": "move", "ids": ids(deal), "stage": office.stage("booked").pk}
    told = as_person(office.cast.owner).post("/bulk/preview", form).content.decode()
    assert "дата игры" in told and "Без даты" in told and "disabled" in told


def test_it_begins_goes_on_ends_and_comes_back(office, as_person):
    cast = office.cast
    deals = [office.deal(f"Клиент {number}") for number in range(3)]
    browser = as_person(cast.head)
    form = {"kind": "assign", "ids": ids(*deals), "person": cast.colleague.pk}
    begun = browser.post("/bulk", form, headers=HTMX)
    assert begun.headers["HX-Trigger"] == "bulk:begun"
    assert "progress" in begun.content.decode()
    act = Act.objects.get()
    work.run(act.pk)
    ended = browser.get(f"/bulk/{act.pk}/progress").content.decode()
    assert "Изменены 3 сделки" in ended and f"/bulk/{act.pk}/undo" in ended
    change_deal(deals[0].pk, by=cast.colleague.actor, values={"amount": "900"})
    browser.post(f"/bulk/{act.pk}/undo", headers=HTMX)
    work.undo(act.pk)
    page = browser.get(f"/bulk/{act.pk}").content.decode()
    assert "Возвращены 2 сделки" in page and "изменили позже" in page
    kept = browser.get(f"/bulk/{act.pk}/rows", {"state": Row.State.KEPT}).content.decode()
    assert f"/deals/{deals[0].pk}" in kept and f"/deals/{deals[1].pk}" not in kept
    assert "Передать: Дмитрий Лосев" in browser.get("/bulk").content.decode()


def test_everything_under_a_filter_is_what_the_list_shows(office, as_person):
    cast = office.cast
    rich, _poor = office.deal("Богатая"), office.deal("Бедная")
    office.deal("Чужая", by=cast.colleague)
    change_deal(rich.pk, by=cast.owner.actor, values={"amount": "90000"})
    browser = as_person(cast.owner)
    query = 'funnel=first&filter=["amount",">=",50000]'
    form = {"kind": "tag", "everything": "1", "place": "list", "query": query, "add": "VIP"}
    assert "Изменить 1 сделку" in browser.post("/bulk/preview", form).content.decode()
    board = {**form, "place": "board", "query": "funnel=first"}
    assert "Изменить 2 сделки" in browser.post("/bulk/preview", board).content.decode()
    browser.post("/bulk", board, headers=HTMX)
    act = Act.objects.get()
    work.run(act.pk)
    assert Deal.objects.exclude(tags=[]).count() == 2
    assert browser.post("/bulk/preview", {**form, "query": 'filter=["x"'}).status_code == 422


def test_wrong_values_are_told_and_kept(office, as_person):
    browser = as_person(office.cast.owner)
    deal = office.deal()
    past = (clock.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    form = {"kind": "plan", "ids": ids(deal), "task_kind": "call", "text": "Позвонить всем", "due_at": past}
    answer = browser.post("/bulk", {**form, "accepted": "1"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Позвонить всем" in answer.content.decode() and 'aria-invalid="true"' in answer.content.decode()
    assert browser.post("/bulk/preview", {"kind": "explode"}).status_code == 404
    nothing = browser.post("/bulk", {"kind": "assign", "person": office.cast.partner.pk, "ids": ""}, headers=HTMX)
    assert nothing.status_code == 409
    assert not Act.objects.exists()


def test_acts_of_others_are_not_there(office, as_person):
    cast = office.cast
    as_person(cast.head).post(
        "/bulk", {"kind": "assign", "ids": ids(office.deal()), "person": cast.colleague.pk}, headers=HTMX
    )
    act = Act.objects.get()
    stranger = as_person(cast.owner)
    for path in ("", "/progress", "/rows"):
        assert stranger.get(f"/bulk/{act.pk}{path}").status_code == 404
    for path in ("/stop", "/undo"):
        assert stranger.post(f"/bulk/{act.pk}{path}").status_code == 404
    assert "Передать" not in stranger.get("/bulk").content.decode()


def test_a_stop_in_the_middle(office, as_person):
    browser = as_person(office.cast.head)
    form = {"kind": "assign", "ids": ids(office.deal()), "person": office.cast.colleague.pk}
    browser.post("/bulk", form, headers=HTMX)
    act = Act.objects.get()
    stopped = browser.post(f"/bulk/{act.pk}/stop", headers=HTMX).content.decode()
    assert "не дошло" in stopped
    work.run(act.pk)
    assert Row.objects.filter(state=Row.State.WAITING).count() == 1
