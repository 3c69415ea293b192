"""Plain HTML forms and our own snippet: the generic contract, but a browser that left its page gets a page back."""

from ..delivery import Delivery
from ..pages import thanks_page
from .generic import GenericProfile
from .port import Receipt, Reply


class FormProfile(GenericProfile):
    key = "form"
    title = "HTML"

    def answer(self, delivery: Delivery, receipt: Receipt) -> Reply:
        if is_navigation(delivery):
            return Reply(body=thanks_page(), content_type="text/html; charset=utf-8")
        return super().answer(delivery, receipt)


def is_navigation(delivery: Delivery) -> bool:
    """Whether a browser posted the form by itself and now waits for a page to show."""
    mode = delivery.headers.get("sec-fetch-mode")
    if mode:
        return mode == "navigate"
    return "text/html" in delivery.headers.get("accept", "")
