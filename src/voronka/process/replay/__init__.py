"""The check on history: documents replayed over what really happened, without touching anything.

What people and clients did stays as it was — it is history; what rules would have made of it is counted. `past` reads,
`world` is a document made ready for many deals, `simulate` is pure, `tally` counts, `run` goes through all deals.
"""
