"""Notices: what a person must know now: the bell in the page and web push."""
