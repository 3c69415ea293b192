"""A funnel of one preset in the process of another."""

import pytest

from voronka.presets import catalogue
from voronka.process import document
from voronka.process.borrowing import Clash, borrow_funnel


@pytest.fixture(scope="module")
def preset():
    return lambda key: document.load(catalogue.text(key))


def test_a_funnel_comes_with_its_rules_and_all_they_name(preset):
    lent = borrow_funnel("partners", source=preset("quests"), into=preset("empty"))
    assert [funnel.key for funnel in lent.funnels] == ["sales", "partners"]
    rules = {rule.key: rule for rule in lent.rules}
    assert {"offer", "service-closed"} <= set(rules)
    assert [str(ref) for ref in rules["service-closed"].when.stages] == ["partners/done", "partners/refused"]
    assert document.load(document.write(lent)) == lent


def test_fields_templates_segments_and_calendars_are_brought_along(preset):
    lent = borrow_funnel("round", source=preset("water"), into=preset("metal"))
    assert {"call_on", "bottles", "empties"} & {field.key for field in lent.fields.deal} == {"call_on", "bottles"}
    assert "desk" in {calendar.key for calendar in lent.calendars}
    assert "round-later" in {rule.key for rule in lent.rules}
    assert "round-order" not in {rule.key for rule in lent.rules}  # it leads to a funnel that metal doesn't have
    assert "round-call" in {script.key for script in lent.scripts}


def test_keys_of_rules_step_aside(preset):
    lent = borrow_funnel("leads", source=preset("fitness"), into=preset("water"))
    keys = [rule.key for rule in lent.rules]
    assert len(keys) == len(set(keys)) and "lead-taken" in keys


def test_what_means_different_things_is_refused_with_a_sentence(preset):
    with pytest.raises(Clash) as clash:
        borrow_funnel("orders", source=preset("production"), into=preset("metal"))
    assert any("product" in sentence for sentence in clash.value.sentences)
    with pytest.raises(Clash) as clash:
        borrow_funnel("sales", source=preset("empty"), into=preset("empty"))
    assert "sales" in str(clash.value)
