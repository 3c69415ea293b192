"""The search over the base for rows that are one, and the queue of those that people must judge.

A search (`Scan`) reads people, companies and open deals, compares them (`clients.matching`), merges by itself what is
surer than the setting asks, and puts what is likely into the queue (`Suspicion`). All that one search has merged is
parted again in one act.

`reading` the base as cards · `needs` what of deals is compared · `finding` groups, sure and doubtful · `searching` the
work of a search · `queue` what people are asked and what they answer
"""
