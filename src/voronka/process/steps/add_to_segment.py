from typing import Literal

from django.utils.translation import gettext as _

from voronka.clients.segments import change_segments

from ..outline import Outline
from ..values import SEGMENT, SegmentRef
from ._base import BaseStep, Work


class AddToSegment(BaseStep):
    """Put the client into a segment."""

    do: Literal["add_to_segment"]
    segment: SegmentRef
    needs = "client"

    def run(self, work: Work) -> None:
        change_segments(work.of_client.pk, by=work.by, add=[str(self.segment)])

    def sentence(self, outline: Outline) -> str:
        return _("the client joins the segment {segment}").format(segment=outline.quoted(SEGMENT, self.segment))
