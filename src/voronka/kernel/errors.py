"""What an action may answer instead of doing its work. Pages and the API turn each into a clear message."""


class Refusal(Exception):
    """A rule forbids it. `reason` is for people, in their language; `rule` names the rule that spoke."""

    def __init__(self, reason: str, *, rule: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.rule = rule


class FieldErrors(Exception):
    """Given values are wrong: field key → sentence in the user's language."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{key}: {text}" for key, text in errors.items()))
        self.errors = errors


class MissingFields(Exception):
    """The step needs these fields filled first. `fields` are field keys in order of asking."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class Conflict(Exception):
    """Somebody changed it meanwhile: field key → (value now, value that was wanted)."""

    def __init__(self, changed: dict[str, tuple[object, object]]) -> None:
        super().__init__(", ".join(changed))
        self.changed = changed
