"""The console's own catalogue: complete, and with the same places to fill in."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from voronka import cli
from voronka.cli.words import RUSSIAN


def said() -> Iterator[str]:
    yield from (about for _module, about in cli.COMMANDS.values())
    for file in Path(cli.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
            if call and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value


def test_every_sentence_is_in_russian_and_none_is_left_over() -> None:
    assert set(said()) == set(RUSSIAN)


def test_the_places_to_fill_in_are_the_same() -> None:
    places = re.compile(r"\{(\w+)\}")
    wrong = [text for text, russian in RUSSIAN.items() if set(places.findall(text)) != set(places.findall(russian))]
    assert wrong == []
