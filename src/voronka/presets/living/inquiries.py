"""How inquiries look on the wire, per kind of source, and what else knocks at the door."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random

from voronka.intake.actions import register_source
from voronka.intake.models import Entry, Source
from voronka.kernel import actor, clock
from voronka.staff.models import Brand

from .deliveries import Door
from .names import Client
from .script import Script, Sender


class Inquiries:
    """The sources of a script, registered, and what comes through them."""

    def __init__(self, door: Door, script: Script, rng: Random) -> None:
        self.door, self.script, self.rng = door, script, rng
        self.open = open_sources(script)
        self._number = 0

    def send(self, client: Client, *, wish: str) -> Entry | None:
        """One inquiry through one of the doors; now and then it comes twice."""
        self._number += 1
        weights = [sender.weight for sender, _source in self.open]
        sender, source = self.rng.choices(self.open, weights)[0]
        post = {"tilda": self._tilda, "marquiz": self._quiz, "form": self._form, "json": self._json}[sender.profile]
        entry = post(sender, source, client, wish)
        if self._number % 19 == 7:
            with clock.freeze(clock.now() + timedelta(seconds=2)):
                post(sender, source, client, wish)
        return entry

    def noise(self) -> None:
        """A robot, a wrong number or somebody's test: accounted, no deal."""
        self._number += 1
        kind, number = self.rng.random(), str(self._number)
        if kind < 0.45:
            robot = {"name": "Seo Master", "phone": "+79000099999", "website": "https://spam.example"}
            self.door.post_form(
                self._of("form"), robot | {"comment": "Топ-3", "submission_id": number}, address="198.51.100.7"
            )
        elif kind < 0.8:
            wrong = {"Name": "тест", "Phone": "123", "tranid": f"9:{number}", "formname": "Заявка"}
            self.door.post_form(self._of("tilda"), wrong, address="198.51.100.8")
        else:
            self.door.post_form(self._of("tilda"), {"test": "test"}, address="198.51.100.9")

    def renamed_phone(self, client: Client) -> None:
        """The form was changed: the phone comes under a name nobody mapped."""
        self._number += 1
        sender = next(sender for sender, _source in self.open if sender.profile == "tilda")
        fields = {
            "Имя": client.name,
            "Телефон_2": client.spelled,
            "utm_source": "yandex",
            "utm_campaign": "poisk-brand",
            "tranid": f"7701:{self._number}",
            "formid": "form754184595",
            "formname": sender.forms[0],
            **sender.fields(self.rng),
        }
        self.door.post_form(self._of("tilda"), fields, address=client.address, page=sender.page)

    def _of(self, profile: str) -> Source:
        return next(source for sender, source in self.open if sender.profile == profile)

    def _marks(self) -> dict[str, str]:
        campaigns, weights = zip(*self.script.words.CAMPAIGNS, strict=True)
        return dict(self.rng.choices(campaigns, weights)[0])

    def _tilda(self, sender: Sender, source: Source, client: Client, wish: str) -> Entry | None:
        number, cookie = self._number, "|||".join(f"{key}={value}" for key, value in self._marks().items())
        fields = {"Name": client.name, "Phone": client.spelled, **sender.fields(self.rng)}
        if self.rng.random() < 0.6:
            fields["Email"] = client.email
        if wish:
            fields["Комментарий"] = wish
        fields |= {
            "tranid": f"7701:{number}",
            "formid": "form754184595",
            "formname": self.rng.choice(sender.forms),
            "COOKIES": f"_ym_uid=16990{number:09d}; TILDAUTM={cookie}",
        }
        return self.door.post_form(source, fields, address=client.address, page=sender.page)

    def _quiz(self, sender: Sender, source: Source, client: Client, wish: str) -> Entry | None:
        number = self._number
        answers = {**sender.fields(self.rng), "Что важно знать?": wish or "Ничего особенного"}
        body = {
            "contacts": {"name": client.name, "phone": client.spelled, "email": client.email},
            "quiz": {"id": "64f0c0ffee00000000000001", "name": sender.forms[0]},
            "answers": [{"q": question, "a": answer} for question, answer in answers.items()],
            "created": f"2026-05-05T10:20:30.{number:06d}Z",
            "extra": {
                "href": sender.page,
                "referrer": "https://ya.ru/",
                "utm": {key.removeprefix("utm_"): value for key, value in self._marks().items()},
                "cookies": {"_ym_uid": f"16990{number:09d}", "roistat_visit": str(100000 + number)},
            },
        }
        return self.door.post_json(source, body, address=client.address)

    def _form(self, sender: Sender, source: Source, client: Client, wish: str) -> Entry | None:
        fields = {
            "name": client.name,
            "phone": client.spelled,
            "email": client.email,
            "comment": wish,
            "page": sender.page,
            "submission_id": f"f-{self._number}",
            "website": "",
            **sender.fields(self.rng),
            **self._marks(),
        }
        return self.door.post_form(source, fields, address=client.address)

    def _json(self, sender: Sender, source: Source, client: Client, wish: str) -> Entry | None:
        fields: Mapping[str, str] = {
            "name": client.name,
            "phone": client.phone,
            "text": wish,
            "submission_id": f"j-{self._number}",
            **sender.fields(self.rng),
        }
        return self.door.post_json(source, fields, address="192.0.2.44")


def open_sources(script: Script) -> list[tuple[Sender, Source]]:
    """Register the sources that a script's inquiries come through."""
    brands = {brand.key: brand for brand in Brand.objects.all()}
    return [(sender, _source(sender, brands)) for sender in script.senders]


def _source(sender: Sender, brands: Mapping[str, Brand]) -> Source:
    return register_source(
        by=actor.system("demo"),
        title=sender.title,
        profile=sender.profile,
        channel=sender.channel,
        brand=brands.get(sender.brand),
        origins=["/".join(sender.page.split("/")[:3])] if sender.profile == "tilda" else [],
        mapping=dict(sender.mapping),
    )
