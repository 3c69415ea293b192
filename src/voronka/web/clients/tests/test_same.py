"""While somebody is typed in, who it is already is told at once; an inquiry finds its person of a family."""

import pytest

from voronka.clients.actions import add_contact, add_identity, register_client
from voronka.clients.queries import identify
from voronka.deals.actions import create_deal
from voronka.deals.models import Funnel, Stage
from voronka.kernel import actor

pytestmark = pytest.mark.django_db
BY = actor.system("test")
PHONE = "+79214471833"


@pytest.fixture
def known(cast):
    """Ирина Соколова of the cast's brand, with her husband on the same phone."""
    home = [f"s:{cast.owner.seat_id}"]
    contact = register_client(by=BY, name="Ирина Соколова", identities=[("phone", PHONE)], home=home)
    husband = add_contact(contact.company, by=BY, name="Олег Соколов")
    add_identity(husband.pk, by=BY, kind="phone", raw="8 921 447-18-33, 8 (921) 000-00-01")
    return contact


def told(browser, **typed):
    answer = browser.get("/clients/same", typed)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_phone_in_any_spelling_tells_who_it_is_and_why(known, cast, as_person):
    page = told(as_person(cast.owner), phone="8 (921) 447-18-33")
    assert "Ирина Соколова" in page and "Телефон тот же" in page
    assert f"/clients/{known.company_id}" in page


def test_a_phone_typed_into_the_name_is_read(known, cast, as_person):
    assert "Ирина Соколова" in told(as_person(cast.owner), name="Ира 89214471833")


@pytest.mark.parametrize("name", ["соколова ирина", "Ира Соколова", "Ирина Соколова 2"])
def test_name_and_surname_without_a_phone_tell_namesakes(known, cast, as_person, name):
    page = told(as_person(cast.owner), name=name)
    assert "Ирина Соколова" in page and "Олег" not in page


def test_the_open_deal_stands_first_with_who_leads_it(known, cast, as_person):
    funnel = Funnel.objects.create(key="first", title="Первые продажи")
    Stage.objects.create(funnel=funnel, key="work", title="В работе", meaning="open", position=0)
    deal = create_deal(
        by=BY, funnel=funnel, company=known.company, contact=known, brand=cast.brand, responsible=cast.owner
    )
    page = told(as_person(cast.owner), phone=PHONE)
    assert f"/deals/{deal.pk}" in page and cast.owner.name in page


def test_clients_of_others_and_nothing_typed_tell_nothing(known, cast, as_person):
    assert "Соколов" not in told(as_person(cast.stranger), phone=PHONE, name="Ирина Соколова")
    assert "Соколов" not in told(as_person(cast.owner), phone="", name="Ирина")
    assert "Соколов" not in told(as_person(cast.owner), phone="8 921 447-18-34", name="Мария Котова")


def test_a_slip_in_the_e_mail_is_offered_right(cast, as_person):
    assert "ira@gmail.com" in told(as_person(cast.owner), email="ira@gmial.com")


def test_of_a_family_on_one_phone_the_one_so_named_is_found(known):
    assert identify([("phone", PHONE)]) == known
    assert identify([("phone", PHONE)], name="Олег").name == "Олег Соколов"
    assert identify([("phone", PHONE)], name="Ира") == known
    assert identify([("phone", PHONE)], name="Кто-то другой") == known
    assert identify([("phone", "+79210000001")], name="Ира").name == "Олег Соколов"
    assert identify([("phone", "+79990000000")], name="Ира") is None
