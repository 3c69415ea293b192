"""Clients who walked in, entered by hand. They get a ledger entry like everybody, but nothing is posted here."""

from ..delivery import Delivery
from .generic import GenericProfile
from .port import Receipt, Reply


class WalkInProfile(GenericProfile):
    key = "manual"
    title = "—"
    addressed = False

    def delivery_key(self, delivery: Delivery) -> str | None:
        return None

    def answer(self, delivery: Delivery, receipt: Receipt) -> Reply:
        return Reply(status=404, body="not found")
