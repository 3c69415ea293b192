from typing import Literal

from django.utils.translation import gettext as _

from ..outline import Outline
from ..values import SEGMENT, SegmentRef
from ._base import BaseStep


class AddToSegment(BaseStep):
    """Put the client into a segment."""

    do: Literal["add_to_segment"]
    segment: SegmentRef
    needs = "client"

    def sentence(self, outline: Outline) -> str:
        return _("the client joins the segment {segment}").format(segment=outline.quoted(SEGMENT, self.segment))
