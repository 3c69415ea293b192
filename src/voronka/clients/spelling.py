"""What somebody meant who mistyped: words of names that are nearly the one typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from difflib import SequenceMatcher

from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import F, Value

from .models import Word

#: Share of common trigrams that makes a candidate, and share of letters in order that takes a typo for the word.
CANDIDATE = 0.38
LIKENESS = 0.75
CANDIDATES, MEANT = 40, 4
_THRESHOLD = "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)"
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
        cursor.execute(_THRESHOLD, [str(CANDIDATE)])
        yield


def meant(text: str) -> list[list[str]]:
    """For each word typed the words of names it may stand for, the likest first; nothing when one is like none.
    Within `searching`."""
    found = [_like(word) for word in text.replace("ё", "е").split()]
    return found if all(found) else []


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
