"""Our own contract for sites: JSON or form-encoded, usual names in English and Russian, a clear answer.

Idempotency: header `Idempotency-Key`, field `submission_id`, else phone and text within two minutes.
"""

import json
from collections.abc import Mapping

from django.utils.translation import gettext as _

from ..bodies import as_text
from ..collector import Collector
from ..delivery import Delivery
from ..inquiry import Inquiry
from .port import Receipt, Reply, digest, in_window

WINDOW_SECONDS = 120
_SERVICE = {"submission_id", "idempotency_key", "cookies", "elapsed_ms"}


class GenericProfile:
    key = "json"
    title = "JSON"
    addressed = True

    def delivery_key(self, delivery: Delivery) -> str | None:
        values = delivery.decoded.values
        named = delivery.headers.get("idempotency-key", "") or as_text(
            values.get("submission_id") or values.get("idempotency_key")
        )
        if named.strip():
            return f"id:{digest(named.strip())}"
        said = self.parse(delivery, {})
        who = ",".join(value for _kind, value in said.identities)
        rest = "" if said.phones else json.dumps(said.answers, ensure_ascii=False)
        return in_window(delivery, f"{who}\n{said.text}\n{rest}", seconds=WINDOW_SECONDS)

    def refusal(self, delivery: Delivery, mapping: Mapping[str, str]) -> dict[str, str]:
        inquiry = self.parse(delivery, mapping)
        if inquiry.identities:
            return {}
        wrong = {field for field, _value in inquiry.unread}
        refused = {}
        if "phone" in wrong or "email" not in wrong:
            refused["phone"] = (
                _("This does not look like a phone number.") if "phone" in wrong else _("Leave a phone or an e-mail.")
            )
        if "email" in wrong:
            refused["email"] = _("This does not look like an e-mail.")
        return refused

    def pairs(self, delivery: Delivery) -> list[tuple[str, str]]:
        return delivery.decoded.pairs()

    def parse(self, delivery: Delivery, mapping: Mapping[str, str]) -> Inquiry:
        collector = Collector(mapping)
        for name, value in self.pairs(delivery):
            if name.lower() not in _SERVICE:
                collector.take(name, value)
        cookies = as_text(delivery.decoded.values.get("cookies"))
        return collector.inquiry(cookies=cookies, http_referer=delivery.headers.get("referer", ""))

    def answer(self, delivery: Delivery, receipt: Receipt) -> Reply:
        body = json.dumps({"ok": True, "lead_id": str(receipt.entry)}, separators=(",", ":"))
        return Reply(status=200 if receipt.repeated else 201, body=body, content_type="application/json")
