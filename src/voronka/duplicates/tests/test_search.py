"""The search over a base: who is merged, who is asked about, and everything as it was."""

from decimal import Decimal

import pytest

from voronka.clients.actions import add_address, add_requisites, change_company, register_client
from voronka.clients.models import Company, Contact, Matching, Merge, Scan, Suspicion
from voronka.deals.actions import create_deal
from voronka.deals.models import Deal, Funnel, Stage
from voronka.duplicates import searching
from voronka.duplicates.actions import begin_search, set_automatic, undo_search
from voronka.kernel import actor
from voronka.kernel.errors import Refusal

pytestmark = pytest.mark.django_db
BY = actor.system("test")
GIVEN = ("Анна", "Пётр", "Мария", "Олег", "Дарья", "Кирилл", "Юлия", "Глеб", "Вера", "Роман")
SURNAMES = ("Котов", "Левченко", "Громов", "Тихонов", "Пак", "Мороз", "Дёмин", "Ан", "Чернов", "Орлов")


@pytest.fixture
def base(db):
    """A hundred strangers, and among them one who came twice with one wish, relatives, and a firm entered twice."""
    funnel = Funnel.objects.create(key="first", title="Первые продажи")
    Stage.objects.create(funnel=funnel, key="new", title="Новые", meaning="unsorted", position=0)
    for number in range(100):
        name = f"{GIVEN[number % 10]} {SURNAMES[number // 10]}"
        one = register_client(by=BY, name=name, identities=[("phone", f"+7900{number:07}")])
        if number < 50:
            amount = Decimal(10_000 + 500 * (number % 9))
            create_deal(by=BY, funnel=funnel, company=one.company, title=f"Игра {number % 20}", amount=amount)
    phone = ("phone", "+79214471833")
    first = register_client(by=BY, name="Ирина Соколова", identities=[phone])
    again = register_client(by=BY, name="Соколова Ира 8 921 447-18-33", identities=[("email", "ira@mail.ru")])
    for person in (first, again):
        create_deal(
            by=BY, funnel=funnel, company=person.company, contact=person, title="Квест на день рождения",
            amount=Decimal(18500),
        )  # fmt: skip
    husband = register_client(by=BY, name="Андрей Соколов", identities=[phone])
    for person in (first, husband):
        add_address(person.company_id, by=BY, text="ул. Малышева, 84, кв. 51")
    firms = [
        register_client(by=BY, name="Отдел", kind="legal", company_name=name) for name in ("ООО «Ромашка»", "Ромашка")
    ]
    for one in firms:
        add_requisites(one.company_id, by=BY, values={"name": "ООО «Ромашка»", "inn": "7707083893"})
    return first, again, husband, [one.company_id for one in firms]


def search(*, whole: bool = True) -> Scan:
    scan = begin_search(by=BY, whole=whole)
    with pytest.raises(Refusal):
        begin_search(by=BY, whole=whole)
    searching.run(scan.pk)
    scan.refresh_from_db()
    assert (scan.state, scan.why) == ("done", "")
    return scan


def pairs(kind: str, state: str = "waits") -> set[tuple[int, int]]:
    return set(Suspicion.objects.filter(kind=kind, state=state).values_list("left", "right"))


def test_unless_told_so_it_only_asks(base):
    first, again, husband, firms = base
    scan = search()
    assert (scan.found, Merge.objects.count()) == (0, 0)
    assert pairs("person") == {(first.pk, again.pk)}, "a husband with one phone is not his wife"
    assert pairs("firm") == {tuple(firms)}
    assert pairs("family") == {(first.company_id, husband.company_id)}
    asked = Suspicion.objects.get(kind="person")
    assert asked.odds > 6 and {"given", "phone"} <= {key for key, _level, _weight in asked.reasons}


def test_what_is_sure_is_merged_and_all_of_it_is_taken_back_in_one_act(base):
    first, again, _husband, _firms = base
    before = [sorted(model.objects.values_list("pk", "name")) for model in (Company, Contact)]
    deals = sorted(Deal.objects.values_list("pk", "company_id", "contact_id"))
    set_automatic("measured", by=BY)
    scan = search()
    assert Contact.objects.get(pk=first.pk).identities.count() == 2 and not Contact.objects.filter(pk=again.pk).exists()
    assert Company.objects.filter(kind="legal").count() == 1
    assert Deal.objects.count() == 51, "and the need of who came twice is one"
    assert pairs("person", "one") == {(first.pk, again.pk)} and pairs("person") == set()
    undo_search(scan.pk, by=BY)
    searching.undo(scan.pk)
    assert [sorted(model.objects.values_list("pk", "name")) for model in (Company, Contact)] == before
    assert sorted(Deal.objects.values_list("pk", "company_id", "contact_id")) == deals
    assert Scan.objects.get().state == "undone"
    again_scan = search()
    assert again_scan.found == 0, "what people have parted is merged by people only"
    assert pairs("person") == {(first.pk, again.pk)}


def test_those_who_are_two_are_never_asked_about_again(base):
    first, again, _husband, _firms = base
    set_automatic("strict", by=BY)
    Matching.objects.filter(pk=1).update(automatic="off")
    search()
    Suspicion.objects.filter(kind="person").update(state="different")
    Matching.objects.filter(pk=1).update(automatic="measured")
    search()
    assert Contact.objects.filter(pk__in=[first.pk, again.pk]).count() == 2
    assert pairs("person") == set()


def test_a_search_for_what_is_new_looks_at_nothing_else(base):
    _first, _again, _husband, firms = base
    search()
    Suspicion.objects.all().delete()
    change_company(firms[1], by=BY, values={"comment": "звонили"})
    scan = search(whole=False)
    assert scan.since and pairs("firm") == {tuple(firms)} and pairs("person") == set()
    double = register_client(by=BY, name="Ирина Соколова", identities=[("phone", "+79214471833")])
    search(whole=False)
    assert {double.pk} <= {pk for pair in pairs("person") for pk in pair}
