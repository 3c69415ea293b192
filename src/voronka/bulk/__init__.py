"""Bulk work: one act on many deals, done in the background, stopped, looked at and taken back as a whole.

Words: *act* (what was asked, by whom, on which deals), *row* (what became of one deal), *kind* (assign, move, plan,
tag: a file in `kinds`), *whole* (a deal with its tasks and stays as the base holds them; see `deals.wholes`).
"""
