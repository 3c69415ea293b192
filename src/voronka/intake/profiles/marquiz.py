"""Marquiz: contacts, answers and marks of a quiz, as JSON or with bracket keys. It names no submission."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from voronka.kernel import phone

from ..bodies import as_text
from ..collector import Collector
from ..delivery import Delivery
from ..inquiry import Inquiry
from .port import Receipt, Reply, body_in_window, digest

WINDOW_SECONDS = 300


class MarquizProfile:
    key = "marquiz"
    title = "Marquiz"
    addressed = True

    def delivery_key(self, delivery: Delivery) -> str | None:
        values = delivery.decoded.values
        created = as_text(values.get("created")).strip()
        if not created:
            return body_in_window(delivery, seconds=WINDOW_SECONDS)
        contacts = _mapping(values.get("contacts"))
        number = as_text(contacts.get("phone"))
        who = phone.normalise(number) or number or as_text(contacts.get("email")).strip().lower()
        return f"quiz:{digest(as_text(_mapping(values.get('quiz')).get('id')), who or as_text(contacts), created)}"

    def refusal(self, delivery: Delivery, mapping: Mapping[str, str]) -> dict[str, str]:
        return {}

    def pairs(self, delivery: Delivery) -> list[tuple[str, str]]:
        values = delivery.decoded.values
        rest = {key: value for key, value in values.items() if key not in ("contacts", "answers")}
        named = [(name, as_text(value)) for name, value in _mapping(values.get("contacts")).items()]
        return named + list(_answers(values)) + type(delivery.decoded)(rest).pairs()

    def parse(self, delivery: Delivery, mapping: Mapping[str, str]) -> Inquiry:
        values = delivery.decoded.values
        collector = Collector(mapping)
        for name, value in _mapping(values.get("contacts")).items():
            collector.take(name, as_text(value))
        for question, answer in _answers(values):
            _take_answer(collector, question, answer)
        quiz, result = _mapping(values.get("quiz")), values.get("result")
        collector.give("form", as_text(quiz.get("name")))
        if chosen := as_text(result.get("title") if isinstance(result, dict) else result):
            collector.answer(_("Result"), chosen)
        extra = _mapping(values.get("extra"))
        if extra.get("discount"):
            unit = "%" if extra.get("discountType") == "percent" else ""
            collector.answer(_("Discount"), as_text(extra["discount"]) + unit)
        _take_marks(collector, extra)
        cookies = "; ".join(f"{key}={as_text(value)}" for key, value in _mapping(extra.get("cookies")).items())
        return collector.inquiry(cookies=cookies or as_text(extra.get("cookies")))

    def answer(self, delivery: Delivery, receipt: Receipt) -> Reply:
        return Reply(body='{"ok":true}', content_type="application/json")


def _mapping(node: Any) -> dict[str, Any]:
    return node if isinstance(node, dict) else {}


def _answers(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    answers = values.get("answers")
    if isinstance(answers, dict):
        answers = list(answers.values())
    for number, item in enumerate(answers if isinstance(answers, list) else (), start=1):
        if isinstance(item, dict):
            yield as_text(item.get("q")) or str(number), as_text(item.get("a"))
        else:
            yield str(number), as_text(item)


def _take_answer(collector: Collector, question: str, answer: str) -> None:
    """A question is the company's own words: only a mapping gives it a meaning, never our vocabulary."""
    if collector.is_mapped(question):
        collector.take(question, answer)
    elif answer.strip():
        collector.answer(question, answer)


def _take_marks(collector: Collector, extra: Mapping[str, Any]) -> None:
    for key, value in _mapping(extra.get("utm")).items():
        name = key.lower().removeprefix("utm_")
        collector.mark(f"utm_{'campaign' if name == 'name' else name}", as_text(value))
    collector.give("page", as_text(extra.get("href")))
    collector.give("referrer", as_text(extra.get("referrer")))
