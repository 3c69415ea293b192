"""How inquiries of guests look on the wire, per source, and what else knocks at the door."""

from datetime import timedelta
from random import Random

from voronka.intake.models import Entry, Source
from voronka.kernel import clock

from ..living.deliveries import Door
from ..living.names import Client
from . import words
from .company import Sources

OCCASIONS = ("День рождения", "Компания друзей", "Семья с детьми", "Корпоратив", "Свидание")
BUDGETS = ("до 12000", "15000", "20000", "до 15 000 ₽", "18000")


class Inquiries:
    def __init__(self, door: Door, sources: Sources, rng: Random) -> None:
        self.door, self.sources, self.rng = door, sources, rng
        self._number = 0

    def send(self, client: Client, *, wish: str, source: Source | None = None) -> Entry | None:
        """One inquiry through one of the doors; now and then it comes twice."""
        self._number += 1
        sources = self.sources
        source = (
            source
            or self.rng.choices(
                [sources.site, sources.quiz, sources.form, sources.aggregator], weights=[40, 28, 18, 14]
            )[0]
        )
        twice = self._number % 19 == 7
        post = {
            sources.site.pk: self._tilda,
            sources.quiz.pk: self._quiz,
            sources.form.pk: self._form,
            sources.aggregator.pk: self._aggregator,
        }[source.pk]
        entry = post(client, wish, self._number)
        if twice:
            with clock.freeze(clock.now() + timedelta(seconds=2)):
                post(client, wish, self._number)
        return entry

    def noise(self) -> None:
        """A robot, a wrong number or somebody's test: accounted, no deal."""
        self._number += 1
        kind, number = self.rng.random(), f"{self._number}"
        if kind < 0.6:
            robot = {
                "name": "Seo Master",
                "phone": "+79000099999",
                "website": "https://spam.example",
                "comment": "Топ-3",
            }
            self.door.post_form(self.sources.form, robot | {"submission_id": number}, address="198.51.100.7")
        elif kind < 0.85:
            self.door.post_form(
                self.sources.site,
                {"Name": "тест", "Phone": "123", "tranid": f"9:{number}", "formname": "Подобрать квест"},
                address="198.51.100.8",
            )
        else:
            self.door.post_form(self.sources.site, {"test": "test"}, address="198.51.100.9")

    def renamed_phone(self, client: Client) -> None:
        """The form was changed: the phone comes under a name nobody mapped."""
        self._number += 1
        fields = {
            "Имя": client.name,
            "Телефон_2": client.spelled,
            "Игроков": str(self.rng.randint(3, 9)),
            "Бюджет": "до 15 000 ₽",
            "utm_source": "yandex",
            "utm_campaign": "poisk-brand",
            "tranid": f"7701:{self._number}",
            "formid": "form754184595",
            "formname": "Подобрать квест",
        }
        self.door.post_form(self.sources.site, fields, address=client.address, page="https://chas-iks.example/podbor")

    def _marks(self) -> dict[str, str]:
        campaigns, weights = zip(*words.CAMPAIGNS, strict=True)
        return dict(self.rng.choices(campaigns, weights)[0])

    def _tilda(self, client: Client, wish: str, number: int) -> Entry | None:
        rng, marks = self.rng, self._marks()
        fields = {"Name": client.name, "Phone": client.spelled, "Игроков": str(rng.randint(3, 10))}
        if rng.random() < 0.4:
            fields["Email"] = client.email
        if rng.random() < 0.5:
            fields["Бюджет"] = rng.choice(BUDGETS)
        if wish:
            fields["Комментарий"] = wish
        cookie = "|||".join(f"{key}={value}" for key, value in marks.items())
        fields |= {
            "tranid": f"7701:{number}",
            "formid": "form754184595",
            "formname": rng.choice(("Подобрать квест", "Обратный звонок", "День рождения")),
            "COOKIES": f"_ym_uid=16990{number:09d}; TILDAUTM={cookie}",
        }
        return self.door.post_form(
            self.sources.site, fields, address=client.address, page="https://chas-iks.example/podbor"
        )

    def _quiz(self, client: Client, wish: str, number: int) -> Entry | None:
        rng, marks = self.rng, self._marks()
        return self.door.post_json(
            self.sources.quiz,
            {
                "contacts": {"name": client.name, "phone": client.spelled},
                "quiz": {"id": "64f0c0ffee00000000000001", "name": "Подобрать квест за минуту"},
                "answers": [
                    {"q": "Сколько вас будет?", "a": str(rng.randint(3, 12))},
                    {"q": "Какой повод?", "a": rng.choice(OCCASIONS)},
                    {"q": "Что любите?", "a": rng.sample(("Детектив", "Страшное", "Приключение", "Фантастика"), 2)},
                    {"q": "Что важно знать?", "a": wish or "Ничего особенного"},
                ],
                "created": f"2026-05-05T10:20:30.{number:06d}Z",
                "extra": {
                    "href": "https://zagadka.example/quiz",
                    "referrer": "https://ya.ru/",
                    "utm": {key.removeprefix("utm_"): value for key, value in marks.items()},
                    "cookies": {"_ym_uid": f"16990{number:09d}", "roistat_visit": str(100000 + number)},
                },
            },
            address=client.address,
        )

    def _form(self, client: Client, wish: str, number: int) -> Entry | None:
        fields = {
            "name": client.name,
            "phone": client.spelled,
            "comment": wish,
            "players": str(self.rng.randint(3, 9)),
            "page": "https://tayny-khod.example/",
            "submission_id": f"tk-{number}",
            "website": "",
            **self._marks(),
        }
        return self.door.post_form(self.sources.form, fields, address=client.address)

    def _aggregator(self, client: Client, wish: str, number: int) -> Entry | None:
        rng = self.rng
        fields = {
            "name": client.name,
            "phone": client.phone,
            "text": wish,
            "people": rng.randint(3, 8),
            "brand": rng.choice(("Час Икс", "Загадка", "Тайный ход")),
            "submission_id": f"mk-{number}",
        }
        return self.door.post_json(self.sources.aggregator, fields, address="192.0.2.44")
