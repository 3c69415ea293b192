"""The form of the columns: what each becomes, how sure the guess is, what the words of the file mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from voronka.deals.models import Funnel, Stage
from voronka.imports.models import Import
from voronka.imports.places import Places
from voronka.imports.settings import KNOWN, Settings
from voronka.imports.targets import targets
from voronka.staff.models import Person
from voronka.staff.queries import everybody

#: Words of one column that are asked about.
ASKED = 30
_STAGES, _PEOPLE = "deal.stage", "deal.responsible"


@dataclass(frozen=True, kw_only=True)
class Column:
    head: str
    value: str
    target: str
    sure: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word of the file and what it is taken for; `name` of its field in the form."""

    name: str
    text: str
    chosen: int | None


def columns_of(one: Import) -> list[Column]:
    """In the order of the file; a choice that is not the guess has no reason but itself."""
    found = []
    for place, (head, target) in enumerate(zip(one.heads, one.mapping, strict=True)):
        guessed, sure, why = one.guesses[place]
        value = next((row[place] for row in one.samples if place < len(row) and row[place]), "")
        if target != guessed:
            sure, why = 3, _("chosen by hand")
        found.append(Column(head=head, value=value, target=target, sure=sure, why=why))
    return found


def choices(one: Import) -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups of what a column may become."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for key, target in targets(one.by).items():
        groups.setdefault(str(target.group), []).append((key, target.full_title))
    return list(groups.items())


def words_of(one: Import) -> dict[str, Any]:
    """Stages and people that the file names otherwise than we do, and where deals go."""
    if not any(target.startswith("deal.") for target in one.mapping):
        return {"funnels": [], "stages": [], "people": []}
    places = Places(Settings.of(one.settings))
    funnel = places.funnel("")
    return {
        "funnels": [(row.pk, row.title) for row in places.funnels],
        "funnel": funnel.pk,
        "stages": _stage_words(one, places, funnel),
        "stage_options": _stage_options(funnel),
        "people": _people_words(one, places),
        "people_options": [(row.pk, row.name) for row in everybody().values() if row.is_active],
    }


def typed(form: QueryDict, one: Import) -> tuple[list[str], dict[str, Any]]:
    """(what the columns become, settings) as the form says."""
    settings: dict[str, Any] = {"known": form.get("known") if form.get("known") in KNOWN else KNOWN[0]}
    if (funnel := form.get("funnel", "")).isdecimal():
        settings["funnel"] = int(funnel)
    for kind in ("stages", "people"):
        chosen = {key.removeprefix(f"{kind}:"): form.get(key, "") for key in form if key.startswith(f"{kind}:")}
        settings[kind] = {text: int(value) for text, value in chosen.items() if value.isdecimal()}
    return form.getlist("target"), settings


def _stage_words(one: Import, places: Places, funnel: Funnel) -> list[Word]:
    chosen = places.settings.stages
    return [
        Word(name=f"stages:{text}", text=text, chosen=chosen.get(text) or _id(places.guessed_stage(funnel, text)))
        for text in _texts(one, _STAGES)
    ]


def _people_words(one: Import, places: Places) -> list[Word]:
    return [Word(name=f"people:{text}", text=text, chosen=_id(places.person(text))) for text in _texts(one, _PEOPLE)]


def _stage_options(funnel: Funnel) -> Sequence[tuple[int, str]]:
    return list(Stage.objects.filter(funnel=funnel, is_active=True).order_by("position").values_list("pk", "title"))


def _texts(one: Import, target: str) -> list[str]:
    words: Mapping[str, list[str]] = one.words
    places = [place for place, key in enumerate(one.mapping) if key == target]
    return [text for place in places for text in words.get(str(place), ())][:ASKED]


def _id(row: Stage | Person | None) -> int | None:
    return row.pk if row else None
