"""Catalogue: goods, services and gift certificates with prices."""
