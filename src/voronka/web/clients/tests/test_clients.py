"""Clients: the list, the card, and everything on it only for those who may see it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from voronka.clients.actions import add_address, add_contact, add_identity, add_note, add_requisites, register_client
from voronka.clients.inn import is_valid
from voronka.clients.models import Company, Contact, Identity
from voronka.deals.actions import add_note as add_deal_note
from voronka.deals.actions import create_deal
from voronka.deals.models import Deal, Funnel, Stage
from voronka.kernel import actor
from voronka.tasks.actions import create_task
from voronka.tasks.models import TaskKind
from voronka.web.clients.card import next_birthday

pytestmark = pytest.mark.django_db
BY = actor.system("test")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def funnel(cast):
    funnel = Funnel.objects.create(key="first", title="Первые продажи")
    for position, (key, meaning) in enumerate([("new", "unsorted"), ("work", "open"), ("won", "won")]):
        Stage.objects.create(funnel=funnel, key=key, title=f"Этап {key}", meaning=meaning, position=position)
    return funnel


@pytest.fixture
def client_of(funnel, cast):
    """A client with a deal taken by somebody."""

    def make(name, person, *, phone="", **more):
        contact = register_client(by=BY, name=name, identities=[("phone", phone)] if phone else [])
        deal = create_deal(
            by=BY, funnel=funnel, company=contact.company, contact=contact, brand=cast.brand, responsible=person, **more
        )
        return contact, deal

    return make


def patch(browser, url, **fields):
    body = "&".join(f"{key}={value}" for key, value in fields.items())
    return browser.patch(url, body, content_type="application/x-www-form-urlencoded", headers=HTMX)


# ---- the gate ---------------------------------------------------------------------------------------------------


def test_a_client_of_another_is_in_no_list_count_or_page(client_of, cast, as_person):
    mine, _ = client_of("Моя Клиентка", cast.owner)
    other, _ = client_of("Тайная Клиентка", cast.colleague, phone="+79210000001")
    browser = as_person(cast.owner)
    page = browser.get("/clients").content.decode()
    assert "Моя Клиентка" in page and "Тайная" not in page
    assert '<span class="v-n">1</span>' in page
    assert "Тайная" not in browser.get("/clients?q=79210000001").content.decode()
    assert "Тайная" not in browser.get("/clients?q=тайная").content.decode()
    paths = [
        f"/clients/{other.company_id}",
        f"/clients/{other.company_id}/parts/work",
        f"/clients/{other.company_id}/history?before=999999",
        f"/clients/{other.company_id}/contacts",
        f"/clients/{other.company_id}/addresses",
        f"/clients/{other.company_id}/requisites",
        f"/contacts/{other.pk}/identities",
    ]
    assert [browser.get(path).status_code for path in paths] == [404] * len(paths)
    assert browser.get(f"/clients/{mine.company_id}").status_code == 200
    assert as_person(cast.stranger).get(f"/clients/{mine.company_id}").status_code == 404


def test_writes_to_a_client_of_another_are_404_and_change_nothing(client_of, cast, as_person):
    other, _ = client_of("Тайная Клиентка", cast.colleague, phone="+79210000001")
    address = add_address(other.company_id, by=BY, text="Сенная, 1")
    requisites = add_requisites(other.company_id, by=BY, values={"name": "ООО", "inn": "7707083893"})
    identity = other.identities.get()
    browser = as_person(cast.owner)
    company = other.company_id
    assert patch(browser, f"/clients/{company}/fields", name="Я").status_code == 404
    assert patch(browser, f"/contacts/{other.pk}/fields", name="Я").status_code == 404
    for path in (f"clients/{company}/notes", f"clients/{company}/contacts", f"contacts/{other.pk}/identities"):
        assert browser.post(f"/{path}", {"text": "х", "name": "х", "kind": "phone", "value": "1"}).status_code == 404
    for path in (f"identities/{identity.pk}", f"addresses/{address.pk}", f"requisites/{requisites.pk}"):
        assert browser.delete(f"/{path}").status_code == 404
    other.company.refresh_from_db()
    assert other.company.name == "Тайная Клиентка"
    assert Identity.objects.filter(pk=identity.pk).exists()


def test_of_a_shared_client_one_sees_only_own_deals_tasks_and_story(client_of, cast, as_person, funnel):
    contact, mine = client_of("Общая Клиентка", cast.owner, amount=Decimal(1000))
    secret = create_deal(
        by=BY,
        funnel=funnel,
        company=contact.company,
        brand=cast.brand,
        title="Тайная сделка",
        responsible=cast.colleague,
        amount=Decimal(77777),
    )
    Deal.objects.filter(pk=secret.pk).update(stage=Stage.objects.get(key="won"))
    add_deal_note(secret.pk, by=BY, text="тайная заметка")
    kind = TaskKind.objects.create(key="call", title="Позвонить")
    create_task(
        by=BY,
        kind=kind,
        title="тайная задача",
        due_at=datetime(2030, 1, 1, tzinfo=UTC),
        responsible=cast.colleague,
        deal_id=secret.pk,
        company=contact.company,
        deal_audience=secret.audience,
    )
    page = as_person(cast.owner).get(f"/clients/{contact.company_id}").content.decode()
    assert f"/deals/{mine.pk}" in page
    for word in ("Тайная", "тайная", "77\u00a0777", f"/deals/{secret.pk}"):
        assert word not in page, word
    heads = as_person(cast.head).get(f"/clients/{contact.company_id}").content.decode()
    assert "тайная заметка" in heads and "тайная задача" in heads and "77\u00a0777" in heads


def test_a_deal_taken_since_is_no_longer_told(client_of, cast, as_person, funnel):
    """Its first event was for everybody on shift; now it belongs to somebody else."""
    from voronka.deals.actions import take_deal

    contact, _mine = client_of("Общая Клиентка", cast.owner)
    untaken = create_deal(by=BY, funnel=funnel, company=contact.company, brand=cast.brand, title="Вторая")
    browser = as_person(cast.owner)
    assert f"/deals/{untaken.pk}" in browser.get(f"/clients/{contact.company_id}").content.decode()
    take_deal(untaken.pk, by=cast.colleague.actor)
    assert f"/deals/{untaken.pk}" not in browser.get(f"/clients/{contact.company_id}").content.decode()


def test_a_role_without_clients_has_no_such_pages(client_of, cast, as_person):
    contact, _ = client_of("Клиентка", cast.owner)
    cast.owner.role.may.remove("see_clients")
    cast.owner.role.save()
    browser = as_person(cast.owner)
    for path in ("/clients", "/clients/new", f"/clients/{contact.company_id}"):
        assert browser.get(path).status_code == 404


# ---- list -------------------------------------------------------------------------------------------------------


def test_pages_hold_every_client_once_by_name(client_of, cast, as_person):
    from voronka.web.clients.lists import page_of

    for number in range(13):
        client_of(["Ёлкина", "елисеев", "Яшин", "Абрамов"][number % 4], cast.owner)
    seen, after = [], ""
    while True:
        found, after = page_of(Company.objects.all(), after=after, size=5)
        seen += found
        if not after:
            break
    assert len(seen) == len({one.pk for one in seen}) == 13
    assert [one.name for one in seen][:6] == ["Абрамов"] * 3 + ["елисеев"] * 3
    for cursor in ("х", "[]", '["a"]', "[1,2]", '["a",true]', '["\\ud800",1]'):
        assert as_person(cast.owner).get("/clients", {"after": cursor}).status_code == 200


def test_a_phone_in_any_spelling_finds_its_client(client_of, cast, as_person):
    client_of("Павел Рыбаков", cast.owner, phone="+79213384017")
    browser = as_person(cast.owner)
    for typed in ("8 (921) 338-40-17", "+7 921 338", "338-40-17", "3840", "9213384017"):
        assert "Павел Рыбаков" in browser.get("/clients", {"q": typed}).content.decode(), typed
    assert "Павел Рыбаков" not in browser.get("/clients", {"q": "338-40-18"}).content.decode()


def test_counts_of_kinds_open_their_clients(client_of, cast, as_person):
    client_of("Семья", cast.owner)
    firm, _ = client_of("Фирма", cast.owner)
    Company.objects.filter(pk=firm.company_id).update(kind="legal")
    page = as_person(cast.owner).get("/clients?kind=legal").content.decode()
    assert f'id="client-{firm.company_id}"' in page and page.count('<tr id="client-') == 1


# ---- edits ------------------------------------------------------------------------------------------------------


def test_fields_are_edited_in_place_and_conflicts_are_told(client_of, cast, as_person):
    contact, _ = client_of("Инна", cast.owner)
    browser = as_person(cast.owner)
    url = f"/clients/{contact.company_id}/fields"
    answer = patch(browser, url, comment="Любит торт", seen="")
    assert answer.status_code == 200 and "Любит торт" in answer.content.decode()
    late = patch(browser, url, comment="Не любит", seen="")
    assert late.status_code == 409 and late.json()["theirs"] == "Любит торт"
    assert patch(browser, url, name="").json() == {"errors": {"name": "Напишите имя."}}
    assert patch(browser, url, kind="nobody").status_code == 422
    assert patch(browser, url, audience="*").status_code == 404
    assert patch(browser, url, home="*").status_code == 404
    assert patch(browser, f"/contacts/{contact.pk}/fields", birthday="1990-02-30").status_code == 422
    assert patch(browser, f"/contacts/{contact.pk}/fields", birthday="1990-12-02").status_code == 200
    contact.refresh_from_db()
    assert contact.birthday == date(1990, 12, 2)


def test_people_phones_addresses_requisites_and_notes(client_of, cast, as_person):
    contact, _ = client_of("Инна", cast.owner)
    browser, company = as_person(cast.owner), contact.company_id
    added = browser.post(
        f"/clients/{company}/contacts",
        {"name": "Тимофей", "is_child": "on", "birthday": "2018-01-30", "phone": "8 921 338 40 17"},
        headers=HTMX,
    )
    assert added.status_code == 200 and "Тимофей" in added.content.decode()
    child = Contact.objects.get(name="Тимофей")
    assert child.is_child and child.identities.get().value == "+79213384017"
    wrong = browser.post(f"/clients/{company}/contacts", {"name": "", "phone": "12"}, headers=HTMX)
    assert (
        wrong.status_code == 422 and "id-name-err" in wrong.content.decode() and 'value="12"' in wrong.content.decode()
    )
    mail = {"kind": "email", "value": "не почта"}
    assert browser.post(f"/contacts/{contact.pk}/identities", mail, headers=HTMX).status_code == 422
    assert browser.post(f"/contacts/{contact.pk}/identities", {"kind": "email", "value": "A@B.RU"}).status_code == 302
    identity = contact.identities.get(kind="email")
    assert identity.value == "a@b.ru"
    assert browser.delete(f"/identities/{identity.pk}", headers=HTMX).status_code == 200
    assert not contact.identities.filter(kind="email").exists()
    bad = browser.post(f"/clients/{company}/requisites", {"name": "ООО «В»", "inn": "7707083894"}, headers=HTMX)
    assert bad.status_code == 422 and "id-inn-err" in bad.content.decode() and "ООО «В»" in bad.content.decode()
    good = browser.post(f"/clients/{company}/requisites", {"name": "ООО «В»", "inn": "7707083893"}, headers=HTMX)
    assert "7707083893" in good.content.decode()
    assert browser.post(f"/clients/{company}/addresses", {"text": ""}, headers=HTMX).status_code == 422
    assert (
        "Сенная" in browser.post(f"/clients/{company}/addresses", {"text": "Сенная, 1"}, headers=HTMX).content.decode()
    )
    assert browser.post(f"/clients/{company}/notes", {"text": " "}, headers=HTMX).status_code == 422
    told = browser.post(f"/clients/{company}/notes", {"text": "<script>"}, headers=HTMX).content.decode()
    assert "&lt;script&gt;" in told and "<script>" not in told


def test_a_new_client_is_seen_by_who_entered_it_and_the_heads(cast, as_person, funnel):
    form = {"name": "Новая", "phone": "8 921 338 40 17", "kind": "family"}
    assert as_person(cast.owner).post("/clients/new", form).status_code == 302
    made = Company.objects.get(name="Новая")
    address = f"/clients/{made.pk}"
    codes = {person.name: as_person(person).get(address).status_code for person in cast.everybody}
    assert codes[cast.owner.name] == codes[cast.partner.name] == codes[cast.head.name] == 200
    assert codes[cast.colleague.name] == codes[cast.stranger.name] == 404
    wrong = as_person(cast.owner).post("/clients/new", {"name": "", "phone": "1", "email": "x", "kind": "boss"})
    assert wrong.status_code == 422
    assert {f"id-{key}-err" in wrong.content.decode() for key in ("name", "phone", "email", "kind")} == {True}


def test_number_of_queries_of_list_and_card_is_constant(
    client_of, cast, as_person, django_assert_max_num_queries, funnel
):
    browser = as_person(cast.owner)
    contact, _ = client_of("Инна", cast.owner, phone="+79210000000")
    for number in range(12):
        client_of(f"Клиент {number}", cast.owner, phone=f"+7921000{number:04}1"[:12])
        add_contact(contact.company, by=BY, name=f"Человек {number}")
        add_identity(contact.pk, by=BY, kind="telegram", raw=f"user{number}")
        add_note(contact.company_id, by=BY, text="заметка")
        create_deal(by=BY, funnel=funnel, company=contact.company, brand=cast.brand, responsible=cast.owner)
    browser.get("/clients")
    browser.get(f"/clients/{contact.company_id}")
    with django_assert_max_num_queries(13):
        browser.get("/clients")
    with django_assert_max_num_queries(15):
        browser.get(f"/clients/{contact.company_id}")


# ---- pure -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inn", "good"),
    [("7707083893", True), ("7707083894", False), ("500100732259", True), ("500100732258", False), ("1", False),
     ("٧٧٠٧٠٨٣٨٩٣", False), ("", False)],
)  # fmt: skip
def test_checksum_of_inn(inn, good):
    assert is_valid(inn) is good


def test_the_coming_birthday():
    today = date(2026, 11, 22)
    assert next_birthday(date(1990, 12, 2), today) == date(2026, 12, 2)
    assert next_birthday(date(1990, 11, 22), today) == today
    assert next_birthday(date(1990, 11, 21), today) == date(2027, 11, 21)
    assert next_birthday(date(2016, 2, 29), today) == date(2027, 3, 1)
