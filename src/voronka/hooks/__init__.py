"""Outgoing webhooks: what happens here is told to addresses of other systems, signed, in order, and not lost.

A *hook* is an address and the kinds of events it wants; a *delivery* is one event on its way to one hook. Deliveries
are made by a trigger of the event log, in the transaction of the event. docs/webhooks.md tells receivers the rest.
"""
