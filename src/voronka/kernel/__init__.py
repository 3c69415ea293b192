"""Kernel: what every other package stands on.

Words: *actor* (who asks), *event* (what happened, append-only), *gate* (who may see it),
*filter* (one typed tree for every list), *clock* (the only source of time), *refusal* (a rule said no).
"""
