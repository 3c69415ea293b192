import json

import pytest

from voronka.deals.actions import change_deal
from voronka.kernel.errors import Refusal
from voronka.testing.office import Office
from voronka.views import actions
from voronka.views.models import SavedView
from voronka.views.queries import views_of

HTMX = {"HX-Request": "true"}
BIG = ["all", ["open", "=", True], ["amount", ">=", 1000]]


def text_of(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def address(filter, **facts):
    return {"filter": json.dumps(filter), **facts}


@pytest.fixture
def owner(office: Office, as_person):
    return as_person(office.cast.owner)


@pytest.fixture
def big(office: Office):
    """A deal that the view holds, and one that it doesn't."""
    deal = office.deal()
    change_deal(deal.pk, by=office.cast.owner.actor, values={"amount": "5000"})
    office.deal()
    return deal


def save(client, filter, on="deals", facts="", **form):
    return client.post(f"/views/new?on={on}&filter={json.dumps(filter)}{facts}", form, headers=HTMX)


def test_a_saved_filter_is_a_tab_with_its_count_over_the_list_and_the_board(office: Office, owner, big):
    funnel = office.funnel.key
    answer = save(owner, BIG, facts=f"&funnel={funnel}&sort=-amount", title="Крупные")
    assert answer.status_code == 204 and "views:changed" in answer["HX-Trigger"]
    view = SavedView.objects.get()
    assert (view.filter, view.facts) == (BIG, {"funnel": funnel, "sort": "-amount"})
    tabs = text_of(owner.get("/views/tabs", {"on": "deals"}))
    assert "Крупные" in tabs and '<span class="v-n">1</span>' in tabs and "sort=-amount" in tabs
    here = text_of(owner.get("/views/tabs", address(BIG, on="deals", funnel=funnel)))
    assert 'aria-current="true"' in here
    board = text_of(owner.get("/views/tabs", {"on": "board", "funnel": funnel}))
    assert "/board?funnel=first" in board and '<span class="v-n">1</span>' in board
    found = owner.get(json_url(tabs)).content.decode()
    assert f'id="deal-{big.pk}"' in found


def json_url(tabs):
    return tabs.split('class="v-tab" href="')[1].split('"')[0].replace("&amp;", "&")


def test_the_board_as_it_is_is_saved_as_all_open(office: Office, owner):
    save(owner, ["all"], on="board", facts="&funnel=first", title="Доска")
    assert SavedView.objects.get().filter == ["open", "=", True]


def test_a_view_without_a_name_or_with_a_name_that_is_taken(office: Office, owner):
    assert save(owner, BIG, title=" ").status_code == 422
    save(owner, BIG, title="Крупные")
    again = save(owner, BIG, title="крупные")
    assert again.status_code == 422 and "id-title-err" in again.content.decode()
    assert SavedView.objects.count() == 1


def test_another_persons_view_is_not_there(office: Office, owner, as_person):
    save(owner, BIG, title="Мой")
    number = SavedView.objects.get().pk
    other = as_person(office.cast.colleague)
    assert "Мой" not in text_of(other.get("/views/tabs", {"on": "deals"}))
    for act in ("copy", "pin", "move", "removal", "restoration"):
        assert other.post(f"/views/{number}/{act}?on=deals").status_code == 404
    assert other.get(f"/views/{number}?on=deals").status_code == 404
    assert SavedView.objects.get().removed_at is None


def test_a_shared_view_counts_what_each_may_see(office: Office, as_person, big):
    assert save(as_person(office.cast.owner), BIG, title="Всем", shared="on").status_code == 422
    assert save(as_person(office.cast.head), BIG, title="Всем", shared="on").status_code == 204
    counts = {}
    for who in ("owner", "colleague", "stranger", "head"):
        tabs = text_of(as_person(getattr(office.cast, who)).get("/views/tabs", {"on": "deals"}))
        assert "Всем" in tabs
        counts[who] = tabs.split('class="v-n">')[1].split("<")[0]
    assert counts == {"owner": "1", "colleague": "0", "stranger": "0", "head": "1"}


def test_a_shared_view_is_changed_by_right_only(office: Office, owner):
    view = actions.save_view(by=office.cast.head.actor, place="deals", title="Всем", filter=BIG, shared=True)
    with pytest.raises(Refusal):
        actions.change_view(view.pk, by=office.cast.owner.actor, title="Моё", shared=True)
    with pytest.raises(Refusal):
        actions.overwrite_view(view.pk, by=office.cast.owner.actor, filter=["all"], facts={})
    with pytest.raises(Refusal):
        actions.remove_view(view.pk, by=office.cast.owner.actor)
    assert owner.post(f"/views/{view.pk}/copy?on=deals", headers=HTMX).status_code == 200
    copy = SavedView.objects.get(owner=office.cast.owner)
    assert (copy.title, copy.is_shared, copy.filter) == ("Всем, копия", False, BIG)


def test_rename_overwrite_remove_and_take_back(office: Office, owner):
    save(owner, BIG, title="Крупные")
    number = SavedView.objects.get().pk
    assert owner.post(f"/views/{number}?on=deals", {"title": "Большие"}, headers=HTMX).status_code == 200
    save(owner, ["state", "=", "won"], over=number)
    view = SavedView.objects.get()
    assert (view.title, view.filter) == ("Большие", ["state", "=", "won"])
    removed = owner.post(f"/views/{number}/removal?on=deals", headers=HTMX)
    undo = json.loads(removed["HX-Trigger"])["toast"]["undo"]
    assert "Большие" not in text_of(owner.get("/views/tabs", {"on": "deals"}))
    assert owner.post(undo["url"]).status_code == 204
    assert "Большие" in text_of(owner.get("/views/tabs", {"on": "deals"}))


def test_order_and_pins_are_each_persons_own(office: Office, owner):
    person = office.cast.owner
    first, _second, third = (
        actions.save_view(by=office.cast.head.actor, place="deals", title=title, filter=BIG, shared=True)
        for title in ("А", "Б", "В")
    )
    owner.post(f"/views/{third.pk}/move?on=deals", {"way": "left"}, headers=HTMX)
    owner.post(f"/views/{first.pk}/pin?on=deals", {"pinned": "0"}, headers=HTMX)
    assert [one.view.title for one in views_of(person, "deals")] == ["В", "Б", "А"]
    assert [one.pinned for one in views_of(person, "deals")] == [True, True, False]
    assert [one.view.title for one in views_of(office.cast.head, "deals")] == ["А", "Б", "В"]


def test_a_view_over_a_field_that_is_gone_stays_and_says_so(office: Office, owner):
    actions.save_view(by=office.cast.owner.actor, place="deals", title="Старый", filter=["gone_field", "filled"])
    tabs = text_of(owner.get("/views/tabs", {"on": "deals"}))
    assert "Старый" in tabs and "alert-triangle" in tabs


def test_views_of_tasks_and_clients(office: Office, owner, as_person):
    save(owner, ["due_at", "<", "now"], on="tasks", title="Горит")
    assert "Горит" in text_of(owner.get("/views/tabs", {"on": "tasks"}))
    assert "Горит" not in text_of(owner.get("/views/tabs", {"on": "deals"}))
    save(owner, ["deals", "none", ["all"]], on="clients", title="Без сделок")
    assert "Без сделок" in text_of(owner.get("/views/tabs", {"on": "clients"}))
    assert owner.get("/views/tabs", {"on": "elsewhere"}).status_code == 404


def test_the_tabs_take_few_queries(office: Office, owner, django_assert_max_num_queries):
    for number in range(6):
        actions.save_view(by=office.cast.owner.actor, place="deals", title=str(number), filter=BIG)
    with django_assert_max_num_queries(15):
        owner.get("/views/tabs", {"on": "deals"})
