"""Bringing clients and deals in from a file or from another system, and taking it all back.

Words: *import* (one file or one system, brought in once), *book* (its rows in one form, kept beside the file), *target*
(what a column becomes), *draft* (what a row says), *Seen* (what the base or the rows before know of a client), *plan*
(what a row would do; the preview shows it, the work writes it), *row* (what became of a row, and what undoing needs).
"""
