from typing import Literal

from django.utils.translation import gettext as _

from voronka.clients.actions import add_note as add_client_note
from voronka.deals.actions import add_note

from ..outline import Outline
from ..values import Text
from . import _facts
from ._base import BaseStep, Work


class AddNote(BaseStep):
    """Write a note into the deal; `on: client`: onto the client's card."""

    do: Literal["add_note"]
    text: Text
    on: Literal["deal", "client"] = "deal"
    needs = "client"

    def run(self, work: Work) -> None:
        text = self.text.fill(_facts.of(work, self.text))
        if work.deal and self.on == "deal":
            add_note(work.deal.pk, by=work.by, text=text)
        else:
            add_client_note(work.of_client.pk, by=work.by, text=text)

    def sentence(self, outline: Outline) -> str:
        return _("a note is written: «{text}»").format(text=self.text)
