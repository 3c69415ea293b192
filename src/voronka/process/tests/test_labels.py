"""Every key and choice of triggers and steps has its name in words: forms and differences are made of them."""

from typing import Literal, get_args, get_origin

import pytest

from voronka.process.labels import CHOICES, LABELS
from voronka.process.steps import STEPS
from voronka.process.triggers import TRIGGERS


@pytest.mark.parametrize("part", [*TRIGGERS, *STEPS], ids=lambda part: part.__name__)
def test_a_kind_of_rule_is_named(part):
    for name, info in part.model_fields.items():
        key = info.alias or name
        assert key in LABELS or f"{part.__name__}.{key}" in LABELS, key
        for one in _literals(info.annotation):
            assert f"{key}={one}" in CHOICES or one in CHOICES, f"{key}={one}"


def _literals(annotation) -> list[str]:
    if get_origin(annotation) is Literal:
        return [str(one) for one in get_args(annotation)]
    return [one for part in get_args(annotation) for one in _literals(part)]
