"""Staff: people who work here, their roles, seats, teams, brands, locations and shifts.

A *seat* is the working account that owns deals; two people may share one by shift (2/2).
"""
