"""What somebody meant who mistyped: words of names that are nearly the one typed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import SequenceMatcher
from functools import reduce
from operator import or_

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import F, Q, Value

from .models import Word

#: Share of common trigrams that makes a candidate, and share of letters in order that takes a typo for the word.
CANDIDATE = 0.38
LIKENESS = 0.75
CANDIDATES, MEANT = 40, 4
#: For each word typed those of names.
Words = list[list[str]]
#: A part that stands in more words than these is looked for in the names themselves; so is a shorter one.
SPREAD, SHORTEST = 100, 3
#: Starting helpers takes the base longer than any of these reads.
_SETTINGS = """
    SELECT set_config('pg_trgm.word_similarity_threshold', %s, true),
        set_config('max_parallel_workers_per_gather', '0', true)
"""
_COLLECT = """
    INSERT INTO clients_word (text)
    SELECT DISTINCT word FROM (
        SELECT regexp_split_to_table(translate(lower(name), 'ё', 'е'), '[^[:alpha:]]+') AS word FROM clients_contact
        UNION ALL
        SELECT regexp_split_to_table(translate(lower(name), 'ё', 'е'), '[^[:alpha:]]+') FROM clients_company
    ) AS words
    WHERE length(word) > 2 AND NOT EXISTS (SELECT FROM clients_word AS known WHERE known.text = word)
"""


@contextmanager
def searching() -> Iterator[None]:
    """The base takes for candidates what is as like as CANDIDATE says."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SETTINGS, [str(CANDIDATE)])
        yield


def meant(text: str) -> Words:
    """For each word typed the words of names it may stand for, the likest first; nothing when one is like none.
    Within `searching`."""
    found = []
    for word in _folded(text):
        found.append(_like(word))
        if not found[-1]:
            return []
    return found


def containing(texts: Sequence[str]) -> list[Words | None]:
    """For each text: for each word of it the words of names that it is a part of, which may be none, so that nobody is
    called so. None for a text of which only the names themselves can tell. One query.
    """
    asked = {word for text in texts if _is_told(text) for word in _folded(text)}
    if not asked:
        return [None] * len(texts)
    parts = reduce(or_, (Q(text__contains=word) for word in asked))
    most = SPREAD * len(asked)
    known = list(dict.fromkeys(Word.objects.filter(parts).values_list("text", flat=True)[: most + 1]))
    if len(known) > most:
        return [None] * len(texts)
    return [
        [[word for word in known if part in word] for part in _folded(text)] if _is_told(text) else None
        for text in texts
    ]


def _folded(text: str) -> list[str]:
    return text.replace("ё", "е").split()


def _is_told(text: str) -> bool:
    return all(len(word) >= SHORTEST and word.isalpha() for word in text.split())


def nearness(typed: str, word: str) -> float:
    """Share of letters in order, of the word or of its beginning."""
    return SequenceMatcher(None, typed, word[: len(typed) + 1]).ratio()


def collect_words() -> None:
    """Read the words of all names anew, for rows that were written past the trigger."""
    with connection.cursor() as cursor:
        cursor.execute(_COLLECT)


def _like(typed: str) -> list[str]:
    alike = Word.objects.filter(TrigramWordSimilar(F("text"), Value(typed)))
    by_likeness = alike.annotate(likeness=TrigramWordSimilarity(typed, "text")).order_by("-likeness", "-pk")
    words = dict.fromkeys(by_likeness.values_list("text", flat=True)[:CANDIDATES])
    near = [word for word in words if nearness(typed, word) >= LIKENESS]
    return sorted(near, key=lambda word: -nearness(typed, word))[:MEANT]
