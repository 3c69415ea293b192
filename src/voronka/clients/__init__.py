"""Clients: companies (legal entity, sole proprietor, family), their contacts, identities, addresses, requisites, notes.

Every contact belongs to a company; a lone person gets a family.
"""
