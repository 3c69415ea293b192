"""Stand-ins of those who send: they post what the real ones post, and insist on what the real ones insist on."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx

#: Tilda waits this long for an answer, and tries twice more after this pause.
DEADLINE_SECONDS, PAUSE_SECONDS, TRIES = 5.0, 60.0, 3

PRODUCTS = [
    {"name": "Квест «Шахта»", "quantity": "2", "amount": "9000", "price": "4500", "sku": "SH-1"},
    {"name": "Торт", "quantity": 1, "amount": 1500, "price": "1500", "options": [{"option": "Вес", "variant": "2 кг"}]},
]


class RefusedToSave(Exception):
    """Tilda does not keep a webhook that failed its check."""


@dataclass
class Tilda:
    """Posts forms and carts. `send(body, content_type)` is the wire; `scale` shrinks the pauses between tries."""

    send: Callable[[str, str], httpx.Response]
    scale: float = 0.0
    tries: list[int] = field(default_factory=list)

    def save_webhook(self) -> None:
        if self.send("test=test", _FORM).status_code != 200:
            raise RefusedToSave

    def submit(self, fields: dict[str, Any]) -> bool:
        """Whether any try was answered with 200 in time."""
        for attempt in range(TRIES):
            if attempt:
                time.sleep(PAUSE_SECONDS * self.scale)
            began = time.monotonic()
            status = self.send(urlencode(fields), _FORM).status_code
            self.tries.append(status)
            if status == 200 and time.monotonic() - began <= DEADLINE_SECONDS:
                return True
        return False


_FORM = "application/x-www-form-urlencoded; charset=utf-8"


def payment(order: str, *, paid: bool, products: list[Any] | None = None) -> dict[str, Any]:
    return {
        "sys": "tinkoff",
        "systranid": "3344556677" if paid else "0",
        "orderid": order,
        "products": PRODUCTS if products is None else products,
        "promocode": "OSEN",
        "subtotal": "10500",
        "amount": "10500",
        "delivery_fio": "Иван Петров",
    }


def cart(shape: str, order: str, *, paid: bool = False, phone: str = "+7 (921) 338-40-17", **given: Any):
    """(body, content type) of an order in one of Tilda's shapes: nested, text or brackets."""
    fields = {
        "Name": "Иван Петров",
        "Phone": phone,
        "tranid": f"9:{order}{paid}",
        "formid": "form1",
        "formname": "Cart",
    }
    cart = payment(order, paid=paid, **given)
    if shape == "nested":
        return json.dumps({**fields, "payment": cart}, ensure_ascii=False), "application/json"
    if shape == "text":
        return urlencode({**fields, "payment": json.dumps(cart)}), _FORM
    return urlencode({**fields, **dict(bracketed("payment", cart))}), _FORM


def bracketed(path: str, node: Any) -> list[tuple[str, str]]:
    """`payment[products][0][name]` and its like."""
    if isinstance(node, dict):
        return [pair for key, child in node.items() for pair in bracketed(f"{path}[{key}]", child)]
    if isinstance(node, list):
        return [pair for number, child in enumerate(node) for pair in bracketed(f"{path}[{number}]", child)]
    return [(path, str(node))]


def quiz(**given: Any) -> dict[str, Any]:
    """Marquiz's documented body."""
    return {
        "contacts": {"name": "Анна", "phone": "+7 900 123-45-67", "email": "a@example.ru", "telegram": "@anna"},
        "quiz": {"id": "64f0c0ffee00000000000001", "name": "Подбор квеста"},
        "answers": [{"q": "Какой жанр?", "a": "Хоррор"}, {"q": "Что важно?", "a": ["Цена", "Срок"], "t": "checkbox"}],
        "result": {"title": "Набор А"},
        "created": "2026-05-05T10:20:30.000Z",
        "extra": {
            "href": "https://site.example/?utm_source=yandex&utm_term=kvest",
            "referrer": "https://ya.example/",
            "ip": "203.0.113.5",
            "lang": "ru",
            "timezone": 3,
            "discount": 10,
            "discountType": "percent",
            "utm": {"source": "yandex", "medium": "cpc", "name": "camp1", "content": "", "term": ""},
            "cookies": {"_ym_uid": "1699000000000000001", "_ga": "GA1.2.1.2", "roistat_visit": "123456"},
        },
        **given,
    }


def quiz_as_form(body: dict[str, Any]) -> str:
    return urlencode([pair for key, node in body.items() for pair in bracketed(key, node)])
