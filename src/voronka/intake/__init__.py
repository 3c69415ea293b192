"""Intake: the ledger of everything that arrives, and its way to a client and a deal."""
