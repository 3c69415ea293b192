"""Passwords we make for people: easy to dictate, hard to guess."""

import secrets

#: No letters and digits that are taken for one another.
LETTERS = "abcdefghjkmnpqrstuvwxyz"
DIGITS = "23456789"


def make_password() -> str:
    """«kmtr-hbwz-4827»: 12 signs, about 46 bits; the throttle of the door does the rest."""
    words = ["".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(2)]
    return "-".join([*words, "".join(secrets.choice(DIGITS) for _ in range(4))])
