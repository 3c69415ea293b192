"""Intake: the ledger of everything that arrives, and its way to a client and a deal.

Words: a *source* has an address and a *profile* (how its deliveries read); a *delivery* is what came over HTTP; an
*entry* is the delivery written into the ledger; an *inquiry* is what the entry says once parsed; an *account* is where
an entry ended. The acceptor writes, the drain settles. See docs/ledger.md.
"""
