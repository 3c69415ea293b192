"""What people read: articles of the knowledge base and scripts of talks, as far as their role may; found by words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from voronka.clients.layout import other_layout
from voronka.staff.models import Person

from .queries import in_force

ARTICLE, SCRIPT = "article", "script"
#: So much of a page is shown around what was found, and so much of it stands before.
AROUND, BEFORE = 160, 50
#: A title says more than a word somewhere in the text.
TITLE_WEIGHS = 20


@dataclass(frozen=True, kw_only=True)
class Page:
    """`section`: the shelf of an article, «» for scripts."""

    kind: str
    key: str
    title: str
    section: str
    text: str
    stages: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A page that was found. `excerpt`: its text around the first of the `words`, which stand in it so."""

    page: Page
    excerpt: str
    words: Sequence[str]


def pages(person: Person) -> list[Page]:
    """Everything this person may read, in document order; whoever manages the process reads all."""
    process, all_of_it = in_force().process, person.may("manage_process")
    articles = [
        Page(kind=ARTICLE, key=one.key, title=one.title, section=one.section, text=one.text, stages=one.stages)
        for one in process.articles
        if all_of_it or not one.roles or person.role.key in one.roles
    ]
    return articles + [
        Page(kind=SCRIPT, key=one.key, title=one.title, section="", text=one.text, stages=one.stages)
        for one in process.scripts
    ]


def page(person: Person, kind: str, key: str) -> Page | None:
    return next((one for one in pages(person) if (one.kind, one.key) == (kind, key)), None)


def of_stage(person: Person, stage_id: int) -> list[Page]:
    """Articles that the card points to while a deal is there."""
    ref = in_force().places.stages.get(stage_id, "")
    return [one for one in pages(person) if one.kind == ARTICLE and ref in one.stages]


def find(person: Person, typed: str) -> list[Hit]:
    """Pages with all the words, whatever their endings; what was typed in the other keyboard layout is read so."""
    readable = pages(person)
    return _found(readable, typed) or _found(readable, other_layout(typed))


def _found(readable: Sequence[Page], typed: str) -> list[Hit]:
    stems = [_stem(word) for word in re.findall(r"\w+", _plain(typed))]
    scored = [(score, page) for page in readable if (score := _score(page, stems))]
    scored.sort(key=lambda one: -one[0])
    return [_hit(page, stems) for _score, page in scored]


def _hit(page: Page, stems: Sequence[str]) -> Hit:
    whole = _plain(f"{page.title}\n{page.text}")
    words = {match[0] for stem in stems for match in re.finditer(rf"\b{re.escape(stem)}\w*", whole)}
    return Hit(page=page, excerpt=_excerpt(page.text, stems), words=sorted(words, key=len, reverse=True))


def _score(page: Page, stems: Sequence[str]) -> int:
    """Nothing unless every word is there."""
    title, text = _plain(page.title), _plain(f"{page.section}\n{page.text}")
    counts = [TITLE_WEIGHS * len(_places(title, stem)) + len(_places(text, stem)) for stem in stems]
    return sum(counts) if all(counts) else 0


def _excerpt(text: str, stems: Sequence[str]) -> str:
    plain = _plain(text)
    first = min((places[0] for stem in stems if (places := _places(plain, stem))), default=0)
    start = max(0, first - BEFORE)
    start = text.find(" ", start) + 1 if start else 0
    piece = " ".join(text[start : start + AROUND].split())
    return ("…" if start else "") + piece + ("…" if start + AROUND < len(text) else "")


def _places(text: str, stem: str) -> list[int]:
    return [match.start() for match in re.finditer(rf"\b{re.escape(stem)}", text)]


def _plain(text: str) -> str:
    """Letter by letter as long as the text itself."""
    return text.lower().replace("ё", "е")


def _stem(word: str) -> str:
    """Without the ending that Russian changes: «доставки» finds «доставка», «доставить»."""
    return word[: max(4, len(word) - 2)] if len(word) > 4 else word
