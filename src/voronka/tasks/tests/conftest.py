import pytest

from voronka.deals.models import Funnel
from voronka.kernel import actor
from voronka.presets import catalogue
from voronka.process.actions import activate
from voronka.testing.office import Office


@pytest.fixture
def desk(cast) -> Office:
    """The cast working by the quests preset."""
    activate(catalogue.text("quests"), by=actor.system("test"))
    return Office(cast=cast, funnel=Funnel.objects.get(key="first"))
