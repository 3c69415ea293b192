import pytest

from voronka.clients.actions import register_client
from voronka.deals.actions import create_deal
from voronka.deals.models import Deal, Funnel
from voronka.kernel import actor
from voronka.presets import catalogue
from voronka.process.actions import activate

SITE = actor.client("Форма на сайте")


@pytest.fixture
def quests(cast):
    """The cast working by the quests preset."""
    activate(catalogue.text("quests"), by=actor.system("first run"))
    return cast


@pytest.fixture
def inquiry(quests):
    """`inquiry()`: an untaken deal of a new client in «Неразобранное» of the cast's brand."""

    def arrived(name: str = "Ирина Соколова", **given) -> Deal:
        contact = register_client(by=SITE, name=name)
        return create_deal(
            by=SITE,
            funnel=Funnel.objects.get(key="first"),
            company=contact.company,
            contact=contact,
            title="Квест на день рождения",
            brand=quests.brand,
            **given,
        )

    return arrived


@pytest.fixture
def process_of():
    """Switch on the quests process with other rules: `process_of(rules_yaml)`."""

    def switched_on(rules: str):
        text = catalogue.text("quests")
        return activate(text[: text.index("\nrules:")] + "\nrules:\n" + rules, by=actor.system("test"))

    return switched_on
