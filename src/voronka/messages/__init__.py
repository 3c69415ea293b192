"""Messages to clients: what goes out, by which channel, and what became of it.

A *channel* is a way to reach people (e-mail, SMS, a messenger): a port that connectors implement, see `ports`. A
message is written down in the transaction that wants it and sent by a job of that transaction, once.
"""
