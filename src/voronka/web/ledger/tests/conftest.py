from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from voronka.deals.models import Funnel
from voronka.intake.actions import register_source, settle
from voronka.intake.models import Entry, Source
from voronka.kernel import actor, clock
from voronka.presets import catalogue
from voronka.process.actions import activate
from voronka.testing.office import Office


@pytest.fixture
def desk(cast) -> Office:
    """The cast working by the quests preset."""
    activate(catalogue.text("quests"), by=actor.system("test"))
    return Office(cast=cast, funnel=Funnel.objects.get(key="first"))


@pytest.fixture
def source(desk: Office) -> Source:
    """A form on the site, of the cast's brand."""
    made = register_source(
        by=actor.system("test"), title="Форма «Подобрать квест»", profile="tilda", brand=desk.cast.brand
    )
    made.mapping = {}
    return made


@pytest.fixture
def arrive(source: Source) -> Callable[..., Entry]:
    """A delivery that came and was settled: `arrive({"Name": …}, source=…, hours_ago=0)`."""

    def come(fields: dict[str, str], *, to: Source | None = None, days_ago: float = 0, settled: bool = True) -> Entry:
        entry = Entry.objects.create(
            source=to or source,
            received_at=clock.now() - timedelta(days=days_ago),
            headers={"user-agent": "Tilda", "cookie": "…"},
            content_type="application/x-www-form-urlencoded; charset=utf-8",
            body=urlencode(fields).encode(),
            remote_address="203.0.113.5",
        )
        return settle(entry.pk) if settled else entry

    return come
