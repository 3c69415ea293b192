"""Two rows of one client become one, and two again.

A merge moves nothing but references: every row that led to the other one leads to the survivor, and the merge keeps
which rows those were, what was deleted and which values of the survivor changed. So it can be undone at any time
after, whatever was done in between: what was the other's goes back to it with all edits, what was added since goes to
the side that a person chooses.

`references` what leads to a row, found by itself · `carry` the rows, by SQL · `choice` which values stay
"""
