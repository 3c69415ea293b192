"""Where a deal of the file goes: the file's words for funnel, stage, person and reason as rows of ours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from voronka.clients.matching.people import names_fit
from voronka.clients.normal.names import read as read_name
from voronka.deals import kept
from voronka.deals.models import Funnel, LossReason, Stage
from voronka.staff.models import Person
from voronka.staff.queries import everybody

from .draft import DealDraft
from .settings import Settings

#: What other systems call the ends of every funnel.
_ENDS: Mapping[str, frozenset[str]] = {
    "won": frozenset({"успешно реализовано", "сделка успешна", "успех", "won", "выиграна", "closed - won", "142"}),
    "lost": frozenset(
        {"закрыто и не реализовано", "сделка провалена", "отказ", "lost", "проиграна", "некачественный лид", "143"}
    ),
}


@dataclass(frozen=True)
class Place:
    funnel: Funnel
    stage: Stage
    responsible: Person | None
    reason: LossReason | None


class Places:
    """Read once for an import."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._stages: dict[tuple[str, str, bool], Stage] = {}
        self._people: dict[str, Person | None] = {}

    @cached_property
    def funnels(self) -> list[Funnel]:
        return sorted((one for one in kept.funnels().values() if one.is_active), key=lambda one: (one.position, one.pk))

    def place(self, deal: DealDraft) -> Place:
        responsible = self.person(deal.responsible)
        asked = (deal.funnel, deal.stage, responsible is not None)
        if asked not in self._stages:
            self._stages[asked] = self._stage(*asked)
        stage = self._stages[asked]
        return Place(kept.funnels()[stage.funnel_id], stage, responsible, self._reason(stage, deal.reason))

    def person(self, text: str) -> Person | None:
        """By what was chosen for these words, else by the name."""
        if text not in self._people:
            chosen = self.settings.people.get(text)
            self._people[text] = everybody().get(chosen) if chosen else self.guessed_person(text)
        return self._people[text]

    def guessed_person(self, text: str) -> Person | None:
        if not text:
            return None
        meant = read_name(text)
        active = [one for one in everybody().values() if one.is_active]
        if same := [one for one in active if text.casefold() in (one.name.casefold(), one.email.casefold())]:
            return same[0]
        named = [(one, read_name(one.name)) for one in active]
        fitting = [
            one
            for one, name in named
            if names_fit(meant, name) == 2 and (not meant.surname or meant.surname == name.surname)
        ]
        return fitting[0] if len(fitting) == 1 else None

    def guessed_stage(self, funnel: Funnel, text: str) -> Stage | None:
        plain = text.casefold()
        for stage in self._of(funnel):
            if plain in (stage.title.casefold(), stage.key):
                return stage
        meaning = next((meaning for meaning, words in _ENDS.items() if plain in words), "")
        return next((stage for stage in self._of(funnel) if stage.meaning == meaning), None)

    def funnel(self, text: str) -> Funnel:
        plain = text.casefold()
        named = [one for one in self.funnels if plain in (one.title.casefold(), one.key)]
        chosen = [one for one in self.funnels if one.pk == self.settings.funnel]
        return (named or chosen or self.funnels)[0]

    def _stage(self, funnel_text: str, text: str, taken: bool) -> Stage:
        funnel = self.funnel(funnel_text)
        chosen = kept.stages().get(self.settings.stages.get(text) or 0) or self.guessed_stage(funnel, text)
        return chosen or self._first(funnel, taken=taken)

    def _first(self, funnel: Funnel, *, taken: bool) -> Stage:
        stages = self._of(funnel)
        chosen = next((stage for stage in stages if stage.pk == self.settings.stage), None)
        return chosen or next(stage for stage in stages if not taken or stage.meaning == Stage.Meaning.OPEN)

    def _of(self, funnel: Funnel) -> list[Stage]:
        return [one for one in kept.stages().values() if one.funnel_id == funnel.pk and one.is_active]

    @staticmethod
    def _reason(stage: Stage, text: str) -> LossReason | None:
        if stage.meaning != Stage.Meaning.LOST:
            return None
        reasons: Iterable[LossReason] = kept.loss_reasons().values()
        return next(
            (one for one in reasons if one.funnel_id == stage.funnel_id and one.title.casefold() == text.casefold()),
            None,
        )
