"""What of an event's data is not everybody's to see. See `kernel.events.veil`."""

from collections.abc import Callable, Mapping
from typing import Any

from voronka.kernel.actor import Actor

from .fields import hidden_from
from .related import seen_others


def veil(by: Actor) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Data of events as `by` may see them: without fields that are hidden from the role, and without what links it
    to a deal that `by` does not see."""
    hidden = hidden_from(by)

    def shown(data: Mapping[str, Any]) -> dict[str, Any]:
        kept = {name: data[name] for name in ("changes", "fields") if isinstance(data.get(name), dict)}
        found = {**data, **{name: {k: v for k, v in held.items() if k not in hidden} for name, held in kept.items()}}
        if "other" in found and not seen_others([data], by):
            return {}
        return found

    return shown
