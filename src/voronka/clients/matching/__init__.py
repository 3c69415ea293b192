"""Who is who: rows of one person or company found among many, with a probability and the reasons.

Fellegi–Sunter: each comparison of two rows ends in a level of agreement; how often each level comes among rows of one
person and among strangers is learned from the base itself, without anybody marking pairs. Rows of relatives, or of
colleagues, are a class of their own: they share a phone, an address, a surname, and are not one person.

`columns` values in numbers · `blocks` pairs worth comparing · `comparisons` levels · `model` learning and weighing ·
`groups` pairs into groups · `people` what of our clients is compared · `reasons` in words
"""
