from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from ..outline import Outline
from ..values import STAGE, FieldRef, StageRef, Text
from ._base import BaseStep


class OpenDeal(BaseStep):
    """A new deal of the same client at a stage, of any funnel.

    `copy`: fields that go along; `amount` and `goods` with them; `responsible`: who leads it: the same, nobody yet, or
    whoever led the client's deals last. `link`: the word that joins both deals. `unless_open`: not while the client has
    an open deal in that funnel.
    """

    do: Literal["open_deal"]
    at: StageRef
    title: Text | None = None
    copy_: Annotated[list[FieldRef], Field(alias="copy")] = []
    goods: bool = False
    responsible: Literal["same", "nobody", "client_manager"] = "same"
    link: str = ""
    unless_open: bool = True
    needs = "client"

    def sentence(self, outline: Outline) -> str:
        return _("a deal is opened at {stage}").format(stage=outline.quoted(STAGE, self.at))
