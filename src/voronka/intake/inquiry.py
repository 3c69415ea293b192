"""What an entry says, whatever form it came in."""

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field


class CartLine(BaseModel):
    name: str
    quantity: Decimal = Decimal(1)
    price: Decimal | None = None
    amount: Decimal | None = None


class Inquiry(BaseModel):
    """`phones` are E.164, `emails` lower-case, `handles` by identity kind. `answers` are questions nobody mapped.

    `fields` are raw texts by key of a declared deal field. `order` is the shop's order number and `paid` what it says
    of its payment. `flags` warn people (`link_in_name`); `unread` are (field, value) meant as contacts but not valid.
    """

    name: str = ""
    phones: list[str] = Field(default_factory=list)
    emails: list[str] = Field(default_factory=list)
    handles: dict[str, str] = Field(default_factory=dict)
    text: str = ""
    answers: list[tuple[str, str]] = Field(default_factory=list)
    title: str = ""
    form: str = ""
    utm: dict[str, str] = Field(default_factory=dict)
    clicks: dict[str, str] = Field(default_factory=dict)
    page: str = ""
    referrer: str = ""
    consent: str = ""
    fields: dict[str, str] = Field(default_factory=dict)
    brand: str = ""
    location: str = ""
    amount: Decimal | None = None
    lines: list[CartLine] = Field(default_factory=list)
    order: str = ""
    paid: bool = False
    payment_system: str = ""
    is_test: bool = False
    flags: list[str] = Field(default_factory=list)
    unread: list[tuple[str, str]] = Field(default_factory=list)

    @property
    def identities(self) -> list[tuple[str, str]]:
        """(kind, normalised value), the surest first."""
        found = [("phone", value) for value in self.phones] + [("email", value) for value in self.emails]
        return list(dict.fromkeys(found + list(self.handles.items())))

    def touch(self) -> dict[str, Any]:
        """The source marks as a deal keeps them; only what is known."""
        known = {
            "utm": self.utm,
            "clicks": self.clicks,
            "page": self.page,
            "referrer": self.referrer,
            "form": self.form,
            "consent": self.consent,
        }
        return {key: value for key, value in known.items() if value}
