"""Mistakes planted in a sound document: each is found on its line, with its level and a remedy."""

import pytest
from django.utils import translation

from voronka.process import checks, document

SOUND = """\
roles:
  - {key: manager, title: Менеджер, may: [take_deals, manage_people]}
  - {key: head, title: РОП}
task_kinds:
  - {key: call, title: Позвонить}
  - {key: check, title: Проверить}
fields:
  deal:
    - {key: budget, title: Бюджет, type: number}
    - {key: volume, title: Объём, type: number}
intake: {new: sales}
funnels:
  - key: sales
    title: Продажи
    stages:
      - {key: new, title: Новая, meaning: unsorted, limit: 5 minutes}
      - {key: work, title: В работе, limit: 1 day}
      - {key: offer, title: Предложение, limit: 2 days}
      - {key: won, title: Продано, meaning: won}
      - {key: lost, title: Отказ, meaning: lost}
    loss_reasons: [{key: price, title: Дорого}]
rules:
  - key: contact
    title: Связаться
    when: {event: deal_entered_stage, stages: [sales/work]}
    then:
      - {do: create_task, kind: call, title: Связаться, due: 3 hours, for: responsible}
  - key: slow
    title: Висит
    when: {event: stage_time, stages: [sales/work], after: 2 days}
    then:
      - {do: create_task, kind: check, title: Проверить, due: 1 day, for: {role: head}}
"""

#: A rule put at the end: it begins on line 33.
RULE = """\
  - key: planted
    title: Новое
    when: {event: deal_entered_stage, stages: [sales/work]}
    then:
      - """


def planted(old: str, new: str) -> str:
    if old:
        assert old in SOUND
        return SOUND.replace(old, new)
    return SOUND + new


@pytest.mark.parametrize(
    ("old", "new", "line", "level", "says"),
    [
        ("", "", 0, "", ""),
        (", limit: 1 day", "", 17, "", ""),  # the timer «slow» watches it
        (", limit: 2 days", "", 18, "warning", "neither a limit nor a timer"),
        ("meaning: won", "limit: 1 day", 20, "", ""),
        ("title: Продано, meaning: won", "title: Продано", 19, "warning", "neither a limit"),
        ("meaning: lost", "meaning: open", 20, "mistake", "Nobody gets to «Отказ»"),
        ("title: Предложение, limit: 2 days", "title: Предложение, meaning: unsorted", 18, "mistake", "first stage"),
        (
            "    title: Продажи\n    stages:\n",
            "    title: Продажи\n    only_forward: true\n    stages:\n",
            0,
            "",
            "",
        ),
        (
            "after: 2 days}",
            "after: 2 days, until: taken}",
            30,
            "mistake",
            "can never fire: a deal on this stage is always taken",
        ),
        (
            "",
            "  - key: away\n    title: Уехало\n    when: {event: stage_time, stages: [sales/work], after: 1 day}\n"
            "    then: [{do: move, to: sales/offer}]\n",
            30,
            "mistake",
            "«Уехало» moves the deal away before",
        ),
        (
            "after: 2 days}\n",
            'after: 2 days}\n    if: [stage, "=", sales/offer]\n',
            31,
            "mistake",
            "names another stage than its trigger",
        ),
        (
            "after: 2 days}\n",
            'after: 2 days}\n    if: [all, [budget, ">", 5], [state, in, [won]]]\n',
            31,
            "mistake",
            "names another stage",
        ),
        (
            "",
            RULE + "{do: set_field, field: budget, value: '5'}\n"
            "  - key: other\n    title: Иначе\n    when: {event: deal_entered_stage, stages: [sales/work]}\n"
            "    then:\n      - {do: set_field, field: budget, value: '7'}\n",
            42,
            "mistake",
            "«Иначе» undoes what «Новое» has just done",
        ),
        ("", RULE + "{do: cancel_tasks, rules: [contact]}\n", 37, "mistake", "«Новое» undoes what «Связаться»"),
        ("", RULE + "{do: cancel_tasks, all: true}\n", 37, "mistake", "undoes"),
        (
            "",
            RULE + "{do: move, to: sales/offer}\n"
            "  - key: back\n    title: Обратно\n    when: {event: stage_time, stages: [sales/offer], after: 1 day}\n"
            "    then:\n      - {do: move, to: sales/work}\n",
            33,
            "mistake",
            "without end: «Новое» → «Обратно» → «Новое»",
        ),
        (
            "",
            "  - key: one\n    title: Раз\n    when: {event: field_changed, fields: [budget]}\n"
            "    then: [{do: set_field, field: volume, value: '1'}]\n"
            "  - key: two\n    title: Два\n    when: {event: field_changed, fields: [volume]}\n"
            "    then: [{do: set_field, field: budget, value: '1'}]\n",
            33,
            "mistake",
            "«Раз» → «Два» → «Раз»",
        ),
        (
            "",
            "  - key: one\n    title: Раз\n    loops: true\n    when: {event: field_changed, fields: [budget]}\n"
            "    then: [{do: set_field, field: budget, value: '1'}]\n",
            0,
            "",
            "",
        ),
        (
            "",
            RULE + "{do: create_task, kind: call, title: Позвонить, due: 1 day, for: responsible}\n",
            37,
            "warning",
            "A second task about one thing: «Связаться»",
        ),
        ("for: {role: head}", "for: {role: boss}", 32, "mistake", "There is no role «boss». Declare it"),
        ("kind: call, title: Связ", "kind: cal, title: Связ", 27, "mistake", "no kind of tasks «cal». Is it «call»?"),
        ("[sales/work], after", "[sales/works], after", 30, "mistake", "no stage «sales/works». Is it «sales/work»?"),
        ("due: 3 hours", "due: 1 day before game", 27, "mistake", "no deal field «game»"),
        ("title: Связаться, due", 'title: "{buget}", due', 27, "mistake", "{buget}. Is it «budget»?"),
        ("- {key: check,", "- {key: call,", 6, "mistake", "used twice. Give one of the two another key"),
        (", manage_people", "", 1, "mistake", "locked out"),
        ("intake: {new: sales}\n", "", 1, "mistake", "«intake» is missing"),
        (
            "    loss_reasons: [{key: price, title: Дорого}]\n",
            "",
            13,
            "mistake",
            "can be lost but has no reasons",
        ),
        ("", RULE + "{do: move, to: sales/lost, reason: dear}\n", 37, "mistake", "reason of loss that the funnel has"),
        ("", RULE + "{do: cancel_tasks, rules: [planted]}\n", 37, "mistake", "makes no tasks"),
    ],
)
def test_a_planted_mistake_is_found_on_its_line(old, new, line, level, says):
    with translation.override("en"):
        found = document.review(planted(old, new))
    if not line or not says:
        assert not found
        return
    told = [(one.line, one.level, str(one)) for one in found]
    assert any((at, how) == (line, level) and says in text for at, how, text in told), told
    assert all(one.remedy for one in found)


def test_a_warning_keeps_nobody_from_using_the_document_and_has_a_cure():
    text = planted(", limit: 2 days", "")
    assert document.load(text)
    (warning,) = document.review(text)
    assert warning.cure.value == "3 days"
    assert warning.cure.path == ("funnels", 0, "stages", 2, "limit")


def test_the_company_tells_whether_anybody_gets_the_task():
    manned = checks.Company(manned=frozenset({"manager", "head"}), channels=frozenset())
    empty = checks.Company(manned=frozenset({"manager"}), channels=frozenset())
    assert not document.review(SOUND, manned)
    with translation.override("en"):
        (warning,) = document.review(SOUND, empty)
    assert (warning.line, warning.level) == (32, "warning")
    assert "Nobody has the role «РОП»" in warning.text


def test_the_company_tells_whether_a_named_webhook_is_there():
    text = SOUND.replace("    then:\n", "    then:\n      - {do: webhook, name: order, hook: 1С}\n", 1)
    roles = {"manned": frozenset({"manager", "head"}), "channels": frozenset()}
    assert not document.review(text, checks.Company(**roles, hooks=frozenset({"1С"})))
    (warning,) = document.review(text, checks.Company(**roles, hooks=frozenset({"Склад"})))
    assert (warning.level, warning.path.rpartition(".")[2]) == ("warning", "hook")
