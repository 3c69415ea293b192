"""Deals: funnels, stages, guards, loss reasons, declared fields, and the deal that walks through them.

A «lead» is a deal in a funnel of kind *qualification*. A *passage* is one stay of a deal at a stage.
"""
