from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from ..outline import Outline
from ..values import TEMPLATE, TemplateRef, Text
from ._base import BaseStep


class SendMessage(BaseStep):
    """Write to the client: by `template`, or `text` with a `subject`.

    `channels` in order of preference; `last` is the one the client wrote in last. The first one that is set up here and
    reaches the client is taken.
    """

    do: Literal["send_message"]
    template: TemplateRef | None = None
    subject: Text | None = None
    text: Text | None = None
    channels: Annotated[list[str], Field(min_length=1)] = ["last", "email"]
    needs = "client"

    @model_validator(mode="after")
    def says_something(self) -> "SendMessage":
        if (self.template is None) == (self.text is None):
            raise ValueError(_("Say what to write: either «template» or «text»."))
        return self

    def sentence(self, outline: Outline) -> str:
        what = outline.quoted(TEMPLATE, self.template) if self.template else _("«{title}»").format(title=self.text)
        return _("the client gets the message {what}").format(what=what)
