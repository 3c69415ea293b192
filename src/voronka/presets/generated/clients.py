"""Clients as rows: families with children, firms with an INN; some come back, some only stand in the book."""

from dataclasses import dataclass, field

from .copying import NULL
from .world import World

#: So many clients may still come back; the others' rows are written and forgotten.
REMEMBERED = 40_000
_YEAR = 365 * 86_400
FIRMS, SECOND_PARENT, CHILD = 0.1, 0.22, 0.36


@dataclass
class Client:
    """Somebody who asks; `tokens` gather who sees any of the deals."""

    id: int
    kind: str
    name: str
    contact: int
    person: str
    since: int
    last: int
    tokens: set[str] = field(default_factory=set)


class Clients:
    """Everybody who has asked so far."""

    def __init__(self, world: World, contacts: int) -> None:
        self.world, self.wanted = world, contacts
        self.remembered: list[Client] = []

    def come(self, at: int) -> Client:
        """A new client; when the memory is full somebody is forgotten."""
        client = self._register(at)
        if len(self.remembered) < REMEMBERED:
            self.remembered.append(client)
        else:
            place = int(self.world.rng.random() * REMEMBERED)
            self._write(self.remembered[place])
            self.remembered[place] = client
        return client

    def come_back(self) -> Client | None:
        return self.world.names.pick(self.remembered) if self.remembered else None

    def close(self, at: int) -> None:
        """Write the rest; those who are wanted still stand in the managers' books without a deal."""
        for client in self.remembered:
            self._write(client)
        self.remembered = []
        while self.world.contacts.last_id < self.wanted:
            client = self._register(at - int(self.world.rng.random() * _YEAR))
            client.tokens = {f"s:{self.world.names.pick(self.world.managers).seat}"}
            self._write(client, home=True)

    def _register(self, at: int) -> Client:
        world, names = self.world, self.world.names
        company, chance = world.companies.next_id(), world.rng.random()
        woman, surname = world.rng.random() < 0.6, names.surname()
        person = names.adult(surname, woman=woman)
        kind = "legal" if chance < FIRMS else "family"
        name = names.firm() if kind == "legal" else person
        client = Client(company, kind, name, self._adult(company, person, at), person, at, at)
        if kind == "legal":
            world.requisites.add(f"{world.requisites.next_id()}\t{company}\t{name}\t{names.inn()}")
        if kind == "legal" or chance > 0.75:
            world.addresses.add(f"{world.addresses.next_id()}\t{company}\t{names.address()}")
        if world.contacts.last_id < self.wanted and world.rng.random() < SECOND_PARENT:
            self._adult(company, names.adult(surname, woman=not woman), at)
        if world.contacts.last_id < self.wanted and kind == "family" and world.rng.random() < CHILD:
            self._child(company, names.child(surname), at)
        return client

    def _adult(self, company: int, name: str, at: int) -> int:
        world, chance = self.world, self.world.rng.random()
        contact, ids = world.contacts.next_id(), world.identities
        world.contacts.add(f"{contact}\t{company}\t{name}\t{NULL}\tf\t{world.moments(at)}")
        phone = world.names.phone()
        ids.add(f"{ids.next_id()}\t{contact}\tphone\t{phone}\t{phone}")
        if chance < 0.5:
            email = world.names.email(name, contact)
            ids.add(f"{ids.next_id()}\t{contact}\temail\t{email}\t{email}")
        if chance > 0.88:
            handle = world.names.email(name, contact).partition("@")[0].replace(".", "_")
            ids.add(f"{ids.next_id()}\t{contact}\ttelegram\t{handle}\t@{handle}")
        return contact

    def _child(self, company: int, name: str, at: int) -> None:
        world = self.world
        born = world.moments.day(world.end - int((5 + 9 * world.rng.random()) * _YEAR))
        world.contacts.add(f"{world.contacts.next_id()}\t{company}\t{name}\t{born}\tt\t{world.moments(at)}")

    def _write(self, client: Client, *, home: bool = False) -> None:
        audience = f"{{{','.join(sorted(client.tokens))}}}"
        moments = self.world.moments
        self.world.companies.add(
            f"{client.id}\t{audience}\t{audience if home else '{}'}\t{client.kind}\t{client.name}"
            f"\t{moments(client.since)}\t{moments(client.last)}"
        )
