"""What a hook can be told of. Private notices and the affairs of the staff are not among it."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "deal.created": _("A deal is opened"),
    "deal.taken": _("A deal is taken"),
    "deal.assigned": _("A deal has another responsible"),
    "deal.moved": _("A deal moves to another stage"),
    "deal.changed": _("Fields of a deal change"),
    "inquiry.attached": _("The client of an open deal writes again"),
    "line.added": _("Something is added to a deal's order"),
    "line.removed": _("Something is taken out of a deal's order"),
    "deal.merged": _("A deal becomes part of another one"),
    "deal.parted": _("Two deals that were merged are two again"),
    "note.added": _("A note is written"),
    "task.created": _("A task is planned"),
    "task.changed": _("A task changes"),
    "task.done": _("A task is done"),
    "task.cancelled": _("A task is dropped"),
    "task.reopened": _("A task is open again"),
    "client.registered": _("A new client"),
    "client.changed": _("A client changes"),
    "client.merged": _("A client becomes part of another one"),
    "client.parted": _("Two clients that were merged are two again"),
    "contact.added": _("A client has one more contact"),
    "contact.changed": _("A contact changes"),
    "contact.merged": _("A contact becomes part of another one"),
    "contact.parted": _("Two contacts that were merged are two again"),
    "identity.added": _("A contact can be reached in one more way"),
    "identity.removed": _("A way to reach a contact is gone"),
    "rule.called": _("A rule of the process calls"),
    "message.sent": _("A message has gone to a client"),
}
