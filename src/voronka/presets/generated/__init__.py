"""A company of any size for measuring: its rows are written by COPY, since a million histories cannot be lived.

`world` is what rows point to, `clients` and `history` tell what happened, `copying` writes it, `build` does it all.
"""
