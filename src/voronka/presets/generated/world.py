"""What the rows point to: people, stages, programmes, sources; and the tables the rows go into."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from voronka.catalogue.models import Product
from voronka.clients.models import Address, Company, Contact, Identity, Note, Requisites
from voronka.deals.models import Deal, Funnel, Line, LossReason, Passage
from voronka.intake.models import Source
from voronka.kernel.models import Event
from voronka.process import document
from voronka.staff.models import Location, Person
from voronka.tasks.models import Task, TaskKind

from ..catalogue import text as process_text
from ..quests.words import LOSS
from .copying import Moments, Table
from .names import Names

PRESET = "quests"


@dataclass(frozen=True)
class Hand:
    """Who acts: a person, the seat, the name as JSON."""

    id: int
    seat: int
    name: str


@dataclass(frozen=True)
class Step:
    """A stage of a funnel; `told` is its title as JSON."""

    id: int
    key: str
    told: str
    meaning: str


@dataclass(frozen=True)
class Way:
    """A funnel: where deals wait, where they are worked on, how they end. `reasons` are (id, key, title as JSON)."""

    id: int
    queue: Step | None
    steps: tuple[Step, ...]
    won: Step
    lost: Step
    reasons: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class Programme:
    key: str
    title: str
    price: int
    location: int
    brand: int


def quoted(text: str) -> str:
    """A text as JSON inside a line of COPY."""
    return json.dumps(text, ensure_ascii=False).replace("\\", "\\\\")


@dataclass
class World:
    """Read once from the base in which the company has been founded."""

    rng: Random
    names: Names
    moments: Moments
    end: int
    managers: list[Hand] = field(default_factory=list)
    administrators: dict[int, Hand] = field(default_factory=dict)
    ways: dict[str, Way] = field(default_factory=dict)
    programmes: list[Programme] = field(default_factory=list)
    #: (id, title, channel, brand)
    sources: list[tuple[int, str, str, int | None]] = field(default_factory=list)
    brands: list[int] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)
    #: (id, name as JSON, name, price)
    goods: list[tuple[int, str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for person in Person.objects.select_related("role").prefetch_related("locations").order_by("id"):
            hand = Hand(person.pk, person.seat_id, quoted(person.name))
            if person.role.key == "manager":
                self.managers.append(hand)
            for location in person.locations.all():
                self.administrators[location.pk] = hand
        self.ways = {funnel.key: _way(funnel) for funnel in Funnel.objects.prefetch_related("stages", "loss_reasons")}
        places = {location.key: location for location in Location.objects.all()}
        self.brands = sorted({place.brand_id for place in places.values()})
        for one in document.trusted(process_text(PRESET)).company.programmes:
            place = places[one.location]
            self.programmes.append(Programme(one.key, one.title, int(one.price), place.pk, place.brand_id))
        self.sources = list(Source.objects.order_by("id").values_list("id", "title", "channel", "brand_id"))
        self.kinds = dict(TaskKind.objects.values_list("key", "id"))
        upsell = Product.objects.filter(is_upsell=True).order_by("id")
        self.goods = [(one.pk, quoted(one.name), one.name, int(one.price)) for one in upsell]
        self._make_tables()

    def _make_tables(self) -> None:
        self.companies = Table(Company, "id audience home kind name created_at last_interaction_at")
        self.contacts = Table(Contact, "id company_id name birthday is_child created_at")
        self.identities = Table(Identity, "id contact_id kind value raw")
        self.addresses = Table(Address, "id company_id text")
        self.requisites = Table(Requisites, "id company_id name inn")
        self.notes = Table(Note, "id company_id deal_id author_id text created_at")
        self.deals = Table(
            Deal,
            "id audience funnel_id stage_id title company_id contact_id amount responsible_id seat_id watchers "
            "brand_id location_id source_id channel utm first_touch last_touch fields is_repeat is_unread created_at "
            "stage_entered_at taken_at answer_due_at closed_at loss_reason_id next_step_at version",
        )
        self.passages = Table(Passage, "id deal_id stage_id entered_at left_at")
        self.lines = Table(Line, "id deal_id product_id name quantity price added_by_id added_at")
        self.tasks = Table(
            Task,
            "id audience kind_id title deal_id company_id responsible_id due_at created_at created_by_id rule done_at "
            "done_by_id result cancelled",
        )
        self.events = Table(
            Event,
            "id at kind by_kind person_id why deal_id company_id task_id funnel_id stage_id data audience",
        )
        self.events.last_id = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0

    @property
    def tables(self) -> list[Table]:
        return [
            self.companies, self.contacts, self.identities, self.addresses, self.requisites, self.notes, self.deals,
            self.passages, self.lines, self.tasks, self.events,
        ]  # fmt: skip


def _way(funnel: Funnel) -> Way:
    steps = [Step(one.pk, one.key, quoted(one.title), one.meaning) for one in funnel.stages.all() if one.is_active]
    by_meaning = {step.meaning: step for step in steps}
    return Way(
        id=funnel.pk,
        queue=by_meaning.get("unsorted"),
        steps=tuple(step for step in steps if step.meaning == "open"),
        won=by_meaning["won"],
        lost=by_meaning["lost"],
        reasons=tuple(_reasons(funnel.loss_reasons.all())),
    )


def _reasons(rows: Iterable[LossReason]) -> Iterable[tuple[int, str, str]]:
    """Each as often as it is given in life."""
    weight = dict(LOSS)
    for row in rows:
        yield from [(row.pk, row.key, quoted(row.title))] * weight.get(row.key, 5)
