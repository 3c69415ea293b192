"""Saved views: a filter with a title, of one person or of everybody, pinned over the lists that it is about.

Who sees a view sees its rows through their own gate: «mine» in a shared view is each reader's own.
"""
