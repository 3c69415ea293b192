"""Which deals were chosen on a list or a board: those ticked, or everything under its filter."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from voronka.bulk.actions import MOST
from voronka.deals.models import Deal
from voronka.web.board.state import BoardState
from voronka.web.list.state import ListState
from voronka.web.requests import PersonRequest


@dataclass(frozen=True, kw_only=True)
class Selection:
    """As the form carries it: `ids` ticked, or `everything` that `query` of that `place` («list», «board») shows."""

    ids: str = ""
    everything: str = ""
    place: str = "list"
    query: str = ""

    @classmethod
    def read(cls, form: QueryDict) -> "Selection":
        return cls(**{name: form.get(name, "") for name in ("ids", "everything", "place", "query")})

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Hidden fields that carry it on."""
        return list(vars(self).items())

    def deals(self, request: PersonRequest) -> QuerySet[Deal]:
        """Through the gate of whoever asks, whatever the form says. Raises FilterError for a damaged filter."""
        seen = Deal.objects.visible_to(request.user)
        if not self.everything:
            ids = [int(text) for text in self.ids.split(",") if text.isdecimal() and len(text) < 19][:MOST]
            return seen.filter(pk__in=ids)
        asked = QueryDict(self.query)
        if self.place == "board":
            board = BoardState.read(request, asked)
            return seen.filter(board.condition(board.tree), funnel=board.funnel, closed_at=None)
        state = ListState.read(request, asked)
        return state.seen.filter(state.condition(state.tree))
