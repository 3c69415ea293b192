"""A funnel of one preset in the process of another."""

import pytest

from voronka.presets import catalogue
from voronka.process import document
from voronka.process.borrowing import Loan, loan
from voronka.process.editing import Editor
from voronka.process.schema import Process


def lend(key: str, source: str, into: str, **own) -> Loan:
    return loan(key, source=document.load(catalogue.text(source)), into=document.load(catalogue.text(into)), **own)


def taken(key: str, source: str, into: str, **own) -> Process:
    """The process `into` with the funnel in it, checked."""
    editor = Editor(catalogue.text(into))
    lend(key, source, into, **own).write(editor)
    return document.load(editor.text())


def test_a_funnel_comes_with_its_rules_and_all_they_name():
    lent = taken("partners", "quests", "empty")
    assert [funnel.key for funnel in lent.funnels] == ["sales", "partners"]
    rules = {rule.key: rule for rule in lent.rules}
    assert {"offer", "service-closed"} <= set(rules)
    assert [str(ref) for ref in rules["service-closed"].when.stages] == ["partners/done", "partners/refused"]


def test_fields_templates_segments_and_calendars_are_brought_along():
    lent = taken("round", "water", "metal")
    assert {"call_on", "bottles", "empties"} & {field.key for field in lent.fields.deal} == {"call_on", "bottles"}
    assert "desk" in {calendar.key for calendar in lent.calendars}
    assert "round-later" in {rule.key for rule in lent.rules}
    assert "round-order" not in {rule.key for rule in lent.rules}  # it leads to a funnel that metal doesn't have
    assert "round-call" in {script.key for script in lent.scripts}
    assert lend("round", "water", "metal").left


def test_keys_of_rules_step_aside():
    keys = [rule.key for rule in taken("leads", "fitness", "water").rules]
    assert len(keys) == len(set(keys)) and "lead-taken" in keys


def test_what_means_different_things_is_told_and_ours_may_stand():
    clashes = lend("orders", "production", "metal").clashes
    assert "field:product" in {clash.key for clash in clashes}
    assert all("product" in clash.text for clash in clashes if clash.key == "field:product")
    assert lend("orders", "production", "metal", own={clash.key for clash in clashes}).clashes == []


@pytest.mark.parametrize(("source", "into"), [("fitness", "production"), ("production", "fitness")])
def test_a_funnel_whose_key_is_taken_gets_another_with_all_that_names_it(source, into):
    clashes = {clash.key for clash in lend("leads", source, into).clashes}
    lent = taken("leads", source, into, own=clashes)
    assert "leads-2" in {funnel.key for funnel in lent.funnels}
    theirs = [rule for rule in document.load(catalogue.text(source)).rules if "leads/" in str(rule.when)]
    ours = [rule for rule in lent.rules if "leads-2/" in str(rule)]
    assert 0 < len(ours) <= len(theirs)
    assert not any("leads/" in str(rule) for rule in ours)
