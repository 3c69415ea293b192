"""A channel that keeps what it is given: for tests and for trying a process out."""

from django.utils.translation import gettext_lazy as _

from ..ports import NotSent, Outgoing


class Memory:
    """Reaches phones. `sent` is what it took; `failures` are raised first, one each time."""

    title = _("memory")
    reaches = "phone"
    sent: list[Outgoing] = []
    failures: list[NotSent] = []

    def is_set_up(self) -> bool:
        return True

    def send(self, message: Outgoing) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        return f"memory-{message.id}"
