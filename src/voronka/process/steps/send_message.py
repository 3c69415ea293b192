from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from voronka.messages.actions import Whom, write

from ..outline import Outline
from ..values import TEMPLATE, TemplateRef, Text
from . import _facts
from ._base import BaseStep, Work


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

    def run(self, work: Work) -> None:
        subject, text = self._said(work)
        whom = Whom(
            company=work.of_client,
            contact=work.contact or (work.deal.contact if work.deal else None),
            deal_id=work.deal.pk if work.deal else None,
            audience=work.audience,
        )
        late = _("Its moment was {moment:%d.%m %H:%M}, and it was caught up only now.").format(moment=work.due_at)
        write(
            whom,
            by=work.by,
            text=text.fill(_facts.of(work, text)),
            subject=subject.fill(_facts.of(work, subject)) if subject else "",
            channels=self.channels,
            due_at=work.due_at,
            hold=late if work.is_stale else "",
        )

    def _said(self, work: Work) -> tuple[Text | None, Text]:
        if self.text is not None:
            return self.subject, self.text
        template = next(one for one in work.process.templates if one.key == self.template)
        return self.subject or template.subject, template.text

    @model_validator(mode="after")
    def says_something(self) -> "SendMessage":
        if (self.template is None) == (self.text is None):
            raise ValueError(_("Say what to write: either «template» or «text»."))
        return self

    def sentence(self, outline: Outline) -> str:
        what = outline.quoted(TEMPLATE, self.template) if self.template else _("«{title}»").format(title=self.text)
        return _("the client gets the message {what}").format(what=what)
