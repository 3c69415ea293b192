"""Tilda's webhook: forms by `tranid`, carts by order number in three shapes, before and after payment.

Tilda wants 200 within five seconds, else it tries twice more a minute apart; a check posts `test=test`.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from ..bodies import as_text
from ..collector import Collector, cart_line, money
from ..delivery import Delivery
from ..inquiry import CartLine, Inquiry
from .port import NotAnInquiry, Receipt, Reply, body_in_window, digest

_SERVICE = {"tranid", "formid", "cookies", "payment", "test"}
_LINE = re.compile(
    r"^(?P<name>.+?)\s+[xх×]\s*(?P<count>\d+(?:[.,]\d+)?)\s*(?:=\s*(?P<amount>[\d\s.,]+).*)?$", re.DOTALL
)
RETRY_SECONDS = 300
LONGEST_NUMBER = 100


class TildaProfile:
    key = "tilda"
    title = "Tilda"
    addressed = True

    def delivery_key(self, delivery: Delivery) -> str | None:
        values = _by_lower_name(delivery)
        payment = _payment(values)
        if order := _number(payment.get("orderid")):
            return f"order:{order}:paid" if _is_paid(payment) else f"order:{order}"
        if tranid := _number(values.get("tranid")):
            return f"tran:{tranid}"
        return None if _is_check(values) else body_in_window(delivery, seconds=RETRY_SECONDS)

    def refusal(self, delivery: Delivery, mapping: Mapping[str, str]) -> dict[str, str]:
        return {}

    def pairs(self, delivery: Delivery) -> list[tuple[str, str]]:
        return delivery.decoded.pairs()

    def parse(self, delivery: Delivery, mapping: Mapping[str, str]) -> Inquiry:
        values = _by_lower_name(delivery)
        if _is_check(values):
            raise NotAnInquiry(_("connection check"))
        collector = Collector(mapping)
        form = as_text(values.get("formname"))
        for name, value in delivery.decoded.values.items():
            if name.lower() not in _SERVICE and name.lower() != "formname":
                collector.take(name, as_text(value))
        collector.give("form", form)
        payment = _payment(values)
        collector.extra |= _cart(payment)
        inquiry = collector.inquiry(
            cookies=as_text(values.get("cookies")), http_referer=delivery.headers.get("referer", "")
        )
        if inquiry.amount is None:
            inquiry.amount = money(payment.get("amount")) or money(payment.get("subtotal"))
        return inquiry

    def answer(self, delivery: Delivery, receipt: Receipt) -> Reply:
        return Reply()


def _by_lower_name(delivery: Delivery) -> dict[str, Any]:
    return {name.lower(): value for name, value in delivery.decoded.values.items()}


def _is_check(values: Mapping[str, Any]) -> bool:
    return set(values) == {"test"} and values["test"] == "test"


def _number(value: Any) -> str:
    """A number of an order or a request, of whatever length it comes."""
    text = as_text(value).strip()
    return text if len(text) <= LONGEST_NUMBER else digest(text)


def _payment(values: Mapping[str, Any]) -> dict[str, Any]:
    """The cart: a nested object, JSON text in a field, or bracket keys, which the body decoder has nested."""
    payment = values.get("payment")
    if isinstance(payment, str):
        try:
            payment = json.loads(payment)
        except (ValueError, RecursionError):
            return {}
    return {str(key).lower(): value for key, value in payment.items()} if isinstance(payment, dict) else {}


def _is_paid(payment: Mapping[str, Any]) -> bool:
    return as_text(payment.get("systranid")).strip() not in ("", "0")


def _cart(payment: Mapping[str, Any]) -> dict[str, Any]:
    if not payment:
        return {}
    products = payment.get("products")
    if isinstance(products, str):
        try:
            products = json.loads(products)
        except (ValueError, RecursionError):
            products = [part for part in products.split(";") if part.strip()]
    if isinstance(products, dict):
        products = list(products.values()) if "name" not in products else [products]
    return {
        "lines": [_line(product) for product in products[:200]] if isinstance(products, list) else [],
        "order": _number(payment.get("orderid")),
        "paid": _is_paid(payment),
        "payment_system": as_text(payment.get("sys"))[:50],
    }


def _line(product: Any) -> CartLine:
    if isinstance(product, dict):
        known = {str(key).lower(): value for key, value in product.items()}
        return cart_line(
            as_text(known.get("name")) or "?",
            count=known.get("quantity", 1),
            price=known.get("price"),
            amount=known.get("amount"),
        )
    text = as_text(product)[:500]
    if found := _LINE.match(text):
        return cart_line(found["name"], count=found["count"], amount=found["amount"])
    return cart_line(text)
