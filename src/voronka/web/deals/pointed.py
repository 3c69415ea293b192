"""Clients and files that values of fields point to, as one person may know them: each kind is read in one query for
all the values that are expected."""

from collections.abc import Iterable
from typing import Any

from voronka.clients.queries import HIDDEN_CLIENT, client_names
from voronka.deals.fields import FieldSpec, fits, is_empty
from voronka.kernel.actor import Actor
from voronka.kernel.models import Attachment


class Pointed:
    def __init__(self, by: Actor) -> None:
        self._by = by
        self._wanted: dict[str, set[int]] = {"client": set(), "file": set()}
        self._asked: set[int] = set()
        self._names: dict[int, str] = {}
        self._files: dict[int, Attachment] = {}

    def expect(self, pairs: Iterable[tuple[FieldSpec, Any]]) -> None:
        """What will be asked for."""
        for spec, value in pairs:
            if spec.type in self._wanted and not is_empty(value) and fits(spec, value):
                self._wanted[spec.type] |= set(value) if isinstance(value, list) else {value}

    def client(self, spec: FieldSpec, pk: int) -> str | None:
        """The name; None for one that the person does not see."""
        self.expect([(spec, pk)])
        if wanted := self._wanted["client"] - self._asked:
            self._names |= client_names(wanted, self._by.reach)
            self._asked |= wanted
        return self._names.get(pk)

    def files(self, spec: FieldSpec, ids: list[int]) -> list[Attachment]:
        """In the order they were put in."""
        self.expect([(spec, ids)])
        if wanted := self._wanted["file"] - self._files.keys():
            self._files |= Attachment.objects.in_bulk(wanted)
        return [self._files[pk] for pk in ids if pk in self._files]

    def text(self, spec: FieldSpec, value: Any) -> str:
        if spec.type == "client":
            return self.client(spec, value) or str(HIDDEN_CLIENT)
        return ", ".join(one.name for one in self.files(spec, value))
