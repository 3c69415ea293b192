"""Kinds of events that modules above deals tell; rules hear them by these names.

Each carries the deal and the client in its references. `data` holds what is said here.
"""

#: Kind → what it tells, and the data that rules read.
FOREIGN = {
    "message.received": "the client wrote; `channel`, `text`",
    "message.sent": "we wrote to the client; `channel`, `text`",
    "call.missed": "nobody answered a call; `phone`, `number` called",
    "call.answered": "a call took place; `phone`, `number`, `seconds`, `person` who answered",
    "payment.expected": "a payment was planned; `amount`, `due_on`",
    "payment.received": "money came; `amount`, `kind` income or refund",
    "payment.overdue": "a planned payment did not come; `amount`, `due_on`",
    "booking.made": "a slot was booked; `location`, `programme`, `starts_at`",
    "booking.moved": "a booking got another time or place; `starts_at`",
    "booking.finished": "what was booked took place; `starts_at`",
    "membership.ending": "a membership is about to end; `ends_on`, `days` left",
    "membership.ended": "a membership has ended; `ends_on`",
    "survey.answered": "the client answered a survey; `score` 0 to 10, `text`",
    "work.accepted": "a work of the deal was accepted; `kind`",
    "work.rejected": "a work of the deal was rejected; `kind`, `reason`",
}
