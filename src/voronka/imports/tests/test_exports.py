"""Full exports of other systems, file after file, join by the numbers those systems know their rows by."""

import pytest

from voronka.clients.models import Company, Contact
from voronka.deals.models import Deal
from voronka.imports.targets import targets

from .base import brought_in, looked_at, states, taken_back, xlsx

pytestmark = pytest.mark.django_db

AMO_PEOPLE = (
    ("ID", "Тип", "Наименование", "Компания", "Дата создания", "Создатель", "Теги", "Ответственный", "Должность",
     "Рабочий телефон", "Мобильный телефон", "Рабочий email", "Адрес", "Примечание 1", "Размер обуви"),
    (7, "company", "ООО «Вектор»", "", "03.08.2024 10:00:00", "Олег", "опт", "Дмитрий Лосев", "", "8 812 440-10-10", "",
     "office@vector.example", "Невский, 1", "", ""),
    (9, "contact", "Вика Ло", "ООО «Вектор»", "03.08.2024 10:05:00", "Олег", "", "Дмитрий Лосев", "Завхоз", "",
     "8 921 447-18-33", "", "", "звонить после 12", "38"),
)  # fmt: skip
AMO_DEALS = (
    ("ID", "Название сделки", "Компания", "Основной контакт", "Компания контакта", "Ответственный",
     "Статус (этап) сделки", "Воронка", "Бюджет", "Дата создания", "Дата закрытия", "Теги сделки", "Мобильный телефон",
     "Ближайшая задача", "utm_source"),
    (101, "День рождения", "ООО «Вектор»", "Вика Ло", "ООО «Вектор»", "Дмитрий Лосев", "Успешно реализовано", "Главная",
     96000, "05.08.2024 12:00:00", "07.08.2024 18:00:00", "опт", "'+79214471833", "", "yandex"),
    (102, "Корпоратив", "ООО «Вектор»", "Вика Ло", "", "Дмитрий Лосев", "Закрыто и не реализовано", "Главная", 5000,
     "05.09.2024 12:00:00", "07.09.2024 18:00:00", "", "'+79214471833", "", ""),
    (103, "Ещё один", "", "Глеб", "", "Кто-то", "Думает", "Главная", 0, "05.10.2024 12:00:00", "не закрыта", "", "", "", ""),
)  # fmt: skip


def test_exports_of_amocrm_join_each_other_and_come_again_as_updates(office):
    person = office.cast.director
    people = brought_in(person, xlsx(*AMO_PEOPLE), "amocrm_export_contacts.xlsx")
    assert people.form["export"] == "amoCRM: контакты и компании" and people.settings["system"] == "amocrm"
    assert states(people) == {2: "made", 3: "joined"}
    vika = Contact.objects.get(name="Вика Ло")
    assert vika.company.name == "ООО «Вектор»" and vika.company.kind == "legal"
    deals = brought_in(person, xlsx(*AMO_DEALS), "amocrm_export_leads.xlsx")
    assert states(deals) == {2: "updated", 3: "updated", 4: "made"}
    won, lost, other = Deal.objects.order_by("amount").select_related("stage", "responsible").reverse()
    assert (won.title, won.stage.meaning, won.contact, won.responsible) == (
        "День рождения", "won", vika, office.cast.colleague,
    )  # fmt: skip
    assert won.closed_at.isoformat() == "2024-08-07T15:00:00+00:00"
    assert lost.stage.meaning == "lost" and other.closed_at is None and other.company.name == "Глеб"
    later = list(AMO_DEALS)
    later[3] = (*later[3][:8], 7000, *later[3][9:])
    again = brought_in(person, xlsx(*later), "amocrm_export_leads.xlsx")
    other.refresh_from_db()
    assert other.amount == 7000 and Deal.objects.count() == 3 and Company.objects.count() == 2
    taken_back(person, again)
    other.refresh_from_db()
    assert other.amount == 0, "what an export has changed goes back, too"


@pytest.mark.parametrize(
    ("heads", "system", "expected"),
    [
        (
            ("ID", "Название", "Стадия сделки", "Сумма", "Валюта", "Компания", "Контакт", "Ответственный", "Воронка"),
            "bitrix24",
            ["deal.external", "deal.title", "deal.stage", "deal.amount", "", "company.name", "contact.name",
             "deal.responsible", "deal.funnel"],
        ),
        (
            ("ID", "Имя", "Фамилия", "Отчество", "Рабочий телефон", "Частный e-mail", "Компания", "Должность"),
            "bitrix24",
            ["contact.external", "contact.given", "contact.surname", "contact.patronymic", "contact.phone",
             "contact.email", "company.name", "contact.position"],
        ),
        (
            ("ID обращения", "Клиент", "Телефон", "Канал", "Менеджер", "Статус", "Теги", "Сумма"),
            "umnico",
            ["deal.external", "contact.name", "contact.phone", "note", "deal.responsible", "deal.stage", "deal.tags",
             "deal.amount"],
        ),
    ],
)  # fmt: skip
def test_exports_are_known_by_their_headings(office, heads, system, expected):
    one = looked_at(office.cast.director, xlsx(heads, ["1"] * len(heads)), "export.xlsx")
    assert (one.settings["system"], one.mapping) == (system, expected)
    assert set(filter(None, expected)) <= set(targets(None))
